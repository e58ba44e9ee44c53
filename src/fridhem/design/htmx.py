"""One view answers with a page or with a part of it.

The page includes the part (`{% include "intake/_rows.html" %}`); htmx asks the same address and gets only the part. So
nothing is written twice, and the page works without JavaScript.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part: not when it follows a boosted link or restores its history, which need the page."""
    htmx = getattr(request, "htmx", None)  # the public face has no htmx
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request and htmx.request_type != "full"


def page_or_part(
    request: HttpRequest, page: str, context: dict[str, Any] | None = None, *, part: str, status: int = 200
) -> HttpResponse:
    """Render the template `part` for htmx and `page` for everyone else.

    Answer a form with errors with `status=422`: htmx 4 swaps it in all the same, and a test can tell it from success.
    """
    response = render(request, part if wants_part(request) else page, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Request-Type"))
    return response
