"""Every switch is an environment variable; what differs between municipalities is data. There are no dev and prod variants.

`FRIDHEM_SECRETS` names the process's own secrets file (written by `fridhem start`, see `fridhem.cli.house`): the database
address of its role, its secret key and the keys it may hold. A process is given its own file and no other.
"""

import json
import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fridhem.site import logs
from fridhem.site.sign_in import *  # noqa: F403  (what django-allauth reads; one subject, one file)


def _switch(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _secrets() -> dict:
    path = Path(os.environ.get("FRIDHEM_SECRETS", ".fridhem/faces/owner.json"))
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"No secrets file at {path}. Run `fridhem prepare` (or `make start`), or name one with FRIDHEM_SECRETS."
        ) from None


_own = _secrets()

# Which of the house's processes this is: owner (migrates), public, staff or worker.
FRIDHEM_FACE: str = _own["face"]
FRIDHEM_KEYS: dict = _own["keys"]
FRIDHEM_RECEIPT_SALT: str = _own["receipt_salt"]
# The folder that holds what this house keeps, beside the database.
FRIDHEM_DATA = Path(os.environ.get("FRIDHEM_DATA", ".fridhem"))
FRIDHEM_MUNICIPALITY = os.environ.get("FRIDHEM_MUNICIPALITY", "Fridköping")
# Four digits, such as 1280; the invented Fridköping has 9999. A municipality that has said its name must say its code too,
# or nothing can be disposed of: in some places everything is kept.
FRIDHEM_MUNICIPALITY_CODE = os.environ.get("FRIDHEM_MUNICIPALITY_CODE", "" if "FRIDHEM_MUNICIPALITY" in os.environ else "9999")
# Where the exit button leads: a page that anyone may have open.
FRIDHEM_EXIT_URL = os.environ.get("FRIDHEM_EXIT_URL", "https://www.svt.se/vader/")
# One-click sign-ins for the demonstration municipality. Never where real people are.
FRIDHEM_DEMO = _switch("FRIDHEM_DEMO")
# How people sign in: the municipality's own provider, what its groups mean, how long a session lasts. Empty: as it comes.
FRIDHEM_SIGN_IN = os.environ.get("FRIDHEM_SIGN_IN", "")
# How many proxies of our own stand before the staff face: the address that the outermost saw is the one that is counted by.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FRIDHEM_PROXIES", "0"))
FRIDHEM_PUBLIC_URL = os.environ.get("FRIDHEM_PUBLIC_URL", "http://127.0.0.1:8000/")

# The public form closes before anyone begins to write when less than this is free on the disk, or the database is this large
# (bytes; 0: as large as it likes).
FRIDHEM_SPARE_ROOM = int(os.environ.get("FRIDHEM_SPARE_ROOM", "200000000"))
FRIDHEM_DATABASE_LARGEST = int(os.environ.get("FRIDHEM_DATABASE_LARGEST", "0"))

_is_public = FRIDHEM_FACE == "public"

SECRET_KEY = _own["secret_key"]
DEBUG = False
ALLOWED_HOSTS = os.environ.get("FRIDHEM_HOSTS", "127.0.0.1,localhost").split(",")
if FRIDHEM_DEMO and not set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
    raise ImproperlyConfigured(
        "FRIDHEM_DEMO lets anyone in as anyone, so it works on this machine only: take it away, or take away FRIDHEM_HOSTS."
    )
ROOT_URLCONF = "fridhem.site.urls.public" if _is_public else "fridhem.site.urls.staff"
WSGI_APPLICATION = "fridhem.site.wsgi.application"

ROOMS = [
    "persons",
    "processes",
    "casework",
    "assessments",
    "disclosures",
    "importing",
    "support",
    "council",
    "intake",
    "statistics",
    "conformance",
    "reviews",
    "retention",
    "oversight",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "fridhem.foundation.database",
    "fridhem.foundation.crypto",
    "fridhem.foundation.audit",
    "fridhem.foundation.accounts",
    "fridhem.foundation.processes",
    "fridhem.foundation.files",
    "fridhem.design",
    *([] if _is_public else ["allauth.account", "allauth.mfa", *PROVIDER_APPS]),  # noqa: F405
    *(f"fridhem.rooms.{room}" for room in ROOMS),
    "fridhem.site",
]

