"""Plain text in one encoding (UTF-8) with one kind of line end, without signs that steer a terminal."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Unfit, Unfitness

UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\ud800-\udfff]")
# What a browser or an office program would take for something that can run: a page, a drawing, a script, RTF, PostScript.
ACTIVE = re.compile(
    r"\s*(<\s{0,9}[!?/a-z]|\{\\rtf|%!ps|#!)|.{0,1024}<\s{0,9}(html|script|svg|iframe|body|object|embed)\b", re.I | re.S
)


def clean(data: bytes, limits: Limits) -> Clean:
    """The text in UTF-8, NFC left as it is. Raises `Unfit` for HTML, SVG, XML and other text that programs act on."""
    if len(data) > limits.unpacked:
        raise Unfit(Unfitness.TOO_LARGE)
    text = _decoded(data)
    if ACTIVE.match(text):
        raise Unfit(Unfitness.ACTIVE)
    kept = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not kept.strip():
        raise Unfit(Unfitness.EMPTY)
    return Clean("text", kept.encode())


def _decoded(data: bytes) -> str:
    """UTF-16 when it says so, otherwise UTF-8, otherwise what Windows wrote in Sweden."""
    try:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise Unfit(Unfitness.BROKEN) from None
        return data.decode("cp1252", errors="replace")
