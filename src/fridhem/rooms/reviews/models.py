import uuid

from django.conf import settings
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.fields import SealedField
from fridhem.foundation.crypto.privacy import OPEN, PERSONAL
from fridhem.rooms.reviews.enums import Standing, Status, Untold, Why


@tracked(but=("table",))
class Review(models.Model):
    """A sample of the cases on one process, opened in a time, held against the routine that was in force (egenkontroll).

    `strata`: [unit, cases there were, cases drawn]; with the same cases, `seed` draws the same again. `table` is a `SafeTable` as
    text, made when it's signed off; empty when it can't be told, and why is `untold`. `findings` are the reviewer's own words.
    """

    privacy = {
        "id": OPEN, "process": OPEN, "routine_from": OPEN, "first_day": OPEN, "last_day": OPEN, "unit": OPEN, "strata": OPEN,
        "seed": OPEN, "drawn_by": OPEN, "drawn_at": OPEN, "status": OPEN, "table": OPEN, "untold": OPEN,
        "findings": PERSONAL, "signed_by": OPEN, "signed_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.CharField(max_length=64)
    routine_from = models.DateField()  # which edition of the questions
    first_day = models.DateField()
    last_day = models.DateField()
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")  # of the one who drew it
    strata = models.JSONField()
    seed = models.BigIntegerField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNDER_WAY)
    table = models.TextField(blank=True)
    untold = models.CharField(max_length=10, choices=Untold.choices, blank=True)
    findings = SealedField(zone="case", null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reviews_review"
        ordering = ["-drawn_at", "id"]
        indexes = [models.Index(fields=["unit", "-drawn_at"], name="reviews_newest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="reviews_days_in_order"),
            models.CheckConstraint(
                condition=models.Q(status=Status.UNDER_WAY, signed_by=None, signed_at=None, table="")
                | models.Q(status=Status.SIGNED, signed_by__isnull=False, signed_at__isnull=False, findings__isnull=False),
                name="reviews_signed_has_who_when_and_what",
            ),
            models.CheckConstraint(condition=models.Q(table="") | models.Q(untold=""), name="reviews_figures_or_why_not"),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.first_day}–{self.last_day}"

    @property
    def population(self) -> int:
        """How many cases there were to draw from."""
        return sum(there for _unit, there, _drawn in self.strata)

    @property
    def size(self) -> int:
        """How many were drawn."""
        return sum(drawn for _unit, _there, drawn in self.strata)


@tracked()
class DrawnCase(models.Model):
    """A case of the sample. `answers`: question → one of `Verdict`, in clear to be counted; what was said about them is sealed.

    `revision` is raised each time it's saved, so that nobody writes over what a colleague has saved meanwhile.
    """

    privacy = {
        "id": OPEN, "review": OPEN, "case": OPEN, "number": OPEN, "status": OPEN, "answers": OPEN, "comments": PERSONAL,
        "why": OPEN, "words": PERSONAL, "revision": OPEN, "saved_by": OPEN, "saved_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="drawn")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # in the sample
    status = models.CharField(max_length=10, choices=Standing.choices, default=Standing.TO_DO)
    answers = models.JSONField(default=dict)
    comments = SealedField(zone="case", key_of="case_id", null=True)  # by question
    why = models.CharField(max_length=20, choices=Why.choices, blank=True)
    words = SealedField(zone="case", key_of="case_id", null=True)  # more of why it was left out
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reviews_drawn_case"
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "case"], name="reviews_each_case_once"),
            models.UniqueConstraint(fields=["review", "number"], name="reviews_each_number_once"),
            models.CheckConstraint(
                condition=models.Q(status=Standing.LEFT_OUT) & ~models.Q(why="")
                | ~models.Q(status=Standing.LEFT_OUT) & models.Q(why="", words=None),
                name="reviews_left_out_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Standing.TO_DO, saved_by=None, saved_at=None)
                | ~models.Q(status=Standing.TO_DO) & models.Q(saved_by__isnull=False, saved_at__isnull=False),
                name="reviews_saved_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number}"


@tracked()
class Measure(models.Model):
    """What is to be done about what a review found (åtgärd): by whom and by when."""

    privacy = {
        "id": OPEN, "review": OPEN, "what": PERSONAL, "owner": OPEN, "due_date": OPEN, "said_by": OPEN, "said_at": OPEN,
        "done_by": OPEN, "done_on": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="measures")
    what = SealedField(zone="case")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)

    class Meta:
        db_table = "reviews_measure"
        ordering = ["due_date", "said_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_by=None, done_on=None) | models.Q(done_by__isnull=False, done_on__isnull=False),
                name="reviews_done_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"measure {self.pk}"
