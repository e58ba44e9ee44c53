# ruff: noqa: E501
"""Files that tell more than they show: each kind with a trace in every place we know of, by a number that can be searched for.

`shown(n)` is what a reader of the file sees and must remain; `trace(n, place)` is what lies beside it and must be gone.
"""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pikepdf
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from tests.factories import files

ODT = "application/vnd.oasis.opendocument.text"


def shown(number: int) -> str:
    return f"SYNS{number:04d}"


def trace(number: int, place: str) -> str:
    return f"SPAR{number:04d}{place}"


def picture(number: int) -> Image.Image:
    made = Image.new("RGB", (160 + number % 40, 120), (40 + number % 200, 90, 120))
    ImageDraw.Draw(made).text((10, 50), shown(number), fill="white")
    return made


def exif(number: int) -> bytes:
    made = Image.Exif()
    made[0x010E], made[0x013B] = trace(number, "describes"), trace(number, "artist")
    made[0x010F], made[0x0110] = trace(number, "maker"), trace(number, "camera")
    made.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + trace(number, "comment").encode()
    made.get_ifd(0x8769)[0xA431] = trace(number, "serial")
    gps = made.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (59.0, 19.0, 46.0), "E", (18.0, 4.0, 7.0)
    gps[29] = trace(number, "day")
    return made.tobytes()


def thumbnail(number: int) -> bytes:
    """A small JPEG as a camera puts it beside the large one, with its own comment."""
    out = BytesIO()
    picture(number).resize((40, 30)).save(out, "JPEG", comment=trace(number, "thumbnail").encode())
    return out.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def jpeg(number: int) -> bytes:
    out = BytesIO()
    xmp = f"<x:xmpmeta>{trace(number, 'xmp')}</x:xmpmeta>".encode()
    picture(number).save(out, "JPEG", exif=exif(number), comment=trace(number, "com").encode(), xmp=xmp)
    plain = out.getvalue()
    extra = segment(0xED, b"Photoshop 3.0\0" + trace(number, "iptc").encode()) + segment(0xE5, thumbnail(number))
    return plain[:2] + extra + plain[2:] + trace(number, "after").encode()


