"""How a file leaves the house to a browser: to be saved, never to be run or framed."""

from django.http import HttpResponse

from fridhem.foundation.files.keeping import Opened

NOTHING = "default-src 'none'; sandbox"


def attachment(opened: Opened, name: str) -> HttpResponse:
    """The file as a download called `name` (ASCII, neutral, without ending)."""
    response = HttpResponse(opened.data, content_type=opened.media)
    response["Content-Disposition"] = f'attachment; filename="{name}.{opened.extension}"'
    response["Content-Security-Policy"] = NOTHING
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Download-Options"] = "noopen"
    response["Cache-Control"] = "no-store"
    return response
