"""The municipality's own sign-in as processes of their own, and a visitor of their pages."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests
from lxml import html

from tests.providers import oidc, saml
from tests.running import free_port

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Provider:
    """A started provider: its address and its folder."""

    url: str
    folder: Path

    def control(self, username: str, **told) -> None:
        """Change what it says of someone (OpenID Connect only)."""
        request = urllib.request.Request(f"{self.url}/control", json.dumps({"username": username, **told}).encode())
        urllib.request.urlopen(request, timeout=20).close()


@contextmanager
def started(script: str, folder: Path, about_us: str, port: int = 0, patience: float = 120) -> Iterator[Provider]:
    """The provider `script` (oidc.py, saml.py), for as long as the block lasts. `about_us`: what it must know of the house."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    words = [sys.executable, str(HERE / script), str(port), str(folder), about_us]
    log = folder / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(words, cwd=HERE.parent.parent, stdout=said, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + patience
        while "ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"{script} didn't start: {log.read_text()}"
            time.sleep(0.2)
        yield Provider(f"http://127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        process.wait(20)


def sign_in_file(folder: Path, *, oidc_url: str = "", saml_url: str = "", more: str = "") -> Path:
    """The file that `FRIDHEM_SIGN_IN` names, with the providers that run, and what their groups mean."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "[sessions]\nidle_minutes = 30\n"
    if oidc_url:
        (folder / "oidc-secret").write_text(oidc.SECRET)
        text += f"""
[[providers]]
id = "kommunen"
name = "Kommunens inloggning"
kind = "oidc"
issuer = "{oidc_url}"
client_id = "{oidc.CLIENT}"
client_secret_file = "oidc-secret"
scopes = ["openid", "profile"]
strong = ["phr"]
{more or "ask_every_seconds = 1"}
{GROUPS}"""
    if saml_url:
        port = int(saml_url.rpartition(":")[2])
        certificate = Path(folder / "idp.crt")
        text += f"""
[[providers]]
id = "saml"
name = "Kommunens SAML"
kind = "saml"
entity_id = "{saml.entity(port)}"
sso_url = "{saml_url}/sso"
certificate_file = "{certificate.name}"
groups_from = "groups"
name_from = "urn:oid:2.16.840.1.113730.3.1.241"
username_from = "urn:oid:0.9.2342.19200300.100.1.1"
strong = ["{saml.MFA}"]
session_minutes = 60
local_names = true
{GROUPS}"""
    path = folder / "sign-in.toml"
    path.write_text(text)
    return path


GROUPS = """
[[providers.groups]]
group = "fridhem-vuxen"
role = "caseworker"
unit = "Vuxen våld"
from = 2026-01-01
[[providers.groups]]
group = "fridhem-mottag"
role = "reception"
unit = "Mottag"
from = 2026-01-01
[[providers.groups]]
group = "fridhem-vikarier"
role = "caseworker"
unit = "Vuxen våld"
zones = ["case"]
from = 2026-01-01
[[providers.groups]]
group = "fridhem-fore-detta"
role = "caseworker"
unit = "Vuxen våld"
from = 2020-01-01
to = 2020-12-31
"""


def fill_in(visitor: requests.Session, answer: requests.Response, **values: str) -> requests.Response:
    """Send the first form of a page with what it holds and `values`, following where it leads, but not out of the provider."""
    form = html.fromstring(answer.text).forms[0]
    data = {**dict(form.form_values()), **values}
    return visitor.post(urljoin(answer.url, form.action or ""), data=data, headers={"Referer": answer.url}, allow_redirects=False)


def at_oidc(address: str, username: str, password: str = oidc.PASSWORD) -> str:
    """Sign in at the OpenID provider; the address that it sends the browser back to."""
    visitor = requests.Session()
    answer = fill_in(visitor, visitor.get(address, timeout=60), login=username, password=password)
    for _step in range(6):
        where = answer.headers.get("Location", "")
        if not where:
            raise AssertionError(answer.text[:600])
        if "/ater/" in where:
            return where
        answer = visitor.get(urljoin(answer.url, where), timeout=60, allow_redirects=False)
    raise AssertionError("The provider sent us round and round.")


def at_saml(address: str, username: str, fault: str = "") -> dict[str, str]:
    """Sign in at the SAML provider; the fields of the form that it sends the browser back with."""
    visitor = requests.Session()
    page = fill_in(visitor, visitor.get(address, timeout=60), username=username, fault=fault)
    assert page.ok, page.text
    return dict(html.fromstring(page.text).forms[0].form_values())
