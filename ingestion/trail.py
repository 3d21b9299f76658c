"""Into the audit log what Django itself does to people and their access: sign-ins, admin changes, groups, tokens."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from ingestion.audit import record
from ingestion.limits import address_of
from ingestion.models import ApiToken, User
from ingestion.sessions import forget_session, suspend

_ADMINISTERED = {ADDITION: "admin.added", CHANGE: "admin.changed"}
_REGROUPED = {
    "post_add": "access.groups_add",
    "post_remove": "access.groups_remove",
    "post_clear": "access.groups_clear",
}
_REMOVED = {User: "user.removed", Group: "group.removed"}


@receiver(user_logged_in)
def _signed_in(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    record("user.signed_in", actor=user, subject=f"user:{user.pk}", **_from(request))


@receiver(user_logged_out)
def _signed_out(user: User | None, request: HttpRequest | None = None, **_: Any) -> None:
    forget_session(request.session.session_key if request is not None else None)
    if user is not None:
        record("user.signed_out", actor=user, subject=f"user:{user.pk}")


@receiver(user_login_failed)
def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # Only names of people there are: what is typed into the wrong field may be a password.
    tried = User.objects.filter(username=str(credentials.get("username", ""))).first()
    record("user.sign_in_failed", subject=f"user:{tried.pk}" if tried else "", **_from(request))


@receiver(post_save, sender=User)
def _suspended(instance: User, **_: Any) -> None:
    if not instance.is_active:
        suspend(instance)


@receiver(post_save, sender=LogEntry)
def _administered(instance: LogEntry, **_: Any) -> None:
    what = instance.content_type.model if instance.content_type else ""
    record(
        _ADMINISTERED.get(instance.action_flag, "admin.deleted"),
        actor=instance.user,
        subject=f"{what}:{instance.object_id}"[:120],
        said=instance.change_message,  # names of fields, never their values
    )


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(instance: User | Group, action: str, pk_set: set[int] | None, **_: Any) -> None:
    if action in _REGROUPED:
        kind = "user" if isinstance(instance, User) else "group"
        record(_REGROUPED[action], subject=f"{kind}:{instance.pk}", ids=sorted(pk_set or ()))


@receiver(post_save, sender=ApiToken)
def _token_issued(instance: ApiToken, *, created: bool, **_: Any) -> None:
    if created:
        libraries = sorted(str(library.pk) for library in instance.chosen) if instance.scoped else None
        last = instance.expires_on.isoformat() if instance.expires_on else None
        facts = {"token": instance.pk, "libraries": libraries, "expires_on": last}
        record("token.issued", actor=instance.by, subject=f"user:{instance.user_id}", **facts)


@receiver(post_delete, sender=ApiToken)
def _token_withdrawn(instance: ApiToken, **_: Any) -> None:
    record("token.withdrawn", actor=instance.by, subject=f"user:{instance.user_id}", token=instance.pk)


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def _removed(instance: User | Group, **_: Any) -> None:
    kind = "user" if isinstance(instance, User) else "group"
    record(_REMOVED[type(instance)], subject=f"{kind}:{instance.pk}", name=str(instance))


def _from(request: HttpRequest | None) -> dict[str, str]:
    return {"address": address_of(request)} if request is not None else {}
