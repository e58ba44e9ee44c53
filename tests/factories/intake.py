"""Concerns as the public form sends them. The sender of every one of them is invented."""

import os
import uuid
from datetime import datetime

from django.utils import timezone
from nacl.public import PrivateKey

from fridhem.foundation.accounts.models import User
from fridhem.foundation.crypto.receipts import Mailbox
from fridhem.rooms.intake import actions
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.intake.rules import Said


def said(**given) -> Said:
    values = {"language": "sv", "urgency": "days", "what": "Det skriks hos grannen om kvällarna.", "children": "no"}
    return Said(**{**values, "relation": "neighbour", "identity": "anonymous", **given})


def mailbox() -> Mailbox:
    """A mailbox whose receipt nobody knows: the same kind of keys, without the second that stretching a receipt takes."""
    return Mailbox(lookup=os.urandom(32), key=PrivateKey.generate())


def concern(*, at: datetime | None = None, box: Mailbox | None = None, **given) -> Concern:
    sent = actions.receive(submission=uuid.uuid4(), mailbox=box or mailbox(), said=said(**given), at=at or timezone.now())
    return Concern.objects.get(pk=sent.pk)


def take_up(concern: Concern, *, by: User, team: list[User], **given) -> Concern:
    """A concern that became a case about a grown-up."""
    values = {"kind": "partner", "district": "centrum", "age_group": "adult", "summary": "", **given}
    return actions.take_up(concern, by=by, at=timezone.now(), team=team, **values)
