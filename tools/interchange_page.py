"""The page docs/processes/interchange.md: which of the public BPMN interchange models the reader takes in, and why not all.

python tools/interchange_page.py           write it
python tools/interchange_page.py --check   exit 1 when the page says something else than the reader

The models aren't part of the product: they are looked for in ../shared/bpmn/miwg.
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "processes" / "interchange.md"
MODELS = ROOT.parent / "shared" / "bpmn" / "miwg"
MOST = 3  # faults of one file; the owner sees them all

HEAD = """# Diagram från andra redigerare

Kommunen ritar sina processer i den BPMN-redigerare som den vill. Här prövas läsaren mot de öppna provmodellerna från
BPMN Model Interchange Working Group, som många redigerare läser och skriver. Modellerna är gjorda för att pröva hela standarden.
De följer inte med Fridhem (licens CC BY 3.0, upphov: BPMN MIWG).

Det som bara beskriver läses förbi: dataobjekt, anteckningar, ramar, meddelanden mellan pooler, andra pooler och andra redigerares
tillägg. En uppgift utan sort läses som ett steg som en person gör. Det som inte kan köras, eller som skulle göra något annat än
ritningen säger, sägs nej till med plats och skäl. Att en modell läses betyder att den går att köra. Vid uppladdning krävs också
att banorna heter som kommunens roller och att varje steg har en grund.

Sidan är gjord av `python tools/interchange_page.py`.

| Modell | Läses | Hur eller varför inte |
|---|---|---|
"""


def page() -> str:
    """The whole page, as the reader answers today."""
    from django.utils.translation import override

    with override("sv"):
        return HEAD + "".join(f"| {file.stem} | {_verdict(file.read_bytes())} |\n" for file in sorted(MODELS.glob("*.bpmn")))


def _verdict(data: bytes) -> str:
    from fridhem.foundation.processes.faults import BadProcess
    from fridhem.foundation.processes.pictures import passed_over
    from fridhem.foundation.processes.reading import read_process

    try:
        definition = read_process(data, roles={})
    except BadProcess as bad:
        more = len(bad.faults) - MOST
        return "nej | " + "<br>".join([*map(_cell, bad.faults[:MOST]), *([f"… och {more} till"] if more > 0 else [])])
    steps = sum(node.is_human for node in definition.nodes.values())
    return f"ja | {steps} steg." + (f" Läses förbi: {_cell(passed_over(definition))}." if definition.passed_over else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fridhem.site.settings")
    os.environ.setdefault("FRIDHEM_SECRETS", str(ROOT / "tools" / "no-secrets.json"))
    django.setup()
    if "--check" in sys.argv:
        is_old = not PAGE.exists() or PAGE.read_text("utf-8") != page()
        print("docs/processes/interchange.md is old: run python tools/interchange_page.py" if is_old else "", end="")
        sys.exit(is_old)
    PAGE.write_text(page(), "utf-8")
