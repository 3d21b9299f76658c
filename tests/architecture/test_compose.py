"""docker-compose.yml and the Dockerfile, checked as data: no Docker engine is needed."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from pydantic import AliasChoices

from config.env import Environment
from config.portfolio import models
from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker-cpu", "worker-gpu", "beat")


def known_variables():
    aliases = [field.validation_alias for field in Environment.model_fields.values()]
    return {alias.choices[0] if isinstance(alias, AliasChoices) else alias for alias in aliases}


def test_it_has_every_service_of_the_server_way():
    wanted = {"web", "worker-cpu", "worker-gpu", "beat", "postgres", "valkey", "qdrant", "vllm", "proxy"}
    assert wanted <= set(SERVICES)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_service_that_stays_up_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_given_known_variables_only(name):
    assert set(SERVICES[name]["environment"]) | set(SERVICES[name]["secrets"]) <= known_variables()


@pytest.mark.parametrize("name", OURS)
def test_our_services_name_approved_models(name):
    approved = {(model.role, model.name) for model in models()}
    given = SERVICES[name]["environment"]
    assert {("answer", given["ANSWER_MODEL"]), ("embed", given["EMBED_MODEL"])} <= approved


def test_only_the_proxy_reaches_outside():
    assert [name for name, service in SERVICES.items() if service["networks"] != ["inside"]] == ["proxy"]


def test_the_inside_network_has_no_way_out():
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_only_the_proxy_opens_ports():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_no_secret_has_a_value_in_the_file():
    spelled = re.findall(r"(?i)\b\w*(?:password|secret_key|api_key|token)\w*\s*[:=]\s*\"?([^\s\"'{}\[\]]+)", TEXT)
    assert [value for value in spelled if not value.startswith(("/run/secrets/", "$$(cat"))] == []


def test_no_variable_falls_back_to_a_secret():
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))
    assert defaults == {"TENSOR_PARALLEL": "1"}


def test_no_image_is_taken_as_latest():
    assert [name for name, service in SERVICES.items() if re.fullmatch(r"[^:]+(:latest)?", service["image"])] == []


def test_the_image_runs_as_a_user_of_its_own():
    last = re.findall(r"^USER (\S+)", (REPOSITORY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[-1]
    assert last == "tenkyo"


def docker_with_compose():
    docker = shutil.which("docker")
    has_compose = (
        docker and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    )
    return docker if has_compose else None


# No apt-get line makes it possible everywhere, so it is not there, rather than skipped, where Docker is not.
if docker_with_compose():

    def test_docker_reads_the_file_as_it_is_meant(tmp_path):
        path = os.environ["PATH"]
        given = {"PATH": path, "MODELS": str(tmp_path), "HOSTNAME_PUBLIC": "x.test", "VLLM_TAG": "v1"}
        command = [docker_with_compose(), "compose", "config", "--quiet"]
        ended = subprocess.run(command, cwd=REPOSITORY, env=given, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
