"""A real OpenID provider on this machine: django-allauth's own, as a process of its own with its own people.

python tests/providers/oidc.py PORT FOLDER REDIRECT_URI

`POST /control` (JSON: username, groups, active) changes what it says of someone, as the municipality's directory would.
"""

import os
import sys
from pathlib import Path

CLIENT, SECRET = "fridhem", "a secret between the two"
PEOPLE = {
    "linnea": (["fridhem-vuxen"], "phr"),
    "ture": (["fridhem-mottag"], "pwd"),
    "vikarie": (["fridhem-vikarier"], "phr"),
    "stina": (["ekonomi"], "phr"),
}
PASSWORD = "kommunens eget lösenord"


def serve(port: int, folder: Path, redirect_uri: str) -> None:
    """Make the provider's own database and people, and answer until the process ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = __name__
    _configure(port, folder)
    import django

    django.setup()
    _people(redirect_uri)
    from wsgiref.simple_server import make_server

    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", port, StaticFilesHandler(get_wsgi_application())) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()


def _configure(port: int, folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    pem = folder / "key.pem"
    if not pem.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        formats = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        pem.write_bytes(key.private_bytes(*formats))
    settings.configure(
        SECRET_KEY="only on this machine",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "people.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "django.contrib.staticfiles", "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        ROOT_URLCONF="tests.providers.oidc_urls",
        STATIC_URL="static/",
        SESSION_COOKIE_NAME="provider",
        CSRF_COOKIE_NAME="provider-csrf",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ACCOUNT_LOGIN_METHODS={"username"},
        ACCOUNT_SIGNUP_FIELDS=["username*", "password1*"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_ADAPTER="tests.providers.oidc_urls.Adapter",
        IDP_OIDC_PRIVATE_KEY=pem.read_text(),
    )  # fmt: skip


def _people(redirect_uri: str) -> None:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for username, (groups, acr) in PEOPLE.items():
        user = User.objects.create_user(username, password=PASSWORD, first_name=username.title(), last_name=acr)
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    client = Client(id=CLIENT, name="Fridhem", skip_consent=True)
    client.set_secret(SECRET)
    client.set_scopes(["openid", "profile"])
    client.set_grant_types(["authorization_code", "refresh_token"])
    client.set_redirect_uris([redirect_uri])
    client.save()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent.parent))
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
