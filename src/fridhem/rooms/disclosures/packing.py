"""The whole file of a case as one ZIP: a page to read, the same as JSON with its schema, the documents, and their sums."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from fridhem.pure.outbound.finding import BLACK
from fridhem.rooms.disclosures import catalogue

ROOM = Path(__file__).parent
SCHEMA = "own_file-1.json"
LANGUAGE = "sv"


def pack(content: Mapping[str, Any], files: Mapping[str, bytes], *, to: str, ground: str, by: str, at: datetime) -> bytes:
    """`content` as a page and as JSON, with `files` by their paths. `to`: whose copy it is; `ground`: a code."""
    front: dict[str, Any] = {"municipality": settings.FRIDHEM_MUNICIPALITY, "to": to, "by": by, "at": timezone.localtime(at)}
    with override(LANGUAGE):
        front["ground"] = catalogue.ground_label(ground, LANGUAGE)
        page = render_to_string("disclosures/own_file.html", {**content, **front, "paths": _paths(content), "black": BLACK})
    told = {"schema": SCHEMA, **content, **front, "at": front["at"].isoformat()}
    parts = {
        "akt.html": page.encode(),
        "akt.css": (ROOM / "static" / "disclosures" / "own_file.css").read_bytes(),
        "akt.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
        SCHEMA: (ROOM / "schemas" / SCHEMA).read_bytes(),
        **files,
    }
    return _zipped({**parts, "manifest.json": _manifest(parts)})


def sum_of(data: bytes) -> str:
    """SHA-256, as it's written."""
    return sha256(data).hexdigest()


def _paths(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each document that goes along: its name and where it lies."""
    return [(one["name"], one["path"]) for one in content["documents"] if one.get("path")]


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    rows = [{"path": path, "size": len(data), "sha256": sum_of(data)} for path, data in parts.items()]
    return json.dumps({"files": rows}, indent=1).encode()


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for path, data in parts.items():
            package.writestr(path, data)
    return out.getvalue()
