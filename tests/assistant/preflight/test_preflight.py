"""What an operator is told before Tenkyo is started."""

import json
import logging
import socket
import string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from assistant.errors import ModelUnavailable
from assistant.pings import Answered
from assistant.preflight import installation, machine, parts
from assistant.preflight.lines import Line
from assistant.preflight.texts import TEXTS
from config.portfolio import model_named
from ingestion.errors import IndexHeld, IndexUnavailable

GOOD_KEY = "k3-" + "x7Qp" * 20
CARDS = [("NVIDIA H100 (81559 MiB)", "580.65")]


def places(texts):
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


class TestTexts:
    @pytest.mark.parametrize("code", [code for code in TEXTS if code != "part_failed"])
    def test_a_text_is_said_in_both_languages(self, code):
        assert (bool(TEXTS[code].en[0]), bool(TEXTS[code].ja[0])) == (True, True)

    @pytest.mark.parametrize("code", [code for code, said in TEXTS.items() if said.state != "ok" and said.en[0]])
    def test_what_is_not_in_order_says_what_to_do_in_both_languages(self, code):
        assert (bool(TEXTS[code].en[1]), bool(TEXTS[code].ja[1])) == (True, True)

    @pytest.mark.parametrize("code", [code for code in TEXTS if not code.startswith(("tenkyo.", "check"))])
    def test_both_languages_name_the_same_facts(self, code):
        assert places(TEXTS[code].en) == places(TEXTS[code].ja)

    @pytest.mark.parametrize("code", TEXTS)
    def test_the_japanese_text_is_japanese(self, code):
        said = "".join(TEXTS[code].ja)
        assert not said or any("\u3040" <= char <= "\u9fff" for char in said)


class TestMachine:
    @pytest.mark.parametrize(("free", "code"), [(50e9, "disk_enough"), (5e9, "disk_low"), (1e9, "disk_full")], ids=str)
    def test_room_on_the_disk_is_judged_by_what_is_needed(self, free, code):
        assert machine.disk_line("disk_data", Path("/data"), free, 2e9).code == code

    @pytest.mark.parametrize(
        ("total", "free", "code"),
        [(16e9, 8e9, "memory_enough"), (16e9, 1e9, "memory_low"), (2e9, 2e9, "memory_short")],
    )
    def test_memory_is_judged_by_what_was_measured(self, settings, total, free, code):
        settings.ANSWER_BESIDE_WEB = True
        assert machine.memory_line(total, free).code == code

    def test_where_another_machine_answers_less_memory_is_enough(self, settings):
        settings.ANSWER_BESIDE_WEB = False
        assert machine.memory_line(2e9, 2e9).code == "memory_enough"

    @pytest.mark.parametrize(
        ("name", "flags", "code"),
        [
            ("x86_64", {"avx2", "avx512_bf16"}, "cpu_bfloat16"),
            ("x86_64", {"avx2"}, "cpu_plain"),
            ("x86_64", {"sse4_2"}, "cpu_old"),
            ("aarch64", set(), "cpu_other"),
        ],
    )
    def test_a_processor_is_judged_by_its_instructions(self, name, flags, code):
        assert machine.cpu_line(name, 8, frozenset(flags)).code == code

    @pytest.mark.parametrize(
        ("device", "cards", "usable", "code"),
        [
            ("auto", CARDS, 1, "gpu_found"),
            ("auto", [], 0, "gpu_none"),
            ("auto", CARDS, 0, "gpu_unused"),
            ("cpu", CARDS, 0, "gpu_found"),
            ("cuda", [], 0, "gpu_missing"),
            ("cuda:1", CARDS, 0, "gpu_missing"),
        ],
    )
    def test_a_gpu_is_judged_by_what_embeds(self, device, cards, usable, code):
        assert machine.gpu_line(device, cards, usable).code == code

    @pytest.fixture
    def driver(self, monkeypatch, tmp_path):
        """`driver(script)` is what nvidia-smi does."""
        program = tmp_path / "nvidia-smi"

        def put(script):
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

        return put

    def test_cards_are_read_from_what_the_driver_says(self, driver):
        driver("echo 'NVIDIA H100 80GB HBM3, 81559 MiB, 580.65.06'; echo 'NVIDIA L4, 23034 MiB, 580.65.06'")
        names = ["NVIDIA H100 80GB HBM3 (81559 MiB)", "NVIDIA L4 (23034 MiB)"]
        assert machine._cards() == [(name, "580.65.06") for name in names]

    def test_a_driver_that_fails_has_no_cards(self, driver):
        driver("echo 'NVIDIA-SMI has failed because it could not communicate, with the, driver'; exit 9")
        assert machine._cards() == []

    @pytest.mark.parametrize(("soft", "code"), [(1024, "descriptors_low"), (65536, "descriptors_enough")])
    def test_open_files_are_judged_by_people_at_once(self, soft, code):
        assert machine.descriptors_line(soft).code == code

    def test_no_limit_of_open_files_is_enough(self):
        assert machine.descriptors_line(-1).state == "ok"

    @pytest.mark.parametrize(
        ("synchronised", "apart", "code"),
        [
            (True, None, "clock_right"),
            (False, None, "clock_loose"),
            (None, 0.2, "clock_unknown"),
            (True, 61.0, "clock_apart"),
            (True, -61.0, "clock_apart"),
        ],
    )
    def test_the_clock_is_judged_by_the_kernel_and_the_database(self, synchronised, apart, code):
        assert machine.clock_line(synchronised, apart).code == code

    def test_this_machine_is_told_of_whole(self, settings):
        names = {line.name for line in machine.lines()}
        assert names >= {"disk_data", "disk_models", "disk_temporary", "memory", "cpu", "gpu", "open_files", "clock"}


