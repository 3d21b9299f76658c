"""Django's settings, made from config/env.py. One file, safe by default; tests set the environment, not a fork."""

import dj_database_url

from config.env import BASE_DIR, environment, given, let_waiting_threads_sleep
from config.logs import configure_logs
from config.secret import given_or_in_file, secret_key

ENV = environment()
let_waiting_threads_sleep()
DATA_DIR = ENV.data.resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # documents are for no other account of this machine
MODELS_DIR = (ENV.models or ENV.data / "models").resolve()
CACHE_DIR = ENV.cache_home.resolve() / "tenkyo"

VERSION = "0.1.0"
SECRET_KEY = secret_key(ENV)
# What the operator set, for backups; Django's debug page hides what has SECRET in its name.
GIVEN_SETTINGS, SECRETS_GIVEN = given(ENV)
DEBUG = ENV.debug
ALLOWED_HOSTS = [name.strip() for name in ENV.allowed_hosts.split(",") if name.strip()]
CSRF_TRUSTED_ORIGINS = [name.strip() for name in ENV.trusted_origins.split(",") if name.strip()]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",  # its static files: the API's description loads nothing from elsewhere
    "ingestion",
    "assistant",
]
MIDDLEWARE = [
    "config.middleware.RequestMiddleware",
    "assistant.api_errors.ApiErrorMiddleware",
    "config.on_the_loop.Security",
    "config.middleware.StaticMiddleware",
    "config.on_the_loop.Session",
    "config.on_the_loop.Locale",
    "config.on_the_loop.Common",
    "config.on_the_loop.Csrf",
    "config.on_the_loop.Authentication",
    "config.on_the_loop.Messages",
    "config.on_the_loop.XFrameOptions",
    "django_htmx.middleware.HtmxMiddleware",
    "ingestion.web.PageMiddleware",
]
# These look for Django's own names of the classes above.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        ENV.database_url or f"sqlite:///{DATA_DIR / 'tenkyo.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer that waits beats one that fails: web and worker threads share the file.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "ingestion.User"
AUTHENTICATION_BACKENDS = [
    "ingestion.sign_in.SignInLimit",
    "django.contrib.auth.backends.ModelBackend",
    "ingestion.directory.CompanySignIn",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = ENV.default_language
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there
# Served straight from the packages and apps: there is no collectstatic step on one machine.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_SSL_REDIRECT = ENV.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
if ENV.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CELERY_BROKER_URL = ENV.broker_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "parse"
CELERY_TASK_ROUTES = {"ingestion.tasks.embed": {"queue": "embed"}, "ingestion.tasks.build_index": {"queue": "embed"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if ENV.broker_url.startswith("memory://"):
    CELERY_BROKER_URL = "memory://localhost/"  # kombu warns about an address without a host
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.1}
else:
    # Longer than the longest step, or the broker would deliver a running task a second time.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 12 * 3600}
CELERY_IMPORTS = ("ingestion.following",)  # tasks that stand on services, where tasks.py may not look
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "ingestion.tasks.sweep", "schedule": 30.0},
    "follow": {"task": "ingestion.following.follow", "schedule": 60.0},  # FOLLOW_SECONDS says whose time has come
}
FOLLOW_SECONDS = ENV.follow_seconds

# What limits count. Where there is Valkey or Redis, all web processes count together; its being away stops nobody:
# each process then counts by itself. More entries than any attack makes: what is thrown out is counted no more.
_IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200_000}}
CACHES = {"default": _IN_MEMORY | {"LOCATION": "default"}, "memory": _IN_MEMORY | {"LOCATION": "memory"}}
if ENV.broker_url.startswith(("redis://", "rediss://")):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.broker_url,
        "KEY_PREFIX": "tenkyo",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }

QDRANT_URL = ENV.qdrant_url
QDRANT_API_KEY = ENV.qdrant_api_key.get_secret_value() if ENV.qdrant_api_key else None
HOST = ENV.host
PORT = ENV.port
# Where nobody named an answer server, `manage.py serve` starts one beside the web process.
ANSWER_BESIDE_WEB = ENV.answer_url is None
ANSWER_URL = ENV.answer_url or f"http://127.0.0.1:{ENV.answer_port or ENV.port + 1}/v1"
ANSWER_API_KEY = ENV.answer_api_key.get_secret_value() if ENV.answer_api_key else None
ANSWER_MODEL = ENV.answer_model
ANSWER_SLOTS = ENV.answer_slots if ENV.answer_slots is not None else 2 if ANSWER_BESIDE_WEB else 12
EMBED_MODEL = ENV.embed_model
EMBED_DEVICE = ENV.embed_device
RERANK_MODEL = ENV.rerank_model
UPLOAD_LIMIT_BYTES = ENV.upload_limit_mb * 1024 * 1024
QUESTION_LIMIT = ENV.question_limit
SIGN_IN_LIMIT = ENV.sign_in_limit
SECOND_FACTOR = ENV.second_factor
OIDC = {
    "issuer": (ENV.oidc_issuer or "").rstrip("/"),
    "client_id": ENV.oidc_client_id,
    "client_secret": given_or_in_file(
        ENV.oidc_client_secret, ENV.oidc_client_secret_file
    ),  # Django's debug page hides what has SECRET in its name
    "scopes": ENV.oidc_scopes,
    "name_claim": ENV.oidc_name_claim,
    "groups_claim": ENV.oidc_groups_claim,
}
LDAP = {
    "address": ENV.ldap_url or "",
    "bind_dn": ENV.ldap_bind_dn,
    "bind_password": given_or_in_file(ENV.ldap_bind_password, ENV.ldap_bind_password_file),
    "base": ENV.ldap_base,
    "person_filter": ENV.ldap_person_filter,
    "group_filter": ENV.ldap_group_filter,
}
if ENV.ldap_url:
    AUTHENTICATION_BACKENDS.append("ingestion.ldap.LdapSignIn")
OIDC_LINK_EMAIL = ENV.oidc_link_email
DIRECTORY_GROUPS = [name.strip() for name in ENV.directory_groups.split(";") if name.strip()]
DIRECTORY_ADMINISTRATORS = [name.strip() for name in ENV.directory_administrators.split(";") if name.strip()]
DIRECTORY_CREATE = ENV.directory_create
DIRECTORY_CA_FILE = ENV.directory_ca_file
PER_MINUTE = {"ask": ENV.asks_per_minute, "search": ENV.searches_per_minute, "upload": ENV.uploads_per_minute}
PARSE_MEMORY_BYTES = ENV.parse_memory_mb * 1024 * 1024
PARSE_TIMEOUT = ENV.parse_timeout
OCR_ENGINE, OCR_LANGUAGES = ENV.ocr_engine, ENV.ocr_languages
WORKER_THREADS = ENV.worker_threads
# Below this many vectors a search is exact: with filters the graph loses recall silently (docs/decisions).
EXACT_SEARCH_LIMIT = 300_000

METRICS_DIR = ENV.metrics_dir
if METRICS_DIR is not None:
    METRICS_DIR.mkdir(parents=True, exist_ok=True)  # before the first metric is made, which opens a file there
NINJA_PAGINATION_PER_PAGE = 100
LOGGING_CONFIG = None
configure_logs(level=ENV.log_level, json=ENV.log_json)
