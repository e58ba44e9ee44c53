import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fridhem.foundation.audit.history import tracked
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.rooms.support import rules
from fridhem.rooms.support.enums import Age, Consent, Documentation, Violence, Way

LAST_DAY_IS_LATER = models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from"))


@tracked()
class Offer(models.Model):
    """Support that the board has decided to give without a needs assessment, on its own terms, from one day to another."""

    privacy = {
        "id": OPEN, "name": OPEN, "about": OPEN, "age_from": OPEN, "age_to": OPEN, "consent_child": OPEN, "consent_youth": OPEN,
        "conditions": OPEN, "is_anonymous": OPEN, "documentation": OPEN, "unit": OPEN, "phone": OPEN, "valid_from": OPEN,
        "valid_to": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2_000)
    age_from = models.PositiveSmallIntegerField(default=0)
    age_to = models.PositiveSmallIntegerField(null=True)
    consent_child = models.CharField(max_length=10, choices=Consent.choices, default=Consent.GUARDIANS)
    consent_youth = models.CharField(max_length=10, choices=Consent.choices, default=Consent.OWN)
    conditions = models.TextField(max_length=2_000)
    is_anonymous = models.BooleanField(default=False)
    documentation = models.CharField(max_length=10, choices=Documentation.choices)
    unit = models.CharField(max_length=120)
    phone = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "support_offer"
        ordering = ["name", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(condition=LAST_DAY_IS_LATER, name="support_offer_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(age_to=None) | models.Q(age_to__gte=models.F("age_from")), name="support_offer_is_for_someone"
            ),
            models.CheckConstraint(
                condition=~models.Q(is_anonymous=True, documentation=Documentation.JOURNAL),
                name="support_no_anonymous_journal",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> rules.Terms:
        """Whom it's for."""
        return rules.Terms(self.age_from, self.age_to, self.consent_child, self.consent_youth)


class AnonymousContact(models.Model):
    """That someone who wasn't asked for a name got in touch: codes and a day, to be counted. Nobody's name, and not who wrote it.

    `district` and `referred` may be empty; `violence_forms` are codes of the casework list `reasons`. Of an earlier day than
    today the year alone is kept, as its first day, and no unit.
    """

    privacy = {
        "id": OPEN, "unit": OPEN, "day": OPEN, "offer": OPEN, "way": OPEN, "age_group": OPEN, "district": OPEN, "violence": OPEN,
        "violence_forms": OPEN, "given": OPEN, "referred": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    age_group = models.CharField(max_length=10, choices=Age.choices)
    district = models.CharField(max_length=64, blank=True)
    violence = models.CharField(max_length=10, choices=Violence.choices)
    violence_forms = ArrayField(models.CharField(max_length=64), default=list)
    given = models.CharField(max_length=64)
    referred = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "support_anonymous_contact"
        ordering = ["offer__name", "id"]
        indexes = [models.Index(fields=["unit", "day"], name="support_contacts_of_a_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(violence=Violence.YES) | models.Q(violence_forms=[]),
                name="support_violence_forms_after_yes",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) | models.Q(day__month=1, day__day=1), name="support_no_day_without_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"anonymous contact {self.pk}"


@tracked()
class PhoneNumber(models.Model):
    """Where someone answers: for which situations, and when. Two empty times: nobody answers on such days."""

    privacy = {
        "id": OPEN, "situations": OPEN, "unit": OPEN, "phone": OPEN, "working_from": OPEN, "working_to": OPEN,
        "other_from": OPEN, "other_to": OPEN, "place": OPEN, "valid_from": OPEN, "valid_to": OPEN,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    situations = ArrayField(models.CharField(max_length=30))
    unit = models.CharField(max_length=120)
    phone = models.CharField(max_length=30)
    working_from = models.TimeField(null=True)
    working_to = models.TimeField(null=True)
    other_from = models.TimeField(null=True)
    other_to = models.TimeField(null=True)
    place = models.PositiveSmallIntegerField(default=1)  # 1 is called first
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "support_phone_number"
        ordering = ["place", "unit", "id"]
        constraints = [
            models.CheckConstraint(condition=LAST_DAY_IS_LATER, name="support_number_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(working_from=None, working_to=None)
                | models.Q(working_from__isnull=False, working_to__isnull=False),
                name="support_working_days_have_both_times",
            ),
            models.CheckConstraint(
                condition=models.Q(other_from=None, other_to=None) | models.Q(other_from__isnull=False, other_to__isnull=False),
                name="support_other_days_have_both_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.phone}"

    @property
    def working_day(self) -> rules.Hours:
        """When someone answers on days when offices work."""
        return self.working_from, self.working_to

    @property
    def other_day(self) -> rules.Hours:
        """When someone answers on weekends and public holidays."""
        return self.other_from, self.other_to
