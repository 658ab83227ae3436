"""Settings of the ledger.

Nothing set: a ledger on this machine, for this machine, with its data in `data/`.
LEDGER_PRODUCTION=1: a server behind TLS; what it then needs is asked for by name.
Every variable is listed in `claims_site/environment.py` and in docs/operating.md.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from claims_site import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# Where and how it runs
environment.refuse_unknown(os.environ)
DATA_DIR = environment.data_folder(os.environ, BASE_DIR / "data")
PRODUCTION = environment.flag(os.environ, "LEDGER_PRODUCTION")
DEBUG = environment.flag(os.environ, "LEDGER_DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("LEDGER_DEBUG shows visitors what is inside. Unset it for LEDGER_PRODUCTION.")
PORT = environment.number(os.environ, "LEDGER_PORT", lowest=1, highest=65535)
WORKERS = environment.number(os.environ, "LEDGER_WORKERS", lowest=1, highest=64) or 2
FIXTURES_DIR = BASE_DIR / "fixtures"
BACKUPS_DIR = DATA_DIR / "backups"
IMPORTS_DIR = DATA_DIR / "imports"

# What it is made of
INSTALLED_APPS = [
    "claims_site",
    "claims",
    "evidence",
    "knox",
    "csp",
    "drf_spectacular",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # above whitenoise: static files carry the policy too
    "evidence.api.problems.ProblemsMiddleware",  # above what answers with pages of errors
    "evidence.api.conditional.ConditionalMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "claims_site.urls"
WSGI_APPLICATION = "claims_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database
DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.database(os.environ, DATA_DIR / "ledger.sqlite3"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_REVERT_DISABLED = True

# The API: JSON alone, with tokens before sessions, so that who is not known is asked for a token
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "evidence.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["evidence.api.authentication.WithinToken"],
    "DEFAULT_THROTTLE_CLASSES": ["evidence.api.throttles.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["evidence.api.parsing.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "evidence.api.formats.Negotiation",
    "DEFAULT_METADATA_CLASS": "evidence.api.metadata.Metadata",
    "DEFAULT_SCHEMA_CLASS": "evidence.api.schema.inspection.OperationSchema",
    "EXCEPTION_HANDLER": "evidence.api.problems.answer_to",
    "URL_FORMAT_OVERRIDE": None,  # a format that there is not is our error, not a missing page
    # How many proxies may be believed about an address, else anybody could take a new one for every request.
    "NUM_PROXIES": int(environment.flag(os.environ, "LEDGER_BEHIND_PROXY")),
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "The claims ledger",
    "VERSION": "1",
    "DESCRIPTION": "What documents say about companies, agreements, plants and patents: who says it, where, how "
    "sure we are, and what speaks against it. Guides with examples: /api/docs/",
    "SERVERS": [{"url": "/"}],
    "POSTPROCESSING_HOOKS": ["evidence.api.schema.document.completed"],
}
# Tokens are a model of our own; the library's table would only stand in the way of emptying that of the users.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "evidence.Token"  # noqa: S105  # the name of a model
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTO_REFRESH": False}
UNTHROTTLED = environment.flag(os.environ, "LEDGER_UNTHROTTLED")
API_RATES: dict[str, str | None] = {
    "anonymous": None if UNTHROTTLED else "60/min",
    "user": None if UNTHROTTLED else "600/min",
}

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Static files, served from this process under names that change with their content
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where there is none yet
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "claims_site.static.LedgerStaticStorage"},
}

# People
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Security
SECRET_KEY = (
    environment.production_key(os.environ) if PRODUCTION else environment.local_key(DATA_DIR / "secret_key")
)
ALLOWED_HOSTS = (
    environment.production_hosts(os.environ) if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from the machine itself, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # With this prefix browsers refuse the cookie from a neighbouring or unencrypted host.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if environment.flag(os.environ, "LEDGER_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Log: to the terminal, because Django by itself only writes e-mails when DEBUG is off
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "WARNING", "propagate": False},
        # It warns at every HEAD request that it drops the body, which is what it should do.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
