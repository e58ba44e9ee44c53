"""Is the input well-formed? Not: is it allowed."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.design.sheets import question_fields
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Cleaned, Quarantined, Refused, take_in
from fridhem.foundation.processes.definition import Definition
from fridhem.pure import identity
from fridhem.pure.codes.code_list import UnknownCode
from fridhem.pure.deadlines.limits import Extension
from fridhem.pure.refusals import Denied, NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.casework import catalogue, permissions, queries, rules
from fridhem.rooms.casework.enums import (
    ADDED,
    AgeGroup,
    CaseStatus,
    ClosingReason,
    Emergency,
    ExtensionAnswer,
    NoteKind,
    Outcome,
    ReviewOutcome,
    WallGround,
)
from fridhem.rooms.casework.models import Case, Decision, Note, Step
from fridhem.rooms.casework.queries import limits, links, work
from fridhem.rooms.casework.queries.limits import TimeLimit
from fridhem.rooms.persons.enums import DetailKind, Protection, RecusalGround, RelationKind, RevealReason
from fridhem.rooms.processes import queries as processes

LONGEST_TEXT = 20_000
BY_ROUTINE = _("Leave it empty and the day is set by the routine for that intervention.")


def _text(label: Any, hint: Any = "", *, required: bool = True, rows: int = 8) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_TEXT, required=required, widget=widget)


def _codes(name: str, on: date) -> list[tuple[str, str]]:
    return catalogue.codes(name).choices_on(on, get_language() or "sv")


def _choose(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Give a field its choices, which depend on the day."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


# ── The form of a step, by the sheet that the process names ───────────────


class StepForm(forms.Form):
    """The questions of a step's sheet, then what is written in the journal. `running`: interventions going on.

    A step whose sheet no longer exists (None) can still be done: what was done is written.
    """

    def __init__(self, sheet: Sheet | None, *args: Any, running: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.running = sheet, running
        language = get_language() or "sv"
        self.fields |= question_fields(sheet)
        if sheet:
            self.fields["text"] = _text(sheet.text.in_(language), sheet.hint.in_(language))
        else:
            self.fields["text"] = _text(
                _("What was done"), _("The form of this step no longer exists. Write what was done in it.")
            )

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing written is lost."""
        cleaned = super().clean() or {}
        try:
            rules.check_needs(self.sheet, cleaned, running=self.running)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return cleaned

    @property
    def answers(self) -> dict[str, str]:
        """The answers to the questions, by their codes."""
        return {question.name: self.cleaned_data[question.name] for question in (self.sheet.questions if self.sheet else ())}


# ── Everything else that is written on a case ─────────────────────────────


