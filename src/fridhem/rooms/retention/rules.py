"""What follows from what: the steps of a list, and a verdict as it is stored and told again."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from fridhem.pure.refusals import NotNow
from fridhem.pure.retention.rule import Effect, Rule
from fridhem.pure.retention.verdict import Reason, Verdict
from fridhem.pure.retention.words import because, cite
from fridhem.rooms.retention.enums import ListStatus

REASONS = frozenset(reason.value for reason in Reason)
LEGAL_HOLD = Reason.LEGAL_HOLD.value
NEXT: dict[str, frozenset[str]] = {
    ListStatus.PROPOSED: frozenset({ListStatus.APPROVED, ListStatus.WITHDRAWN}),
    ListStatus.APPROVED: frozenset({ListStatus.DONE}),
    ListStatus.DONE: frozenset(),
    ListStatus.WITHDRAWN: frozenset(),
}


def check_step(status: str, to: str) -> None:
    """Raise `NotNow` when a list in `status` may not go to `to`."""
    if to not in NEXT[status]:
        raise NotNow(_("The list is already: %(status)s.") % {"status": str(ListStatus(status).label).lower()})


def check_other_person(proposed_by: UUID, by: UUID) -> None:
    """Raise `NotNow` when the one who proposed would approve."""
    if proposed_by == by:
        raise NotNow(_("You proposed the list yourself: another person must approve it."))


def grounds_of(verdict: Verdict) -> list[str]:
    """The verdict's grounds as stored: keys of rules, then reasons."""
    return [*(rule.key for rule in verdict.rules), *verdict.reasons]


def disposing(grounds: Iterable[str], *, rules: Sequence[Rule], on: date) -> Rule:
    """The rule by which something is disposed of. Raises StopIteration for grounds that don't dispose."""
    keys = set(grounds)
    return next(rule for rule in rules if rule.key in keys and rule.effect == Effect.DISPOSE and rule.is_valid_on(on))


def words_of(grounds: Iterable[str], *, rules: Sequence[Rule], on: date, language: str) -> list[str]:
    """Stored grounds as sentences, with the law as it was on the day of the assessment."""
    said = []
    for ground in grounds:
        if ground in REASONS:
            said.append(because(Reason(ground), language))
        else:
            said += [cite(rule, language) for rule in rules if rule.key == ground and rule.is_valid_on(on)]
    return said


def digest_of_line(salt: bytes, kind: str, matter: UUID, rule: str, gone_by: date) -> str:
    """What a line was when the list was frozen; tells nothing without the salt."""
    return sha256(salt + f"{kind}|{matter}|{rule}|{gone_by}".encode()).hexdigest()


def digest_of_list(lines: Iterable[str]) -> str:
    """The seal of a whole list over its lines' digests, in any order."""
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()
