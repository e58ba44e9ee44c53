"""Pages as pictures, so that a document can be looked at without any program that reads its kind."""

from io import BytesIO

import pypdfium2
from PIL import Image

from fridhem.foundation.files.cleaning.outcome import Unfit, Unfitness

WIDTH = 1000  # points of colour across


def pages(data: bytes, kind: str, first: int, count: int) -> list[bytes]:
    """`count` pages from `first` (0 is the first) of a cleaned PDF or picture, each as a JPEG. Raises `Unfit`."""
    if kind == "pdf":
        return _of_pdf(data, first, count)
    if kind not in ("jpeg", "png"):
        raise Unfit(Unfitness.NOT_ACCEPTED)
    with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as picture:
        return [_jpeg(picture)]


def _of_pdf(data: bytes, first: int, count: int) -> list[bytes]:
    with pypdfium2.PdfDocument(data) as document:
        drawn = []
        for number in range(first, min(first + count, len(document))):
            page = document[number]
            scale = WIDTH / max(page.get_width(), page.get_height() / 3, 1)
            drawn.append(_jpeg(page.render(scale=scale).to_pil()))
        return drawn


def _jpeg(picture: Image.Image) -> bytes:
    shown = picture.convert("RGBA") if picture.mode in ("RGBA", "LA", "P") else picture
    if shown.mode == "RGBA":
        paper = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(paper, shown)
    shown = shown.convert("RGB")
    shown.thumbnail((WIDTH, WIDTH * 3))
    out = BytesIO()
    shown.save(out, "JPEG", quality=80)
    return out.getvalue()
