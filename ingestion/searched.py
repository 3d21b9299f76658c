"""Which embedding model is searched with: that of the active build, whatever EMBED_MODEL has come to say since.

`look` asks the database; `searched_model` is what this process saw last, for whoever cannot ask (the event loop).
"""

from django.conf import settings

from ingestion.models import IndexBuild

_seen: list[str] = []


def look() -> str:
    """The name of the model that is searched with now. Before the first document it is EMBED_MODEL."""
    found = IndexBuild.objects.filter(active=True).values_list("model", flat=True).first()
    _seen[:] = [found or settings.EMBED_MODEL]
    return _seen[0]


def searched_model() -> str:
    """The same, as this process saw it last."""
    return _seen[0] if _seen else settings.EMBED_MODEL


def models_written() -> list[str]:
    """The models whose index follows what happens to documents: the one searched with, and the one being built."""
    wanted = IndexBuild.objects.filter(wanted=True).values_list("model", flat=True)
    return list(dict.fromkeys([look(), *wanted]))


def forget() -> None:
    """Look anew: another database, as in a test."""
    _seen.clear()
