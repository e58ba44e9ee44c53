import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.casework.enums import ADDED, AgeGroup, CaseStatus, ClosingReason, NoteKind, Outcome, StepStatus


@tracked(but=("state",))
class Case(models.Model):
    """A matter about a person, on a core process. `number` is read aloud and tells nothing, not even which came first.

    `state` is the process engine's own, and holds no more than the codes that steer it. The case stays on its version of the
    process.
    """

    privacy = {
        "id": OPEN, "number": OPEN, "person": OPEN, "process_key": OPEN, "process_version": OPEN, "state": OPEN,
        "status": OPEN, "unit": OPEN, "district": OPEN, "age_group": OPEN, "opened_on": OPEN, "closed_on": OPEN,
        "closing_reason": OPEN, "team": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, null=True, related_name="+")
    process_key = models.CharField(max_length=64)
    process_version = models.PositiveIntegerField()
    state = models.JSONField()
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    district = models.CharField(max_length=64)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closing_reason = models.CharField(max_length=30, choices=ClosingReason.choices, blank=True)
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Assignment", related_name="+")

    class Meta:
        db_table = "casework_case"
        ordering = ["-opened_on", "number"]
        indexes = [models.Index(fields=["unit", "status", "-opened_on"], name="casework_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=CaseStatus.OPEN, closed_on=None, closing_reason="")
                | models.Q(status=CaseStatus.CLOSED, closed_on__isnull=False, closed_on__gte=models.F("opened_on"))
                & ~models.Q(closing_reason=""),
                name="casework_closed_has_day_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Assignment(models.Model):
    """Who works with a case, and so needs to know of it."""

    privacy = {"id": OPEN, "case": OPEN, "user": OPEN, "assigned_on": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField()

    class Meta:
        db_table = "casework_assignment"
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="casework_one_place_in_team")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


# Done after its last day: the day that was missed when that had passed already, else the day that it had to the end.
DONE_LATE = models.Q(status=StepStatus.DONE, done_at__date__gt=Coalesce("missed_date", "due_date"))


@tracked()
class Step(models.Model):
    """One step of one case: who does it, by when, and why it's there (`ground`, a code in the list of laws and routines).

    `task` is the engine's id. Name, role, form and whom to consult are kept as they were, so that the history outlives the
    diagram. `limit` is the law or routine behind `due_date`, a code in the list of limits, which warns from `warn_date`;
    `is_still`: a time limit over it stands still. `missed_date` is a last day that passed while the step was open, kept if the
    time limit is extended afterwards. Who has it (`assigned_to`) says who does it; it opens nothing.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "task": OPEN, "node": OPEN, "name": OPEN, "role": OPEN, "form": OPEN, "ground": OPEN,
        "consult": OPEN, "opened_at": OPEN, "due_date": OPEN, "limit": OPEN, "warn_date": OPEN, "is_still": OPEN,
        "missed_date": OPEN, "assigned_to": OPEN, "status": OPEN, "done_at": OPEN, "done_by": OPEN, "answers": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    task = models.UUIDField(unique=True)
    node = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=30, choices=Role.choices)
    form = models.CharField(max_length=64, blank=True)
    ground = models.CharField(max_length=64, blank=True)
    consult = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    due_date = models.DateField(null=True)
    limit = models.CharField(max_length=64, blank=True)
    warn_date = models.DateField(null=True)
    is_still = models.BooleanField(default=False)
    missed_date = models.DateField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=StepStatus.choices, default=StepStatus.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answers = SealedField(zone="case", key_of="case_id", null=True)  # question → code; None until the step is done

    class Meta:
        db_table = "casework_step"
        ordering = ["opened_at", "due_date", "node"]
        indexes = [
            models.Index(fields=["due_date"], condition=models.Q(status=StepStatus.OPEN), name="casework_open_by_due"),
            models.Index(fields=["case", "status"], name="casework_by_case"),
            models.Index(fields=["-done_at"], condition=models.Q(status=StepStatus.DONE), name="casework_done_by_day"),
            models.Index(fields=["case", "-done_at"], condition=DONE_LATE, name="casework_done_late"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=StepStatus.DONE, done_at__isnull=False, done_by__isnull=False)
                | ~models.Q(status=StepStatus.DONE) & models.Q(done_at=None, done_by=None),
                name="casework_done_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Note(models.Model):
    """An entry in the journal (journalanteckning). `happened_on` is the day it's about, `written_at` when it was written.

    It's its writer's draft until it's signed (upprättad), and can be changed to `open_until`; each change raises `revision`.
    After that it only gets additions and corrections: notes of their own that stand beside the one they are `to`.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "step": OPEN, "to": OPEN, "kind": OPEN, "author": OPEN, "written_at": OPEN,
        "happened_on": OPEN, "open_until": OPEN, "revision": OPEN, "changed_at": OPEN, "signed_at": OPEN, "text": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, related_name="notes")
    to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="additions")
    kind = models.CharField(max_length=20, choices=NoteKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    happened_on = models.DateField()
    open_until = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    text = SealedField(zone="case", key_of="case_id")

    class Meta:
        db_table = "casework_note"
        ordering = ["-written_at", "id"]
        indexes = [
            models.Index(fields=["case", "-written_at"], name="casework_journal"),
            models.Index(fields=["author", "written_at"], condition=models.Q(signed_at=None), name="casework_unsigned"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to=None) ^ models.Q(kind__in=ADDED),
                name="casework_what_is_added_has_an_original",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at=None) | models.Q(signed_at__gte=models.F("written_at")),
                name="casework_signed_when_written",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def days_late(self) -> int:
        """How many days after it happened it was written."""
        return (timezone.localdate(self.written_at) - self.happened_on).days


@tracked()
class Intervention(models.Model):
    """A measure that was granted (insats): a code valid on the day of decision, and at least one reason.

    `decision` is the one that it carries out; older ones have none. `provider` (utförare) is sealed: it can tell where someone
    lives.
    """

    privacy = {
        "id": OPEN, "case": OPEN, "decision": OPEN, "kind": OPEN, "decided_on": OPEN, "decided_by": OPEN, "start": OPEN,
        "end": OPEN, "outcome": OPEN, "follow_up_on": OPEN, "provider": PERSONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=64)
    decided_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    decision = models.ForeignKey("casework.Decision", on_delete=models.PROTECT, null=True, related_name="interventions")
    follow_up_on = models.DateField(null=True)
    provider = SealedField(zone="case", key_of="case_id", null=True)

    class Meta:
        db_table = "casework_intervention"
        ordering = ["-decided_on", "id"]
        indexes = [
            models.Index(fields=["decided_on"], name="casework_by_decision_day"),
            models.Index(fields=["follow_up_on"], condition=models.Q(end=None), name="casework_to_follow_up"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end=None, outcome="")
                | models.Q(end__isnull=False, end__gte=models.F("start")) & ~models.Q(outcome=""),
                name="casework_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


@tracked()
class InterventionReason(models.Model):
    """Why an intervention was granted (orsakskod): a code valid on the day of decision."""

    privacy = {"id": OPEN, "intervention": OPEN, "code": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=64)

    class Meta:
        db_table = "casework_intervention_reason"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["intervention", "code"], name="casework_each_reason_once")]

    def __str__(self) -> str:
        return self.code


@tracked()
class CaseDocument(models.Model):
    """A file in a case (handling). Its name and content lie sealed with the file."""

    privacy = {"id": OPEN, "case": OPEN, "file": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    file = models.OneToOneField("files.File", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "casework_document"
        ordering = ["-file__added_at", "id"]

    def __str__(self) -> str:
        return f"document {self.pk}"