class TestInstallation:
    def test_models_that_are_missing_are_named_with_their_command(self, tmp_path):
        line = installation.model_line(model_named("ipaex-gothic", "font"), tmp_path)
        assert (line.code, "models_fetch --only ipaex-gothic" in line.texts("en")[1]) == ("model_wrong", True)

    def test_a_file_that_is_not_the_approved_one_is_a_problem(self, tmp_path):
        font = model_named("ipaex-gothic", "font")
        (tmp_path / font.path).write_bytes(b"x" * font.source.bytes)
        assert installation.model_line(font, tmp_path).state == "problem"

    def test_a_model_of_the_operators_own_need_only_be_there(self, tmp_path):
        (tmp_path / "bge-m3").mkdir()
        assert installation.model_line(model_named("bge-m3", "embed"), tmp_path).code == "model_there"

    def test_an_answer_model_that_is_served_elsewhere_is_not_looked_for(self, settings, tmp_path):
        settings.ANSWER_BESIDE_WEB = False
        line = installation.model_line(model_named("llama-3.3-70b-instruct", "answer"), tmp_path)
        assert line.code == "model_elsewhere"

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("DATABASE_URL", "postgres://tenkyo:tenkyo@db/tenkyo"),
            ("BROKER_URL", "redis://:valkey@valkey:6379/0"),
            ("QDRANT_API_KEY", "secret"),
            ("ANSWER_API_KEY", "short"),
        ],
    )
    def test_a_password_that_can_be_guessed_is_named_by_its_variable(self, variable, value):
        assert [line.facts for line in installation.secret_lines({variable: value}, GOOD_KEY)] == [
            {"variable": variable}
        ]

    def test_a_guessed_password_is_not_told(self):
        [line] = installation.secret_lines({"QDRANT_API_KEY": "hunter2"}, GOOD_KEY)
        assert "hunter2" not in json.dumps(line.as_json())

    def test_a_short_signing_key_is_a_problem(self):
        assert [line.state for line in installation.secret_lines({}, "short")] == ["problem"]

    def test_random_secrets_are_in_order(self):
        given = {"DATABASE_URL": "postgres://tenkyo:nO3-qP9xTz8LmWc2@db/tenkyo"}
        assert [line.code for line in installation.secret_lines(given, GOOD_KEY)] == ["secrets_own"]

    def test_plain_http_to_the_outside_is_warned_of(self, settings):
        settings.HOST, settings.SESSION_COOKIE_SECURE = "192.0.2.1", False
        assert "http_open" in {line.code for line in installation._openness()}

    def test_a_service_on_another_machine_without_a_key_is_warned_of(self, settings):
        settings.QDRANT_URL, settings.QDRANT_API_KEY = "http://qdrant:6333", None
        assert {"variable": "QDRANT_URL", "key": "QDRANT_API_KEY"} in [line.facts for line in installation._openness()]

    def test_files_that_other_accounts_can_read_are_named(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        tmp_path.chmod(0o755)
        (tmp_path / "secret_key").write_text(GOOD_KEY)
        (tmp_path / "secret_key").chmod(0o644)
        assert "secret_key" in installation._permissions().facts["files"]

    def test_a_closed_folder_closes_what_lies_in_it(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        (tmp_path / "secret_key").write_text(GOOD_KEY)
        tmp_path.chmod(0o700)
        assert installation._permissions().code == "permissions_closed"

    @pytest.mark.django_db
    def test_migrations_that_are_applied_are_said_to_be(self):
        assert [line.code for line in installation._migrations()] == ["migrations_applied"]


class TestPorts:
    def line(self, port):
        return installation.port_line("port_web", "127.0.0.1", port, "/healthz", "PORT")

    def test_a_port_that_nobody_has_is_free(self):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        assert self.line(port).code == "port_free"

    def test_a_port_of_another_program_is_a_problem(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            assert self.line(other.getsockname()[1]).code == "port_taken"

    def test_a_port_on_which_tenkyo_answers_is_in_order(self):
        class Healthy(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"status": "ok"}')

            def log_message(self, *_):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            code = self.line(server.server_port).code
            server.shutdown()
        assert code == "port_ours"

    def test_an_address_of_another_machine_is_a_problem(self):
        line = installation.port_line("port_web", "192.0.2.1", 8000, "/healthz", "PORT")
        assert line.code == "port_refused"


class TestParts:
    def test_a_part_that_answers_is_in_order(self):
        assert parts.part_line(Answered("database", "", "", 1.2)).state == "ok"

    def test_an_index_that_the_running_server_holds_is_in_order(self):
        held = IndexHeld(folder="/data/index", pid=7, command="serve")
        assert (
            parts.part_line(Answered("index", held.code, str(held), 1.0, held)).texts("en")[0].endswith("(process 7)")
        )

    def test_an_answer_model_that_serve_starts_need_not_answer_yet(self, settings):
        settings.ANSWER_BESIDE_WEB = True
        error = ModelUnavailable()
        assert parts.part_line(Answered("answer_model", error.code, str(error), 1.0, error)).code == "part_beside"

    def test_an_answer_model_elsewhere_that_is_silent_is_a_problem(self, settings):
        settings.ANSWER_BESIDE_WEB = False
        error = ModelUnavailable()
        assert parts.part_line(Answered("answer_model", error.code, str(error), 1.0, error)).state == "problem"

    def test_an_error_of_the_catalogue_speaks_for_itself_in_both_languages(self):
        error = IndexUnavailable(reason="refused")
        line = parts.part_line(Answered("index", error.code, str(error), 1.0, error))
        assert (line.texts("en"), line.texts("ja")) == (error.texts("en"), error.texts("ja"))

    def test_silence_names_the_setting_with_the_address(self):
        line = parts.part_line(Answered("broker", "failed", "ConnectionRefusedError()", 1.0))
        assert "BROKER_URL" in line.texts("ja")[1]


class TestCommand:
    @pytest.fixture
    def found(self, monkeypatch):
        """The report consists of the lines that the test puts in."""
        lines = [Line("gpu", "gpu_none")]
        monkeypatch.setattr("assistant.management.commands.preflight._lines", lambda: iter(lines))
        return lines

    def said(self, *options):
        out = StringIO()
        call_command("preflight", *options, stdout=out)
        return out.getvalue()

    def test_a_report_in_japanese(self, found):
        assert self.said("--language", "ja").split() == ["正常", "gpu", "なし。埋め込みは", "CPU", "で計算する"]

    def test_a_report_in_english(self, found):
        assert self.said("--language", "en").startswith("ok       gpu")

    def test_a_warning_does_not_fail_it(self, found):
        found.append(Line("open_files", "descriptors_low", {"soft": 1024, "people": 256}))
        assert "LimitNOFILE" in self.said("--language", "en")

    def test_a_problem_fails_it(self, found):
        found.append(Line("secrets", "debug_on"))
        with pytest.raises(CommandError):
            self.said()

    def test_json_says_everything_in_both_languages(self, found):
        [line] = json.loads(self.said("--json"))["lines"]
        assert (line["state"], line["en"]["found"], line["ja"]["found"]) == (
            "ok",
            "none: the embedder computes on the processor",
            "なし。埋め込みは CPU で計算する",
        )

    def test_logs_are_heard_again_after_it(self, found):
        self.said()
        assert logging.root.manager.disable == logging.NOTSET
