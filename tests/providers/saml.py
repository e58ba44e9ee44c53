"""A real SAML 2.0 identity provider on this machine: pysaml2 makes the answers, signxml signs them; neither is used by the house.

python tests/providers/saml.py PORT FOLDER METADATA_OF_FRIDHEM

Its page asks who comes and, for the tests of what must be refused, what is wrong with the answer.
"""

import sys
import urllib.request
from base64 import b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT, NameID
from saml2.server import Server
from signxml import XMLSigner, methods

MFA = "https://refeds.org/profile/mfa"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
PEOPLE = {
    "saga": ("3f1c-saga", "Saga Kommun", ["fridhem-vuxen"], MFA),
    "sune": ("9a77-sune", "Sune Kommun", ["fridhem-mottag"], PASSWORD),
    "siv": ("1b2d-siv", "Siv Kommun", ["ekonomi"], MFA),
}
FAULTS = ("", "audience", "expired", "unsigned", "altered", "other-key", "transient", "wrapped")
NS = {"s": "urn:oasis:names:tc:SAML:2.0:assertion", "p": "urn:oasis:names:tc:SAML:2.0:protocol"}
PLACE = etree.QName("http://www.w3.org/2000/09/xmldsig#", "Signature")


def entity(port: int) -> str:
    """What the provider calls itself."""
    return f"http://127.0.0.1:{port}/idp"


def make_key(folder: Path, name: str) -> tuple[bytes, str]:
    """A key and its certificate, as PEM and as files in the folder; made the first time."""
    own, public = folder / f"{name}.key", folder / f"{name}.crt"
    if own.exists():
        return own.read_bytes(), public.read_text()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(today).not_valid_after(today + timedelta(days=2))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    formats = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own.write_bytes(key.private_bytes(*formats))
    public.write_text(certificate)
    return own.read_bytes(), certificate


class Provider:
    """Who we are, and how an answer is made."""

    def __init__(self, port: int, folder: Path, metadata: str) -> None:
        self.port, self.metadata = port, metadata
        self.keys = {name: make_key(folder, name) for name in ("idp", "stranger")}
        self.folder = folder
        self.server: Server | None = None

    def ready(self) -> Server:
        """pysaml2's server, once Fridhem can say who it is."""
        if self.server is None:
            sp = self.folder / "sp.xml"
            sp.write_bytes(urllib.request.urlopen(self.metadata, timeout=10).read())
            sso = (f"http://127.0.0.1:{self.port}/sso", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect")
            config = {
                "entityid": entity(self.port),
                "crypto_backend": "XMLSecurity",
                "metadata": {"local": [str(sp)]},
                "service": {"idp": {"endpoints": {"single_sign_on_service": [sso]}}},
                "key_file": str(self.folder / "idp.key"),
                "cert_file": str(self.folder / "idp.crt"),
            }
            self.server = Server(config=IdPConfig().load(config))
        return self.server

    def answer(self, asked: str, username: str, fault: str) -> tuple[str, bytes]:
        """Where to send it, and the answer (XML)."""
        server = self.ready()
        binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        request = server.parse_authn_request(asked, binding)
        told = server.response_args(request.message)
        subject, name, groups, how = PEOPLE[username]
        kind = NAMEID_FORMAT_TRANSIENT if fault == "transient" else NAMEID_FORMAT_PERSISTENT
        made = server.create_authn_response(
            identity={"groups": groups, "displayName": [name], "uid": [username]},
            name_id=NameID(format=kind, text=subject, sp_name_qualifier=told["sp_entity_id"]),
            authn={"class_ref": how},
            sign_response=False,
            sign_assertion=False,
            **{key: told[key] for key in ("in_response_to", "destination", "sp_entity_id")},
        )
        return told["destination"], self._spoil(etree.fromstring(str(made).encode()), fault)

    def _spoil(self, response: etree._Element, fault: str) -> bytes:
        assertion = response.find("s:Assertion", NS)
        if fault == "audience":
            assertion.find(".//s:Audience", NS).text = "https://someone-else.example"
        if fault == "expired":
            old = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for element in assertion.iter():
                for attribute in ("NotOnOrAfter", "SessionNotOnOrAfter"):
                    if attribute in element.attrib:
                        element.set(attribute, old)
        if fault != "unsigned":
            self._sign(response, assertion, "stranger" if fault == "other-key" else "idp")
        if fault == "altered":
            for value in response.iterfind(".//s:AttributeValue", NS):
                value.text = (value.text or "").replace("fridhem-mottag", "fridhem-vuxen")
        if fault == "wrapped":
            self._wrap(response)
        return etree.tostring(response)

    def _sign(self, response: etree._Element, assertion: etree._Element, name: str) -> None:
        key, certificate = self.keys[name]
        issuer = assertion.find("s:Issuer", NS)
        issuer.addnext(etree.Element(PLACE, nsmap={"ds": PLACE.namespace}, Id="placeholder"))
        signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
        signed = signer.sign(assertion, key=key, cert=certificate, reference_uri=assertion.get("ID"))
        response.replace(assertion, signed)

    def _wrap(self, response: etree._Element) -> None:
        """Signature wrapping: an unsigned assertion of someone else before the signed one."""
        signed = response.find("s:Assertion", NS)
        forged = deepcopy(signed)
        forged.set("ID", "_forged")
        forged.remove(forged.find(f"{{{PLACE.namespace}}}Signature"))
        forged.find(".//s:NameID", NS).text = PEOPLE["saga"][0]
        signed.addprevious(forged)


class Page(BaseHTTPRequestHandler):
    """The provider's one page, and the form that carries the answer back."""

    provider: Provider

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        asked, relay = query.get("SAMLRequest", [""])[0], query.get("RelayState", [""])[0]
        faults = "".join(f"<option>{fault}</option>" for fault in FAULTS)
        people = "".join(f"<button name=username value={name}>{name}</button>" for name in PEOPLE)
        self._say(f"""<h1>Kommunens inloggning</h1><form method=post action=/sso>
            <input type=hidden name=asked value="{escape(asked)}"><input type=hidden name=relay value="{escape(relay)}">
            <select name=fault>{faults}</select>{people}</form>""")

    def do_POST(self) -> None:
        told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        where, xml = self.provider.answer(told["asked"][0], told["username"][0], told["fault"][0])
        self._say(f"""<form method=post action="{escape(where)}">
            <input type=hidden name=SAMLResponse value="{b64encode(xml).decode()}">
            <input type=hidden name=RelayState value="{escape(told["relay"][0])}"><button>Vidare</button></form>""")

    def _say(self, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=sv><title>Kommunen</title>{body}".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def serve(port: int, folder: Path, metadata: str) -> None:
    """Answer until the process ends."""
    Page.provider = Provider(port, folder, metadata)
    server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
