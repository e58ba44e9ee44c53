"""The handbook's pages of the core processes say what the process files say."""

import importlib.util
from pathlib import Path

from fridhem.rooms.processes import catalogue, handbook

TOOL = Path(__file__).parent.parent.parent.parent / "tools" / "process_pages.py"


def tool():
    spec = importlib.util.spec_from_file_location("process_pages", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_and_drawings_are_fresh():
    assert tool().stale() == []


def test_an_old_page_is_found(tmp_path, monkeypatch):
    module = tool()
    monkeypatch.setattr(module, "DOCS", tmp_path)

    assert set(module.stale()) == set(module.pages())
    assert {"vinr-vuxen.svg", "vinr-vuxen.md"} <= set(module.stale())


def test_a_page_tells_each_step_with_who_when_and_why():
    page = handbook.page(catalogue.newest()["vinr_adult"], drawing="x.svg")

    assert "| Bedöma risk och planera säkerhet | Handläggare | 7 dagar: Kommunens rutin | Föreskrifterna HSLF-FS 2022:39" in page
    assert "| Ta ställning till förlängd utredning | Gruppledare | – |" in page
