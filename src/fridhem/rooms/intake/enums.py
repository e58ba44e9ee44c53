"""The words of a concern. Labels are English here; Swedish and Arabic come from the room's own catalogues."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """How soon something must happen, as the sender sees it (see `rules.RANK` for the order of the inbox)."""

    NOW = "now", _("Someone is in danger right now")
    TODAY = "today", _("Something must happen today")
    DAYS = "days", _("Within a few days")
    LATER = "later", _("It isn't urgent")
    UNSURE = "unsure", _("I don't know")


class Children(models.TextChoices):
    """Whether a child is there. A concern about a child must be weighed for protection at once."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("I don't know")


class Relation(models.TextChoices):
    """Who the sender is to the person in question."""

    SELF = "self", _("It is about me")
    CHILD = "child", _("I am under 18, and it is about me or my family")
    NEIGHBOUR = "neighbour", _("Neighbour")
    RELATIVE = "relative", _("Relative or friend")
    WORK = "work", _("I meet the person in my work")
    USES_VIOLENCE = "uses_violence", _("I am afraid that I will hurt someone, or I have done it")
    UNSAID = "unsaid", _("Someone else, or I'd rather not say")


class Identity(models.TextChoices):
    """Whether the sender gives a name."""

    ANONYMOUS = "anonymous", _("I want to be anonymous")
    NAMED = "named", _("I want to say who I am")


class Status(models.TextChoices):
    """Where a concern stands (see `rules.NEXT`)."""

    RECEIVED = "received", _("Received")
    ASSESSING = "assessing", _("Being assessed")
    TAKEN_UP = "taken_up", _("Taken up")
    HANDED_OVER = "handed_over", _("Handed over")
    CLOSED = "closed", _("Closed without a case")


class Kind(models.TextChoices):
    """What a concern turned out to be about, said by the one who assessed it."""

    PARTNER = "partner", _("Violence by a partner or former partner")
    FAMILY = "family", _("Violence by another close person")
    HONOUR = "honour", _("Honour-related violence and oppression")
    CHILD = "child", _("A child who is harmed or sees violence")
    USES_VIOLENCE = "uses_violence", _("A person who uses violence and wants help")
    OTHER = "other", _("Something else")


class CloseReason(models.TextChoices):
    """Why a concern was closed without becoming a case."""

    NO_GROUND = "no_ground", _("Nothing that the social services may look into")
    ALREADY_KNOWN = "already_known", _("The case is already open")
    ADVICE_GIVEN = "advice_given", _("Advice was enough")
    DECLINED = "declined", _("The adult doesn't want an investigation")
    NOT_IDENTIFIABLE = "not_identifiable", _("It can't be found out who it is about")
    NOT_SERIOUS = "not_serious", _("Not a concern (advertising, prank)")


class Receiver(models.TextChoices):
    """To whom a concern can be handed over."""

    ON_CALL = "on_call", _("Social services on call")
    CHILDREN = "children", _("Children and family unit")
    ADULTS = "adults", _("Adult unit")
    OTHER_MUNICIPALITY = "other_municipality", _("Another municipality")
    POLICE = "police", _("The police")
    HEALTH = "health", _("Health care")


class Protection(models.TextChoices):
    """The outcome of an immediate protection assessment (omedelbar skyddsbedömning)."""

    NOT_NEEDED = "not_needed", _("No immediate need of protection")
    ARRANGED = "arranged", _("Need of protection, and it is arranged")
    URGENT = "urgent", _("Need of protection, measures under way now")
    UNCLEAR = "unclear", _("Can't be judged yet")


class Direction(models.TextChoices):
    """Which way a letter goes through the mailbox."""

    FROM_SENDER = "from_sender", _("From the sender")
    TO_SENDER = "to_sender", _("To the sender")


class TextKey(models.TextChoices):
    """The places on the public pages where a municipality speaks with its own words."""

    ON_CALL = "on_call", _("The number to the social services on call")
    AFTER_SENDING = "after_sending", _("What happens after a concern was sent")


class Review(models.TextChoices):
    """How far a public text has been read by someone who knows the language."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")


class Languages(models.TextChoices):
    """The languages of the public pages, named in themselves."""

    SWEDISH = "sv", "Svenska"
    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"
