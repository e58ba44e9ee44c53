"""An e-mail message: its headers, its bodies in every form, and what is attached."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from fridhem.pure.outbound.opening import markup, plain
from fridhem.pure.outbound.opening.packages import Inside
from fridhem.pure.outbound.opening.pieces import Limits, Opened, Piece


def reader(inside: Inside) -> Callable[[str, bytes, Limits], Opened]:
    """A reader of messages that opens what is attached with `inside`."""

    def read(name: str, data: bytes, limits: Limits) -> Opened:
        message = message_from_bytes(data, policy=policy.default)
        yield Piece(name, "hidden", plain.decoded(data))
        for number, part in enumerate(message.walk()):
            yield Piece(name, "header", "\n".join(f"{key}: {value}" for key, value in part.items()))
            if not part.is_multipart():
                yield from _body(name, number, part, limits, inside)
        yield Piece(name, "hidden", f"{message.preamble or ''}\n{message.epilogue or ''}")

    return read


def _body(name: str, number: int, part: EmailMessage, limits: Limits, inside: Inside) -> Opened:
    data = part.get_payload(decode=True) or b""
    assert isinstance(data, bytes)
    file = part.get_filename()
    match (file, part.get_content_type()):
        case (None, "text/plain"):
            yield Piece(name, "text", _text(part, data))
        case (None, "text/html"):
            yield from markup.read(name, _text(part, data).encode(), limits)
        case _:
            yield from inside(name, file or f"part {number}", data, limits)


def _text(part: EmailMessage, data: bytes) -> str:
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return plain.decoded(data)
