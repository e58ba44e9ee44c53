"""What can be done with linked cases: open one for someone in a case, link two, end a link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import actions, catalogue, permissions, queries, rules
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.models import Case, CaseLink
from fridhem.rooms.casework.queries import links

CONTINUED = "continued"  # of the list `links`
UNKNOWN = "unknown"  # of the list `districts`


@transaction.atomic
def open_linked(case: Case, person: UUID, *, kind: str, by: User, at: datetime, **given: Any) -> Case:
    """Open a case of their own for someone in a case, and link the two; `given` as in `open_case`.

    Nothing of what is in the one is copied to the other, and its team isn't: only `by` works with both. Raises `Denied`, also
    for someone who isn't in the case, and `UnknownCode`.
    """
    permissions.check_may_read(case, by)
    if person not in {one.pk for one in queries.people(case)[1:]}:
        raise Denied(_("That person isn't in the case."))
    opened = actions.open_case(by=by, at=at, person_id=person, **given)
    link(case, opened, kind=kind, by=by, at=at)
    return opened


@transaction.atomic
def go_on(case: Case, process: str, *, text: str, by: User, at: datetime) -> Case:
    """Open the case that a case goes on as on another process: the same person, team and unit, shut to the same colleagues.

    `text` is what it begins with. The case that ends is closed by the one who calls. Raises `Denied`, `UnknownCode`.
    """
    walls, today = list(queries.walls(case)), timezone.localdate(at)
    shut = {wall.user_id for wall in walls}
    known = dict(catalogue.codes("districts").choices_on(today, "sv"))
    opened = actions.open_case(
        by=by,
        at=at,
        process=process,
        age_group=case.age_group,
        person_id=case.person_id,
        unit=case.unit,
        team=[one.user for one in queries.team(case) if permissions.works_with_cases(one.user) and one.user_id not in shut],
        district=case.district if case.district in known else UNKNOWN,
        summary=text,
    )
    for wall in walls:
        put_wall(opened, user=wall.user, ground=wall.ground, by=by, at=at)
    link(case, opened, kind=CONTINUED, by=by, at=at)
    return opened


@transaction.atomic
def link(case: Case, other: Case, *, kind: str, by: User, at: datetime) -> CaseLink:
    """Say that two cases belong together; `kind` is what the person of `other` is to the one of `case`. Opens neither to anyone.

    Raises `Denied` for one who doesn't see both, `NotNow` when they are linked already, `UnknownCode`.
    """
    rules.check_are_two(case.pk, other.pk)
    permissions.check_may_link(case, other, by)
    list(Case.objects.select_for_update().filter(pk__in=[case.pk, other.pk]).order_by("pk"))
    rules.check_not_linked(is_linked=links.are_linked(case, other))
    code = catalogue.codes("links").find(kind, on=timezone.localdate(at)).code
    made = CaseLink.objects.create(one=case, other=other, kind=code, linked_by=by, linked_at=at)
    record("casework.link.made", subject=made, by=by, at=at, reason=code, about=case.pk)
    return made


@transaction.atomic
def end_link(link: CaseLink, *, by: User, at: datetime) -> CaseLink:
    """Say that two cases no longer belong together. Raises `Denied`, `NotNow`."""
    link = CaseLink.objects.select_for_update().get(pk=link.pk)
    permissions.check_may_link(link.one, link.other, by)
    rules.check_link_holds(link.ended_at)
    link.ended_by, link.ended_at = by, at
    link.save(update_fields=["ended_by", "ended_at"])
    record("casework.link.ended", subject=link, by=by, at=at, reason=link.kind, about=link.one_id)
    return link
