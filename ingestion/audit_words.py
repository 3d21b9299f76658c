"""Every action of the audit log in words, and as the Open Cybersecurity Schema Framework (OCSF) files it.

Each room says its own: the vault's are below, the assistant's are added when Django starts. A test finds an action
that is recorded somewhere and has no sentence here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Filed(Enum):
    """(OCSF class, its activity): IAM (3…) for accounts, entities, groups; application activity (6…) for documents."""

    ACCOUNT_CREATED = (3001, 1)
    PASSWORD_CHANGED = (3001, 3)
    FACTOR_ENABLED = (3001, 10)
    FACTOR_DISABLED = (3001, 11)
    ACCOUNT_OTHER = (3001, 99)
    LOGON_OTHER = (3002, 99)
    ACCOUNT_DISABLED = (3001, 5)
    ACCOUNT_DELETED = (3001, 6)
    ACCOUNT_LOCKED = (3001, 9)
    LOGON = (3002, 1)
    LOGOFF = (3002, 2)
    ENTITY_CREATED = (3004, 1)
    ENTITY_READ = (3004, 2)
    ENTITY_UPDATED = (3004, 3)
    ENTITY_DELETED = (3004, 4)
    GROUP_JOINED = (3006, 3)
    GROUP_LEFT = (3006, 4)
    GROUP_DELETED = (3006, 5)
    CREATED = (6001, 1)
    READ = (6001, 2)
    UPDATED = (6001, 3)
    DELETED = (6001, 4)
    SEARCHED = (6001, 5)
    IMPORTED = (6001, 6)
    EXPORTED = (6001, 7)


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its sentence, with places {actor}, {subject} and those of its facts, and where OCSF files it."""

    sentence: str | Promise
    filed: Filed
    failed: bool = False


class _Facts(dict[str, Any]):
    """A fact that an older row lacks reads as "?"."""

    def __missing__(self, key: str) -> str:
        return "?"


class _Open(dict[str, Any]):
    """Places that stay open."""

    def __missing__(self, key: str) -> str:
        return "…"


def add_actions(actions: Mapping[str, Action]) -> None:
    """Say what actions of another room mean."""
    ACTIONS.update(actions)


def in_words(action: str, *, actor: str, subject: str, facts: Mapping[str, Any]) -> str:
    """What was done, as a sentence in the language of now; the bare action where nobody says what it means."""
    known = ACTIONS.get(action)
    who = actor or _("The system")
    if known is None:
        return f"{who}: {action} {subject}".strip()
    shown = {name: _shown(value) for name, value in facts.items()}
    return str(known.sentence).format_map(_Facts(shown | {"actor": who, "subject": subject}))


def action_choices() -> list[tuple[str, str]]:
    """Every action with its sentence, the places left open, in the order of their names."""
    return [(name, str(ACTIONS[name].sentence).format_map(_Open())) for name in sorted(ACTIONS)]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)


