"""Configuration, from the environment alone.

READOUT_HOSTS     the public host names, separated by commas. Naming one makes this a
                  production site: HTTPS only, and READOUT_SECRET_KEY is required. The first
                  stands in the links of e-mails, whatever host a request named.
READOUT_SECRET_KEY  at least 50 random characters; made and kept in .local/ for local use.
READOUT_DEBUG     "1" shows Django's error pages; refused together with READOUT_HOSTS.
DATABASE_URL      postgresql://user:password@host:port/name; unset: the embedded PostgreSQL.
READOUT_PROXIED   "1" if a proxy in front sets X-Forwarded-Proto and X-Forwarded-For.
READOUT_REQUIRE_SECOND_FACTOR  who must have one: "reviewers", "everyone" or "" for nobody; unset:
                  reviewers on a production site.
READOUT_LOCKOUT   tries/minutes: how many failed log-ins lock an account, and for how long; "5/15".
READOUT_EMAIL_URL  smtp://user:password@host:port, smtps:// for TLS from the start; unset: no e-mail.
READOUT_EMAIL_FROM  the address that e-mails come from.
READOUT_API_LIMIT  requests/minutes that one address may make of the API; "3000/5" if unset, "0" none.
READOUT_PAGE_CACHE  megabytes of pages that each process keeps for readers; 64 if unset, 0 none.
READOUT_DATAPACKAGE  the zip file of all public records, which dump_datapackage writes and the site
                  serves at /data/datapackage.zip; unset: datapackage.zip in READOUT_LOCAL_DIR.
READOUT_FOUR_EYES  "1": nobody publishes what they wrote; "0": they may; unset: "1" in production.
READOUT_LOCAL_DIR  where the embedded database, the secret key and the collected static files
                  are kept; unset: .local/ in the project.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from negotiations import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(os.environ.get("READOUT_LOCAL_DIR") or BASE_DIR / ".local").absolute()

# --- Where we run ---

HOSTS = [host.strip() for host in os.environ.get("READOUT_HOSTS", "").split(",") if host.strip()]
PRODUCTION = bool(HOSTS)
DEBUG = os.environ.get("READOUT_DEBUG") == "1"
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured(
        "READOUT_DEBUG=1 would show the site's insides to the public. "
        "Unset READOUT_DEBUG or READOUT_HOSTS."
    )
ALLOWED_HOSTS = HOSTS or ["127.0.0.1", "localhost", "[::1]"]


def _secret_key() -> str:
    if key := os.environ.get("READOUT_SECRET_KEY"):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured(
            "READOUT_SECRET_KEY is not set. Make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` "
            "and keep it out of the repository."
        )
    path = LOCAL_DIR / "secret-key"
    try:
        if not path.exists():
            _make_secret_key(path)
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {LOCAL_DIR} can't be used ({error.strerror}: {error.filename}). "
            "Free space on its disk, or run as the user to whom the project belongs."
        ) from error


def _make_secret_key(path: Path) -> None:
    """Write the key whole before it gets its name: two processes may be at it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        with suppress(FileExistsError):
            path.hardlink_to(file.name)


SECRET_KEY = _secret_key()

# --- The house ---

INSTALLED_APPS = [
    "negotiations",
    "negotiations.editing.config.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "negotiations.exchange.api.front.Front",
    "negotiations.pages.freshness.KeptPages",
    "negotiations.languages.addressed.LanguageOfAddress",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "negotiations.pages.errors.DatabaseAway",
    "negotiations.pages.errors.no_null_bytes",
    "negotiations.pages.errors.unhurried",
    "django.middleware.gzip.GZipMiddleware",
    "negotiations.exchange.api.front.straight",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "negotiations.editing.typed.KeepsWhatWasTyped",
    "negotiations.editing.middleware.change_password_first",
    "negotiations.editing.middleware.second_factor_first",
    "negotiations.editing.middleware.sessions_noted",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "negotiations.pages.withdrawn.Withdrawn",
]

ROOT_URLCONF = "negotiations.urls"
WSGI_APPLICATION = "negotiations.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "readout": "negotiations.pages.tags",
                "linked": "negotiations.exchange.standards.tags",
            },
            "builtins": ["negotiations.pages.wording"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- The database: PostgreSQL, always ---


EMBEDDED_DATABASE = None if os.environ.get("DATABASE_URL") else LOCAL_DIR / "postgres"


def _database() -> dict[str, Any]:
    if EMBEDDED_DATABASE:
        return embedded.connection(EMBEDDED_DATABASE)
    url = os.environ["DATABASE_URL"]
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        # Not psycopg's own message: it repeats the URL, with the password.
        raise ImproperlyConfigured(
            "DATABASE_URL can't be read. Write it as postgresql://user:password@host:5432/name."
        ) from error
    options = {
        key: value
        for key, value in parts.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    return {
        "NAME": parts.get("dbname") or "readout",
        "USER": parts.get("user") or "",
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": parts.get("port") or "",
        "OPTIONS": options,
    }


DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **_database()}}
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
# Only what asks to be prepared is: in Django None forbids that, and a number prepares all.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2**31

# --- History of every record ---

