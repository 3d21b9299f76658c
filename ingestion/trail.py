"""Into the audit log what Django itself does to people and their access: sign-ins, admin changes, groups, tokens."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from ingestion.audit import record
from ingestion.models import ApiToken, User

_DONE = {ADDITION: "added", CHANGE: "changed"}


@receiver(user_logged_in)
def _signed_in(user: User, **_: Any) -> None:
    record("user.signed_in", actor=user, subject=f"user:{user.pk}")


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        record("user.signed_out", actor=user, subject=f"user:{user.pk}")


@receiver(user_login_failed)
def _sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    # Only names of people there are: what is typed into the wrong field may be a password.
    tried = User.objects.filter(username=str(credentials.get("username", ""))).first()
    record("user.sign_in_failed", subject=f"user:{tried.pk}" if tried else "")


@receiver(post_save, sender=LogEntry)
def _administered(instance: LogEntry, **_: Any) -> None:
    what = instance.content_type.model if instance.content_type else ""
    record(
        f"admin.{_DONE.get(instance.action_flag, 'deleted')}",
        actor=instance.user,
        subject=f"{what}:{instance.object_id}"[:120],
        said=instance.change_message,  # names of fields, never their values
    )


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(instance: User | Group, action: str, pk_set: set[int] | None, **_: Any) -> None:
    if action.startswith("post_"):
        kind = "user" if isinstance(instance, User) else "group"
        record(f"access.groups_{action[5:]}", subject=f"{kind}:{instance.pk}", ids=sorted(pk_set or ()))


@receiver(post_save, sender=ApiToken)
def _token_issued(instance: ApiToken, *, created: bool, **_: Any) -> None:
    if created:
        record("token.issued", subject=f"user:{instance.user_id}", token=instance.pk)


@receiver(post_delete, sender=ApiToken)
def _token_withdrawn(instance: ApiToken, **_: Any) -> None:
    record("token.withdrawn", subject=f"user:{instance.user_id}", token=instance.pk)


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def _removed(instance: User | Group, **_: Any) -> None:
    kind = "user" if isinstance(instance, User) else "group"
    record(f"{kind}.removed", subject=f"{kind}:{instance.pk}", name=str(instance))
