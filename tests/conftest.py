"""The house that the tests stand in: a real PostgreSQL of its own, made for the run and gone after it."""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

pytest_plugins = ["tests.safety.plugin", "tests.running", "tests.superuser"]

HERE = Path(__file__).parent
# With `-n` this process hands the tests out, and each of those that run them has a house of its own.
hands_out = "PYTEST_XDIST_WORKER" not in os.environ and any(arg.startswith(("-n", "--numprocesses")) for arg in sys.argv[1:])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep a file together, and all that want the running house with its demonstration: it takes a minute to start."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return "browser" if file.startswith("tests/browser/") else file

    return ByFile(config, log)


try:
    import django
except ImportError:  # the pure tests run where Django isn't installed
    django = None
    collect_ignore = ["rooms", "foundation", "design", "site", "cli", "architecture", "browser", "docs"]
if django and not hands_out:
    from pytest_django.plugin import blocking_manager_key

    from fridhem.cli import house
    from fridhem.foundation.keys.limits import SHIPPED
    from fridhem.foundation.keys.place import write_json

    _data = Path(tempfile.mkdtemp(prefix="fridhem-test-"))
    _data.chmod(0o755)  # a server that root starts runs as another user
    _house = house.prepare(_data, serve_keys=True)
    # What a whole house does in a day happens here in minutes; each person's own limits stand.
    _limits = json.loads(SHIPPED.read_text())["limits"]
    write_json(_house.keys.limits, {"limits": [{**row, "most": 1_000_000} for row in _limits if row["whose"] != "person"]})
    # The tests make and drop databases as the owner, and ask for keys as the staff face.
    _owner, _staff = (json.loads(_house.face(name).read_text()) for name in ("owner", "staff"))
    _house.face("tests").write_text(json.dumps({**_staff, "database_url": _owner["database_url"]}))
    os.environ["FRIDHEM_SECRETS"] = str(_house.face("tests"))
    os.environ["FRIDHEM_DATA"] = str(_data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "fridhem.site.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the tests' own thread

    def pytest_sessionstart(session: pytest.Session) -> None:
        from django.core.management import call_command

        django.setup()
        _copy_the_house()
        call_command("collectstatic", interactive=False, verbosity=0)

    def _copy_the_house() -> None:
        """The test database begins as a copy of the house's, which is migrated already: half the time to the first test."""
        from django.db import connection

        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]

    @pytest.fixture(autouse=True)
    def with_a_passkey():
        """Django's `force_login` signs in as by a passkey; a test of other ways in uses `factories.accounts.sign_in`."""
        from django.contrib.auth import user_logged_in

        def note(sender, request, user, **_more):
            if not request.method:  # only the test client makes a request of nothing
                request.session["entrance"] = "passkey"

        user_logged_in.connect(note)
        yield
        user_logged_in.disconnect(note)

    @pytest.fixture(scope="session")
    def django_db_modify_db_settings(django_db_modify_db_settings):
        """What is copied must be in nobody's use: a test without a database may have looked into the house's own."""
        from django.db import connections

        connections.close_all()

    @pytest.fixture(scope="session")
    def django_db_setup(django_db_setup, django_db_blocker):
        """The test database, with each role's rights as in the real house."""
        from fridhem.foundation.database import grants

        with django_db_blocker.unblock():
            grants.apply()
            _shipped.update({model: rows for model in _ours() if (rows := list(model._base_manager.all()))})
        _let_the_tests_be_others()

    # What the migrations put into the tables: a test with transactions of its own empties them all when it's done.
    _shipped: dict = {}

    def _ours():
        from django.apps import apps

        ours = [model for model in apps.get_models() if model.__module__.startswith("fridhem.") and model._meta.managed]
        return [model for model in ours if not hasattr(model, "pgh_tracked_model")]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None):
        result = yield
        mark = item.get_closest_marker("django_db")
        empties = bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in item.fixturenames
        if nextitem and empties:
            with item.config.stash[blocking_manager_key].unblock():
                for model, rows in _shipped.items():
                    model._base_manager.bulk_create(rows, ignore_conflicts=True)
        return result

    def _let_the_tests_be_others() -> None:
        """Let the tests' own connection become a serving role for a while, so that what it did before is still there."""
        import psycopg

        from fridhem.foundation.database import embedded, roles

        assert _house.server is not None
        password = json.loads((_data / "secrets.json").read_text())["passwords"][embedded.SUPERUSER]
        with psycopg.connect(_house.server.url(role=embedded.SUPERUSER, password=password, database="postgres")) as superuser:
            superuser.execute(f"GRANT {', '.join(roles.SERVING)} TO {roles.OWNER} WITH INHERIT FALSE, SET TRUE")

    @pytest.fixture
    def behind_walls(db):
        """The database as a serving role meets it: `with behind_walls(): …`, or `behind_walls("fridhem_worker")`."""
        from contextlib import contextmanager

        from django.db import connection

        @contextmanager
        def meeting(role="fridhem_staff"):
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {role}")
            try:
                yield
            finally:
                if not connection.needs_rollback:
                    with connection.cursor() as cursor:
                        cursor.execute("RESET ROLE")

        return meeting

    @pytest.fixture(autouse=True)
    def swedish():
        """Every test begins in Swedish, whatever the one before it spoke."""
        from django.utils import translation

        with translation.override("sv"):
            yield

    @pytest.fixture(scope="session")
    def test_house() -> house.House:
        """The prepared house of this run: its folder and each process's secrets file."""
        return _house

    @pytest.fixture
    def as_face(test_house, settings):
        """Be another of the house's processes, to the key service: `with as_face("worker"):`."""
        from contextlib import contextmanager

        from fridhem.foundation.crypto.service import key_service

        @contextmanager
        def being(face):
            before = settings.FRIDHEM_FACE, settings.FRIDHEM_KEYS
            settings.FRIDHEM_FACE, settings.FRIDHEM_KEYS = face, json.loads(test_house.face(face).read_text())["keys"]
            key_service.cache_clear()
            try:
                yield
            finally:
                settings.FRIDHEM_FACE, settings.FRIDHEM_KEYS = before
                key_service.cache_clear()

        return being

    @pytest.fixture
    def no_jobs(transactional_db):
        """No job is ordered when the test begins: their tables aren't ours, so nobody else empties them between tests."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")

    @pytest.fixture(autouse=True)
    def somebody():
        """What a test opens itself, outside a page, it opens as somebody."""
        from uuid import uuid4

        from fridhem.foundation.database import acting

        before = acting._now.set(acting.Acting(uuid4(), "tests"))
        yield
        acting._now.reset(before)

    def pytest_unconfigure(config: pytest.Config) -> None:
        _house.stop()
        shutil.rmtree(_data, ignore_errors=True)
