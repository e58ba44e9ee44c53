"""What can be done with letters: keep one, filled in, as a document of the case. It leaves the house by a disclosure alone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.files.taking_in import Refused, take_in
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import letters, permissions
from fridhem.rooms.casework.actions.documents import add_document
from fridhem.rooms.casework.letters import Letter
from fridhem.rooms.casework.models import Case, CaseDocument, Decision


@transaction.atomic
def keep_letter(
    case: Case, letter: Letter, *, to: str, words: str, by: User, at: datetime, decision: Decision | None = None
) -> CaseDocument:
    """Fill a letter in and keep it in the case as a Word file, called by what it is. Raises `Denied`, `CaseClosed`, `NotNow`."""
    permissions.check_may_write(case, by)
    day = timezone.localdate(at)
    text = letters.filled(letter, case, by=by, on=day, to=to, words=words, decision=decision)
    taken = take_in(letters.as_file(text), on=day)
    if isinstance(taken, Refused):
        raise NotNow(_("The letter couldn't be made. Try a shorter text."))
    return add_document(case, taken=taken, name=f"{letter.sv} {day}.docx", by=by, at=at)
