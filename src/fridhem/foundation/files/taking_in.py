"""A file from outside becomes one of three: cleaned, refused with words to the sender, or held apart."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from fridhem.foundation.files import confined, kinds, scanner
from fridhem.foundation.files.cleaning.outcome import Unfit
from fridhem.foundation.files.enums import Reason, Removed
from fridhem.foundation.files.scanner import Verdict


@dataclass(frozen=True)
class Cleaned:
    """The file made anew: safe to open, telling nothing but what it shows. `kind` may be another than it was."""

    kind: str
    data: bytes
    removed: tuple[Removed, ...] = ()
    pages: int = 0


@dataclass(frozen=True)
class Refused:
    """The file wasn't taken in; `reason.label` says why and what to do."""

    reason: Reason


@dataclass(frozen=True)
class Quarantined:
    """The file as it came, to be kept apart and opened by nobody until someone has reviewed it."""

    data: bytes
    reason: Reason


Taken = Cleaned | Refused | Quarantined


def take_in(
    upload: UploadedFile | bytes, *, on: date, accepts: tuple[str, ...] = kinds.EVERYTHING, keep_original: bool = False
) -> Taken:
    """Scan and clean a file, in memory only. Its name is never asked what it is.

    `accepts`: names in `kinds.csv`, which says their limits on the day `on`. `keep_original`: what can't be cleaned, such as a
    recording that is evidence, is held apart instead of refused.
    """
    accepted = kinds.accepted(accepts, on=on)
    largest = max((kind.largest for kind in accepted.values()), default=0)
    size = len(upload) if isinstance(upload, bytes) else upload.size or 0
    if not 0 < size <= largest:
        return Refused(Reason.TOO_LARGE if size else Reason.EMPTY)
    data = upload if isinstance(upload, bytes) else upload.read()
    match scanner.scan(data, settings.FRIDHEM_CLAMD):
        case Verdict.FOUND:
            return Quarantined(data, Reason.FLAGGED)
        case Verdict.SILENT:
            return Quarantined(data, Reason.UNSCANNED)
    try:
        clean = confined.clean(data, accepted)
    except Unfit as unfit:
        reason = Reason(unfit.why)
        return Quarantined(data, reason) if keep_original and reason != Reason.EMPTY else Refused(reason)
    return Cleaned(clean.kind, clean.data, tuple(Removed(code) for code in sorted(clean.removed)), clean.pages)
