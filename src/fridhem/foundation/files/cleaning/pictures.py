"""A picture drawn anew, point by point: nothing that lay beside the points comes along."""

from io import BytesIO

from PIL import Image, ImageOps

from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Removed, Unfit, Unfitness

FORMATS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
GPS = 0x8825
SHARP = 92  # of 100: a second JPEG can't be told from the first by eye
BESIDE = {"exif", "icc_profile", "comment", "photoshop", "xmp", "XML:com.adobe.xmp", "Comment", "Author", "Software", "mp"}

Image.MAX_IMAGE_PIXELS = None  # we ask for the size ourselves, before anything is unpacked


def clean(data: bytes, kind: str, limits: Limits) -> Clean:
    """The picture upright, in sRGB or grey, without EXIF, place, thumbnail, comment, profile, and whatever follows it.

    A JPEG stays one, all else becomes a PNG; of an animation the first picture is kept. Raises `Unfit`.
    """
    with Image.open(BytesIO(data), formats=[FORMATS[kind]]) as opened:
        if opened.width * opened.height > limits.pixels:
            raise Unfit(Unfitness.TOO_LARGE)
        opened.load()
        removed = _beside(opened)
        upright = ImageOps.exif_transpose(opened)
    fresh = _points(upright, kind)
    out = BytesIO()
    if kind == "jpeg":
        fresh.save(out, "JPEG", quality=SHARP)
    else:
        fresh.save(out, "PNG")
    return Clean("jpeg" if kind == "jpeg" else "png", out.getvalue(), removed)


def _points(picture: Image.Image, kind: str) -> Image.Image:
    """A new picture with the same points and nothing else."""
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    if kind != "jpeg" and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info):
        mode = "RGBA"
    return Image.frombytes(mode, picture.size, picture.convert(mode).tobytes())


def _beside(opened: Image.Image) -> frozenset[Removed]:
    removed = set()
    if BESIDE & set(opened.info) or opened.getexif() or getattr(opened, "text", None):
        removed.add(Removed.PROPERTIES)
    if GPS in opened.getexif():
        removed.add(Removed.PLACE)
    if getattr(opened, "n_frames", 1) > 1:
        removed.add(Removed.ANIMATION)
    return frozenset(removed)
