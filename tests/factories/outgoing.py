"""Documents on their way out: a protected value written in every way we know, put into every part of every kind of file."""

import json
import struct
import unicodedata
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pypdf
import xlsxwriter
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.comments import Comment
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from tests.factories import files

BEFORE, AFTER = "Hej. Vi bekräftar mötet på torsdag. ", " Hör av dig om något är oklart."

# ── Ways to write ─────────────────────────────────────────────────────────


def _between(sign: str) -> Callable[[str], str]:
    return lambda value: sign.join(value)


def _full_width(value: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in value)


def _plain_letters(value: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", value) if not unicodedata.combining(sign))


def _broken(value: str) -> str:
    middle = len(value) // 3
    return f"{value[:middle]}-\n{value[middle:]}"


def _typo(value: str) -> str:
    """Two neighbours swapped where there are two different letters, away from the ends."""
    at = next(
        place for place in range(2, len(value) - 2) if value[place : place + 2].isalnum() and value[place] != value[place + 1]
    )
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]


LOOKALIKES = str.maketrans("aeopcxAEOPCXTHBMK", "аеорсхАЕОРСХТНВМК")
WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "no-break spaces": lambda value: value.replace(" ", "\u00a0"),
    "no spaces": lambda value: value.replace(" ", ""),
    "double spaces": lambda value: value.replace(" ", "  "),
    "zero-width signs": _between("\u200b"),
    "soft hyphens": _between("\u00ad"),
    "spaced out": _between(" "),
    "broken over lines": _broken,
    "look-alikes": lambda value: value.translate(LOOKALIKES),
    "decomposed": lambda value: unicodedata.normalize("NFD", value),
    "without dots and rings": _plain_letters,
    "full width": _full_width,
    "one typo": _typo,
}
# Ways that only fit one kind.
OWN_WRITINGS: dict[str, dict[str, Callable[[str], str]]] = {
    "address": {
        "number first": lambda value: "27 B Tranbärsvägen",
        "cut short": lambda value: "Tranbärsv. 27 B",
        "cut shorter": lambda value: "tranbärsv 27",
        "the street alone": lambda value: "på Tranbärsvägen",
        "the postal code alone": lambda value: "S-907 52",
        "the town alone": lambda value: "Umeås centrum",
    },
    "phone": {
        "international": lambda value: "+46 70 174 06 58",
        "international with zero": lambda value: "+46 (0)70-174 06 58",
        "with dots": lambda value: "070.174.06.58",
        "without the area code": lambda value: "174 06 58",
        "O for zero": lambda value: "O7O-174 O6 58",
        "spelled": lambda value: "noll sju noll ett sju fyra noll sex fem åtta",
        "one digit wrong": lambda value: "070-174 06 59",
    },
    "school": {
        "in the genitive": lambda value: "Humlebackens fritids",
        "the short name": lambda value: "på Humlebacken",
    },
    "workplace": {"without the kind of place": lambda value: "på Tvinnaregatans"},
    "new_name": {
        "last name first": lambda value: "Vinterkrasse, Maja",
        "with an initial": lambda value: "M. Vinterkrasse",
        "in the genitive": lambda value: "Maja Vinterkrasses",
    },
}


# ── Files to put it in ────────────────────────────────────────────────────


def _saved(document) -> bytes:
    """The file without the picture of another document that the library's template carries."""
    out, kept = BytesIO(), BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as clean:
        for entry in package.infolist():
            if not entry.filename.endswith("thumbnail.jpeg"):
                clean.writestr(entry.filename, package.read(entry))
    return kept.getvalue()


def _docx(text: str = "") -> tuple:
    document = Document()
    paragraph = document.add_paragraph(BEFORE + text + AFTER)
    return document, paragraph


def docx_with(put: Callable) -> Callable[[str], bytes]:
    def make(value: str) -> bytes:
        document, paragraph = _docx()
        put(document, paragraph, value)
        return _saved(document)

    return make


def _runs(document, paragraph, value: str) -> None:
    for number, sign in enumerate(value):
        paragraph.add_run(sign).bold = bool(number % 2)


def _deleted(document, paragraph, value: str) -> None:
    words = value.replace("&", "&amp;").replace("<", "&lt;")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x"><w:r><w:delText>{words}</w:delText></w:r></w:del>')
    )


def _vanished(document, paragraph, value: str) -> None:
    paragraph.add_run(value).font.hidden = True


def _header(document, paragraph, value: str) -> None:
    document.sections[0].header.paragraphs[0].text = value


def _footer(document, paragraph, value: str) -> None:
    document.sections[0].footer.paragraphs[0].text = value


def _commented(document, paragraph, value: str) -> None:
    document.add_comment(paragraph.runs, text=value, author="x")


