"""PDF → the text of each page, through PDFium, which runs no scripts."""

from threading import Lock

import pypdfium2

from fridhem.pure.reader.unreadable import Reason, UnreadableError

MAX_PAGES = 500

# PDFium may be called by one thread at a time.
_one_at_a_time = Lock()


def pages(data: bytes) -> tuple[list[str], bool]:
    """Give the text of the first `MAX_PAGES` pages, and whether there were more."""
    with _one_at_a_time:
        document = _open(data)
        try:
            count = len(document)
            return [_page_text(document, number) for number in range(min(count, MAX_PAGES))], count > MAX_PAGES
        finally:
            document.close()


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableError(Reason.ENCRYPTED if encrypted else Reason.BROKEN) from error


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text: str = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(Reason.BROKEN) from error
    # PDFium marks a hyphen that it takes to be a line's with U+FFFE or U+0002.
    return (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "\u00ad").replace("\x02", "\u00ad").replace("\f", "\n")
    )