class NoteForm(forms.Form):
    """A note of one's own, a draft unless it's signed. `submission` tells a form sent twice from two notes.

    A form that has been sent already with another text keeps what is typed; `saved` is what it made the first time.
    """

    KINDS: list[tuple[str, Any]] = [choice for choice in NoteKind.choices if choice[0] not in (NoteKind.CONCERN, *ADDED)]
    saved: Note | None = None

    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(), required=False)
    kind = forms.ChoiceField(label=_("Kind of note"), choices=[])
    happened_on = forms.DateField(label=_("The day it happened"), widget=forms.DateInput())
    text = _text(_("Note"))
    sign = forms.BooleanField(
        label=_("Sign it now"),
        help_text=_("A signed note can't be changed. Without your signature it's your draft, which your colleagues can read."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, case: Case, by: User, **kwargs: Any) -> None:
        kind = self.KINDS[0][0]
        super().__init__(*args, **{"initial": {"happened_on": today, "kind": kind}, **kwargs})
        self.today, self.case, self.by = today, case, by
        _choose(self, "kind", self.KINDS)

    def clean_happened_on(self) -> date:
        """A journal tells of what has happened."""
        if self.cleaned_data["happened_on"] > self.today:
            raise ValidationError(_("The day hasn't come yet: write a day that has been."))
        return self.cleaned_data["happened_on"]

    def clean(self) -> dict[str, Any]:
        """The same form sent again with another text makes a note of its own, once its writer has seen the first."""
        cleaned = super().clean() or {}
        submission = cleaned.get("submission")
        saved = queries.written(self.case, self.by, submission) if submission else None
        if saved and saved.text != cleaned.get("text"):
            self.saved = saved
            self._send_again("submission", str(uuid4()))
            raise ValidationError(_("This form has already been saved once. Read what was saved before you save this too."))
        return cleaned

    def _send_again(self, name: str, value: str) -> None:
        sent = self.data.copy()  # type: ignore[attr-defined]  # what was sent is a QueryDict
        sent[name] = value
        self.data = sent


class AdditionForm(NoteForm):
    """What stands beside a note that can't be changed."""

    KINDS = [choice for choice in NoteKind.choices if choice[0] in ADDED]


class SignForm(forms.Form):
    """Which revision of a note was read before it was signed."""

    revision = forms.IntegerField()


class ChangeNoteForm(NoteForm):
    """One's own draft, put right. `revision` is the one that was read: a later one is shown before it's written over."""

    submission = None  # type: ignore[assignment]
    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        self.KINDS = AdditionForm.KINDS if note.to_id else NoteForm.KINDS
        now = {"kind": note.kind, "happened_on": note.happened_on, "text": note.text, "revision": note.revision}
        super().__init__(*args, initial=now, **kwargs)
        self.note = note

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing typed is lost."""
        cleaned = forms.Form.clean(self) or {}
        try:
            rules.check_is_draft(self.note.signed_at, self.note.open_until, today=self.today)
        except NotNow as refusal:
            self.saved = self.note
            raise ValidationError(str(refusal)) from None
        if cleaned.get("revision") not in (None, self.note.revision):
            self.saved = self.note
            self._send_again("revision", str(self.note.revision))
            raise ValidationError(
                _("The note was changed in another window. Read what it says now before you save this instead.")
            )
        return cleaned


class _Decisions(forms.ModelChoiceField):
    """A decision to choose, in words."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{date_format(obj.decided_on, 'j b Y')}, {catalogue.label('outcomes', obj.outcome, get_language() or 'sv')}"


class GrantForm(forms.Form):
    """The codes that may be chosen today; what was valid another day is asked for by the action."""

    kind = forms.ChoiceField(label=_("Intervention"), choices=[], error_messages={"required": _("Choose an intervention.")})
    reasons = forms.MultipleChoiceField(
        label=_("Reason codes"),
        help_text=_("Why is the intervention granted? Choose all that apply."),
        choices=[],
        widget=Checkboxes(),
        error_messages={"required": _("Choose at least one reason code.")},
    )
    start = forms.DateField(label=_("Starts"), widget=forms.DateInput())
    provider = forms.CharField(
        label=_("Provider"),
        help_text=_("Who carries it out. Never an address: that is a protected detail."),
        max_length=200,
        required=False,
    )
    follow_up_on = forms.DateField(label=_("Followed up on"), help_text=BY_ROUTINE, widget=forms.DateInput(), required=False)

    def __init__(
        self, *args: Any, today: date, opened_on: date, decisions: QuerySet[Decision] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": {"start": today}, **kwargs})
        if decisions is not None:
            self.fields["decision"] = _Decisions(decisions, label=_("Which decision is carried out?"), required=False)
            self.order_fields(["decision"])
        self.today, self.opened_on = today, opened_on
        _choose(self, "kind", [("", _("Choose")), *_codes("interventions", today)])
        _choose(self, "reasons", _codes("reasons", today))

    def clean_start(self) -> date:
        """The days of a case come in their order."""
        start = self.cleaned_data["start"]
        try:
            rules.check_granted_days(decided_on=self.today, start=start, opened_on=self.opened_on, today=self.today)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return start

    def clean(self) -> dict[str, Any]:
        """What the action would refuse of a decision or a follow-up."""
        cleaned = super().clean() or {}
        decision, start = cleaned.get("decision"), cleaned.get("start")
        try:
            if start:
                rules.check_follow_up(cleaned.get("follow_up_on"), start=start)
            if decision and cleaned.get("kind"):
                kind = catalogue.order().kind(decision.kind, on=decision.decided_on)
                rules.check_carries_out(kind, decision.outcome, refused=decision.refused, intervention=cleaned["kind"])
                catalogue.codes("interventions").find(cleaned["kind"], on=decision.decided_on)
                for reason in cleaned.get("reasons", ()):
                    catalogue.codes("reasons").find(reason, on=decision.decided_on)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        except UnknownCode:
            raise ValidationError(_("One of the codes wasn't valid on the day of the decision.")) from None
        return cleaned


class DecideForm(forms.Form):
    """What is decided, and why; what the action would refuse is said here, so that nothing written is lost."""

    kind = forms.ChoiceField(label=_("What is the decision about?"), choices=[], widget=Radios())
    outcome = forms.ChoiceField(label=_("What do you decide?"), choices=[], widget=Radios())
    refused = forms.ChoiceField(label=_("What is refused"), choices=[], required=False)
    reasons = forms.MultipleChoiceField(label=_("Why it's refused"), choices=[], widget=Checkboxes(), required=False)
    motivation = _text(_("Reasons for the decision"), _("What you build on, and how you have weighed it. She reads this."))

    def __init__(self, *args: Any, case: Case, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by, self.today = case, by, today
        language = get_language() or "sv"
        mine = [one for one in catalogue.order().kinds_on(today) if catalogue.order().item_for(one.code, role=by.role, on=today)]
        _choose(self, "kind", [(one.code, one.label(language)) for one in mine])
        _choose(self, "outcome", _codes("outcomes", today))
        _choose(self, "refused", [("", _("Nothing")), *_codes("interventions", today)])
        _choose(self, "reasons", _codes("refusal_reasons", today))
        self.fields["prepared_by"] = forms.ModelChoiceField(
            queries.others(by).filter(pk__in=queries.team(case).values("user")),
            label=_("Investigated by"),
            help_text=_("Leave it empty when the investigation is a step of the case: then it's the one who did it."),
            empty_label=_("As in the case"),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """The outcome fits the kind, and someone else has prepared it where that is asked for."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        kind = catalogue.order().kind(cleaned["kind"], on=self.today)
        prepared = cleaned["prepared_by"] or next(iter(queries.preparers(self.case, kind.prepared_in)), None)
        try:
            rules.check_outcome(kind, cleaned["outcome"], refused=cleaned["refused"], reasons=cleaned["reasons"])
            rules.check_prepared(kind, prepared is not None)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        if self.by in queries.preparers(self.case, kind.prepared_in):
            raise ValidationError(_("You have investigated the case yourself: someone else decides."))
        return cleaned


class ToldForm(forms.Form):
    """When the person was told."""

    told_on = forms.DateField(label=_("The day she was told of the decision"), widget=forms.DateInput())

    def __init__(self, *args: Any, decision: Decision, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision, self.today = decision, today

    def clean_told_on(self) -> date:
        """What the action would refuse is said here."""
        told_on = self.cleaned_data["told_on"]
        one = self.decision
        try:
            rules.check_told(told_on=told_on, today=self.today, decided_on=one.decided_on, already=one.told_on)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return told_on


class FollowUpForm(forms.Form):
    """How an intervention goes, and when it's looked at next."""

    text = _text(_("How does it go?"), _("What she says herself, what has changed, and whether it should go on as it is."))
    next_on = forms.DateField(label=_("Next follow-up"), help_text=BY_ROUTINE, widget=forms.DateInput(), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_on(self) -> date | None:
        """It's followed up next on a later day."""
        return _followed_up(self.cleaned_data["next_on"], self.today)


def _followed_up(day: date | None, start: date) -> date | None:
    try:
        rules.check_follow_up(day, start=start)
    except NotNow as refusal:
        raise ValidationError(str(refusal)) from None
    return day


class EndForm(forms.Form):
    end = forms.DateField(label=_("Last day"), widget=forms.DateInput())
    outcome = forms.ChoiceField(label=_("How did it go?"), choices=Outcome.choices, widget=Radios())

    def __init__(self, *args: Any, start: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"end": today}, **kwargs})
        self.start = start

    def clean_end(self) -> date:
        """An intervention ends after it began."""
        if self.cleaned_data["end"] < self.start:
            raise ValidationError(_("The last day is before the first: write a later day."))
        return self.cleaned_data["end"]


class AssignForm(forms.Form):
    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ModelChoiceField(queries.colleagues(case), label=_("Colleague"), empty_label=_("Choose"))


# ── Who does the work ─────────────────────────────────────────────────────


class GiveForm(forms.Form):
    """Who does a step: oneself, a colleague in the case, or whoever has the role."""

    to = forms.ChoiceField(label=_("Who does the step?"), choices=[], widget=Radios())

    def __init__(self, *args: Any, step: Step, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"to": str(step.assigned_to_id or by.pk)}, **kwargs})
        self.people = {str(user.pk): user for user in work.able(step).exclude(pk=by.pk)}
        others: list[tuple[str, Any]] = [(key, user.name) for key, user in self.people.items()]
        if permissions.may_do(by, step):
            self.people[str(by.pk)] = by
            others = [(str(by.pk), _("I do")), *others]
        _choose(self, "to", [*others, ("nobody", _("Nobody yet: whoever has the role can take it"))])

    def clean_to(self) -> User | None:
        return self.people.get(self.cleaned_data["to"])


class PeriodForm(forms.Form):
    """From the first day to the last, both included."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(), help_text=_("It ends by itself after this day."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first_day": today}, **kwargs})
        self.today = today

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said at its field."""
        cleaned = super().clean() or {}
        if "first_day" in cleaned and "last_day" in cleaned:
            self._try("last_day", lambda: rules.check_period(cleaned["first_day"], cleaned["last_day"], today=self.today))
        return cleaned

    def _try(self, field: str, check: Callable[[], None]) -> None:
        try:
            check()
        except (Denied, NotNow) as refusal:
            self.add_error(field, str(refusal))


class AbsenceForm(PeriodForm):
    """Who is away and who stands in. A leader says it of the unit's colleagues too."""

    field_order = ("user", "stand_in", "first_day", "last_day")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, here = by, work.colleagues(by)
        if permissions.leads_cases(by):
            self.fields["user"] = forms.ModelChoiceField(here, label=_("Who is away?"), initial=by, empty_label=None)
        self.fields["stand_in"] = forms.ModelChoiceField(
            here.exclude(pk=by.pk),
            label=_("Who stands in?"),
            help_text=_(
                "Someone with the same role. They see the cases of the one who is away those days, and nothing else more."
            ),
            empty_label=_("Choose"),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """The one who is away is oneself when nobody else can be chosen."""
        cleaned = super().clean()
        away = cleaned.setdefault("user", self.by)
        if "stand_in" in cleaned:
            self._try("stand_in", lambda: permissions.check_may_stand_in(cleaned["stand_in"], away, self.by))
        return cleaned


class DelegationForm(PeriodForm):
    """Who decides in the leader's place, in which steps of which processes."""

    steps = forms.MultipleChoiceField(label=_("What do they decide?"), choices=[], widget=Checkboxes())
    field_order = ("to", "steps", "first_day", "last_day")

    def __init__(self, *args: Any, by: User, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = work.colleagues(by).exclude(pk=by.pk)
        self.fields["to"] = forms.ModelChoiceField(here, label=_("Who decides?"), empty_label=_("Choose"))
        _choose(self, "steps", choices)  # type: ignore[arg-type]
        self.order_fields(self.field_order)

    def clean_steps(self) -> list[tuple[str, str]]:
        """Each a process and a form."""
        return [(process, form) for process, _slash, form in (chosen.partition("/") for chosen in self.cleaned_data["steps"])]


class HandOverForm(forms.Form):
    """From whom to whom all cases go."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, here = by, work.colleagues(by)
        self.fields["user"] = forms.ModelChoiceField(here, label=_("Whose cases?"), empty_label=_("Choose"))
        self.fields["to"] = forms.ModelChoiceField(
            here, label=_("Who takes over?"), help_text=_("Someone with the same role."), empty_label=_("Choose")
        )

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said at its field."""
        cleaned = super().clean() or {}
        if "user" in cleaned and "to" in cleaned:
            try:
                permissions.check_may_hand_over(cleaned["user"], cleaned["to"], self.by)
            except Denied as refusal:
                self.add_error("to", str(refusal))
        return cleaned


class CloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is the case closed?"), choices=ClosingReason.choices, widget=Radios())


# ── Time limits ───────────────────────────────────────────────────────────

WHY_LONGER = {
    Extension.SPECIAL: _("Which are the special reasons (särskilda skäl)?"),
    Extension.EXCEPTIONAL: _("Which are the exceptional reasons (synnerliga skäl)?"),
}


DECISIONS = [(answer.value, answer.label) for answer in (ExtensionAnswer.GRANTED, ExtensionAnswer.REFUSED)]


class ExtendForm(forms.Form):
    """A new last day for a time limit, and why."""

    until = forms.DateField(label=_("New last day"), widget=forms.DateInput())
    text = _text(_("Why is more time needed?"), _("It becomes a note in the journal."))

    def __init__(self, *args: Any, found: TimeLimit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.today = found, today
        latest = found.limit.latest(found.clock.ordinary)
        if latest:
            self.fields["until"].help_text = _("%(day)s at the latest.") % {"day": date_format(latest, "j F Y")}
        self.fields["text"].label = WHY_LONGER.get(found.limit.extension, self.fields["text"].label)

    def clean_until(self) -> date:
        """What the action would refuse is said here, so that nothing written is lost."""
        _refused_here(rules.check_new_last_day, self.found.limit, self.found.clock, self.cleaned_data["until"], today=self.today)
        return self.cleaned_data["until"]


class AnswerExtensionForm(forms.Form):
    """What is decided about an extension that was asked for."""

    answer = forms.ChoiceField(label=_("What do you decide?"), choices=DECISIONS, widget=Radios())
    text = _text(_("The grounds"), _("It becomes a note in the journal."), rows=5)

    def __init__(self, *args: Any, found: TimeLimit, until: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.until, self.today = found, until, today

    def clean_answer(self) -> str:
        """A day that isn't admitted any longer can only be refused."""
        if self.cleaned_data["answer"] == ExtensionAnswer.GRANTED:
            _refused_here(rules.check_new_last_day, self.found.limit, self.found.clock, self.until, today=self.today)
        return self.cleaned_data["answer"]


class ReasonForm(forms.Form):
    """Why a time limit stands still, or goes on."""

    text = _text(_("Why?"), _("It becomes a note in the journal."), rows=5)


class LimitsForm(forms.Form):
    """Which time limits: whose cases, of which process, at which unit. Only what there is to choose from is asked."""

    whose = forms.ChoiceField(
        label=_("Whose cases"), required=False, choices=[("", _("All that I see")), ("mine", _("Those I work with"))]
    )
    process = forms.ChoiceField(label=_("Process"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named, units = limits.choices(user)
        _choose(self, "process", [("", _("All")), *named])
        _choose(self, "unit", [("", _("All")), *((str(unit.pk), unit.name) for unit in units)])
        asked = {"whose": permissions.leads_cases(user), "process": len(named) > 1, "unit": len(units) > 1}
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """What `queries.limits` takes; what isn't understood is left out."""
        self.is_valid()
        known = self.cleaned_data
        return {"mine": known.get("whose") == "mine", "process": known.get("process", ""), "unit": known.get("unit", "")}


class MissedForm(LimitsForm):
    """The same for what was missed, done in a period."""

    first = forms.DateField(label=_("Done from"), widget=forms.DateInput())
    last = forms.DateField(label=_("Done to"), widget=forms.DateInput())

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day is before the first: write a later day."))
        return cleaned


def _refused_here(check: Callable[..., None], *given: Any, **named: Any) -> None:
    """What a rule refuses becomes an error at the field."""
    try:
        check(*given, **named)
    except NotNow as refusal:
        raise ValidationError(str(refusal)) from None


class MoveForm(forms.Form):
    """For each step that the new version doesn't have: which of its steps it became. And one case's number, to move only that."""

    only = forms.CharField(
        label=_("Only one case"),
        help_text=_("Its number. Leave it empty to move all cases of the version."),
        max_length=12,
        required=False,
    )

    def __init__(self, *args: Any, old: Definition, new: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone = [node for node in old.nodes.values() if node.is_human and node.id not in new.nodes]
        steps: list[tuple[str, Any]] = [("", _("None: cases that have come there stay"))]
        steps += [(node.id, node.name) for node in new.nodes.values() if node.is_human]
        for number, node in enumerate(self.gone):
            label = _("“%(step)s” became") % {"step": node.name}
            self.fields[f"step{number}"] = forms.ChoiceField(label=label, choices=steps, required=False)
        self.order_fields([*(f"step{number}" for number in range(len(self.gone))), "only"])

    @property
    def renames(self) -> dict[str, str]:
        """Which step became which."""
        chosen = ((node.id, self.cleaned_data[f"step{number}"]) for number, node in enumerate(self.gone))
        return {was: now for was, now in chosen if now}


class EmergencyForm(forms.Form):
    """Why a case must be opened now."""

    reason = forms.ChoiceField(label=_("What has happened?"), choices=Emergency.choices, widget=Radios())
    words = _text(_("In your own words"), _("Why can't it wait, and whom have you tried to reach?"), rows=4)


class EmergencyReviewForm(forms.Form):
    """What the review of an emergency opening came to."""

    outcome = forms.ChoiceField(label=_("Was the opening right?"), choices=ReviewOutcome.choices, widget=Radios())
    words = _text(_("What you found"), rows=4)


class WallForm(forms.Form):
    """To whom a case is shut, and why."""

    ground = forms.ChoiceField(label=_("Why?"), choices=WallGround.choices, widget=Radios())
    field_order = ("user", "ground")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ModelChoiceField(queries.others(by), label=_("Colleague"), empty_label=_("Choose"))
        self.order_fields(self.field_order)


class IdentityNumberField(forms.CharField):
    """Ten or twelve digits; gives them back as they were typed, once they have been read."""

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.today = today
        self.widget.attrs |= {"class": "govuk-input--width-20", "autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value: Any) -> str:
        """The number as yyyymmdd-nnnn, or empty when it isn't required and isn't there."""
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return str(identity.parse(typed, on=self.today))
        except identity.NotAnIdentityNumber:
            raise ValidationError(
                _("That isn't a personal identity number or a coordination number. Check the digits.")
            ) from None


class FindForm(forms.Form):
    """A person's cases, by the exact number or by the name. Sent with POST: neither ever stands in an address."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number, name = _("Personal identity number"), _("Name")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=number, required=False)
        self.fields["name"] = forms.CharField(
            label=name,
            max_length=200,
            required=False,
            help_text=_(
                "The first letters of each name, at least three. Only people in your own cases, and nobody who is protected."
            ),
            widget=forms.TextInput({"autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        """The one or the other: a number is exact, and a name beside it would only make fewer of one."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("identity_number")) == bool(cleaned.get("name")):
            raise ValidationError(_("Write a personal identity number or a name."))
        return cleaned


class RecusalForm(forms.Form):
    """Whom a colleague must not handle, and why. A leader says it of the unit's colleagues too."""

    ground = forms.ChoiceField(label=_("What are you to each other?"), choices=RecusalGround.choices, widget=Radios())
    field_order = ("user", "identity_number", "ground")

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if permissions.leads_cases(by):
            whose = queries.at_the_unit(by)
            self.fields["user"] = forms.ModelChoiceField(whose, label=_("Whose conflict is it?"), initial=by, empty_label=None)
        number = _("The number isn't kept: only a mark, by which the person's cases are shut.")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=_("Personal identity number"), help_text=number)
        self.order_fields(self.field_order)


class OpenForm(forms.Form):
    """A case that somebody asks for at the desk or on the telephone; concerns come through the inbox."""

    process = forms.ChoiceField(label=_("Which process does the case follow?"), choices=[], widget=Radios())
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    age_group = forms.ChoiceField(label=_("Age group"), choices=AgeGroup.choices, widget=Radios(inline=True))
    district = forms.ChoiceField(label=_("District"), choices=[])
    summary = _text(_("What has come in"))

    field_order = ("process", "name", "identity_number", "age_group", "district", "unit", "summary")

    def __init__(self, *args: Any, today: date, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"process": rules.VINR_ADULT, "age_group": AgeGroup.ADULT, "unit": unit}, **kwargs})
        self.processes = {definition.key: definition for definition in processes.in_force(on=today)}
        _choose(self, "process", [(key, definition.name) for key, definition in self.processes.items()])
        self.fields["unit"] = forms.ModelChoiceField(queries.units(), label=_("Unit"), empty_label=_("Choose"))
        self.fields["identity_number"] = IdentityNumberField(
            today=today,
            label=_("Personal identity number"),
            required=False,
            help_text=_("Leave it empty when you don't know it."),
        )
        _choose(self, "district", [("", _("Choose")), *_codes("districts", today)])
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """A number without a name would register nobody; a process is for those that it's for."""
        cleaned = super().clean() or {}
        if cleaned.get("identity_number") and not cleaned.get("name"):
            self.add_error("name", _("Write the name of the person with this number."))
        chosen = self.processes.get(cleaned.get("process", ""))
        meant_for = chosen.properties.get("age_group", "") if chosen else ""
        if meant_for and cleaned.get("age_group") and meant_for != cleaned["age_group"]:
            whom = AgeGroup(meant_for).label.lower()
            self.add_error("age_group", _("This process is for another age group: %(group)s.") % {"group": whom})
        return cleaned


class OpenLinkedForm(OpenForm):
    """A case for someone in another: who it is, is known; the rest is filled in by what they are to the one that it's about."""

    def __init__(self, *args: Any, kind: catalogue.LinkKind, initial: dict[str, Any], **kwargs: Any) -> None:
        given = {"process": kind.process, "age_group": kind.age_group, **initial}
        super().__init__(*args, initial=given, **kwargs)
        del self.fields["name"], self.fields["identity_number"]


class LinkForm(forms.Form):
    """Which case, and what its person is to the one that this case is about."""

    number = forms.CharField(label=_("Case number"), max_length=12, widget=forms.TextInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Whose is the other case, to the one this case is about?"), choices=[], widget=Radios())

    def __init__(self, *args: Any, case: Case, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by
        _choose(self, "kind", _codes("links", today))

    def clean_number(self) -> Case:
        """A case that isn't there and one that the writer doesn't see get the same answer."""
        typed = self.cleaned_data["number"].strip().upper()
        found = queries.visible_to(self.by).filter(number=typed).first()
        if found is None:
            raise ValidationError(
                _("You don't see a case with that number. Check it, or ask someone who works with both cases to link them.")
            )
        try:
            rules.check_are_two(self.case.pk, found.pk)
            rules.check_not_linked(is_linked=links.are_linked(self.case, found))
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return found


class LetterForm(forms.Form):
    """To whom a letter goes, what its writer adds, and which of `decisions` it tells of; None when it tells of none."""

    to = forms.CharField(
        label=_("Name of the one who gets the letter"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    words = _text(_("In your own words"), required=False)
    field_order = ("to", "decision", "words")

    def __init__(self, *args: Any, hint: str, decisions: QuerySet[Decision] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = hint
        if decisions is not None:
            self.fields["decision"] = _Decisions(decisions, label=_("Which decision?"), empty_label=_("Choose"))
        self.order_fields(self.field_order)


class SearchForm(forms.Form):
    """The list's filter; what isn't understood is left out."""

    q = forms.CharField(required=False, max_length=12)
    status = forms.ChoiceField(required=False, choices=[("", ""), *CaseStatus.choices])


# ── The people of a case ──────────────────────────────────────────────────


def _line(label: Any, hint: Any = "", **given: Any) -> forms.CharField:
    """One line that the browser doesn't remember."""
    return forms.CharField(label=label, help_text=hint, max_length=200, widget=forms.TextInput({"autocomplete": "off"}), **given)


class PersonForm(forms.Form):
    """Who someone is."""

    name = _line(_("Name"))
    protection = forms.ChoiceField(label=_("Protected identity"), choices=Protection.choices, initial=Protection.NONE)

    field_order = ("kind", "name", "identity_number", "protection")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Leave it empty when you don't know it.")
        label = _("Personal identity number")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=label, required=False, help_text=hint)
        self.order_fields(self.field_order)


class RelateForm(PersonForm):
    """Someone more in the case."""

    kind = forms.ChoiceField(label=_("Who is it, to the one the case is about?"), choices=RelationKind.choices)


class ProtectForm(forms.Form):
    """What is known of the mark today isn't filled in: whoever sets it says it anew."""

    protection = forms.ChoiceField(label=_("Protected identity"), choices=Protection.choices, widget=Radios())


class DetailForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it?"), choices=DetailKind.choices, widget=Radios())
    value = _line(_("The detail"), _("One at a time: an address with its postal code and town, a number, the name of a school."))
    valid_from = forms.DateField(label=_("Since when?"), widget=forms.DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"valid_from": today}, **kwargs})


class ChangeDetailForm(forms.Form):
    value = _line(_("The new detail"), _("The one that was stays in the history."))


class EndDetailForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=forms.DateInput())

    def __init__(self, *args: Any, today: date, valid_from: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"ended_on": today}, **kwargs})
        self.today, self.valid_from = today, valid_from

    def clean_ended_on(self) -> date:
        """It ends between its first day and today."""
        day = self.cleaned_data["ended_on"]
        if not self.valid_from <= day <= self.today:
            raise ValidationError(_("Write a day from the detail's first day until today."))
        return day


class RevealForm(forms.Form):
    """Why a protected detail is needed: a reason, and a line of one's own words."""

    reason = forms.ChoiceField(label=_("Why do you need to see it?"), choices=RevealReason.choices, widget=Radios())
    words = _line(
        _("In your own words"),
        _("What are you going to do with it? Your team leader can read this."),
        error_messages={"required": _("Write what you are going to do with it.")},
    )


# ── Files ─────────────────────────────────────────────────────────────────


class AddDocumentForm(forms.Form):
    """A file for the case; `taken` is what became of it. `sent`: the request's size; Django leaves out what is too large."""

    taken: Cleaned | Quarantined
    document = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, Word, Excel, OpenDocument, text or picture, 25 MB at most. What it tells beside its content is taken out."
        ),
        allow_empty_file=True,
    )
    keep_original = forms.BooleanField(
        label=_("Keep the original apart if it can't be cleaned"),
        help_text=_("For evidence, such as sound and film. It can't be opened until a colleague has reviewed it."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, sent: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if sent > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self.fields["document"].error_messages["required"] = Reason.TOO_LARGE.label

    def clean(self) -> dict[str, Any]:
        """Clean the file itself; why it was refused is said at the field."""
        cleaned = super().clean() or {}
        if upload := cleaned.get("document"):
            taken = take_in(upload, on=self.today, keep_original=cleaned["keep_original"])
            if isinstance(taken, Refused):
                self.add_error("document", taken.reason.label)
            else:
                self.taken = taken
        return cleaned


class HeldDocumentForm(forms.Form):
    """What becomes of a file that is held apart."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("release", _("It may be opened")), ("throw_away", _("Throw its content away"))],
        widget=Radios(
            hints={
                "release": _("As it came, to be saved. Open it only on a computer that has nothing else to lose."),
                "throw_away": _("That it came, and who decided, remains. The content can't be brought back."),
            }
        ),
    )
