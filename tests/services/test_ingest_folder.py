"""`manage.py ingest_folder` as an operator runs it: a process of its own, with the real reader, model and index."""

import pytest

from tests.factories import text_file
from tests.services import programs

pytestmark = [pytest.mark.models, pytest.mark.services]


def test_a_folder_is_taken_in_to_the_end_by_the_command_alone(tmp_path):
    env = programs.environment(tmp_path / "data")
    programs.manage("migrate", "--verbosity", "0", env=env)
    programs.manage("first_admin", env=env)
    (tmp_path / "manuals").mkdir()
    (tmp_path / "manuals" / "pump.txt").write_bytes(text_file())

    said = programs.manage("ingest_folder", str(tmp_path / "manuals"), "--library", "Manuals", env=env)

    assert "pump: ready, 3 pages, 3 chunks" in said
    assert "3 chunks in the database, 3 points in the index." in programs.manage("index_verify", env=env)
