"""All settings, read top to bottom; each comes from the environment.

`docs/operators.md` lists every variable; a test holds the two together. Outside the
demonstration (`PORTAL_DEMO=1`) the portal refuses to start with an unsafe value.
"""

import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from aipbi import env

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL_VAR = env.folder("PORTAL_VAR", BASE_DIR / "var")

# --- How it runs ---------------------------------------------------------------------

# The demonstration: one-click sign-in to demo offices, plain HTTP, e-mails to a folder.
PORTAL_DEMO = env.flag("PORTAL_DEMO")
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if PORTAL_DEMO else "")
PORTAL_URL = env.text("PORTAL_URL", "http://localhost:8000" if PORTAL_DEMO else "")


def _secret_key() -> str:
    if given := env.text("SECRET_KEY"):
        return given
    if not PORTAL_DEMO:
        return ""
    kept = PORTAL_VAR / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(48))
        kept.chmod(0o600)
    return kept.read_text()


SECRET_KEY = _secret_key()
# Earlier keys, newest first: what they signed or encrypted stays readable.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if PORTAL_URL else []
# Proxies in front of the portal that append to X-Forwarded-For; 0 means none.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSECURE_COOKIES = env.flag("INSECURE_COOKIES", default=PORTAL_DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_NAME = "aipbi_session" if INSECURE_COOKIES else "__Host-aipbi_session"
CSRF_COOKIE_NAME = "aipbi_csrf" if INSECURE_COOKIES else "__Host-aipbi_csrf"
# A form whose seal is of an earlier session comes back with what was typed.
CSRF_FAILURE_VIEW = "aipbi.accounts.unsent.csrf_failure"
SECURE_SSL_REDIRECT = not INSECURE_COOKIES
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_COOKIES else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_COOKIES
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"


def _refuse_unsafe() -> None:
    faults = []
    if len(SECRET_KEY) < 40:  # noqa: PLR2004 - Django's own floor for a strong key is about this
        faults.append("SECRET_KEY must be set, with at least 40 random characters")
    if DEBUG:
        faults.append("DEBUG must be off")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS must name the portal's hosts, without *")
    if not PORTAL_URL.startswith("https://"):
        faults.append("PORTAL_URL must be the portal's https:// address")
    if INSECURE_COOKIES:
        faults.append("INSECURE_COOKIES must be off")
    if faults:
        raise ImproperlyConfigured("The portal does not start: " + "; ".join(faults) + ".")


if not PORTAL_DEMO:
    _refuse_unsafe()

# --- What it is made of --------------------------------------------------------------

INSTALLED_APPS = [
    "aipbi",
    "aipbi.asean",
    "aipbi.accounts",
    "aipbi.workflow",
    "aipbi.documents",
    "proposals",
    "review",
    "facilitation",
    "monitoring",
    "aipbi.accounts.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "rules",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aipbi.accounts.middleware.CapacityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "aipbi.accounts.bodies.BodyMiddleware",
]

ROOT_URLCONF = "aipbi.urls"
WSGI_APPLICATION = "aipbi.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "aipbi.context.portal",
            ],
            "builtins": ["aipbi.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "aipbi.forms.PortalRenderer"

# --- Database, cache, queue ----------------------------------------------------------

_DATABASE = dj_database_url.parse(env.text("DATABASE_URL", "postgres:///portal"))
# PostgreSQL weighs every order of up to eight tables: 40 ms for a case's page, of which the answer is one. Queries
# here name their tables in a good order, of which it still weighs five at a time.
_PLANNING = "-c join_collapse_limit=5 -c from_collapse_limit=5"
DATABASES = {
    "default": {
        **_DATABASE,
        "OPTIONS": {"options": _PLANNING, **_DATABASE.get("OPTIONS", {})},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    },
}
# The role the portal runs as; migrations, run by the owner, give it its rights.
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "portal_app")

REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379")
_SOCKET = REDIS_URL.startswith("unix://")


def _redis(number: int, *, celery: bool = False) -> str:
    """Return the address of one of the broker's numbered databases, as its user writes it."""
    if not _SOCKET:
        return f"{REDIS_URL.rstrip('/')}/{number}"
    path = REDIS_URL.removeprefix("unix://")
    return f"redis+socket://{path}?virtual_host={number}" if celery else f"unix://{path}?db={number}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis(env.number("REDIS_CACHE_DB", 1)),
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = _redis(env.number("REDIS_QUEUE_DB", 0), celery=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "workflow.sweep", "schedule": timedelta(seconds=env.number("SWEEP_SECONDS", 30))},
    "remind": {"task": "workflow.remind", "schedule": crontab(minute=5)},
    "clean": {"task": "documents.clean", "schedule": crontab(hour=3, minute=20)},
}

