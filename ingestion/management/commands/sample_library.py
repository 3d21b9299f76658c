"""Takes the sample library in."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.portfolio import model_named
from ingestion import samples, services
from ingestion.access import scope_for
from ingestion.audit import record
from ingestion.errors import TenkyoError
from ingestion.models import Library, User

NAME = "Aoi Seiki sample / 見本"
_ABOUT = "Documents of a fictional pump maker, written for Tenkyo. 架空のポンプメーカーの文書です。"


class Command(BaseCommand):
    """`manage.py sample_library`: a second run changes nothing."""

    help = "Make the sample library (manuals, records, FAQ, briefing, procedures). What is there already is left alone."

    def handle(self, **options: Any) -> None:
        del options
        owner = User.objects.filter(is_active=True, is_superuser=True).order_by("id").first()
        if owner is None:
            raise CommandError("There is no administrator yet. Run `manage.py first_admin` first.")
        try:
            self._take_in(owner)
        except TenkyoError as error:
            raise CommandError(str(error)) from error

    def _take_in(self, owner: User) -> None:
        library = _library(owner)
        font = settings.MODELS_DIR / model_named("ipaex-gothic", "font").path
        if not font.is_file():
            raise CommandError(f"The font {font} is missing. Run `manage.py models_fetch` first.")
        with TemporaryDirectory(prefix="tenkyo-samples-") as folder:
            for path in samples.build(Path(folder), font=font):
                self.stdout.write(f"  {path.name}: {_add(owner, library, path)}")
        record("samples.add", actor=owner, subject=f"library:{library.pk}")


def _library(owner: User) -> Library:
    known = Library.objects.filter(name=NAME).first()
    return known or services.library_create(user=owner, name=NAME, description=_ABOUT)


def _add(owner: User, library: Library, path: Path) -> str:
    with path.open("rb") as file:
        added = services.document_add(
            user=owner,
            scope=scope_for(owner),
            library_id=library.pk,
            file=file,
            filename=path.name,
            size=path.stat().st_size,
        )
    return "already there" if added.existed else "added"