def _title(document, paragraph, value: str) -> None:
    document.core_properties.title = value.replace("\u200b", "")


def _keywords(document, paragraph, value: str) -> None:
    document.core_properties.keywords = value


def _cell(document, paragraph, value: str) -> None:
    document.add_table(1, 2).cell(0, 1).text = value


def _alt(document, paragraph, value: str) -> None:
    run = paragraph.add_run()
    run.add_picture(BytesIO(png(8, 8)))
    run._r.xpath(".//pic:cNvPr")[0].set("descr", value)


def _extra(name: str) -> Callable[[str], bytes]:
    """A DOCX with one more part."""

    def make(value: str) -> bytes:
        out = BytesIO(_saved(_docx()[0]))
        with zipfile.ZipFile(out, "a") as package:
            package.writestr(name, f"<a><b>{value.replace('&', '&amp;')}</b></a>" if name.endswith(".xml") else value)
        return out.getvalue()

    return make


def _odt(part: str) -> Callable[[str], bytes]:
    def make(value: str) -> bytes:
        return files_zip({
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f"<office xmlns:text='t'><text:p>{value if part == 'content' else BEFORE}</text:p></office>".encode(),
            "meta.xml": f"<m><t>{value if part == 'meta' else ''}</t></m>".encode(),
            "Thumbnails/thumbnail.png": png(8, 8),
        })  # fmt: skip

    return make


def files_zip(parts: dict[str, bytes], comment: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
        package.comment = comment.encode()
    return out.getvalue()


def xlsx_with(put: Callable) -> Callable[[str], bytes]:
    def make(value: str) -> bytes:
        out = BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet("Blad")
            sheet.write(0, 0, BEFORE)
            put(book, sheet, value)
        return out.getvalue()

    return make


def _xlsx_comment(value: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"].comment = Comment(value, "x")
    return _saved(book)


def _hidden_sheet(book, sheet, value: str) -> None:
    other = book.add_worksheet("Gömt")
    other.write(3, 3, value)
    other.very_hidden()


# ── PDF ───────────────────────────────────────────────────────────────────


def pdf_with(put: Callable) -> Callable[[str], bytes]:
    def make(value: str) -> bytes:
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(files.pdf(BEFORE, AFTER))))
        put(writer, value)
        out = BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


def _note(writer, value: str) -> None:
    writer.add_annotation(0, FreeText(text=value, rect=(50, 550, 200, 650)))


def _link(writer, value: str) -> None:
    writer.add_annotation(0, Link(url=f"https://karta.example/?q={quote(value)}", rect=(50, 550, 200, 650)))


def _form_field(writer, value: str) -> None:
    field = DictionaryObject({
        NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject("plats"),
        NameObject("/V"): TextStringObject(value), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
    })  # fmt: skip
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject([writer._add_object(field)])}
    )


def _xmp(writer, value: str) -> None:
    stream = DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta xmlns:x='a'><t>{value}</t></x:xmpmeta>".encode())
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)


def _script(writer, value: str) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(f"let a = '{value}'")}
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(action))


def _off_page(writer, value: str) -> None:
    page = writer.pages[0]
    for box in ("/MediaBox", "/CropBox"):
        page[NameObject(box)] = ArrayObject([FloatObject(n) for n in (0, 0, 595, 400)])
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 11 Tf 50 700 Td (" + value.encode("cp1252", errors="replace") + b") Tj ET")
    page[NameObject("/Contents")] = ArrayObject([page["/Contents"].indirect_reference, writer._add_object(stream)])


def pdf_of(value: str) -> bytes:
    return files.pdf(BEFORE, value, AFTER)


def _earlier(value: str) -> bytes:
    """An incremental update: the earlier version is still in the file."""
    old = files.pdf(value)
    return old + files.pdf(BEFORE)[len(b"%PDF-1.4\n") :]


# ── Pictures ──────────────────────────────────────────────────────────────


