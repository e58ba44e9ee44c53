"""C13: what staff see of a file tells nothing but what it shows."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from fridhem.foundation.files.taking_in import Cleaned, take_in
from tests.factories import telling_files

TODAY = date(2026, 11, 21)
TRACE = re.compile(rb"SPAR\d{4}\w+|00SPAR00|Exif\0|<x:xmpmeta|Photoshop|ICC_PROFILE")
# How many different traces each kind is made with, at the least: the search must find them before they are cleaned.
LEAST = {"jpeg": 10, "png": 7, "gif": 2, "webp": 6, "pdf": 18, "docx": 16, "xlsx": 11, "odt": 16}


def text_of(kind: str, data: bytes) -> str:
    match kind:
        case "pdf":
            return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
        case "docx":
            return "\n".join(paragraph.text for paragraph in Document(BytesIO(data)).paragraphs)
        case "xlsx":
            return " ".join(str(cell.value) for row in load_workbook(BytesIO(data)).active for cell in row)
    return telling_files.everything_in(data).decode("utf-8", "replace")


def looks_the_same(kind: str, data: bytes, number: int) -> bool:
    """Pictures are drawn anew: the same points to the eye; documents keep their words."""
    if kind not in ("jpeg", "png", "gif", "webp"):
        return telling_files.shown(number) in text_of(kind, data)
    before, after = telling_files.picture(number), Image.open(BytesIO(data)).convert("RGB")
    return before.size == after.size and max(ImageStat.Stat(ImageChops.difference(before, after)).mean) < 6


@pytest.mark.safety("C13")
@pytest.mark.timeout(600)
def test_a_cleaned_file_tells_nothing_but_what_it_shows(proof, size):
    count = size(80, 200)
    kinds = list(telling_files.MAKERS)
    made = [(number, kinds[number % len(kinds)]) for number in range(count)]
    originals = [telling_files.MAKERS[kind](number) for number, kind in made]
    found_before, left, lost = 0, [], []

    with ThreadPoolExecutor(2) as hands:
        became = list(hands.map(lambda data: take_in(data, on=TODAY), originals))

    for (number, kind), original, taken in zip(made, originals, became, strict=True):
        before = set(TRACE.findall(telling_files.everything_in(original)))
        assert len(before) >= LEAST[kind], (kind, before)
        found_before += len(before)
        assert isinstance(taken, Cleaned), (kind, taken)
        left += [(kind, sign) for sign in TRACE.findall(telling_files.everything_in(taken.data))]
        if not looks_the_same(taken.kind if kind not in ("gif", "webp") else kind, taken.data, number):
            lost.append((kind, number))

    assert left == []
    assert lost == []
    proof.measured(f"0 traces left of {found_before} found in {count} originals of {len(kinds)} kinds; all look as before")