def png(number: int) -> bytes:
    info = PngInfo()
    info.add_text("Author", trace(number, "author"))
    info.add_text("Comment", trace(number, "zipped"), zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{trace(number, 'xmp')}</x>", zip=True)
    out = BytesIO()
    picture(number).save(out, "PNG", pnginfo=info, exif=exif(number))
    return out.getvalue() + trace(number, "after").encode()


def gif(number: int) -> bytes:
    out = BytesIO()
    picture(number).save(out, "GIF", comment=trace(number, "com").encode())
    return out.getvalue() + trace(number, "after").encode()


def webp(number: int) -> bytes:
    out = BytesIO()
    picture(number).save(out, "WEBP", exif=exif(number), xmp=f"<x>{trace(number, 'xmp')}</x>".encode())
    return out.getvalue()


def pdf(number: int) -> bytes:
    """A PDF with a photograph, properties, scripts, an attachment, comments, a form, and an earlier version of itself."""
    with pikepdf.open(BytesIO(files.pdf(shown(number)))) as made:
        with made.open_metadata() as xmp:
            xmp["dc:creator"] = [trace(number, "xmp")]
        made.docinfo["/Author"] = trace(number, "author")
        made.docinfo["/Title"] = trace(number, "title")
        page = made.pages[0]
        photo = made.make_stream(jpeg(number).rpartition(b"SPAR")[0])
        photo.update(
            {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": picture(number).width, "/Height": 120,
             "/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8, "/Filter": Name.DCTDecode}
        )  # fmt: skip
        photo.stream_dict[Name.Metadata] = made.make_stream(trace(number, "photo").encode())
        page.Resources[Name.XObject] = Dictionary({"/Photo": photo})
        page.contents_add(b"q 100 0 0 80 50 600 cm /Photo Do Q")
        page.obj[Name.PieceInfo] = Dictionary({"/Maker": Dictionary({"/Private": String(trace(number, "piece"))})})
        page.obj[Name.Thumb] = made.make_stream(thumbnail(number))
        page.obj[Name.LastModified] = String(trace(number, "modified"))
        made.attachments[f"{trace(number, 'attached')}.txt"] = trace(number, "inside").encode()
        script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{trace(number, 'script')}')"))
        made.Root.OpenAction = made.make_indirect(script)
        note = {"Type": Name.Annot, "T": String(trace(number, "note by")), "Rect": Array([10, 10, 30, 30])}
        page.obj[Name.Annots] = Array(
            [
                made.make_indirect(Dictionary(Subtype=Name.Text, Contents=String(trace(number, "note")), **note)),
                made.make_indirect(
                    Dictionary(
                        Subtype=Name.Link,
                        A=Dictionary(S=Name.URI, URI=String(f"https://x.invalid/{trace(number, 'link')}")),
                        **note,
                    )
                ),
            ]
        )
        out = BytesIO()
        made.save(out)
    earlier = f"999 0 obj\n({trace(number, 'earlier')})\nendobj\n".encode()
    return out.getvalue() + earlier


def docx_(number: int) -> bytes:
    made = docx.Document()
    made.core_properties.author = trace(number, "author")
    made.core_properties.last_modified_by = trace(number, "saved by")
    made.core_properties.comments = trace(number, "describes")
    paragraph = made.add_paragraph(shown(number))
    paragraph._element.set(qn("w:rsidR"), "00SPAR00")
    w = nsdecls("w")
    paragraph._element.append(
        parse_xml(
            f'<w:ins {w} w:id="1" w:author="{trace(number, "added by")}" w:date="2026-01-01T00:00:00Z"><w:r><w:t> INS</w:t></w:r></w:ins>'
        )
    )
    paragraph._element.append(
        parse_xml(
            f'<w:del {w} w:id="2" w:author="x" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>{trace(number, "struck")}</w:delText></w:r></w:del>'
        )
    )
    made.add_comment(paragraph.runs[0], text=trace(number, "comment"), author=trace(number, "comment by"), initials="SP")
    plain = BytesIO()
    picture(number).save(plain, "JPEG")
    made.add_picture(plain)
    drawn = made.inline_shapes[-1]._inline.docPr
    drawn.set("descr", f"C:\\Users\\{trace(number, 'path')}\\bild.jpg")
    settings = made.settings.element
    settings.append(parse_xml(f'<w:rsids {w}><w:rsidRoot w:val="00SPAR00"/></w:rsids>'))
    settings.append(parse_xml(f'<w:docVars {w}><w:docVar w:name="a" w:val="{trace(number, "variable")}"/></w:docVars>'))
    out = BytesIO()
    made.save(out)
    return with_parts(
        out.getvalue(),
        {
            "docProps/thumbnail.jpeg": thumbnail(number),
            "word/media/image1.jpg": jpeg(number),
            "customXml/item1.xml": f"<a>{trace(number, 'custom')}</a>".encode(),
            "word/embeddings/oleObject1.bin": trace(number, "embedded").encode(),
        },
    )


def xlsx(number: int) -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = trace(number, "author")
    book.properties.lastModifiedBy = trace(number, "saved by")
    sheet = book.active
    sheet["A1"], sheet["A2"] = shown(number), 7
    sheet["A3"] = f'=HYPERLINK("https://x.invalid/{trace(number, "formula")}")'
    sheet["A1"].comment = Comment(trace(number, "comment"), trace(number, "comment by"))
    sheet["A2"].hyperlink = f"https://x.invalid/{trace(number, 'link')}"
    sheet.add_image(SheetImage(BytesIO(jpeg(number))), "C3")
    out = BytesIO()
    book.save(out)
    path = f'<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="{trace(number, "path")}"/>'
    return with_parts(
        out.getvalue(),
        {"xl/printerSettings/printerSettings1.bin": trace(number, "printer").encode()},
        {"xl/workbook.xml": (b"</workbook>", path.encode() + b"</workbook>")},
    )


def odt(number: int) -> bytes:
    o, t, d = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text", "drawing"))
    names = f'xmlns:office="{o}" xmlns:text="{t}" xmlns:draw="{d}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:officeooo="http://openoffice.org/2009/office"'
    content = f"""<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3"><office:body><office:text>
<text:tracked-changes><text:p>{trace(number, "struck")}</text:p></text:tracked-changes>
<text:p officeooo:rsid="{trace(number, "rsid")}">{shown(number)}<office:annotation><dc:creator>{trace(number, "comment by")}</dc:creator>
<text:p>{trace(number, "comment")}</text:p></office:annotation> <text:author-name>{trace(number, "author field")}</text:author-name>
<text:a xlink:href="https://x.invalid/{trace(number, "link")}">länk</text:a></text:p>
<text:p><draw:frame><draw:image xlink:href="Pictures/a.jpg"/></draw:frame>
<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p></office:text></office:body></office:document-content>"""
    meta = f"<office:document-meta {names}><office:meta><dc:creator>{trace(number, 'author')}</dc:creator></office:meta></office:document-meta>"
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        packed.writestr("mimetype", ODT)
        for name, data in {
            "content.xml": content,
            "meta.xml": meta,
            "settings.xml": f"<a>{trace(number, 'printer')}</a>",
            "Pictures/a.jpg": jpeg(number),
            "Object 1/content.xml": trace(number, "object"),
            "Thumbnails/thumbnail.png": png(number),
            "META-INF/manifest.xml": "<a/>",
        }.items():
            packed.writestr(name, data, ZIP_DEFLATED)
    return out.getvalue()


MAKERS = {
    "jpeg": jpeg, "png": png, "gif": gif, "webp": webp, "pdf": pdf, "docx": docx_, "xlsx": xlsx, "odt": odt,
}  # fmt: skip


def with_parts(package: bytes, added: dict[str, bytes], replaced: dict[str, tuple[bytes, bytes]] | None = None) -> bytes:
    """The same zip with more parts (or others of the same name), and words in some exchanged."""
    out = BytesIO()
    with ZipFile(BytesIO(package)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in [entry for entry in old.infolist() if entry.filename not in added]:
            content = old.read(entry)
            for word, other in [replaced[entry.filename]] if replaced and entry.filename in replaced else []:
                content = content.replace(word, other)
            new.writestr(entry, content)
        for name, content in added.items():
            new.writestr(name, content)
    return out.getvalue()


def everything_in(data: bytes, depth: int = 0) -> bytes:
    """All bytes that can be got out of a file without a key: unpacked, decoded, and packed files inside it too."""
    found = [data]
    if data[:2] == b"PK" and depth < 3:
        with ZipFile(BytesIO(data)) as packed:
            for entry in packed.infolist():
                found += [entry.filename.encode(), entry.comment, entry.extra, everything_in(packed.read(entry), depth + 1)]
    if b"%PDF-" in data[:1024]:
        with pikepdf.open(BytesIO(data)) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Stream):
                    found += [repr(item.stream_dict if hasattr(item, "stream_dict") else item).encode(), item.read_raw_bytes()]
                    found += _decoded(item)
                else:
                    found.append(item.unparse(resolved=True))
            found.append(repr(document.trailer).encode())
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        found += _chunks(data)
    text = b"\n".join(found)
    return text + text.replace(b"\0", b"")  # UTF-16 too


def _decoded(item: pikepdf.Stream) -> list[bytes]:
    try:
        return [item.read_bytes()]
    except pikepdf.PdfError:
        return []


def _chunks(data: bytes) -> list[bytes]:
    found, at = [], 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind in (b"zTXt", b"iTXt"):
            packed = body[body.index(b"x\x9c") :] if b"x\x9c" in body else b""
            found.append(zlib.decompressobj().decompress(packed) if packed else body)
        at += 12 + length
    return found
