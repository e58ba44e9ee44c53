import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.oversight.enums import Answer, Flag, Outcome, Standing


@tracked()
class Review(models.Model):
    """A week's sample of the record (loggkontroll). `seed` and the rules of the day draw the same sample again."""

    privacy = {"id": OPEN, "since": OPEN, "until": OPEN, "seed": OPEN, "drawn_at": OPEN, "readings": OPEN}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    since = models.DateField(unique=True)  # the Monday
    until = models.DateField()  # the Monday after, not included
    seed = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    readings = models.PositiveIntegerField()  # how many there were to draw from

    class Meta:
        db_table = "oversight_review"
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.since:%G v. %-V}"


@tracked()
class Question(models.Model):
    """Why did you open this? Asked of a colleague about one line of the record, answered, and decided by someone else."""

    privacy = {
        "id": OPEN, "review": OPEN, "entry": OPEN, "read_at": OPEN, "colleague": OPEN, "flags": OPEN, "answer": OPEN,
        "answered_at": OPEN, "outcome": OPEN, "decided_by": OPEN, "decided_at": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="questions")
    entry = models.UUIDField()  # the line of the record
    read_at = models.DateTimeField()
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    flags = ArrayField(models.CharField(max_length=20, choices=Flag.choices), blank=True)
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "oversight_question"
        ordering = ["-read_at", "id"]
        indexes = [models.Index(fields=["colleague", "answer"], name="oversight_to_answer")]
        constraints = [
            models.UniqueConstraint(fields=["review", "entry"], name="oversight_asked_once"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None) | ~models.Q(answer="") & models.Q(answered_at__isnull=False),
                name="oversight_answer_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_by=None, decided_at=None)
                | ~models.Q(outcome="") & models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="oversight_outcome_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("colleague")), name="oversight_nobody_reviews_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def standing(self) -> Standing:
        """Who it waits for."""
        if self.outcome:
            return Standing.DECIDED
        return Standing.ANSWERED if self.answer else Standing.ASKED

    @property
    def why(self) -> list[str]:
        """What made it worth a question, in words."""
        return [str(Flag(flag).label) for flag in self.flags]
