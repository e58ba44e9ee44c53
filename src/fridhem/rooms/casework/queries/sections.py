"""The investigation of a case: what is written under its headings, and what lacks a signature."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from fridhem.pure.outlines.outline import Heading, Outline
from fridhem.pure.sheets.sheet import Words
from fridhem.rooms.casework import queries
from fridhem.rooms.casework.enums import SectionStatus, StepStatus
from fridhem.rooms.casework.models import Case, Section, Step
from fridhem.rooms.processes import queries as processes
from fridhem.rooms.processes.enums import SIGNED


@dataclass(frozen=True)
class Place:
    """A heading, and what is written under it: the newest row, which may be a draft, and the newest that is signed."""

    heading: Heading
    newest: Section | None = None
    signed: Section | None = None

    @property
    def status(self) -> SectionStatus:
        if self.newest is None:
            return SectionStatus.EMPTY
        return SectionStatus.SIGNED if self.newest.signed_at else SectionStatus.DRAFT

    @property
    def revision(self) -> int:
        """The one that is read now; 0 when nothing is written."""
        return self.newest.revision if self.newest else 0


@dataclass(frozen=True)
class Chapter:
    """A part of the investigation."""

    name: str | Words
    places: Sequence[Place]


def outline(case: Case) -> Outline | None:
    """The headings of a case, as on the day when it was opened; None where its process has none."""
    return processes.outline(case.process_key, on=case.opened_on)


def chapters(case: Case) -> list[Chapter]:
    """The investigation of a case that was found through `visible_to`, in the order of its headings.

    What is written under a heading that isn't there any longer comes last.
    """
    newest, signed = _written(case)
    found, known = outline(case), set[str]()
    made = []
    for part in found.parts if found else ():
        known |= {heading.code for heading in part.headings}
        made.append(Chapter(part.name, [Place(one, newest.get(one.code), signed.get(one.code)) for one in part.headings]))
    left = [Place(_gone(case, code), newest[code], signed.get(code)) for code in sorted(set(newest) - known)]
    return [*made, Chapter(_("Under earlier headings"), left)] if left else made


def unsigned(case: Case) -> list[Place]:
    """The headings of a case that aren't signed, or have a draft beside what is signed."""
    newest, signed = _written(case)
    found = outline(case)
    places = [Place(one, newest.get(one.code), signed.get(one.code)) for one in (found.headings if found else ())]
    return [place for place in places if place.status != SectionStatus.SIGNED]


def left_for(step: Step) -> list[Place]:
    """What must be signed before a step can be done; nothing where the process doesn't ask for it."""
    node = processes.definition(step.case.process_key, step.case.process_version).nodes.get(step.node)
    return unsigned(step.case) if node and node.properties.get("sections") == SIGNED else []


def place(case: Case, code: str) -> Place:
    """One heading of a case. Raises Http404 for one that it hasn't and under which nothing is written."""
    found, rows = outline(case), revisions(case, code)
    heading = next((one for one in (found.headings if found else ()) if one.code == code), None)
    made = Place(heading or _gone(case, code), rows.first(), rows.exclude(signed_at=None).first())
    if heading is None and made.newest is None:
        raise Http404
    return made


def is_under(place: Place, case: Case) -> bool:
    """Whether a heading is one of the case's own, and not one that has gone."""
    found = outline(case)
    return bool(found and place.heading in found.headings)


def newest(case: Case, code: str) -> Section | None:
    """The newest row under a heading."""
    return revisions(case, code).first()


def revisions(case: Case, code: str) -> QuerySet[Section]:
    """All that is kept under a heading, the newest first."""
    return case.sections.filter(heading=code).select_related("written_by", "signed_by").order_by("-revision")


def steps_beside(case: Case, heading: Heading) -> list[Step]:
    """The steps that have been done and tell more of what the heading is about, oldest first."""
    if not heading.sheets:
        return []
    done = queries.steps(case).filter(status=StepStatus.DONE, form__in=heading.sheets)
    return list(done.order_by("done_at", "node"))


def _written(case: Case) -> tuple[dict[str, Section], dict[str, Section]]:
    """By heading: the newest row, and the newest that is signed."""
    rows = list(case.sections.select_related("written_by", "signed_by").order_by("revision"))
    return {row.heading: row for row in rows}, {row.heading: row for row in rows if row.signed_at}


def _gone(case: Case, code: str) -> Heading:
    return processes.heading(case.process_key, code) or Heading(code, Words(code, code), Words())
