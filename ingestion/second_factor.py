"""The second factor: who is asked for one, how it is set up, proved, removed and reset.

Whoever has proved the password only is not signed in (`ingestion.half_way`): nothing but these pages knows them.
"""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ingestion import passkeys, totp
from ingestion.access import as_uuid
from ingestion.audit import record
from ingestion.errors import (
    FactorNeeded,
    FactorOwn,
    FactorReason,
    FactorTaken,
    FactorWrong,
    NotAllowed,
    NotFound,
    SignInRefused,
)
from ingestion.limits import REFUSED, count, give_back, wait
from ingestion.models import FactorKind, RecoveryCode, SecondFactor, User
from ingestion.sessions import end_everything
from ingestion.sign_in import WINDOW
from ingestion.text import one_line

CODES = 10
REASON_CHARACTERS = 300
_NAME_CHARACTERS = 100
_DOOR = "second_factor"
_APP_DIGITS = 6
# 80 bits: as with tokens, a plain hash of what nobody can guess is enough.
_CODE_LETTERS, _CODE_LENGTH, _CODE_GROUP = "abcdefghijkmnpqrstuvwxyz23456789", 16, 4


def is_offered() -> bool:
    """Whether people may have one here."""
    return bool(settings.SECOND_FACTOR != "off")


def has_factor(user: User) -> bool:
    """Whether the person is to be asked for one."""
    return is_offered() and user.factors.exists()


def app_add(*, user: User, secret: str, code: str, name: str) -> list[str]:
    """Take an authenticator app whose code fits. Returns recovery codes where it is the first factor, else none."""
    step = totp.step_of(_bare(code), secret)
    if step is None:
        raise FactorWrong
    made = SecondFactor(user=user, kind=FactorKind.APP, secret=totp.sealed(secret), counter=step)
    return _added(made, name or _("Authenticator app"))


def key_add(*, user: User, key: passkeys.Key, name: str) -> list[str]:
    """Take a key. Returns recovery codes where it is the first factor, else none. Raises FactorTaken."""
    made = SecondFactor(
        user=user, kind=FactorKind.KEY, credential=key.credential, digest=key.digest, counter=key.counter
    )
    return _added(made, name or _("Passkey"))


def key_credentials(user: User) -> list[bytes]:
    """What is kept of the person's keys."""
    return [bytes(one) for one in user.factors.filter(kind=FactorKind.KEY).values_list("credential", flat=True)]


def code_prove(*, user: User, code: str) -> None:
    """Prove the second factor by a code of an app, or a recovery code. Raises FactorWrong, SignInRefused."""
    _counted(user)
    bare = _bare(code)
    if len(bare) == _APP_DIGITS and bare.isdecimal():
        _proved(user, how="app", holds=_app_holds(user, bare))
    else:
        used, _rows = RecoveryCode.objects.filter(user=user, digest=_digest(bare)).delete()
        _proved(user, how="code", holds=used == 1)


def key_prove(*, user: User, request: HttpRequest, state: dict[str, Any], answer: str) -> None:
    """Prove the second factor by the answer of a key. Raises FactorWrong, SignInRefused."""
    _counted(user)
    try:
        signed = passkeys.signed(request, state, answer, key_credentials(user))
    except FactorWrong:
        _proved(user, how="key", holds=False)
        raise
    _proved(user, how="key", holds=_used(user, {"digest": signed.digest}, signed.counter, may_stay=True))


def factor_remove(*, user: User, factor_id: object) -> None:
    """Remove one of the person's own. With the last one go the recovery codes. Raises NotFound, FactorNeeded."""
    with transaction.atomic():
        _locked(user)
        found = SecondFactor.objects.filter(user=user, id=as_uuid(factor_id)).first()
        if found is None:
            raise NotFound
        last = not user.factors.exclude(pk=found.pk).exists()
        if last and user.needs_factor:
            raise FactorNeeded
        found.delete()
        if last:
            user.recovery_codes.all().delete()
            _stamp(user, "")
        record("factor.removed", actor=user, subject=f"user:{user.pk}", kind=found.kind)


