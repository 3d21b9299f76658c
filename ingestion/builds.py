"""What an administrator may do with builds of the index: have one made beside the searched one, stop it, remove it.

Going back to the one before is having it made again: its vectors are there, and what came since is added.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from config.portfolio import model_named
from ingestion import building, searched, stages, tasks
from ingestion.audit import record
from ingestion.errors import (
    BuildBusy,
    BuildInUse,
    BuildNoModel,
    BuildNoRoom,
    BuildSearched,
    NotAllowed,
    NotFound,
)
from ingestion.models import IndexBuild, User
from ingestion.progress import findable_chunks

# Measured: sparse vector, payload and the engine's own, beside the dense vector (docs/reference, capacity).
_POINT_BYTES = 5100
_FLOAT_BYTES = 4
_MARGIN = 1.2


def build_begin(*, user: User, model: str) -> IndexBuild:
    """Have the index of this model built, then searched. Searches go on with the present one until it is whole.

    Raises NotAllowed, BuildSearched, BuildBusy, BuildNoModel, BuildNoRoom.
    """
    _require_superuser(user)
    if model == searched.look():
        raise BuildSearched(model=model)
    dimension = _model_there(model)
    _require_room(model, dimension)
    with transaction.atomic():
        # Two who begin at once take turns here.
        list(IndexBuild.objects.select_for_update().filter(active=True))
        busy = IndexBuild.objects.filter(wanted=True).exclude(model=model).first()
        if busy is not None:
            raise BuildBusy(model=busy.model)
        facts = {"wanted": True, "dimension": dimension, "error_code": "", "error_params": {}}
        keys = {"model": model, "recipe": stages.recipe_now()}
        build, _made = IndexBuild.objects.update_or_create(
            **keys, defaults=facts, create_defaults=facts | {"active": False}
        )
        record("index.build", actor=user, subject=model)
        transaction.on_commit(lambda: tasks.enqueue_build(build))
    return build


def build_stop(*, user: User, build_id: int) -> IndexBuild:
    """Want it no longer. The vectors that are there stay, for another begin. Raises NotAllowed, NotFound."""
    build = _build(user, build_id)
    with transaction.atomic():
        if IndexBuild.objects.filter(id=build.pk, wanted=True).update(wanted=False, worker=""):
            record("index.stop", actor=user, subject=build.model)
    build.refresh_from_db()
    return build


def build_remove(*, user: User, build_id: int) -> None:
    """Remove a build's vectors, and with the model's last build its index. Raises NotAllowed, NotFound, BuildInUse."""
    build = _build(user, build_id)
    with transaction.atomic():
        locked = IndexBuild.objects.select_for_update().filter(id=build.pk).first()
        if locked is None:
            raise NotFound
        if locked.active or locked.wanted:
            raise BuildInUse(model=build.model)
        record("index.remove", actor=user, subject=build.model)
        locked.delete()


def _build(user: User, build_id: int) -> IndexBuild:
    _require_superuser(user)
    build = IndexBuild.objects.filter(pk=build_id).first()
    if build is None:
        raise NotFound
    return build


def _require_superuser(user: User) -> None:
    if not user.is_superuser:
        raise NotAllowed


def _model_there(name: str) -> int:
    """The dimension of the approved model. Raises BuildNoModel where it is not approved or not on this machine."""
    try:
        model = model_named(name, "embed")
    except ValueError:
        raise BuildNoModel(model=name, folder=str(settings.MODELS_DIR)) from None
    folder = Path(settings.MODELS_DIR) / model.path
    if not folder.is_dir():
        raise BuildNoModel(model=name, folder=str(folder))
    return model.dimension


def _require_room(model: str, dimension: int) -> None:
    """Both builds lie on the disk until the old one is removed. Raises BuildNoRoom."""
    needed = int(_MARGIN * bytes_needed(model, dimension))
    free = shutil.disk_usage(settings.DATA_DIR).free
    if needed > free:
        raise BuildNoRoom(needed=f"{needed / 1e9:.1f} GB", free=f"{free / 1e9:.1f} GB")


def bytes_needed(model: str, dimension: int) -> int:
    """What the vectors that are missing take in the database, and the index on this machine."""
    build = IndexBuild.objects.filter(model=model, recipe=stages.recipe_now()).first()
    vectors = building.lacking(build).count() if build else findable_chunks().count()
    points = 0 if settings.QDRANT_URL else findable_chunks().count()
    return vectors * dimension * _FLOAT_BYTES + points * (_POINT_BYTES + dimension * _FLOAT_BYTES)
