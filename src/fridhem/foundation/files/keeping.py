"""Keep a file sealed, open it, and open what is held apart only after review.

The room that owns the file asks who may, and records what was done: here nobody is asked.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.foundation.files import confined, kinds, sealing
from fridhem.foundation.files.enums import Reason, Status
from fridhem.foundation.files.models import File, Piece
from fridhem.foundation.files.taking_in import Cleaned, Quarantined, Refused, take_in
from fridhem.pure.refusals import NotNow

LONGEST_NAME = 200
UNKNOWN_MEDIA = "application/octet-stream"


class HeldApart(NotNow):
    """The file is in quarantine, or was removed from it."""


@dataclass(frozen=True)
class Opened:
    """A file that was opened: its bytes, their media type, and the ending of a neutral name."""

    data: bytes
    media: str
    extension: str


@transaction.atomic
def keep(taken: Cleaned | Quarantined, *, owner: models.Model, name: str, by: User | None, at: datetime) -> File:
    """Seal what was taken in, for `owner` (a row with a UUID key, in the case zone)."""
    file = File(owner=owner.pk, added_at=at, added_by=by)
    if isinstance(taken, Cleaned):
        _say_clean(file, taken)
    else:
        file.status, file.held_because = Status.HELD, taken.reason
    _seal(file, taken.data, shown_name(name))
    return file


def content(file: File) -> Opened:
    """The file's bytes. Raises `HeldApart`, and `Unopenable` when what is stored was damaged."""
    if file.status not in (Status.CLEAN, Status.OPENED):
        raise HeldApart(_("The file is held apart. It can be opened when someone has reviewed it."))
    if file.status == Status.OPENED:
        return Opened(_unseal(file), UNKNOWN_MEDIA, _ending(file.label["name"]))
    kind = kinds.latest(file.kind)
    return Opened(_unseal(file), kind.media, kind.extension)


def pages(file: File, *, first: int, count: int) -> list[bytes]:
    """Pages as pictures (JPEG), for a cleaned PDF or picture; none for other kinds. Raises `HeldApart`."""
    if file.status != Status.CLEAN:
        raise HeldApart(_("The file is held apart. It can be opened when someone has reviewed it."))
    if file.kind not in ("pdf", "jpeg", "png"):
        return []
    return confined.draw(_unseal(file), file.kind, first=first, count=count)


@transaction.atomic
def release(file: File, *, by: User, at: datetime) -> File:
    """Let the original of a held file be opened, as a download. Raises `NotNow` when it isn't held."""
    file = _held(file)
    file.status, file.reviewed_by, file.reviewed_at = Status.OPENED, by, at
    file.save(update_fields=["status", "reviewed_by", "reviewed_at"])
    return file


@transaction.atomic
def remove(file: File, *, by: User, at: datetime) -> File:
    """Throw away the content of a held file; that it came remains. Raises `NotNow` when it isn't held."""
    file = _held(file)
    file.content.all().delete()
    file.status, file.reviewed_by, file.reviewed_at = Status.REMOVED, by, at
    file.save(update_fields=["status", "reviewed_by", "reviewed_at"])
    return file


def unscanned() -> list[UUID]:
    """The files that wait for a scanner that didn't answer."""
    waiting = File.objects.filter(status=Status.HELD, held_because=Reason.UNSCANNED)
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def examine_again(file_id: UUID, *, on: date) -> bool:
    """Take in once more what waited for the scanner; whether it is settled now. Harmless to do again."""
    waiting = File.objects.filter(pk=file_id, status=Status.HELD, held_because=Reason.UNSCANNED)
    file = waiting.select_for_update().first()
    if file is None:
        return True
    taken = take_in(_unseal(file), on=on)
    match taken:
        case Quarantined(reason=Reason.UNSCANNED):
            return False
        case Cleaned():
            name = file.label["name"]
            file.content.all().delete()
            _say_clean(file, taken)
            _seal(file, taken.data, name)
        case Quarantined() | Refused():
            file.held_because = taken.reason
            file.save(update_fields=["held_because"])
    return True


def shown_name(name: str) -> str:
    """A name as it came, for the eye only: no path, no unseen signs, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_NAME] or "?"


def _held(file: File) -> File:
    file = File.objects.select_for_update().get(pk=file.pk)
    if file.status != Status.HELD:
        raise NotNow(_("The file isn't held apart any more."))
    return file


def _say_clean(file: File, taken: Cleaned) -> None:
    file.kind, file.status, file.held_because = taken.kind, Status.CLEAN, ""
    file.pages, file.removed = taken.pages, list(taken.removed)


def _seal(file: File, data: bytes, name: str) -> None:
    key = sealing.new_key()
    digest = hashlib.sha256(data).hexdigest()
    file.label = {"name": name, "size": len(data), "sha256": digest, "key": b64encode(key).decode()}
    file.save()
    Piece.objects.bulk_create(
        Piece(file=file, position=position, sealed=piece) for position, piece in enumerate(sealing.seal(data, key, file.pk))
    )


def _unseal(file: File) -> bytes:
    pieces = file.content.order_by("position").values_list("sealed", flat=True)
    return sealing.unseal((bytes(piece) for piece in pieces.iterator(chunk_size=8)), b64decode(file.label["key"]), file.pk)


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 and "." in name else "bin"
