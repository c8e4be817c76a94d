"""Settings from the environment; nothing else reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .networks import AllowedHost, BadHost, read_allowed

ROOT = Path(__file__).resolve().parents[2]
DEMO_SECRET = "demo-only-secret-never-used-outside-demo-mode"  # noqa: S105 - refused outside demo mode
MINIMUM_SECRET_LENGTH = 32
PASSWORD_PROFILES = ("dengbao3", "asvs")
SIGNATURE_LEVELS = ("b", "t", "lt", "lta")
DEVELOPMENT_AUTHORITY = "development"  # as REGISTRY_TIMESTAMP_URL
SMTP_SCHEMES = ("smtps://", "smtp://", "smtp+plain://")
TRUE_WORDS = ("1", "true", "yes", "on")


class BadSetting(RuntimeError):
    """A setting that the registry refuses to start with; the text names it."""


@dataclass(frozen=True)
class Settings:
    """All settings; README's configuration table explains each."""

    secret_key: str
    database_url: str
    instance: Path
    demo: bool = False
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    allow_plain_http: bool = False
    password_profile: str = "dengbao3"  # noqa: S105 - the name of a rule set
    embedded_worker: bool = False
    celery_broker: str = ""
    data_key: str = ""  # encrypts phones and second-factor secrets; empty: the file data.key in `instance`
    testing: bool = False
    fonts: Path | None = None  # where build-fonts keeps the fonts of PDFs; None: `instance`/fonts
    signing_pkcs12: Path | None = None  # the registry's own certificate and key; None: the development ones
    signing_passphrase: str = ""
    trusted_roots: Path | None = None  # PEM file, or folder of them: roots that are believed
    timestamp_url: str = ""  # RFC 3161 authority; "development": the development one; empty: none
    signature_level: str = ""  # b, t, lt or lta for the closing signature; empty: lta with an authority, else lt
    pkcs11_module: Path | None = None  # the library of the token or hardware module
    pkcs11_pin: str = ""
    smtp_url: str = ""  # the mail server, with account and password; empty: no e-mail is sent
    mail_from: str = ""
    webhook_hosts: tuple[str, ...] = ()  # where group chats and programs may be told; empty: nowhere
    outbound_roots: Path | None = None  # PEM file: authorities beside the system's for mail and webhooks

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def _can_be_stamped(self) -> bool:
        return self.timestamp_url.startswith(("http://", "https://")) or (
            self.demo and self.timestamp_url == DEVELOPMENT_AUTHORITY
        )

    def check(self) -> None:
        """Refuse settings that are unsafe outside demo mode.

        Raises BadSetting.
        """
        if self.password_profile not in PASSWORD_PROFILES:
            raise BadSetting(f"REGISTRY_PASSWORD_PROFILE must be one of {', '.join(PASSWORD_PROFILES)}")
        if self.signature_level not in ("", *SIGNATURE_LEVELS):
            raise BadSetting(f"REGISTRY_SIGNATURE_LEVEL must be one of {', '.join(SIGNATURE_LEVELS)}")
        if self.signature_level in ("t", "lta") and not self.timestamp_url:
            raise BadSetting("REGISTRY_SIGNATURE_LEVEL asks for time stamps; set REGISTRY_TIMESTAMP_URL")
        if self.timestamp_url and not self._can_be_stamped:
            raise BadSetting("REGISTRY_TIMESTAMP_URL must begin with http:// or https://; development is for demo mode")
        self._check_outbound()
        if not self.demo and self.secret_key == DEMO_SECRET:
            raise BadSetting("REGISTRY_SECRET_KEY is the demo secret; set one of your own")
        if not self.secret_key:
            raise BadSetting(
                "there is no secret: set REGISTRY_SECRET_KEY, or let script/serve write one for this place"
            )
        if len(self.secret_key) < MINIMUM_SECRET_LENGTH:
            raise BadSetting(f"REGISTRY_SECRET_KEY must have at least {MINIMUM_SECRET_LENGTH} characters")

    @property
    def allowed_hosts(self) -> tuple[AllowedHost, ...]:
        """Where group chats and programs may be told."""
        return tuple(read_allowed(entry) for entry in self.webhook_hosts)

    def _check_outbound(self) -> None:
        if self.smtp_url and not self.smtp_url.startswith(SMTP_SCHEMES):
            raise BadSetting(f"REGISTRY_SMTP_URL must begin with one of {', '.join(SMTP_SCHEMES)}")
        if self.smtp_url and "@" not in self.mail_from:
            raise BadSetting("REGISTRY_MAIL_FROM must be the address that e-mail comes from")
        try:
            _ = self.allowed_hosts
        except BadHost as error:
            raise BadSetting(f"REGISTRY_WEBHOOK_HOSTS: {error}") from error


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the REGISTRY_* variables.

    Raises BadSetting for a value that cannot be used.
    """
    instance = Path(environ.get("REGISTRY_INSTANCE", ROOT / "instance")).resolve()
    demo = _is_true(environ, "REGISTRY_DEMO")
    settings = Settings(
        secret_key=_secret(environ, instance) or (DEMO_SECRET if demo else ""),
        database_url=environ.get("REGISTRY_DATABASE_URL", f"sqlite:///{instance / 'registry.db'}"),
        instance=instance,
        demo=demo,
        public_url=environ.get("REGISTRY_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        trusted_hosts=tuple(_words(environ.get("REGISTRY_TRUSTED_HOSTS", ""))),
        proxies=_whole_number(environ, "REGISTRY_PROXIES", 0),
        allow_plain_http=_is_true(environ, "REGISTRY_ALLOW_PLAIN_HTTP"),
        password_profile=environ.get("REGISTRY_PASSWORD_PROFILE", "dengbao3"),
        embedded_worker=_is_true(environ, "REGISTRY_EMBEDDED_WORKER"),
        celery_broker=environ.get("REGISTRY_CELERY_BROKER", ""),
        fonts=_path(environ, "REGISTRY_FONTS"),
        signing_pkcs12=_path(environ, "REGISTRY_SIGNING_PKCS12"),
        signing_passphrase=environ.get("REGISTRY_SIGNING_PASSPHRASE", ""),
        trusted_roots=_path(environ, "REGISTRY_TRUSTED_ROOTS"),
        data_key=environ.get("REGISTRY_DATA_KEY", ""),
        timestamp_url=environ.get("REGISTRY_TIMESTAMP_URL", ""),
        signature_level=environ.get("REGISTRY_SIGNATURE_LEVEL", ""),
        pkcs11_module=_path(environ, "REGISTRY_PKCS11_MODULE"),
        pkcs11_pin=environ.get("REGISTRY_PKCS11_PIN", ""),
        smtp_url=environ.get("REGISTRY_SMTP_URL", ""),
        mail_from=environ.get("REGISTRY_MAIL_FROM", ""),
        webhook_hosts=tuple(_words(environ.get("REGISTRY_WEBHOOK_HOSTS", ""))),
        outbound_roots=_path(environ, "REGISTRY_OUTBOUND_ROOTS"),
    )
    settings.check()
    return settings


def _secret(environ: Mapping[str, str], instance: Path) -> str:
    """The environment's secret, else the one that set-up wrote into the instance folder."""
    kept = instance / "secret_key"
    if "REGISTRY_SECRET_KEY" in environ:
        return environ["REGISTRY_SECRET_KEY"]
    return kept.read_text().strip() if kept.exists() else ""


def _is_true(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in TRUE_WORDS


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdigit():
        raise BadSetting(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]