def codes_renew(*, user: User) -> list[str]:
    """New recovery codes in place of all before. Raises NotFound for who has no factor."""
    if not user.factors.exists():
        raise NotFound
    codes = [_new_code() for _nth in range(CODES)]
    with transaction.atomic():
        user.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(_bare(code))) for code in codes)
        record("factor.codes_made", actor=user, subject=f"user:{user.pk}")
    return codes


def factor_reset(*, by: User | None, user: User, reason: str) -> None:
    """Take every factor and session from a person who lost theirs. `by` None: whoever has the server.

    Raises FactorReason, FactorOwn, NotAllowed (an administrator's factor is for superusers to reset).
    """
    why = one_line(reason)[:REASON_CHARACTERS]
    if not why:
        raise FactorReason
    if by is not None and by.pk == user.pk:
        raise FactorOwn
    if by is not None and not by.is_superuser and (user.is_staff or user.is_superuser):
        raise NotAllowed
    with transaction.atomic():
        gone, _rows = SecondFactor.objects.filter(user=user).delete()
        user.recovery_codes.all().delete()
        _stamp(user, "")
        ended = end_everything(user)  # whoever has the lost factor may be signed in with it
        record("factor.reset", actor=by, subject=f"user:{user.pk}", factors=gone, reason=why, **ended)


def _added(made: SecondFactor, name: str) -> list[str]:
    user, made.name = made.user, one_line(name)[:_NAME_CHARACTERS]
    try:
        with transaction.atomic():
            _locked(user)
            first = not user.factors.exists()
            made.save(force_insert=True)
            record("factor.added", actor=user, subject=f"user:{user.pk}", kind=made.kind)
            if first:
                _stamp(user, secrets.token_hex(16))
            return codes_renew(user=user) if first else []
    except IntegrityError as error:
        raise FactorTaken from error


def _locked(user: User) -> None:
    # Two at once must not both be the first one, nor both leave the last one to the other.
    User.objects.select_for_update().get(pk=user.pk)


def _stamp(user: User, stamp: str) -> None:
    user.factor_stamp = stamp
    User.objects.filter(pk=user.pk).update(factor_stamp=stamp)


def _counted(user: User) -> None:
    # Before the code is looked at: a million codes are soon tried by many at once.
    tries = count(_DOOR, f"user:{user.pk}", WINDOW)
    if tries > settings.SIGN_IN_LIMIT:
        REFUSED.labels(_DOOR).inc()
        if tries == settings.SIGN_IN_LIMIT + 1:
            record("factor.refused", subject=f"user:{user.pk}")
        raise SignInRefused(seconds=wait(WINDOW), minutes=-(-wait(WINDOW) // 60))


def _proved(user: User, *, how: str, holds: bool) -> None:
    if not holds:
        record("factor.failed", subject=f"user:{user.pk}", how=how)
        raise FactorWrong
    give_back(_DOOR, f"user:{user.pk}", WINDOW)
    record("factor.proved", actor=user, subject=f"user:{user.pk}", how=how)


def _app_holds(user: User, code: str) -> bool:
    for factor in user.factors.filter(kind=FactorKind.APP):
        secret = totp.unsealed(factor.secret)
        step = totp.step_of(code, secret) if secret else None
        if step is not None and _used(user, {"pk": factor.pk}, step):
            return True
    return False


def _used(user: User, which: dict[str, Any], counter: int, *, may_stay: bool = False) -> bool:
    """Note the use, where it was not used so far before. `may_stay`: many keys never count, and say 0."""
    found = SecondFactor.objects.filter(user=user, **which)
    before = found.filter(counter__lt=counter)
    if may_stay and counter == 0:
        before = found.filter(counter=0)
    return before.update(counter=counter, last_used_at=timezone.now()) == 1


def _bare(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _new_code() -> str:
    letters = [secrets.choice(_CODE_LETTERS) for _nth in range(_CODE_LENGTH)]
    groups = range(0, _CODE_LENGTH, _CODE_GROUP)
    return "-".join("".join(letters[begin : begin + _CODE_GROUP]) for begin in groups)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
