"""`fridhem read`: one line per document, and a bad file never stops the others."""

import json
import os
import subprocess
import sys

import pytest

from fridhem.cli.main import main
from tests.factories import files

PAPER = "Tjänsteskrivelse\nDatum 2024-03-01\nDnr SN 2024/17\n\nFörslag till beslut\nSocialnämnden antar rutinen."
KEYS = [
    "id", "document_type", "municipality", "body", "author_unit", "date", "title", "motion", "diarienummer", "proposed_decisions",
    "reservations", "decision_path", "referenced_plans", "referenced_other", "commitments", "figures", "signatories", "handlers",
    "recipients", "programme_proposals", "places",
]  # fmt: skip


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "skrivelse.txt"
    path.write_text(PAPER)
    return path


def test_json_has_the_labels_keys_and_the_places(paper, capsys):
    assert main(["read", str(paper), "--json"]) == 0

    record = json.loads(capsys.readouterr().out)
    assert list(record) == KEYS
    assert record["id"] == "skrivelse"
    assert record["proposed_decisions"] == [
        {"body": "Socialnämnden", "text": "Socialnämnden antar rutinen.", "stance": "approve", "status": "proposed"}
    ]
    number = next(place for place in record["places"] if place["key"] == "diarienummer")
    assert sorted(number) == ["confidence", "end", "key", "page", "rule", "start", "value"]
    assert PAPER[number["start"] : number["end"]] == "SN 2024/17"


def test_a_summary_can_be_read_by_a_person(paper, capsys):
    assert main(["read", str(paper)]) == 0

    assert capsys.readouterr().out == (
        f"{paper}\n"
        "  kind:          tjansteskrivelse\n"
        "  municipality:  –\n"
        "  body:          Socialnämnden\n"
        "  date:          2024-03-01\n"
        "  title:         –\n"
        "  numbers:       SN 2024/17 (own)\n"
        "  proposed:      Socialnämnden: approve: Socialnämnden antar rutinen.\n\n"
    )


def test_bad_files_are_named_with_their_reason_and_the_others_are_read(paper, tmp_path, capsys):
    bad = {
        "tom.pdf": (b"", "the file is empty"),
        "trasig.docx": (b"PK\x03\x04nothing", "the file is broken"),
        "last.pdf": (files.pdf(PAPER, password="hemlig"), "it is locked with a password"),
        "bild.pdf": (files.pdf(""), "there is no text in it: scanned pictures can't be read yet"),
        "bild.txt": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "it is no PDF, DOCX or plain text"),
    }
    for name, (data, _) in bad.items():
        (tmp_path / name).write_bytes(data)
    names = [str(tmp_path / name) for name in bad]

    code = main(["read", *names, str(tmp_path / "finns-inte.txt"), str(tmp_path), str(paper), "--json"])

    out, err = capsys.readouterr()
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["skrivelse"]
    assert err.splitlines() == [
        *(f"{tmp_path / name}: {reason}" for name, (_, reason) in bad.items()),
        f"{tmp_path / 'finns-inte.txt'}: No such file or directory",
        f"{tmp_path}: Is a directory",
    ]


def test_the_content_decides_whatever_the_file_calls_itself(tmp_path, capsys):
    path = tmp_path / "egentligen-en-pdf.txt"
    path.write_bytes(files.pdf(PAPER))

    assert main(["read", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["document_type"] == "tjansteskrivelse"


def test_it_needs_no_house(paper, tmp_path):
    """No database, no secrets file, no Django settings."""
    bare = {"PATH": os.environ["PATH"], "FRIDHEM_SECRETS": str(tmp_path / "none.json")}

    done = subprocess.run(
        [sys.executable, "-m", "fridhem.cli.main", "read", str(paper), "--json"],
        env=bare, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["body"] == "Socialnämnden"
