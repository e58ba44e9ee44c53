"""What can be known of keeping and destroying: by number, never by name. Everything starts from `visible_to`."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.rooms.retention import permissions, rules
from fridhem.rooms.retention.enums import LineStatus, ListStatus, Outcome
from fridhem.rooms.retention.models import DisposalList, Hold, Line, Matter, Proof

LEFT = (LineStatus.WAITING, LineStatus.DESTROYING)  # lines that are still to be settled
TIMED = (Outcome.DISPOSE, Outcome.UNTIL)


@dataclass(frozen=True)
class Counts:
    """How many matters: due now, of them late, and by outcome and first ground."""

    due: int
    late: int
    total: int
    kept: list[tuple[str, str, int]]  # outcome, ground, how many


def visible_to(user: User) -> QuerySet[Matter]:
    """The matters by number, for those who see to keeping."""
    return Matter.objects.all() if permissions.may_see(user) else Matter.objects.none()


def due(user: User, *, today: date) -> QuerySet[Matter]:
    """What may be disposed of today, the most urgent first."""
    return visible_to(user).filter(outcome__in=TIMED, due_from__lte=today)


def due_count(user: User, *, today: date) -> int:
    """How many are due: the figure on the door."""
    return due(user, today=today).count()


def counts(user: User, *, today: date) -> Counts:
    """The figures of the first page."""
    waiting = Q(outcome__in=TIMED, due_from__lte=today)
    found = visible_to(user).aggregate(
        due=Count("id", filter=waiting), late=Count("id", filter=waiting & Q(gone_by__lt=today)), total=Count("id")
    )
    kept = visible_to(user).exclude(waiting).values_list("outcome", "grounds__0").annotate(n=Count("id")).order_by("-n")
    return Counts(**found, kept=[(outcome, ground or "", n) for outcome, ground, n in kept])


def listed(user: User, *, today: date, search: str = "", outcome: str = "", ground: str = "") -> QuerySet[Matter]:
    """The matters for a list. `search` is part of a number; `outcome` one of `Outcome`, where `dispose` is all that is due."""
    found = visible_to(user)
    if search:
        found = found.filter(number__icontains=search.strip())
    if outcome == Outcome.DISPOSE:
        found = found.filter(outcome__in=TIMED, due_from__lte=today)
    elif outcome in Outcome.values:
        found = found.filter(outcome=outcome).exclude(outcome__in=TIMED, due_from__lte=today)
    return found.filter(grounds__0=ground) if ground else found


def assessed_on(user: User) -> date | None:
    """The day of the last assessment."""
    return visible_to(user).order_by("-assessed_on").values_list("assessed_on", flat=True).first()


def holds_on(matter: Matter) -> QuerySet[Hold]:
    """The holds on a matter that was found through `visible_to`, lifted ones too."""
    return _holds().filter(Q(case=matter.pk) | Q(concern=matter.pk))


def holds_in_force(user: User) -> QuerySet[Hold]:
    """Every hold in force, the one to be looked at again first."""
    return (_holds() if permissions.may_see(user) else Hold.objects.none()).filter(lifted_at=None).order_by("review_on")


def hold_visible_to(user: User) -> QuerySet[Hold]:
    """The holds that the user may lift."""
    return _holds() if permissions.may_lift(user) else Hold.objects.none()


def numbers_of(holds: list[Hold]) -> dict[str, str]:
    """The number of what each hold is on, by the hold's id."""
    on = {str(hold.pk): hold.case_id or hold.concern_id for hold in holds}
    numbers = dict(Matter.objects.filter(pk__in=[pk for pk in on.values() if pk]).values_list("id", "number"))
    return {pk: numbers[matter] for pk, matter in on.items() if matter in numbers}


def lists_visible_to(user: User) -> QuerySet[DisposalList]:
    """Every disposal list, each with how many lines are `waiting`, `disposed` and there in all (`size`)."""
    found = DisposalList.objects.all() if permissions.may_see(user) else DisposalList.objects.none()
    return (
        found.select_related("proposed_by", "approved_by")
        .annotate(
            size=Count("lines"),
            waiting=Count("lines", filter=Q(lines__status=LineStatus.WAITING)),
            disposed=Count("lines", filter=Q(lines__status=LineStatus.DISPOSED)),
            failed=Count("lines", filter=Q(lines__status=LineStatus.FAILED)),
            spared=Count("lines", filter=Q(lines__status=LineStatus.SPARED)),
            excluded=Count("lines", filter=Q(lines__status=LineStatus.EXCLUDED)),
        )
        .order_by("-proposed_at")
    )


def waiting_for(user: User) -> QuerySet[DisposalList]:
    """Lists that wait for this person's approval."""
    if not permissions.may_approve(user):
        return DisposalList.objects.none()
    return lists_visible_to(user).filter(status=ListStatus.PROPOSED).exclude(proposed_by=user)


def settled(found: DisposalList) -> int:
    """How many lines of a list are no longer waiting."""
    return found.lines.exclude(status__in=LEFT).count()


def lines(found: DisposalList, *, search: str = "") -> QuerySet[Line]:
    """The lines of a list that was found through `lists_visible_to`."""
    rows = found.lines.select_related("excluded_by")
    return rows.filter(number__icontains=search.strip()) if search else rows


def seal_now(found: DisposalList) -> str:
    """The digest of what would be destroyed if the list were approved now."""
    return rules.digest_of_list(found.lines.filter(status=LineStatus.WAITING).values_list("digest", flat=True))


def proofs_visible_to(user: User) -> QuerySet[Proof]:
    """The proof of all that was destroyed."""
    found = Proof.objects.all() if permissions.may_see_proof(user) else Proof.objects.none()
    return found.select_related("proposed_by", "approved_by")


def _holds() -> QuerySet[Hold]:
    return Hold.objects.select_related("put_by", "lifted_by")
