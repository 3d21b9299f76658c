"""Why a person may, or may not, see a library or document: every rule of the Scope by name, the one that decides first.

`scope_for` decides; this explains. Both follow the same rules, and a test compares them over many people and grants.
A change is tried out on the facts, never on the rows.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from ingestion.models import Library, User


class Rule(TextChoices):
    """What may decide, in this order; the first that applies does."""

    SUSPENDED = "suspended", _("The person is suspended, and sees nothing.")
    ADMINISTRATOR = "administrator", _("The person is a superuser, and sees and changes everything.")
    OWNER = "owner", _("The person owns the library, and sees and changes what is in it.")
    READER = "reader", _("The person is in a group that may read the library.")
    NONE = "none", _("No rule lets the person see it.")


class Verdict(TextChoices):
    """What follows."""

    CHANGE = "change", _("{name} may see and change it.")
    READ = "read", _("{name} may see it, but not change it.")
    NOTHING = "nothing", _("{name} may not see it: for this person it does not exist.")


_FOLLOWS = {
    Rule.SUSPENDED: Verdict.NOTHING,
    Rule.ADMINISTRATOR: Verdict.CHANGE,
    Rule.OWNER: Verdict.CHANGE,
    Rule.READER: Verdict.READ,
    Rule.NONE: Verdict.NOTHING,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """All of a person that the Scope looks at: ids of their groups, and of the libraries they own."""

    active: bool
    superuser: bool
    groups: frozenset[int]
    owned: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rule that decides, what follows, the groups it is by, and which rules would say the same or less."""

    rule: Rule
    verdict: Verdict
    groups: tuple[str, ...]
    also: tuple[Rule, ...]

    def said_of(self, user: User) -> str:
        """The verdict as a sentence about this person."""
        return str(self.verdict.label).format(name=user.get_username())


def facts_of(user: User) -> Facts:
    """The person as they are now."""
    return Facts(
        active=user.is_active,
        superuser=user.is_superuser,
        groups=frozenset(user.groups.values_list("pk", flat=True)),
        owned=frozenset(user.owned_libraries.values_list("pk", flat=True)),
    )


def explain(facts: Facts, library: Library) -> Explanation:
    """What these facts mean for the library and all that is in it."""
    groups = {group.pk: group.name for group in library.readers.all() if group.pk in facts.groups}
    applying = [rule for rule, applies in _rules(facts, library.pk, groups).items() if applies]
    first, *also = [*applying, Rule.NONE]
    return Explanation(first, _FOLLOWS[first], tuple(sorted(groups.values())), tuple(also[:-1]))


def reachable(facts: Facts, among: "QuerySet[Library]") -> frozenset[UUID]:
    """Which of these libraries a person of these facts may see."""
    libraries = among.prefetch_related("readers")
    return frozenset(one.pk for one in libraries if explain(facts, one).verdict != Verdict.NOTHING)


def _rules(facts: Facts, library_id: UUID, groups: dict[int, str]) -> dict[Rule, bool]:
    return {
        Rule.SUSPENDED: not facts.active,
        Rule.ADMINISTRATOR: facts.superuser,
        Rule.OWNER: library_id in facts.owned,
        Rule.READER: bool(groups),
    }