# The first ones see every answer: refusals, errors and files too.
_EVERY_FACE = [
    "fridhem.site.middleware.sealed_off",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
# The public face knows nobody: no session, no sign-in, no cookie but the one that CSRF needs.
_PUBLIC_FACE = [
    "fridhem.site.middleware.only_counted",
    "fridhem.site.middleware.no_trace",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "fridhem.site.middleware.only_utf8",
    "fridhem.site.middleware.policies",
    "fridhem.site.middleware.refusals",
]
# The staff face is closed until a view says otherwise.
_STAFF_FACE = [
    "fridhem.site.middleware.each_answer",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fridhem.site.sessions.whose_session",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fridhem.site.middleware.for_whom",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fridhem.site.middleware.only_utf8",
    "fridhem.site.middleware.policies",
    "fridhem.site.middleware.refusals",
    "django_htmx.middleware.HtmxMiddleware",
]
MIDDLEWARE = _EVERY_FACE + (_PUBLIC_FACE if _is_public else _STAFF_FACE)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "fridhem.site.context.house",
                *(
                    []
                    if _is_public
                    else [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                ),
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "fridhem.design.templatetags.design",
            ],
        },
    }
]
FORM_RENDERER = "fridhem.design.forms.Renderer"

DATABASES = {"default": dj_database_url.parse(_own["database_url"], conn_max_age=60, conn_health_checks=True)}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "connect_timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "start"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name")}},
]  # fmt: skip
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SESSION_ENGINE = "fridhem.foundation.accounts.sessions"  # which also says how long they last
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What counts wrong passwords and used codes; in the database, so that every process of the face counts the same.
if not _is_public:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "accounts_counter",
            "OPTIONS": {"MAX_ENTRIES": 200_000},
        }
    }
# Behind TLS (everywhere but on the loopback of a demonstration) cookies travel over TLS only.
_tls = _switch("FRIDHEM_TLS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _tls else None
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    "s",
    "c",
)  # two faces on one host must not read each other's; a neutral name tells nothing
if _is_public:
    CSRF_COOKIE_NAME = "p"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # gone when the browser closes
CSRF_FAILURE_VIEW = "fridhem.site.errors.csrf_failure"

# `no-referrer` would make browsers send `Origin: null`, which CSRF refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What a page of ours never asks of the device.
_NEVER = """
    accelerometer autoplay bluetooth browsing-topics camera display-capture encrypted-media geolocation gyroscope hid
    idle-detection interest-cohort local-fonts magnetometer microphone midi payment picture-in-picture screen-wake-lock
    serial storage-access usb web-share xr-spatial-tracking
"""
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in _NEVER.split()}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],  # and the municipality's own sign-in, on the staff face: see `site.pages.signing_in`
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English"), ("ar", "العربية")]
STAFF_LANGUAGES = ("sv", "en")
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = "l", True, "Strict"
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = FRIDHEM_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

# Uploads stay in memory: what is sensitive never touches the disk in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000 if _is_public else 25 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# The virus scanner (clamd), as unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310. One that is named and doesn't answer lets
# nothing through.
FRIDHEM_CLAMD = os.environ.get("FRIDHEM_CLAMD", "")

logs.begin()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": logs.formatter(FRIDHEM_FACE)},
    "filters": {"no_person": {"()": "fridhem.site.logs.WithoutPeople"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_person"], "level": "WARNING"},
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "formatter": "json",
            "filters": ["no_person"],
            "filename": str(FRIDHEM_DATA / "logs" / f"{FRIDHEM_FACE}.jsonl"),
            "delay": True,
            "maxBytes": 10_000_000,
            "backupCount": 9,
        },
    },
    "root": {"handlers": ["console", "file"], "level": "WARNING"},
    "loggers": {"fridhem": {"level": "INFO"}},
}
