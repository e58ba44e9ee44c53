"""One page per core process in docs/processes, with its drawing, made from the process files that the house runs.

python tools/process_pages.py           write them
python tools/process_pages.py --check   exit 1 when a page shows something else than its process file
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "processes"
NAMES = {  # the handbook is in Swedish
    "child_investigation": "utredning-barn",
    "hrv": "heder",
    "intake_assessment": "forhandsbedomning",
    "protected_child": "barn-i-skyddat-boende",
    "support_without_assessment": "utan-behovsprovning",
    "uses_violence": "utovar-vald",
    "vinr_adult": "vinr-vuxen",
}


def pages() -> dict[str, str]:
    """File name → what it must hold."""
    from django.utils.translation import override

    from fridhem.rooms.processes import catalogue, handbook

    made = {}
    with override("sv"):
        for definition in catalogue.newest().values():
            name = NAMES.get(definition.key, definition.key)
            made[f"{name}.svg"] = handbook.drawing(definition) + "\n"
            made[f"{name}.md"] = handbook.page(definition, drawing=f"{name}.svg")
    return made


def stale() -> list[str]:
    """The files in docs/processes that are missing or old."""
    return [name for name, text in pages().items() if not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != text]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fridhem.site.settings")
    os.environ.setdefault("FRIDHEM_SECRETS", str(ROOT / "tools" / "no-secrets.json"))
    django.setup()
    if "--check" in sys.argv:
        old = stale()
        print("\n".join(f"docs/processes/{name} is old: run python tools/process_pages.py" for name in old))
        sys.exit(bool(old))
    DOCS.mkdir(exist_ok=True)
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
