"""Django settings. Everything a deployment may change is an environment variable, named here and nowhere else.

DATABASE_URL      sqlite:///… (default: yidi.sqlite3 in YIDI_HOME) or postgres://…
YIDI_HOME         folder for state and secrets (default: ./var)
YIDI_DEMO         1 allows demo data; never set it where real people are settled
YIDI_FAULT_BENCH  1 lets `yidi gateway faults` lose, delay and spoil replies; in a demo alone (YIDI_DEMO=1)
YIDI_SECRET_KEY   Django's secret; generated into YIDI_HOME when unset
YIDI_DATA_KEY     32 bytes as hex that encrypt identity numbers; generated into YIDI_HOME when unset
YIDI_SM2_KEY      32 bytes as hex that sign the gateway's replies where wanted; generated into YIDI_HOME when unset
YIDI_EVIDENCE     folder for the sealed papers of cases (default: evidence in YIDI_HOME); nothing may serve it
YIDI_HOSTS        host names served, comma separated (default: loopback)
YIDI_HTTPS        1 where a proxy in front speaks HTTPS: secure cookies, HSTS
YIDI_PROXIES      how many proxies of yours stand in front and write X-Forwarded-For (default: 1 with YIDI_HTTPS, else 0)
YIDI_LOG_LEVEL    WARNING by default
YIDI_MAIL_URL     smtp+tls://user:password@host:587, smtps:// or smtp://; console: writes to the log; empty: no e-mail
YIDI_MAIL_FROM    the address that e-mail comes from
YIDI_SMS_URL      https://…: a text message is one POST of JSON there; console: or empty as above
YIDI_SMS_HEADERS  JSON: headers that carry the service's secret, such as {"Authorization": "Bearer …"}
YIDI_SMS_BODY     JSON that is sent; {address} and {text} in it are filled (default: {"phone": "{address}", "text": "{text}"})
YIDI_SMS_EXPECTED JSON: what the reply must hold, where the service answers 200 to everything, such as {"code": 0}
YIDI_STATIC_AUTOREFRESH   1 looks for static files anew at each request (development)

Sign-in:
YIDI_REGISTRATION           1 lets people open an account here (default: where no identity provider is set)
YIDI_OIDC_ISSUER            address of an OpenID Connect provider for insured people; empty = none
YIDI_OIDC_CLIENT_ID, YIDI_OIDC_CLIENT_SECRET   what the provider knows this site by
YIDI_OIDC_LABEL             what the button says
YIDI_OIDC_SCOPES            space separated (default: openid profile)
YIDI_OIDC_NAME_CLAIM        which claim holds the real name (default: name)
YIDI_OIDC_IDENTITY_CLAIM    which claim holds the identity number (default: none; then the person is asked once)
YIDI_STAFF_IDLE_MINUTES, YIDI_STAFF_HOURS      a session of staff ends unused / at the latest after (30, 10)
YIDI_PERSON_IDLE_MINUTES, YIDI_PERSON_HOURS    the same of insured people (120, 24)
YIDI_STAFF_SESSIONS         how many sessions a member of staff may have at once (1); the oldest end
YIDI_LOCK_FAILURES, YIDI_LOCK_ADDRESS_FAILURES, YIDI_LOCK_MINUTES
                            wrong sign-ins of one name / from one address that lock, and for how long (5, 50, 15)
"""

from datetime import timedelta
from pathlib import Path

import environ

from yidi.site.secrets import kept_secret

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent

HOME = Path(env.str("YIDI_HOME", default="var")).resolve()
DEMO = env.bool("YIDI_DEMO", default=False)
FAULT_BENCH_WANTED = env.bool("YIDI_FAULT_BENCH", default=False)
FAULT_BENCH = DEMO and FAULT_BENCH_WANTED
HTTPS = env.bool("YIDI_HTTPS", default=False)
DEBUG = False

SECRET_KEY = env.str("YIDI_SECRET_KEY", default="") or kept_secret(HOME / "secret.key")
DATA_KEY = bytes.fromhex(env.str("YIDI_DATA_KEY", default="") or kept_secret(HOME / "data.key"))
ALLOWED_HOSTS = env.list("YIDI_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "yidi.site.apps.AllauthAccountConfig",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "yidi.accounts",
    "yidi.people",
    "yidi.providers",
    "yidi.catalogue",
    "yidi.audit",
    "yidi.casework",
    "yidi.consents",
    "yidi.evidence",
    "yidi.documents",
    "yidi.notices",
    "yidi.ledger",
    "yidi.qualification",
    "yidi.filing",
    "yidi.settlement",
    "yidi.claims",
    "yidi.clearing",
    "yidi.operations",
    "yidi.gateway",
    "yidi.gateway.faults",
    "yidi.gateway.certification",
    "yidi.pages",
    "yidi.portal",
    "yidi.desk",
]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yidi.pages.language.ChosenLanguage",
    "yidi.pages.type_size.ChosenTypeSize",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yidi.site.visitors.VisitorsMiddleware",
    "yidi.pages.refusals.RefusalPages",
]
if FAULT_BENCH:
    MIDDLEWARE.append("yidi.gateway.faults.middleware.FaultBench")
VISITOR_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yidi.site.visitors.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ROOT_URLCONF = "yidi.site.urls"
WSGI_APPLICATION = "yidi.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yidi.pages.context.page",
            ]
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'yidi.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue at BEGIN instead of failing half-way; FULL keeps an acknowledged settlement through power loss.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Statements are kept ready in the server where they ask for it (`statements`), never by being counted.
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 2**31
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MAIL_URL = env.str("YIDI_MAIL_URL", default="console:" if DEMO else "")
if MAIL_URL not in ("", "console:"):
    globals().update(env.email_url_config(MAIL_URL))