# --- People --------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 12}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("desk")
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "aipbi.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "aipbi.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code cannot be used up by a mail scanner that opens every link.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
# One address per person; a new one takes the old one's place once it is proved.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_COOKIES
MFA_TOTP_ISSUER = "AIPBI Portal"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "aipbi.accounts.mfa.MFAAdapter"
_FORMS, _PASSKEYS = "aipbi.accounts.forms.signing_in", "aipbi.accounts.forms.passkeys"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "signup": f"{_FORMS}.SignupForm",
    "add_email": f"{_FORMS}.AddEmailForm",
    "confirm_email_verification_code": f"{_FORMS}.ConfirmEmailForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reset_password": f"{_FORMS}.ResetPasswordForm",
    "confirm_password_reset_code": f"{_FORMS}.ConfirmResetForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.SecondFactorForm",
    "reauthenticate": f"{_FORMS}.SecondFactorAgainForm",
    "activate_totp": f"{_FORMS}.ActivateAppForm",
    "add_webauthn": f"{_PASSKEYS}.AddPasskeyForm",
    "edit_webauthn": f"{_PASSKEYS}.RenamePasskeyForm",
    "authenticate_webauthn": f"{_PASSKEYS}.PasskeyForm",
    "reauthenticate_webauthn": f"{_PASSKEYS}.PasskeyAgainForm",
    "login_webauthn": f"{_PASSKEYS}.PasskeyAloneForm",
}

# --- Words and hours -----------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "aipbi.formats"
# English alone so far, so no word is looked up: docs/decisions/one-language.md.
USE_I18N = False
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
SECRETARIAT_TIME_ZONE = "Asia/Jakarta"

# --- Files ---------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", PORTAL_VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_ROOT = env.folder("FILES_ROOT", PORTAL_VAR / "files")
# An S3-compatible store instead of the folder: all of these, or none.
FILES_STORE = {
    "FILES_BUCKET": env.text("FILES_BUCKET"),
    "FILES_ENDPOINT": env.text("FILES_ENDPOINT"),
    "FILES_REGION": env.text("FILES_REGION"),
    "FILES_KEY": env.text("FILES_KEY"),
    "FILES_SECRET": env.text("FILES_SECRET"),
}
if any(FILES_STORE.values()) and not all(FILES_STORE.values()):
    raise ImproperlyConfigured(
        "The portal does not start: files go to an S3-compatible store when all of its settings are there; missing: "
        + ", ".join(name for name, value in FILES_STORE.items() if not value)
        + ".",
    )
_FOLDER = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": FILES_ROOT, "base_url": None},
}
_STORE = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": FILES_STORE["FILES_BUCKET"],
        "endpoint_url": FILES_STORE["FILES_ENDPOINT"],
        "region_name": FILES_STORE["FILES_REGION"],
        "access_key": FILES_STORE["FILES_KEY"],
        "secret_key": FILES_STORE["FILES_SECRET"],
        "addressing_style": "path",
        # A file is never replaced, and never handed out by the store itself.
        "file_overwrite": False,
        "default_acl": "private",
    },
}
STORAGES = {
    "default": _STORE if FILES_STORE["FILES_BUCKET"] else _FOLDER,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_MAX_AGE = 31_536_000
# Pages name the hashed copies alone; the others would only double the time of compressing.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# A whole proposal section with long answers; files are not counted here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
# host:port or the path of clamd's socket; empty means files are not scanned.
CLAMAV = env.text("CLAMAV")

# --- The seal of letters -------------------------------------------------------------

# A PKCS#12 file with certificate and key; in the demonstration one is made, and marked as such.
SEAL_CERTIFICATE = env.text("SEAL_CERTIFICATE")
# Of that file, or the PIN of the token.
SEAL_PASSWORD = env.text("SEAL_PASSWORD")
# Instead of a file: a PKCS#11 library, its token, and the label of certificate and key on it.
SEAL_PKCS11_MODULE = env.text("SEAL_PKCS11_MODULE")
SEAL_PKCS11_TOKEN = env.text("SEAL_PKCS11_TOKEN")
SEAL_PKCS11_LABEL = env.text("SEAL_PKCS11_LABEL")
# The address of a timestamp authority (RFC 3161); empty means the seal's time is the portal's own.
SEAL_TIMESTAMPS = env.text("SEAL_TIMESTAMPS")

# --- E-mail --------------------------------------------------------------------------

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_FOLDER = env.folder("EMAIL_FOLDER", PORTAL_VAR / "mail")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "aipbi.workflow.mail.FolderBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "AIPBI inbox <inbox@asec.example.org>")

# --- Content Security Policy: nothing inline, nothing from elsewhere ------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    },
}

# --- Logs ----------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "aipbi.logs.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "celery.beat": {"level": "WARNING"},
    },
}