def png(width: int, height: int, **texts: bytes) -> bytes:
    """A grey picture, with chunks of text."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x88" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    more = b"".join(chunk(kind.encode(), body) for kind, body in texts.items())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(comment: bytes = b"", exif: bytes = b"") -> bytes:
    """The head of a JPEG of 8 by 8 pixels, with a comment or Exif data."""

    def segment(kind: int, body: bytes) -> bytes:
        return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body

    more = (segment(0xFE, comment) if comment else b"") + (segment(0xE1, b"Exif\0\0" + exif) if exif else b"")
    return b"\xff\xd8" + more + segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + b"\1\x11\0") + b"\xff\xd9"


GPS = jpeg(exif=b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0")


def eml(value: str = "", *, subject: str = "Mötet", html: str = "", attached: tuple[str, bytes] | None = None) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@kommun.example", "b@ombud.example", subject
    message.set_content(BEFORE + value)
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached[1], maintype="application", subtype="octet-stream", filename=attached[0])
    return message.as_bytes()


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><p>{BEFORE}</p>{body}</body></html>".encode()


def _entities(value: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in value)


def _tags(value: str) -> str:
    return "".join(f"<b>{sign}</b>" for sign in value)


# How a value is carried: the name of the file and its bytes.
Carrier = Callable[[str], tuple[str, bytes]]


def _as(name: str, make: Callable[[str], bytes]) -> Carrier:
    return lambda value: (name, make(value))


CARRIERS: dict[str, Carrier] = {
    "txt": _as("brev.txt", lambda v: (BEFORE + v + AFTER).encode()),
    "txt utf-16": _as("brev.txt", lambda v: (BEFORE + v + AFTER).encode("utf-16")),
    "csv": _as("lista.csv", lambda v: f"namn;uppgift\nNN;{v}\n".encode()),
    "json": _as("data.json", lambda v: json.dumps({"a": [BEFORE, v]}).encode()),
    "xml": _as("data.xml", lambda v: f"<?xml version='1.0'?><a><b c='1'>{v}</b></a>".encode()),
    "txt base64": _as("brev.txt", lambda v: (BEFORE + b64encode((BEFORE + v).encode()).decode()).encode()),
    "html text": _as("brev.html", lambda v: page(f"<p>{v}</p>")),
    "html split by tags": _as("brev.html", lambda v: page(f"<p>{_tags(v)}</p>")),
    "html entities": _as("brev.html", lambda v: page(f"<p>{_entities(v)}</p>")),
    "html comment": _as("brev.html", lambda v: page(f"<!-- {v} -->")),
    "html alt": _as("brev.html", lambda v: page(f'<img alt="{v}" src="x.png">')),
    "html hidden": _as("brev.html", lambda v: page(f'<div hidden style="display:none">{v}</div>')),
    "html data attribute": _as("brev.html", lambda v: page(f'<p data-to="{v}">x</p>')),
    "html title": _as("brev.html", lambda v: page("", f"<title>{v}</title>")),
    "html script": _as("brev.html", lambda v: page(f"<script>let a = '{v}'</script>")),
    "html link": _as("brev.html", lambda v: page(f'<a href="https://karta.example/?q={quote(v)}">karta</a>')),
    "html data address": _as(
        "brev.html", lambda v: page(f'<iframe src="data:text/plain;base64,{b64encode(v.encode()).decode()}"></iframe>')
    ),
    "svg": _as("bild.svg", lambda v: f"<svg xmlns='http://www.w3.org/2000/svg'><text>{v}</text></svg>".encode()),
    "docx text": _as("brev.docx", docx_with(lambda d, p, v: p.add_run(v))),
    "docx runs": _as("brev.docx", docx_with(_runs)),
    "docx table": _as("brev.docx", docx_with(_cell)),
    "docx header": _as("brev.docx", docx_with(_header)),
    "docx footer": _as("brev.docx", docx_with(_footer)),
    "docx comment": _as("brev.docx", docx_with(_commented)),
    "docx struck by a tracked change": _as("brev.docx", docx_with(_deleted)),
    "docx hidden run": _as("brev.docx", docx_with(_vanished)),
    "docx title": _as("brev.docx", docx_with(_title)),
    "docx keywords": _as("brev.docx", docx_with(_keywords)),
    "docx alt text": _as("brev.docx", docx_with(_alt)),
    "docx custom xml": _as("brev.docx", _extra("customXml/item9.xml")),
    "docx embedded text": _as("brev.docx", _extra("word/embeddings/a.txt")),
    "odt text": _as("brev.odt", _odt("content")),
    "odt metadata": _as("brev.odt", _odt("meta")),
    "xlsx cell": _as("lista.xlsx", xlsx_with(lambda b, s, v: s.write(4, 2, v))),
    "xlsx hidden sheet": _as("lista.xlsx", xlsx_with(_hidden_sheet)),
    "xlsx hidden column": _as(
        "lista.xlsx", xlsx_with(lambda b, s, v: (s.write(1, 9, v), s.set_column(9, 9, None, None, {"hidden": True})))
    ),
    "xlsx header": _as("lista.xlsx", xlsx_with(lambda b, s, v: s.set_header("&L" + v))),
    "xlsx properties": _as("lista.xlsx", xlsx_with(lambda b, s, v: b.set_properties({"comments": v}))),
    "xlsx formula": _as("lista.xlsx", xlsx_with(lambda b, s, v: s.write_formula(1, 1, f'=IF(1=2,"{v}","")'))),
    "xlsx comment": _as("lista.xlsx", _xlsx_comment),
    "pdf metadata": _as("brev.pdf", pdf_with(lambda w, v: w.add_metadata({"/Subject": v}))),
    "pdf note": _as("brev.pdf", pdf_with(_note)),
    "pdf link": _as("brev.pdf", pdf_with(_link)),
    "pdf form field": _as("brev.pdf", pdf_with(_form_field)),
    "pdf attachment": _as("brev.pdf", pdf_with(lambda w, v: w.add_attachment("a.txt", v.encode()))),
    "pdf attached pdf": _as("brev.pdf", pdf_with(lambda w, v: w.add_attachment("a.docx", docx_with(_header)(v)))),
    "pdf bookmark": _as("brev.pdf", pdf_with(lambda w, v: w.add_outline_item(title=v, page_number=0))),
    "pdf script": _as("brev.pdf", pdf_with(_script)),
    "pdf xmp": _as("brev.pdf", pdf_with(_xmp)),
    "png text": _as("bild.png", lambda v: png(8, 8, tEXt=b"Comment\0" + v.encode())),
    "png packed text": _as("bild.png", lambda v: png(8, 8, zTXt=b"Comment\0\0" + zlib.compress(v.encode()))),
    "png international text": _as("bild.png", lambda v: png(8, 8, iTXt=b"C\0\1\0\0\0" + zlib.compress(v.encode()))),
    "jpeg comment": _as("bild.jpg", lambda v: jpeg(comment=v.encode())),
    "jpeg exif wide": _as("bild.jpg", lambda v: jpeg(exif=b"II*\0\0\0\0\0" + v.encode("utf-16-le"))),
    "zip": _as("allt.zip", lambda v: files_zip({"a/brev.txt": (BEFORE + v).encode()})),
    "zip in zip": _as("allt.zip", lambda v: files_zip({"b.zip": files_zip({"brev.docx": docx_with(_runs)(v)})})),
    "name in zip": _as("allt.zip", lambda v: files_zip({f"{v.replace('/', ' ')}.txt": BEFORE.encode()})),
    "zip comment": _as("allt.zip", lambda v: files_zip({"a.txt": b"x"}, comment=v)),
    "eml text": _as("svar.eml", eml),
    "eml subject": _as("svar.eml", lambda v: eml(subject=v.replace("\n", " "))),
    "eml html": _as("svar.eml", lambda v: eml(html=page(f"<p>{_tags(v)}</p>").decode())),
    "eml attachment": _as("svar.eml", lambda v: eml(attached=("a.docx", docx_with(_header)(v)))),
    "eml attachment's name": _as("svar.eml", lambda v: eml(attached=(v.replace("\n", " ") + ".txt", b"x"))),
    "file name": lambda v: (v.replace("\n", " ").replace("/", " ") + ".txt", BEFORE.encode()),
}
# A hand-made PDF writes Western letters only.
WESTERN: dict[str, Carrier] = {
    "pdf text": _as("brev.pdf", pdf_of),
    "pdf outside the page": _as("brev.pdf", pdf_with(_off_page)),
}
# What nobody can read is stopped whatever it says.
UNREADABLE: dict[str, tuple[str, bytes]] = {
    "picture": ("bild.png", png(400, 300)),
    "picture in docx": ("brev.docx", docx_with(lambda d, p, v: d.add_picture(BytesIO(png(400, 300))))("")),
    "picture in zip": ("allt.zip", files_zip({"a.png": png(400, 300)})),
    "place in a picture": ("bild.jpg", GPS),
    "old word": ("brev.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900),
    "rtf": ("brev.rtf", b"{\\rtf1 Tranb\\'e4rsv\\'e4gen}"),
    "encrypted pdf": ("brev.pdf", files.pdf("hemligt", password="x")),
    "pdf with an earlier version": ("brev.pdf", _earlier("hemligt")),
    "pdf with something after it": ("brev.pdf", files.pdf(BEFORE) + b"\nPK\x03\x04 mer"),
    "broken pdf": ("brev.pdf", files.pdf(BEFORE)[:200]),
    "broken zip": ("allt.zip", files_zip({"a.txt": b"x" * 999})[:60]),
    "bomb": ("allt.zip", files_zip({"a.txt": b"\0" * 250_000_000})),
    "sound": ("prat.mp3", b"ID3\x04" + b"\0" * 500),
    "gzip": ("a.gz", b"\x1f\x8b\x08" + b"\0" * 50),
    "binary": ("a.bin", bytes(range(256)) * 8),
    "svg outline": ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L9 9'/></svg>"),
}
