"""Configuration, from the environment alone.

READOUT_HOSTS     the public host names, separated by commas. Naming one makes this a
                  production site: HTTPS only, and READOUT_SECRET_KEY is required. The first
                  stands in the links of e-mails, whatever host a request named.
READOUT_SECRET_KEY  at least 50 random characters; made and kept in .local/ for local use.
READOUT_OLD_SECRET_KEYS  former keys, with commas, while what they signed and encrypted is still used.
READOUT_DEBUG     "1" shows Django's error pages; refused together with READOUT_HOSTS.
DATABASE_URL      postgresql://user:password@host:port/name; unset: the embedded PostgreSQL.
REPLICA_URLS      the same of each of its streaming replicas, separated by commas: readers read those.
READOUT_REPLICA_LAG  seconds that a replica may be behind before it is left out; 5 if unset.
READOUT_POOLED    "1" if a pooler (pgbouncer) shares connections among clients by transaction.
READOUT_PROXIED   "1" if a proxy in front sets X-Forwarded-Proto and X-Forwarded-For.
READOUT_REQUIRE_SECOND_FACTOR  who must have one: "reviewers", "everyone" or "" for nobody; unset:
                  reviewers on a production site.
READOUT_LOCKOUT   tries/minutes: how many failed log-ins lock an account, and for how long; "5/15".
READOUT_EMAIL_URL  smtp://user:password@host:port, smtps:// for TLS from the start; unset: no e-mail.
READOUT_EMAIL_FROM  the address that e-mails come from.
READOUT_API_LIMIT  requests/minutes that one address may make of the API; "3000/5" if unset, "0" none.
READOUT_SEARCH_LIMIT, READOUT_DOWNLOAD_LIMIT  likewise of searches, "3000/5", and of whole lists and
                  pictures as files, "120/5". A page that is kept counts for nothing.
READOUT_PAGE_CACHE  megabytes of pages that each process keeps for readers; 64 if unset, 0 none.
READOUT_CACHE_URL  redis://:password@host:6379/0 (or rediss://), a Redis or Valkey in which all
                  processes and machines share kept pages; unset: each keeps its own.
READOUT_QUEUE     requests/seconds: how many may wait in each process for their turn, and for how
                  long; what comes beyond is answered with 503 at once. "40/2" if unset.
READOUT_DATAPACKAGE  the zip file of all public records, which dump_datapackage writes and the site
                  serves at /data/datapackage.zip; unset: datapackage.zip in READOUT_LOCAL_DIR.
READOUT_BACKUP_DIR  where `backup` keeps backups; unset: backups/ in READOUT_LOCAL_DIR.
READOUT_SECURITY_CONTACT  where to report a weakness: a mail address or https:// page, for
                  /.well-known/security.txt, which is not there if this is unset.
READOUT_FOUR_EYES  "1": nobody publishes what they wrote; "0": they may; unset: "1" in production.
READOUT_LOG       "json": a JSON object for each line of the log; "text": lines to read; both with a
                  line for each request. Unset: text on a production site, else only what is wrong.
READOUT_SLOW      milliseconds from which on a page or a query is logged as slow; 1000 if unset, 0 none.
READOUT_METRICS_TOKEN  16 characters or more; who sends them as a bearer gets /metrics, for
                  Prometheus. Unset: there is no such page.
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


def _number(name: str, unset: int, what: str) -> int:
    text = os.environ.get(name) or str(unset)
    if text.isascii() and text.isdecimal():
        return int(text)
    raise ImproperlyConfigured(
        f"{name} is “{text}”. Write a whole number of {what}, or 0 for none."
    )


def _flag(name: str) -> bool:
    text = os.environ.get(name, "")
    if text not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is “{text}”. Set it to 1, or to 0.")
    return text == "1"


# --- Where we run ---

HOSTS = [host.strip() for host in os.environ.get("READOUT_HOSTS", "").split(",") if host.strip()]
if odd := [host for host in HOSTS if "/" in host or (":" in host and not host.startswith("["))]:
    raise ImproperlyConfigured(
        f"READOUT_HOSTS has “{odd[0]}”. Write host names, without https:// and port."
    )
PRODUCTION = bool(HOSTS)
DEBUG = _flag("READOUT_DEBUG")
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
SECRET_KEY_FALLBACKS = list(filter(None, os.environ.get("READOUT_OLD_SECRET_KEYS", "").split(",")))
if any(len(key) < 50 for key in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured(
        "READOUT_OLD_SECRET_KEYS has a key of fewer than 50 characters. Give the former keys whole, "
        "with commas between."
    )

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
    "negotiations.operating.probes.Probes",
    "negotiations.operating.requests.routed",
    "negotiations.exchange.api.front.Front",
    "negotiations.servers.reading.FromReplicas",
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


def _at(variable: str, url: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        # Not psycopg's own message: it repeats the URL, with the password.
        raise ImproperlyConfigured(
            f"{variable} can't be read. Write it as postgresql://user:password@host:5432/name."
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


def _replicas(urls: str) -> dict[str, dict[str, Any]]:
    found = {}
    for number, url in enumerate(filter(None, map(str.strip, urls.split(","))), 1):
        if not url.startswith(("postgresql://", "postgres://")):
            raise ImproperlyConfigured(
                f"REPLICA_URLS can't be read at its address {number}. Write each as "
                "postgresql://user:password@host:5432/name, for one server, with commas between "
                "them; a comma in a password is %2C."
            )
        found[f"replica-{number}"] = _at(f"Address {number} of REPLICA_URLS", url)
    if found and EMBEDDED_DATABASE:
        raise ImproperlyConfigured(
            "REPLICA_URLS is set and DATABASE_URL is not, but the PostgreSQL that comes along has no "
            "replicas. Set DATABASE_URL to their primary, or unset REPLICA_URLS."
        )
    for database in found.values():
        # Who does not answer is soon asked no more: there are others.
        database["OPTIONS"] = {"connect_timeout": 2, "tcp_user_timeout": 5000} | database["OPTIONS"]
        database["TEST"] = {"MIRROR": "default"}
    return found


def _replica_lag(text: str) -> int:
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= 3600:
        return int(text)
    raise ImproperlyConfigured(
        f"READOUT_REPLICA_LAG is “{text}”. Write seconds, from 1 to 3600: how far a replica may be "
        "behind before readers are sent elsewhere."
    )


try:
    POOLED = {"1": True, "0": False, "": False}[os.environ.get("READOUT_POOLED", "")]
except KeyError as error:
    raise ImproperlyConfigured(
        f"READOUT_POOLED is {error}. Set it to 1 where DATABASE_URL leads to a pooler in transaction "
        "mode, else to 0."
    ) from error

_DEFAULT = (
    embedded.connection(EMBEDDED_DATABASE)
    if EMBEDDED_DATABASE
    else _at("DATABASE_URL", os.environ["DATABASE_URL"])
)
DATABASES = {"default": _DEFAULT} | _replicas(os.environ.get("REPLICA_URLS", ""))
REPLICA_LAG = _replica_lag(os.environ.get("READOUT_REPLICA_LAG") or "5")
for _database in DATABASES.values():
    _database["ENGINE"] = "negotiations.servers"
    _database["DISABLE_SERVER_SIDE_CURSORS"] = POOLED
    _wait = 10 if _database is _DEFAULT else 2
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": _wait}
    # Only what asks to be prepared is: in Django None forbids that, and a number prepares all. What
    # is prepared stays on the connection, which a pooler gives to the next client.
    _database["OPTIONS"]["prepare_threshold"] = None if POOLED else 2**31

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


def _two_numbers(text: str) -> tuple[int, int] | None:
    """Of `5/15`; None if it is written otherwise."""
    one, _, other = text.partition("/")
    return (int(one), int(other)) if one.isdecimal() and other.isdecimal() else None


def _lockout(text: str) -> tuple[int, int]:
    if (pair := _two_numbers(text)) and all(pair):
        return pair
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

# No nonces, for nothing stands in a page that would need one: all scripts and styles are files.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "object-src": [CSP.NONE],
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
# By this prefix browsers take them from this very host alone, not from a neighbour on its domain.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20  # the longest text that can be captured, in any script
CSRF_FAILURE_VIEW = "negotiations.pages.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
PROXIED = _flag("READOUT_PROXIED")
if PROXIED:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose X-Forwarded-For tells who is to be locked out

# --- Quick for readers ---

PAGE_CACHE = _number("READOUT_PAGE_CACHE", 64, "megabytes")  # for each process


def _cache_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
        known = not url or bool(parts.scheme in ("redis", "rediss") and parts.hostname)
    except ValueError:
        known = False
    if not known:
        # Not the URL: it may hold a password.
        raise ImproperlyConfigured(
            "READOUT_CACHE_URL can't be read. Write it as redis://:password@host:6379/0."
        )
    return url


CACHE_URL = _cache_url(os.environ.get("READOUT_CACHE_URL", ""))


def _queue(text: str) -> tuple[int, int]:
    if (pair := _two_numbers(text)) and pair[0] <= 500 and pair[1]:
        return pair
    raise ImproperlyConfigured(
        f"READOUT_QUEUE is “{text}”. Write requests/seconds, such as 40/2: forty requests may wait "
        "in each process, each two seconds at most. More than 500 can't."
    )


QUEUE = _queue(os.environ.get("READOUT_QUEUE") or "40/2")

# --- How much one address gets ---


def _limit(name: str, text: str) -> tuple[int, int]:
    """Requests, and the seconds in which they may be made; (0, 0) without a limit."""
    if text == "0":
        return 0, 0
    if (pair := _two_numbers(text)) and all(pair):
        requests, minutes = pair
        return requests, minutes * 60
    raise ImproperlyConfigured(
        f"{name} is “{text}”. Write requests/minutes, such as 3000/5, or 0 for no limit."
    )


API_LIMIT, SEARCH_LIMIT, DOWNLOAD_LIMIT = (
    _limit(name, os.environ.get(name) or most)
    for name, most in (
        ("READOUT_API_LIMIT", "3000/5"),
        ("READOUT_SEARCH_LIMIT", "3000/5"),
        ("READOUT_DOWNLOAD_LIMIT", "120/5"),
    )
)

# --- Whom to tell of a weakness ---


def _contact(text: str) -> str:
    """As security.txt has it: an address on the web, or mailto:."""
    parts = urlsplit(text)
    if text and (any(c.isspace() for c in text) or not text.isascii()):
        parts = urlsplit("")
    if not text or (parts.scheme == "https" and parts.hostname):
        return text
    name, at, domain = text.removeprefix("mailto:").rpartition("@")
    if name and at and "." in domain and "/" not in text:
        return f"mailto:{name}@{domain}"
    raise ImproperlyConfigured(
        f"READOUT_SECURITY_CONTACT is “{text}”. Write a mail address, or a page as https://…"
    )


SECURITY_CONTACT = _contact(os.environ.get("READOUT_SECURITY_CONTACT", ""))

# --- All of it to keep ---

DATAPACKAGE = Path(os.environ.get("READOUT_DATAPACKAGE") or LOCAL_DIR / "datapackage.zip")
BACKUP_DIR = Path(os.environ.get("READOUT_BACKUP_DIR") or LOCAL_DIR / "backups").absolute()

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

# --- What is told of it ---


LOG = os.environ.get("READOUT_LOG", "text" if PRODUCTION else "")
if LOG not in ("", "json", "text"):
    raise ImproperlyConfigured(f"READOUT_LOG is “{LOG}”. Write json or text.")
SLOW = _number("READOUT_SLOW", 1000, "milliseconds")
METRICS_TOKEN = os.environ.get("READOUT_METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured(
        "READOUT_METRICS_TOKEN has fewer than 16 characters. Make one with "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "negotiations.operating.logs.Text"},
        "json": {"()": "negotiations.operating.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG or "text"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        **{
            name: {"level": "INFO" if LOG else "WARNING"}
            for name in ("readout", "django.tasks", "django_tasks_db")
        },
        # Who came in, who did not, who was sent away: a line each.
        "readout.security": {"level": "INFO"},
        # What was not found or not allowed has its line among the requests.
        "django.request": {"level": "ERROR" if LOG else "WARNING"},
    },
}
