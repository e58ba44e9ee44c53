"""How a request is read, before any middleware can see it."""

from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """One that says it's written in a codec that is no writing (`charset=hex`), or that carries too many fields, is found out
    while it's made, where Django itself falls: it's marked, and `middleware.only_utf8` refuses it in words.
    """

    is_readable = True

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except (LookupError, UnicodeError, TooManyFieldsSent):
            environ |= {"CONTENT_TYPE": "", "QUERY_STRING": ""}
            super().__init__(environ)
            self.is_readable = False


class Handler(WSGIHandler):
    """The faces' way in."""

    request_class = Request