DEFAULT_FROM_EMAIL = env.str("YIDI_MAIL_FROM", default="yidi@localhost")
SMS = {
    "url": env.str("YIDI_SMS_URL", default="console:" if DEMO else ""),
    "headers": env.json("YIDI_SMS_HEADERS", default={}),
    "body": env.json("YIDI_SMS_BODY", default={"phone": "{address}", "text": "{text}"}),
    "expected": env.json("YIDI_SMS_EXPECTED", default={}),
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = env.bool("YIDI_STATIC_AUTOREFRESH", default=False)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Sign-in
SIGN_IN_PAGES = {"person": "portal:sign_in", "staff": "desk:sign_in"}
HOME_PAGES = {"person": "portal:me", "staff": "/desk/"}
NEW_PASSWORD_PAGE = "desk:new_password"  # noqa: S105
SESSION_ENGINE = "yidi.accounts.session_store"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yidi.pages.forged.not_ours"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# The cookie lives as long as the browser; the session ends by the limits below. So a form that comes too late still
# tells whose it was (accounts.kept_input).
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 2 * 60 * 60
STAFF_IDLE = timedelta(minutes=env.int("YIDI_STAFF_IDLE_MINUTES", default=30))
STAFF_LONGEST = timedelta(hours=env.int("YIDI_STAFF_HOURS", default=10))
STAFF_SESSIONS = env.int("YIDI_STAFF_SESSIONS", default=1)
PERSON_IDLE = timedelta(minutes=env.int("YIDI_PERSON_IDLE_MINUTES", default=120))
PERSON_LONGEST = timedelta(hours=env.int("YIDI_PERSON_HOURS", default=24))
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "yidi.accounts.passwords.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PROXIES = env.int("YIDI_PROXIES", default=int(HTTPS))
AXES_FAILURE_LIMIT = env.int("YIDI_LOCK_FAILURES", default=5)
ADDRESS_FAILURE_LIMIT = env.int("YIDI_LOCK_ADDRESS_FAILURES", default=50)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("YIDI_LOCK_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_HANDLER = "yidi.accounts.lockout.Handler"
AXES_USERNAME_CALLABLE = "yidi.accounts.lockout.counted_name"
AXES_CLIENT_IP_CALLABLE = "yidi.accounts.lockout.address_of"
AXES_RESET_ON_SUCCESS = (
    False  # accounts.lockout.succeeded forgets the failures, as soon as the password was right
)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail tells who signed in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W002"
]  # its middleware only draws a page for locks; ours is drawn where it happens
OIDC_ISSUER = env.str("YIDI_OIDC_ISSUER", default="")
OIDC_LABEL = env.str("YIDI_OIDC_LABEL", default="统一身份认证")
OIDC_SCOPES = env.str("YIDI_OIDC_SCOPES", default="openid profile").split()
OIDC_NAME_CLAIM = env.str("YIDI_OIDC_NAME_CLAIM", default="name")
OIDC_IDENTITY_CLAIM = env.str("YIDI_OIDC_IDENTITY_CLAIM", default="")
REGISTRATION = env.bool("YIDI_REGISTRATION", default=not OIDC_ISSUER)
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# allauth counts its own requests in Django's default cache, in memory: no page of its accounts is served here.
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # a link, since a form that ends at the provider would breach form-action 'self'
)
SOCIALACCOUNT_ADAPTER = "yidi.portal.openid.Door"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "yidi.accounts.openid.Provider",
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_LABEL,
                "client_id": env.str("YIDI_OIDC_CLIENT_ID", default=""),
                "secret": env.str("YIDI_OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

GATEWAY_MAX_BODY = 2 * 1024 * 1024
"""Bytes of one gateway message. The interface's `input` holds at most 40,000 characters (interface §1.1)."""
GATEWAY_CLOCK_WINDOW_S = 300
"""How far a signature's timestamp may lie from the server's clock, in seconds."""
GATEWAY_MAX_FILE = 4 * 1024 * 1024
"""Bytes of one file that an institution sends, packed. As numbers or base64 it must fit into one message."""
GATEWAY_MAX_TEXT = 16 * 1024 * 1024
"""Bytes of the text inside it, unpacked: some 150,000 settlements."""
GATEWAY_FILE_DAYS = 7
"""Days that a file can be fetched after the day on which it was kept."""
GATEWAY_SM2_KEY = env.str("YIDI_SM2_KEY", default="") or kept_secret(HOME / "centre-sm2.key")
"""32 bytes as hex: the centre's own SM2 key, which signs replies."""
GATEWAY_UNSIGNED = DEMO
"""Whether institutions may be set up to send messages that carry no signature."""
DATA_UPLOAD_MAX_MEMORY_SIZE = GATEWAY_MAX_BODY
"""Bytes of a body's fields. It does not count files, which `FILE_UPLOAD_HANDLERS` bounds."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
"""The longest form is a bill of 500 lines with six fields each, as a clerk corrects it."""

EVIDENCE_ROOT = Path(env.str("YIDI_EVIDENCE", default="") or HOME / "evidence").resolve()
EVIDENCE_MAX_FILE = 10 * 1024 * 1024
"""Bytes of one file that somebody hands in."""
EVIDENCE_MAX_REQUEST = 64 * 1024 * 1024
"""Bytes of one form with all its files; they are held in memory while it is read."""
FILE_UPLOAD_HANDLERS = ["yidi.evidence.uploads.BoundedUpload"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "yidi.site.logs.Plain",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # What is refused is logged where it is refused; Django's second line on each 4xx would only repeat it.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": env.str("YIDI_LOG_LEVEL", default="WARNING")},
}