PGHISTORY_APPEND_ONLY = True
# Reading changes nothing that would need to know who and why.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- Who may publish ---

try:
    FOUR_EYES = {"1": True, "0": False, "": PRODUCTION}[os.environ.get("READOUT_FOUR_EYES", "")]
except KeyError as error:
    raise ImproperlyConfigured(
        f"READOUT_FOUR_EYES is {error}. Set it to 1 (nobody publishes what they wrote) or to 0."
    ) from error

# --- Who may come in ---

AUTH_USER_MODEL = "negotiations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
AUTH_PASSWORD_VALIDATORS.append(
    {"NAME": "negotiations.editing.accounts.passwords.NotEasilyGuessed"}
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7

REQUIRE_SECOND_FACTOR = os.environ.get(
    "READOUT_REQUIRE_SECOND_FACTOR", "reviewers" if PRODUCTION else ""
)
if REQUIRE_SECOND_FACTOR not in ("", "reviewers", "everyone"):
    raise ImproperlyConfigured(
        f"READOUT_REQUIRE_SECOND_FACTOR is “{REQUIRE_SECOND_FACTOR}”. "
        "Write reviewers, everyone, or nothing for nobody."
    )


def _lockout(text: str) -> tuple[int, int]:
    tries, _, minutes = text.partition("/")
    if tries.isdecimal() and minutes.isdecimal() and int(tries) and int(minutes):
        return int(tries), int(minutes)
    raise ImproperlyConfigured(
        f"READOUT_LOCKOUT is “{text}”. Write tries/minutes, such as 5/15: five failed log-ins "
        "lock an account for fifteen minutes."
    )


LOCKOUT_TRIES, LOCKOUT_MINUTES = _lockout(os.environ.get("READOUT_LOCKOUT") or "5/15")

# The library's own settings: https://docs.allauth.org
ACCOUNT_ADAPTER = "negotiations.editing.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes us write to strangers
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Readout: "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # An address may serve a whole newsroom, so it has four times the tries of an account.
    "login_failed": (
        f"{4 * LOCKOUT_TRIES}/{LOCKOUT_MINUTES}m/ip,{LOCKOUT_TRIES}/{LOCKOUT_MINUTES}m/key"
    ),
    # How many letters that ask to confirm may be asked for from one address.
    "follow": "10/1h/ip",
}
MFA_ADAPTER = "negotiations.editing.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    f"{act}_webauthn": f"negotiations.editing.accounts.passkeys.{act.title()}Form"
    for act in ("add", "login", "authenticate", "reauthenticate")
}
MFA_TOTP_ISSUER = "Readout"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so that a passkey is two factors in one

# What the lock-out counts must be seen by all processes, and be outlived by no restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "readout_cache",
        # Enough that nobody can push a count out by failing under other names.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- E-mail, if any ---


def _mailers(url: str) -> dict[str, Any]:
    if not url:
        return {}
    try:
        parts = urlsplit(url)
        options = {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            # A relay on this machine needs no secrecy, others get no password without it.
            "use_tls": parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1"),
            "use_ssl": parts.scheme == "smtps",
            "timeout": 10,
        }
    except ValueError:
        options = {}
    if not options.get("host") or parts.scheme not in ("smtp", "smtps"):
        # Not the URL: it may hold a password.
        raise ImproperlyConfigured(
            "READOUT_EMAIL_URL can't be read. Write it as smtp://user:password@host:port."
        )
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": options}}


MAILERS = _mailers(os.environ.get("READOUT_EMAIL_URL", ""))
SILENCED_SYSTEM_CHECKS = [] if MAILERS else ["mail.W001"]  # a site may do without
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    os.environ.get("READOUT_EMAIL_FROM") or f"readout@{HOSTS[0] if HOSTS else 'localhost'}"
)

# What is to be done after a request waits in the database, for `manage.py db_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Safe by default ---

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20  # the longest text that can be captured, in any script
CSRF_FAILURE_VIEW = "negotiations.pages.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if os.environ.get("READOUT_PROXIED") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose X-Forwarded-For tells who is to be locked out

# --- Quick for readers ---

PAGE_CACHE = int(os.environ.get("READOUT_PAGE_CACHE") or 64)  # megabytes for each process

# --- How much the API gives one address ---


def _api_limit(text: str) -> tuple[int, int]:
    """Requests, and the seconds in which they may be made; (0, 0) without a limit."""
    requests, _, minutes = text.partition("/")
    if text == "0":
        return 0, 0
    if requests.isdecimal() and minutes.isdecimal() and int(requests) and int(minutes):
        return int(requests), int(minutes) * 60
    raise ImproperlyConfigured(
        f"READOUT_API_LIMIT is “{text}”. Write requests/minutes, such as 3000/5, or 0 for no limit."
    )


API_LIMIT = _api_limit(os.environ.get("READOUT_API_LIMIT") or "3000/5")

# --- All of it to keep ---

DATAPACKAGE = Path(os.environ.get("READOUT_DATAPACKAGE") or LOCAL_DIR / "datapackage.zip")

# --- Words, time, files ---

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"  # the same in all languages
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "negotiations.pages.statics.StaticFiles"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
