"""Council documents as text, and taken in."""

import datetime as dt
from zoneinfo import ZoneInfo

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.council import actions
from fridhem.rooms.council.models import Document
from tests.factories import accounts

MONDAY = dt.datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def memo(
    number: str = "KS 2025/10", *, title: str = "Svar om trygga trapphus", body: str = "Kommunstyrelsen", more: str = ""
) -> str:
    """An official memo with its own number, a title and one proposed decision."""
    return (
        f"Lugnviks kommun\n{body}\n\nTjänsteskrivelse\nDatum 2025-03-11\nDnr {number}\n\n{title}\n\nFörslag till beslut\n"
        f"{body} antar förslaget.\n\nSammanfattning\nÄrendet bereds.{more}\n"
    )


def take_in(*texts: str, by=None, at: dt.datetime = MONDAY) -> list[Document]:
    """Each text as a file of its own; the documents as they are when all have been taken in."""
    files = [actions.File(f"handling-{number}.txt", text.encode()) for number, text in enumerate(texts, start=1)]
    lines = actions.take_in(files, by=by or accounts.user(Role.SECRETARY), at=at)
    return [Document.objects.get(pk=line.document.pk) for line in lines]
