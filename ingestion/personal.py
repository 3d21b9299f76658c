"""What an owner decides about personal data: what is masked, for whom it is shown, and what only looks like it."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from ingestion import services
from ingestion.access import Scope
from ingestion.audit import record
from ingestion.masking import key_of
from ingestion.models import Library, MaskingException, MaskingPolicy, PersonalData, User
from ingestion.text import one_line

_EXCEPTION_CHARACTERS = 200


def library_mask(
    *,
    user: User,
    scope: Scope,
    library_id: object,
    kinds: Collection[str],
    questions_searched: bool = True,
    revealers: Iterable[Group] | None = None,
) -> MaskingPolicy:
    """Mask these kinds in the library from now on; no kinds: nothing. Where that is new, its documents are read again.

    `revealers`: the groups that may see what is masked, beside the owners; None leaves them. Raises NotFound.
    """
    library = scope.library(library_id, to_change=True)
    chosen = [kind.value for kind in PersonalData if kind in kinds]
    with transaction.atomic():
        policy = MaskingPolicy.objects.select_for_update().get_or_create(library=library)[0]
        before, policy.kinds = policy.kinds, chosen
        policy.questions_searched, policy.changed_by = questions_searched, user
        policy.save()
        if revealers is not None:
            policy.revealers.set(revealers)
        groups = sorted(policy.revealers.values_list("pk", flat=True))
        facts = {"kinds": chosen, "before": before, "questions_searched": questions_searched, "groups": groups}
        record("library.mask", actor=user, subject=f"library:{library.pk}", **facts)
        if chosen != before:
            services.library_index_again(user=user, scope=scope, library_id=library.pk)
    return policy


def exception_add(*, user: User, scope: Scope, library_id: object, kind: str, text: str) -> MaskingException | None:
    """These words are no personal data of this kind in the library: they are shown again. None where they say nothing.

    Raises NotFound.
    """
    library = scope.library(library_id, to_change=True)
    said = one_line(text)[:_EXCEPTION_CHARACTERS]
    if not key_of(said) or kind not in PersonalData.values:
        return None
    with transaction.atomic():
        row, made = MaskingException.objects.get_or_create(
            library=library, kind=kind, key=key_of(said), defaults={"text": said, "added_by": user}
        )
        if made:
            record("masking.spared", actor=user, subject=f"library:{library.pk}", exception=row.pk, kind=kind)
            _apply(user, scope, library, kind)
    return row


def exception_remove(*, user: User, scope: Scope, library_id: object, exception_id: int) -> None:
    """Mask these words again. Raises NotFound."""
    library = scope.library(library_id, to_change=True)
    with transaction.atomic():
        row = library.masking_exceptions.filter(pk=exception_id).first()
        if row is None:
            return
        row.delete()
        record("masking.unspared", actor=user, subject=f"library:{library.pk}", exception=exception_id, kind=row.kind)
        _apply(user, scope, library, row.kind)


def _apply(user: User, scope: Scope, library: Library, kind: str) -> None:
    """Index again where the kind is masked: before a policy is chosen, exceptions cost nothing."""
    policy = MaskingPolicy.objects.filter(library=library).first()
    if policy is not None and kind in policy.kinds:
        services.library_index_again(user=user, scope=scope, library_id=library.pk)