ACTIONS: dict[str, Action] = {
    "user.signed_in": Action(gettext_lazy("{actor} signed in."), Filed.LOGON),
    "user.signed_out": Action(gettext_lazy("{actor} signed out."), Filed.LOGOFF),
    "user.sign_in_failed": Action(gettext_lazy("A sign-in as {subject} failed."), Filed.LOGON, failed=True),
    "user.sign_in_refused": Action(
        gettext_lazy("Sign-ins as {subject} from {address} were refused: too many had failed."),
        Filed.ACCOUNT_LOCKED,
        failed=True,
    ),
    "user.password_changed": Action(gettext_lazy("{actor} changed their password."), Filed.PASSWORD_CHANGED),
    "user.suspended": Action(
        gettext_lazy("{subject} was suspended; sessions ended: {sessions}, tokens withdrawn: {tokens}."),
        Filed.ACCOUNT_DISABLED,
    ),
    "factor.added": Action(gettext_lazy("{actor} set up a second factor ({kind})."), Filed.FACTOR_ENABLED),
    "factor.removed": Action(gettext_lazy("{actor} removed a second factor ({kind})."), Filed.FACTOR_DISABLED),
    "factor.reset": Action(
        gettext_lazy(
            "{actor} reset the second factor of {subject} ({reason}); removed: {factors}, sessions ended: {sessions}."
        ),
        Filed.FACTOR_DISABLED,
    ),
    "factor.codes_made": Action(gettext_lazy("{actor} got new recovery codes."), Filed.ACCOUNT_OTHER),
    "factor.proved": Action(gettext_lazy("{actor} proved their second factor ({how})."), Filed.LOGON_OTHER),
    "factor.failed": Action(
        gettext_lazy("A second factor of {subject} did not fit ({how})."), Filed.LOGON, failed=True
    ),
    "factor.refused": Action(
        gettext_lazy("Second factors of {subject} were refused: too many had failed."),
        Filed.ACCOUNT_LOCKED,
        failed=True,
    ),
    "user.company_made": Action(
        gettext_lazy("{subject} came for the first time by the company's sign-in, and was made."), Filed.ACCOUNT_CREATED
    ),
    "user.company_linked": Action(
        gettext_lazy("{subject} was linked to the company's sign-in by the e-mail address it verified."),
        Filed.ENTITY_UPDATED,
    ),
    "user.company_refused": Action(
        gettext_lazy("The company's sign-in of {subject} was refused ({why}); sessions ended: {sessions}."),
        Filed.LOGON,
        failed=True,
    ),
    "user.administers": Action(
        gettext_lazy("The directory decided whether {subject} administers: {administers}."), Filed.ENTITY_UPDATED
    ),
    "user.removed": Action(gettext_lazy("The person {name} was removed."), Filed.ACCOUNT_DELETED),
    "group.removed": Action(gettext_lazy("The group {name} was removed."), Filed.GROUP_DELETED),
    "session.ended": Action(gettext_lazy("{actor} ended one of their sessions."), Filed.LOGOFF),
    "session.ended_others": Action(gettext_lazy("{actor} ended all of their other sessions: {count}."), Filed.LOGOFF),
    "token.issued": Action(
        gettext_lazy("{actor} made API token no. {token} for {subject}, last day: {expires_on}."),
        Filed.ENTITY_CREATED,
    ),
    "token.create": Action(gettext_lazy("{actor} made an API token for {subject}."), Filed.ENTITY_CREATED),
    "token.withdrawn": Action(
        gettext_lazy("{actor} withdrew API token no. {token} of {subject}."), Filed.ENTITY_DELETED
    ),
    "access.groups_add": Action(gettext_lazy("{subject} got into groups or members: {ids}."), Filed.GROUP_JOINED),
    "access.groups_remove": Action(gettext_lazy("{subject} left groups or members: {ids}."), Filed.GROUP_LEFT),
    "access.groups_clear": Action(gettext_lazy("{subject} left all groups or members."), Filed.GROUP_LEFT),
    "access.explained": Action(
        gettext_lazy("{actor} looked up why {subject} may or may not see {object}."), Filed.ENTITY_READ
    ),
    "admin.create": Action(gettext_lazy("{subject} was made the first administrator."), Filed.ENTITY_CREATED),
    "admin.added": Action(gettext_lazy("{actor} added {subject} in the administration."), Filed.ENTITY_CREATED),
    "admin.changed": Action(gettext_lazy("{actor} changed {subject} in the administration."), Filed.ENTITY_UPDATED),
    "admin.deleted": Action(gettext_lazy("{actor} deleted {subject} in the administration."), Filed.ENTITY_DELETED),
    "samples.add": Action(gettext_lazy("{actor} added the sample library {subject}."), Filed.CREATED),
    "library.create": Action(gettext_lazy("{actor} made {subject}."), Filed.ENTITY_CREATED),
    "library.grant": Action(gettext_lazy("{actor} set who may read and own {subject}."), Filed.ENTITY_UPDATED),
    "library.prove": Action(
        gettext_lazy("{actor} chose what {subject} does with sentences that are not proved."), Filed.ENTITY_UPDATED
    ),
    "library.mask": Action(
        gettext_lazy("{actor} chose which personal data {subject} masks: {kinds}."), Filed.ENTITY_UPDATED
    ),
    "masking.spared": Action(
        gettext_lazy("{actor} said of words in {subject} that they are no personal data ({kind})."),
        Filed.ENTITY_UPDATED,
    ),
    "masking.unspared": Action(
        gettext_lazy("{actor} had words in {subject} masked again ({kind})."), Filed.ENTITY_UPDATED
    ),
    "page.revealed": Action(
        gettext_lazy("{actor} saw what is masked on page {page} of {subject}: {kinds}."), Filed.READ
    ),
    "library.delete": Action(
        gettext_lazy("{actor} deleted {subject} with {revisions} revisions."), Filed.ENTITY_DELETED
    ),
    "library.follow": Action(gettext_lazy("{actor} had {subject} follow a folder."), Filed.ENTITY_UPDATED),
    "library.followed": Action(gettext_lazy("{subject} took over what changed in its folder."), Filed.IMPORTED),
    "archive.add": Action(
        gettext_lazy("{actor} uploaded an archive to {subject}: {taken} files were taken in, {refused} were not."),
        Filed.IMPORTED,
    ),
    "backup.make": Action(gettext_lazy("A backup was made: {subject}."), Filed.EXPORTED),
    "backup.restore": Action(gettext_lazy("The backup {subject}, made at {made_at}, was restored."), Filed.IMPORTED),
    "index.build": Action(gettext_lazy("{actor} had the index of {subject} built."), Filed.ENTITY_CREATED),
    "index.stop": Action(gettext_lazy("{actor} stopped the building of the index of {subject}."), Filed.ENTITY_UPDATED),
    "index.switch": Action(
        gettext_lazy("Searches went over to {subject}, with {chunks} passages; before: {before}."), Filed.ENTITY_UPDATED
    ),
    "index.remove": Action(gettext_lazy("{actor} removed the build of {subject}."), Filed.ENTITY_DELETED),
    "document.add": Action(gettext_lazy("{actor} uploaded {subject}."), Filed.CREATED),
    "document.replace": Action(gettext_lazy("{actor} uploaded a new revision of {subject}."), Filed.UPDATED),
    "document.delete": Action(gettext_lazy("{actor} deleted {subject} with {revisions} revisions."), Filed.DELETED),
    "document.cancel": Action(gettext_lazy("{actor} stopped the reading of {subject}."), Filed.UPDATED),
    "document.retry": Action(gettext_lazy("{actor} had {subject} read again."), Filed.UPDATED),
    "document.reread": Action(
        gettext_lazy("{actor} had the file of {subject} read again as a new revision."), Filed.UPDATED
    ),
    "document.declare": Action(gettext_lazy("{actor} set whether and when {subject} is effective."), Filed.UPDATED),
    "document.describe": Action(gettext_lazy("{actor} set tags and other particulars of {subject}."), Filed.UPDATED),
    "document.compare": Action(gettext_lazy("{actor} compared two revisions of {subject}."), Filed.READ),
    "document.download": Action(gettext_lazy("{actor} downloaded the file of {subject}."), Filed.READ),
    "page.read": Action(gettext_lazy("{actor} read page {page} of {subject}."), Filed.READ),
    "page.retry": Action(gettext_lazy("{actor} had page {page} of {subject} read again."), Filed.UPDATED),
    "audit.exported": Action(gettext_lazy("{actor} exported {rows} rows of the audit trail."), Filed.EXPORTED),
    "audit.checked": Action(
        gettext_lazy("{actor} checked the audit trail: {rows} rows, {broken} do not follow."), Filed.ENTITY_READ
    ),
    "audit.sealed": Action(gettext_lazy("The audit trail was sealed for {day}: {rows} rows."), Filed.ENTITY_UPDATED),
}
