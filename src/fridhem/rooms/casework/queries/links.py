"""What can be known of the cases that belong to a case: those that the reader sees, and that there are others."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import catalogue, queries
from fridhem.rooms.casework.models import Case, CaseLink


@dataclass(frozen=True)
class Linked:
    """A linked case that the reader sees too. `kind` is what its person is to the one of the case that was asked about."""

    link: CaseLink
    case: Case
    kind: str


def of(case: Case, user: User) -> list[Linked]:
    """The cases linked to a case, of those that the user sees. As many queries, however many they are."""
    links = list(_live(case))
    others = [link.other_id if link.one_id == case.pk else link.one_id for link in links]
    seen = queries.visible_to(user).filter(pk__in=others).select_related("unit").defer("state").in_bulk() if others else {}
    return [
        Linked(link, seen[other], link.kind if other == link.other_id else catalogue.link_kinds()[link.kind].back)
        for link, other in zip(links, others, strict=True)
        if other in seen
    ]


def known(case: Case) -> list[queries.Known]:
    """The linked cases that whoever acts doesn't see but whose role may know of: that they are, never why."""
    return queries.known_by("SELECT id, number, unit_id, status FROM casework_linked(%s)", case.pk)


def are_linked(one: Case, other: Case) -> bool:
    """Whether two cases that one sees are linked."""
    return _live(one).filter(Q(one=other) | Q(other=other)).exists()


def _live(case: Case) -> QuerySet[CaseLink]:
    return CaseLink.objects.filter(Q(one=case) | Q(other=case), ended_at=None).order_by("linked_at", "id")
