"""System checks: what would fail later is said at start."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name

from config.portfolio import model_named
from ingestion.ldap import server
from ingestion.oidc import is_safe, provider
from ingestion.parsing.ocr import OcrOptions
from ingestion.parsing.ocr.engines import apt_line, engine_for


@register
def check_folders(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The folders that Tenkyo writes can be written, and an upload can be moved into place by one rename."""
    found: list[CheckMessage] = []
    for name in ("DATA_DIR", "MEDIA_ROOT", "FILE_UPLOAD_TEMP_DIR"):
        folder = Path(getattr(settings, name))
        if not os.access(_existing(folder), os.W_OK):
            found.append(Error(f"{name} cannot be written: {folder}", hint="Give it to this user.", id="tenkyo.E001"))
    media, incoming = _existing(Path(settings.MEDIA_ROOT)), _existing(Path(settings.FILE_UPLOAD_TEMP_DIR))
    if media.stat().st_dev != incoming.stat().st_dev:
        said = "Uploads arrive on another disk than files are kept on: an upload cannot be moved in one step."
        found.append(Error(said, hint="Keep both folders in TENKYO_DATA.", id="tenkyo.E002"))
    return found


@register
def check_portfolio(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The models that the settings name are approved."""
    found: list[CheckMessage] = []
    for setting, role in (("EMBED_MODEL", "embed"), ("ANSWER_MODEL", "answer"), ("RERANK_MODEL", "rerank")):
        if setting == "RERANK_MODEL" and not settings.RERANK_MODEL:
            continue
        try:
            model_named(getattr(settings, setting), role)  # type: ignore[arg-type]  # roles are spelled above
        except ValueError as error:
            found.append(Error(f"{setting}: {error}", hint="Choose an approved name.", id="tenkyo.E003"))
    return found


@register
def check_models(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The embedder's weights, the font and the lexicon lie in MODELS_DIR."""
    found: list[CheckMessage] = []
    for name, role in ((settings.EMBED_MODEL, "embed"), ("ipaex-gothic", "font"), ("jmdict-en", "lexicon")):
        try:
            path = Path(settings.MODELS_DIR) / model_named(name, role).path  # type: ignore[arg-type]
        except ValueError:
            continue  # check_portfolio says it
        if not path.exists():
            found.append(Warning(f"{name} is not at {path}.", hint="Run `manage.py models_fetch`.", id="tenkyo.W001"))
    return found


@register
def check_company(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A provider or directory is named with all it takes, and reached so that nobody reads along."""
    found: list[CheckMessage] = []
    of, there = provider(), server()
    if of is not None and not (of.client_id and is_safe(of.issuer)):
        said = "OIDC_ISSUER needs an address with https (http on this machine only), and OIDC_CLIENT_ID."
        found.append(Error(said, hint="See docs/how-to/sign-in.md.", id="tenkyo.E004"))
    if there is not None and not (there.address.startswith(("ldap://", "ldaps://")) and there.base):
        said = "LDAP_URL needs an address with ldaps or ldap, and LDAP_BASE."
        found.append(Error(said, hint="See docs/how-to/sign-in.md.", id="tenkyo.E005"))
    return found


@register
def check_ocr(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Something reads pages that are pictures."""
    options = OcrOptions(settings.OCR_ENGINE, settings.OCR_LANGUAGES)
    if options.engine == "off" or engine_for(options):
        return []
    said = f"Scanned pages cannot be read: no OCR engine for OCR_ENGINE={options.engine}, {options.languages}."
    return [Warning(said, hint=f"Run `{apt_line(options)}`, or set OCR_ENGINE=off.", id="tenkyo.W002")]


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
