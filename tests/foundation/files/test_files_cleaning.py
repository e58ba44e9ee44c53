"""What is left of a file is what it shows; the process that looks at it has nothing to lose."""

import errno
import json
import subprocess
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from docx import Document
from PIL import Image

from fridhem.foundation.files import confined, kinds
from fridhem.foundation.files.cleaning.outcome import Unfit, Unfitness
from fridhem.foundation.files.enums import Reason, Removed
from fridhem.foundation.files.taking_in import Cleaned, Refused, take_in
from tests.factories import files, hostile_files, telling_files

TODAY = date(2026, 11, 21)


def test_the_words_for_reasons_and_for_what_was_removed_are_complete():
    assert {why.value for why in Unfitness} <= set(Reason.values)
    assert set(Removed.values) == {word.value for word in confined.Removed}


def test_what_was_removed_is_said():
    taken = take_in(telling_files.pdf(1), on=TODAY)

    assert isinstance(taken, Cleaned)
    assert set(taken.removed) == {"properties", "scripts", "attachments", "comments", "links"}
    assert taken.pages == 1


def test_a_picture_stands_upright_and_keeps_its_see_through_parts():
    turned, clear, out = Image.Exif(), Image.new("RGBA", (40, 20), (1, 2, 3, 0)), BytesIO()
    turned[0x0112] = 6
    telling_files.picture(0).save(out, "JPEG", exif=turned)
    png = BytesIO()
    clear.save(png, "PNG")

    upright, through = take_in(out.getvalue(), on=TODAY), take_in(png.getvalue(), on=TODAY)

    assert Image.open(BytesIO(upright.data)).size == (120, 160)
    assert Image.open(BytesIO(through.data)).getpixel((0, 0))[3] == 0


def test_what_was_filled_in_stays_on_the_page():
    with pikepdf.open(BytesIO(files.pdf("Blankett"))) as made:
        look = made.make_stream(b"BT /F1 12 Tf 2 2 Td (IFYLLT) Tj ET")
        font = made.pages[0].Resources.Font.F1
        look.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": pikepdf.Array([0, 0, 90, 20])})
        look[pikepdf.Name.Resources] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("namn"), F=4,
            V=pikepdf.String("IFYLLT"), DA=pikepdf.String("/F1 12 Tf 0 g"), Rect=pikepdf.Array([50, 500, 140, 520]),
            AP=pikepdf.Dictionary(N=look),
        )  # fmt: skip
        made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(widget)])
        made.Root.AcroForm = pikepdf.Dictionary(Fields=made.pages[0].obj.Annots)
        out = BytesIO()
        made.save(out)

    taken = take_in(out.getvalue(), on=TODAY)

    assert b"IFYLLT" in telling_files.everything_in(taken.data)
    assert b"/AcroForm" not in telling_files.everything_in(taken.data)


def test_a_word_document_keeps_its_words_headers_tables_and_pictures():
    made = files.docx("Första stycket", header="Lugnviks kommun", rows=(("a", "b"), ("c", "d")))
    document = Document(BytesIO(made))
    out, plain = BytesIO(), BytesIO()
    telling_files.picture(1).save(plain, "PNG")
    document.add_picture(plain)
    document.save(out)

    taken = take_in(out.getvalue(), on=TODAY)

    cleaned = Document(BytesIO(taken.data))
    assert "Första stycket" in [paragraph.text for paragraph in cleaned.paragraphs]
    assert cleaned.sections[0].header.paragraphs[0].text == "Lugnviks kommun"
    assert [[cell.text for cell in row.cells] for row in cleaned.tables[0].rows] == [["a", "b"], ["c", "d"]]
    assert len(cleaned.inline_shapes) == 1
    assert cleaned.styles["Heading 1"].name == "Heading 1"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Hej åäö".encode(), "Hej åäö"),
        ("Hej åäö".encode("cp1252"), "Hej åäö"),
        ("\ufeffHej åäö\r\nrad".encode("utf-16"), "Hej åäö\nrad"),
        ("مرحبا".encode(), "مرحبا"),
    ],
)
def test_text_comes_in_one_encoding(data, text):
    assert take_in(data, on=TODAY).data.decode() == text


def test_kinds_are_data_with_dates_and_rooms_choose_among_them():
    assert take_in(b"Hej", on=date(2025, 12, 31)) == Refused(Reason.TOO_LARGE)
    assert take_in(b"Hej", on=TODAY, accepts=kinds.PICTURES) == Refused(Reason.NOT_ACCEPTED)
    assert take_in(b"a" * 6_000_000, on=TODAY) == Refused(Reason.TOO_LARGE)
    assert take_in(b"a" * 26_000_000, on=TODAY) == Refused(Reason.TOO_LARGE)


def test_the_process_that_reads_may_write_no_file_and_is_told_no_secret(tmp_path):
    spy = (
        "import json, os, sys; from fridhem.foundation.files.cleaning.__main__ import confine; confine()\n"
        "said = {'environment': sorted(os.environ)}\n"
        f"try:\n file = os.open('{tmp_path}/spy', os.O_CREAT | os.O_WRONLY); said['wrote'] = os.write(file, b'x')\n"
        "except OSError as error:\n said['wrote'] = error.errno\n"
        "try:\n bytearray(3_000_000_000); said['memory'] = True\n"
        "except MemoryError:\n said['memory'] = False\n"
        "print(json.dumps(said))"
    )

    done = subprocess.run([confined.COMMAND[0], "-I", "-c", spy], capture_output=True, env=confined.ENVIRONMENT, check=True)

    said = json.loads(done.stdout)
    assert said["wrote"] == errno.EFBIG  # not one byte
    assert said["memory"] is False
    assert "FRIDHEM_SECRETS" not in said["environment"]


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(confined, "SECONDS", 0.01)

    with pytest.raises(Unfit) as caught:
        confined.clean(hostile_files.plain_docx(), kinds.accepted(kinds.EVERYTHING, on=TODAY))

    assert caught.value.why == Unfitness.TOO_HEAVY
