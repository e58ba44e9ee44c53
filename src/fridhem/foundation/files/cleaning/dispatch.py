"""A file made clean, whatever kind it is."""

from collections.abc import Callable, Mapping

from fridhem.foundation.files.cleaning import office, opendocument, pdf, pictures, sniffing, text
from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Unfit, Unfitness

BY_KIND: Mapping[str, Callable[[bytes, str, Limits], Clean]] = {
    **dict.fromkeys(pictures.FORMATS, pictures.clean),
    "pdf": pdf.clean,
    "docx": office.clean,
    "xlsx": office.clean,
    "odt": opendocument.clean,
    "text": lambda data, _kind, limits: text.clean(data, limits),
}


def clean(data: bytes, limits: Mapping[str, Limits], largest: Mapping[str, int]) -> Clean:
    """The file made anew, if it is of a kind in `limits`. Raises `Unfit`, and anything at all for a file that is broken."""
    kind = sniffing.kind_of(data)
    if kind not in limits:
        raise Unfit(Unfitness.NOT_ACCEPTED)
    if len(data) > largest[kind]:
        raise Unfit(Unfitness.TOO_LARGE)
    return BY_KIND[kind](data, kind, limits[kind])
