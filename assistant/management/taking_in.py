"""Brings evaluation documents into libraries by `manage.py ingest_folder`: installed manuals, published sets."""

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from assistant.evaluation.golden import Manual, read_golden
from assistant.evaluation.plan import Options, Say, corpus_library, sets


def take_in(options: Options, say: Say) -> None:
    """Take in what the options name and this machine has; what is in its library already is left alone.

    Raises EvaluationSetUnreadable, and CommandError as ingest_folder does.
    """
    if options.golden:
        folder = _folder("manuals")
        if _manuals(read_golden(Path(options.golden)).manuals, folder, say):
            call_command("ingest_folder", str(folder), library=options.library)
    if options.data:
        for corpus in {corpus.name: corpus for corpus in sets(Path(options.data), say)}.values():
            file = _folder(corpus.name) / f"{corpus.name}.txt"
            file.write_bytes(corpus.file())
            call_command("ingest_folder", str(file), library=corpus_library(corpus))


def _folder(name: str) -> Path:
    folder = Path(settings.DATA_DIR) / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _manuals(manuals: Iterable[Manual], folder: Path, say: Say) -> bool:
    """Unpack the installed manuals into the folder; whether there is any. Only the version asked about will do."""
    for manual in manuals:
        path = Path(manual.path)
        if not path.is_file():
            say(f"not installed: {manual.path}; apt-get install {manual.package}")
            continue
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if hashlib.sha256(content).hexdigest() != manual.sha256:
            say(f"another version: {manual.path} is not {manual.package} {manual.version}, whose pages are asked about")
            continue
        (folder / f"{manual.key}.pdf").write_bytes(content)
    return any(folder.iterdir())
