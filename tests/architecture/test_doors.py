"""The rules of the house that import-linter can't say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "fridhem"
ROOMS = sorted(path.name for path in (SOURCE / "rooms").iterdir() if (path / "apps.py").exists())
ORDER = [
    "oversight",
    "retention",
    "statistics",
    "conformance",
    "reviews",
    "oncall",
    "intake",
    "plans",
    "support",
    "disclosures",
    "assessments",
    "importing",
    "casework",
    "council",
    "surveys",
    "places",
    "whistle",
    "persons",
]
DOORS = {"actions", "queries", "enums", "slots", "events", "disposal"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers"}
PUBLIC_STAFF_PAGES = {"start", "sign-in", "step-in", "language", "one-time-code", "alive"}
# django-allauth finds the ways in by these names.
PUBLIC_STAFF_PAGES |= {"account_login", "account_inactive", "mfa_login_webauthn", "mfa_authenticate"}
PUBLIC_STAFF_PAGES |= {"openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"}
PUBLIC_STAFF_PAGES |= {"saml_login", "saml_acs", "saml_finish_acs", "saml_metadata", "saml_sls"}


def imports_of(path: Path) -> list[str]:
    """Every dotted name that a file imports."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def through_walls(path: Path, room: str) -> list[str]:
    """The imports of a file in `room` that go into another room past its doors."""
    found = []
    for name in imports_of(path):
        parts = name.split(".")
        if parts[:2] != ["fridhem", "rooms"] or len(parts) < 4 or parts[2] == room:
            continue
        to_facts = parts[3] == "facts" and room in {"statistics", "conformance"} and path.stem == "sources"
        if parts[3] not in DOORS and not to_facts:
            found.append(name)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_other_rooms_are_entered_by_their_doors(room):
    files = [path for path in (SOURCE / "rooms" / room).rglob("*.py") if "migrations" not in path.parts]

    assert {str(path.relative_to(SOURCE)): through_walls(path, room) for path in files if through_walls(path, room)} == {}


def test_a_way_through_a_wall_is_found(tmp_path):
    burglar = tmp_path / "views.py"
    burglar.write_text("from fridhem.rooms.persons.models import Person\nfrom fridhem.rooms.persons import queries\n")

    assert through_walls(burglar, "casework") == ["fridhem.rooms.persons.models.Person"]


def test_foreign_keys_between_rooms_point_down():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("fridhem.rooms."):
            continue
        own = model._meta.app_label
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or not target.__module__.startswith("fridhem.rooms."):
                continue
            other = target._meta.app_label
            if other != own and ORDER.index(other) <= ORDER.index(own):
                wrong.append(f"{model._meta.label}.{field.name} → {other}")

    assert wrong == []


def patterns(resolver: URLResolver) -> list[URLPattern]:
    """Every page under a resolver."""
    found = []
    for entry in resolver.url_patterns:
        found += patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


@pytest.mark.parametrize("face", ["public", "staff"])
def test_every_address_is_answered_by_a_room_or_the_site(face):
    views = [pattern.callback for pattern in patterns(get_resolver(f"fridhem.site.urls.{face}"))]

    strangers = [view.__module__ for view in views if not view.__module__.startswith(("fridhem.", "django.contrib.auth.views"))]
    assert strangers == []


def test_the_staff_face_is_closed_but_for_the_listed_pages():
    open_pages = {
        pattern.name
        for pattern in patterns(get_resolver("fridhem.site.urls.staff"))
        if not getattr(pattern.callback, "login_required", True)
    }

    assert open_pages <= PUBLIC_STAFF_PAGES


def test_views_leave_rows_to_queries_and_actions():
    wrong = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in (SOURCE / "rooms").rglob("*.py")
        if {"views", "views.py"} & {*path.relative_to(SOURCE / "rooms").parts}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_readme(room):
    assert (SOURCE / "rooms" / room / "README.md").exists()


# A person's sealed attributes are called `sealed_…`, so that whoever shows one can be found.
SEALED = r"\bsealed_(name|number|protection|value)\b"
MAY_OPEN = {f"rooms/persons/{name}.py" for name in ("actions", "queries", "models", "disposal")}


def naming_what_is_sealed(folder: Path) -> set[str]:
    """The files under `folder` that name a person's sealed attributes."""
    files = [
        path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".txt", ".js"} and "migrations" not in path.parts
    ]
    return {path.relative_to(folder).as_posix() for path in files if re.search(SEALED, path.read_text(encoding="utf-8"))}


def test_only_persons_opens_what_tells_who_someone_is():
    fields = {field for model in apps.get_app_config("persons").get_models() for field in model.privacy}

    assert {field for field in fields if re.fullmatch(SEALED, field)} == {
        "sealed_name", "sealed_number", "sealed_protection", "sealed_value",
    }  # fmt: skip
    assert naming_what_is_sealed(SOURCE) == MAY_OPEN


def test_a_page_that_shows_a_name_unmasked_is_found(tmp_path):
    (tmp_path / "case.html").write_text("{{ case.person.sealed_name }}")

    assert naming_what_is_sealed(tmp_path) == {"case.html"}


def test_nothing_is_called_utils():
    wrong = [str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*") if p.stem in FORBIDDEN_NAMES and "templates" not in p.parts]

    assert wrong == []


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    assert done.returncode == 0, done.stdout


def test_no_model_waits_for_a_migration():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_whistleblower_room_gets_its_contracts_when_it_is_built():
    rules = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    active = {line.strip() for line in rules.splitlines()}

    if (SOURCE / "rooms" / "whistle").exists():
        assert {'id = "whistle-in"', 'id = "whistle-out"'} <= active
