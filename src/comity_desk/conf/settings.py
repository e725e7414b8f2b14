"""Settings of the desk, from the environment; the defaults are safe, and right for one machine on loopback.

| variable | what it sets | default |
| --- | --- | --- |
| `COMITY_DESK_HOME` | folder of the database, secret key, attachments and exports | `desk-data` |
| `DATABASE_URL` | `postgresql://…` moves the record to PostgreSQL | SQLite in the folder |
| `COMITY_DESK_HOSTS` | host names that are answered, separated by commas | `localhost,127.0.0.1,[::1]` |
| `COMITY_DESK_HTTPS` | `1` behind a proxy that speaks TLS: secure cookies, HSTS, redirect | `0` |
| `COMITY_DESK_LOG` | `json` or `plain` | `json` |
| `COMITY_DESK_METRICS` | `loopback`: `/metrics/` needs no token when asked from this machine itself | a token |
| `COMITY_DESK_OIDC` | JSON with `id`, `name`, `client_id`, `secret`, `server_url` of an identity provider | none |
| `COMITY_DESK_TIME_ZONE` | where the desk works | `Asia/Seoul` |
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url

from comity_desk.conf.logging import dictionary as logging_dictionary
from comity_desk.conf.secret import former_keys, secret_key

HOME = Path(os.environ.get("COMITY_DESK_HOME", "desk-data")).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = secret_key(HOME)
SECRET_KEY_FALLBACKS = former_keys(HOME)
DEBUG = False
HTTPS = os.environ.get("COMITY_DESK_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("COMITY_DESK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
API_PREFIX = "/api/"
API_RATE = {"user": (600, 60), "heavy": (30, 60), "stranger": (60, 60)}  # requests, in so many seconds

INSTALLED_APPS = [
    "comity_desk.lib",
    "comity_desk.audit",
    "comity_desk.accounts",
    "comity_desk.ledger",
    "comity_desk.jobs",
    "comity_desk.records",
    "comity_desk.boards",
    "comity_desk.api",
    "comity_desk.conf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "django_tasks_db",
]
MIDDLEWARE = [
    "comity_desk.conf.logging.Requests",
    "django.middleware.security.SecurityMiddleware",
    "comity_desk.lib.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comity_desk.api.rates.Strangers",
    "comity_desk.accounts.middleware.Gate",
    "comity_desk.ledger.middleware.Looking",
    "comity_desk.lib.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "comity_desk.conf.urls"
WSGI_APPLICATION = "comity_desk.conf.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["comity_desk.lib.templatetags.desk"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comity_desk.lib.pages.everywhere",
                "comity_desk.records.reading.looking.banner",
            ],
        },
    }
]

# The database: SQLite with a write-ahead log, whose writers wait in line, or PostgreSQL.
DATABASES: dict[str, Any] = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'desk.sqlite3'}", conn_max_age=300, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "desk_cache"}}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("username", "name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

# Languages.
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("COMITY_DESK_TIME_ZONE", "Asia/Seoul")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

# Transport.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(health|ready|metrics)/$"]  # asked from this machine, without the proxy that speaks TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
ASSETS = HOME / "assets"  # static files that are made, not written: the typeface
ASSETS.mkdir(mode=0o700, exist_ok=True)
STATICFILES_DIRS = [ASSETS]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "attachments"  # served by views alone, never by address
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOAD_LIMIT = 25_000_000

OIDC: dict[str, str] | None = json.loads(os.environ["COMITY_DESK_OIDC"]) if os.environ.get("COMITY_DESK_OIDC") else None

LOGGING = logging_dictionary()

from comity_desk.conf.sign_in import *  # noqa: E402, F403 - what allauth and axes read
