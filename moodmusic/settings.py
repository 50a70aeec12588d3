"""The one settings module: every value from the environment, with defaults that need nothing."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from moodmusic.env import Environment, SettingError, quieten_libraries

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
quieten_libraries()


def _data_dir() -> Path:
    path = env.path("MOODMUSIC_DATA_DIR", BASE_DIR / ".data")
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".write-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingError(
            f"MOODMUSIC_DATA_DIR={path} cannot be written ({error.strerror}). "
            "Give a folder that this user owns."
        ) from error
    return path


def _secret_key(data_dir: Path) -> str:
    given = env.text("MOODMUSIC_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise SettingError("MOODMUSIC_SECRET_KEY must have at least 32 characters.")
        return given
    kept = data_dir / "secret_key"
    if not kept.exists():
        # Several processes may start at once: the first to create the file decides.
        try:
            with kept.open("x") as handle:
                kept.chmod(0o600)
                handle.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return kept.read_text().strip()


try:
    DATA_DIR = _data_dir()
    SECRET_KEY = _secret_key(DATA_DIR)
    SECRET_KEY_GIVEN = bool(env.text("MOODMUSIC_SECRET_KEY"))
    PORT = env.integer("MOODMUSIC_PORT", 8000, least=1, most=65535)
    URL = env.text("MOODMUSIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
    DEBUG = env.flag("MOODMUSIC_DEBUG", False)
    BROKER_URL = env.text("MOODMUSIC_BROKER_URL", "embedded://")
    DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'moodmusic.sqlite3'}")
    CACHE_URL = env.text("CACHE_URL", "locmem://")
    FACE_DETECTOR_MODEL = env.path(
        "MOODMUSIC_FACE_DETECTOR_MODEL", DATA_DIR / "models" / "face_detection_yunet_2023mar.onnx"
    )
    EMOTION_WEIGHTS = env.path("MOODMUSIC_EMOTION_WEIGHTS", BASE_DIR / "ml" / "emotion" / "weights")
    GPU = env.choice("MOODMUSIC_GPU", "auto", ("auto", "off"))
    #: MiB; 0 lets it grow with need.
    GPU_MEMORY_MB = env.integer("MOODMUSIC_GPU_MEMORY_MB", 0, least=0, most=1_000_000)
    EXTRA_HOSTS = env.words("MOODMUSIC_ALLOWED_HOSTS")
    WEB_WORKERS = env.integer("MOODMUSIC_WEB_WORKERS", 1, least=1, most=64)
    INFERENCE_WORKERS = env.integer("MOODMUSIC_INFERENCE_WORKERS", 1, least=1, most=64)
    ANALYSIS_WORKERS = env.integer("MOODMUSIC_ANALYSIS_WORKERS", 1, least=0, most=64)
    TRUSTED_PROXIES = env.integer("MOODMUSIC_TRUSTED_PROXIES", 0, least=0, most=8)
    RETRAIN_EVENTS = env.integer("MOODMUSIC_RETRAIN_EVENTS", 200, least=1, most=1_000_000_000)
    RETRAIN_SEARCH_SECONDS = env.integer(
        "MOODMUSIC_RETRAIN_SEARCH_SECONDS", 300, least=0, most=86_400
    )
    #: Folders that curators may import from a page; the command line may import any.
    MUSIC_FOLDERS = env.words("MOODMUSIC_MUSIC_FOLDERS")
    #: Whether what listeners do, and the time of day, are kept with lists and learnt from.
    CONTEXT = env.flag("MOODMUSIC_CONTEXT", True)
    #: Days that moods of new accounts are kept, until the listener chooses; 0 for ever.
    KEEP_MOODS_DAYS = int(
        env.choice("MOODMUSIC_KEEP_FOR", "forever", ("30", "90", "forever")).replace("forever", "0")
    )
    #: Internal location of the proxy that sends files by X-Accel-Redirect; "" sends them here.
    X_ACCEL = env.text("MOODMUSIC_X_ACCEL").rstrip("/")
    EMAIL_URL = env.text("MOODMUSIC_EMAIL_URL")
    LOG_LEVEL = env.choice("MOODMUSIC_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
    # Read by the test suite alone; named here so that they are not taken for typos.
    env.known |= {"MOODMUSIC_DATA"}
    env.known |= {f"MOODMUSIC_TEST_{name}" for name in ("BROWSER", "PROGRAMS", "SERVICES")}
    env.refuse_unknown("MOODMUSIC_")
    if not URL.startswith(("http://", "https://")) or not urlsplit(URL).hostname:
        raise SettingError(f"MOODMUSIC_URL={URL!r}: use http://host[:port] or https://host[:port].")
    if not BROKER_URL.startswith(("embedded://", "redis://", "rediss://", "memory://")):
        raise SettingError(f"MOODMUSIC_BROKER_URL={BROKER_URL!r}: use embedded:// or redis://...")
    if not DATABASE_URL.startswith(("sqlite:", "postgres:", "postgresql:")):
        raise SettingError(f"DATABASE_URL={DATABASE_URL!r}: use sqlite:///path or postgres://...")
    if X_ACCEL and not X_ACCEL.startswith("/"):
        raise SettingError(f"MOODMUSIC_X_ACCEL={X_ACCEL!r}: use a path of the proxy, as /files.")
    if not CACHE_URL.startswith(("locmem://", "redis://", "rediss://")):
        raise SettingError(f"CACHE_URL={CACHE_URL!r}: use locmem:// or redis://...")
except SettingError as error:
    raise ImproperlyConfigured(str(error)) from error

# --- Hosts and transport security -----------------------------------------------------------------
HTTPS = URL.startswith("https://")
ALLOWED_HOSTS = sorted(
    {"localhost", "127.0.0.1", "[::1]", str(urlsplit(URL).hostname), *EXTRA_HOSTS}
)
CSRF_TRUSTED_ORIGINS = [URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = False  # the proxy's work; a redirect here would break health probes
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "moodmusic",
    "accounts",
    "emotions",
    "catalog",
    "recommendations",
    "accounts.apps.SiteConfig",  # django.contrib.admin, with our rule of who may enter
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "moodmusic.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "moodmusic.middleware.body_limit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "moodmusic.middleware.listeners_own",
    "accounts.sessions.seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "moodmusic.urls"
WSGI_APPLICATION = "moodmusic.wsgi.application"
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
            ]
        },
    }
]
_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "img-src": [_SELF, "data:", "blob:"],
        "media-src": [_SELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [_SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- Database -------------------------------------------------------------------------------------
_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60))
if _database["ENGINE"].endswith("sqlite3"):
    # Measured: without IMMEDIATE, three quarters of concurrent read-then-write transactions fail.
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;"
            " PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
        ),
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if CACHE_URL.startswith("locmem://")
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
}

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there yet
STATICFILES_DIRS = [BASE_DIR / "static"]
AUDIO_CACHE_DIR = DATA_DIR / "audio"
#: Files of imported songs that were copied, and their covers.
MUSIC_DIR = DATA_DIR / "music"
COVERS_DIR = DATA_DIR / "covers"
MODELS_DIR = DATA_DIR / "models"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "media"},
    },
    # Captured frames, for the seconds between sending and reading. Never served, never backed up.
    "frames": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "frames",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "moodmusic.static_files.OurStaticFiles"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
#: Bytes of a whole request: a capture is at most 8 frames of 8 MiB, each checked by itself in
#: emotions.uploads, and the form around them.
MAX_BODY_BYTES = 8 * 8 * 1024 * 1024 + 64 * 1024
#: Bytes kept in memory of a file, and of a form without its files.
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 9

# --- Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
#: Without a mail server nobody could confirm an address, so confirming is asked only with one.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_PREVENT_ENUMERATION = bool(EMAIL_URL)
#: Changes of password and address are told by mail; the subjects name the product themselves.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SIGNUP_REDIRECT_URL = "/welcome/favourites/"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
HEADLESS_CLIENTS = ("app",)
HEADLESS_ONLY = False
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = f"MoodMusic <noreply@{urlsplit(URL).hostname}>"
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_USE_SSL = _mail.scheme == "smtps"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["moodmusic.api.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "moodmusic.api.Pagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"capture": "30/min", "list": "60/min"},
    "EXCEPTION_HANDLER": "moodmusic.api.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MoodMusic",
    "DESCRIPTION": "Show a face or name a mood, get songs for it, rate them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "EmotionEnum": "emotions.models.Emotion",
        "NudgeEnum": "recommendations.models.Nudge.Kind",
        "KindEnum": "recommendations.models.Verdict.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "moodmusic.schema.describe_problems",
        "accounts.schema.describe_sign_in",
    ],
}

#: Functions a web process calls once in the background when it starts.
WEB_WARM_UP = ["recommendations.store.warm_up"]

#: Seed of what lists draw by lot (songs to try out). None: each list draws by its own id.
LIST_SEED: int | None = None

# --- Celery ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
REDIS_TRANSPORT_OPTIONS: dict[str, Any] = {
    # Seconds until a message whose worker died is given to another: well above twice the longest
    # task. By default it would then wait for one in ten of the looks for such.
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    # Seconds. A Redis that is away must fail a web request's message at once: the request goes
    # on, and the sweeper rings later.
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5.0,
    "socket_keepalive": True,
    "health_check_interval": 15,
    "max_retries": 0,
    "connect_retries_timeout": 0.8,
}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if BROKER_URL.startswith("embedded://"):
    CELERY_BROKER_URL = "embedded://localhost//"  # kombu warns of a URL without a host
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(DATA_DIR / "broker")}
elif BROKER_URL.startswith(("redis://", "rediss://")):
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT_OPTIONS
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "emotions.tasks.read_capture": {"queue": "inference"},
    "catalog.tasks.analyse_waiting": {"queue": "analysis"},
}
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
#: Each entry expires before its next run, so that a sleeping worker never wakes to a pile.
CELERY_BEAT_SCHEDULE = {
    "sweep-captures": {
        "task": "emotions.tasks.sweep_captures",
        "schedule": 5.0,
        "options": {"expires": 4.0},
    },
    "sweep-imports": {
        "task": "catalog.tasks.sweep_imports",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
    "sweep-analyses": {
        "task": "catalog.tasks.sweep_analyses",
        "schedule": 60.0,
        "options": {"expires": 55.0},
    },
    "heartbeat": {
        "task": "moodmusic.tasks.heartbeat",
        "schedule": 5.0,
        "options": {"expires": 4.0},
    },
    "retrain": {
        "task": "recommendations.tasks.retrain",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
    "forget-taste-edits": {
        "task": "recommendations.tasks.forget_taste_edits",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
    "weigh-queue": {
        "task": "catalog.tasks.weigh_queue",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
    "purge-moods": {
        "task": "accounts.tasks.purge_moods",
        "schedule": 86_400.0,
        "options": {"expires": 80_000.0},
    },
    "clear-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- Language and logs ----------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"  # of the texts in the code
#: Each in its own words, so that whoever needs it can read it.
LANGUAGES = [("en-gb", "English"), ("hi", "हिन्दी")]
FORMAT_MODULE_PATH = ["moodmusic.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
#: What a visitor without an account chose, for a year; no cookie before they choose.
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
#: Of whoever has named none and whose browser tells none.
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"celery": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
}
