"""The only reader of the environment: one typed class, each variable with its default and description.

`docs/reference/settings.md` is generated from this class, and docker-compose.yml may use no variable that is not here.
"""

import os
import re
from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
SECRETS_DIR = Path("/run/secrets")


class Environment(BaseSettings):
    """What the operator decides. Names are the environment variables; `docs/reference/settings.md` lists them."""

    # In a container every variable may also be a secret: a file of its name in /run/secrets.
    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, secrets_dir=SECRETS_DIR if SECRETS_DIR.is_dir() else None
    )

    data: Path = Field(
        BASE_DIR / "var",
        validation_alias="TENKYO_DATA",
        description="Folder for everything Tenkyo writes: database, files, index, models, secret key.",
    )
    cache_home: Path = Field(
        Path.home() / ".cache",
        validation_alias="XDG_CACHE_HOME",
        description="Downloaded model files are kept in its folder `tenkyo`, named by SHA-256.",
    )
    models: Path | None = Field(
        None, validation_alias="MODELS_DIR", description="Folder of model weights. Default: `models` in TENKYO_DATA."
    )
    secret_key: SecretStr | None = Field(
        None,
        validation_alias="SECRET_KEY",
        description="Signs sessions. Unset: a random key is written once to `secret_key` in TENKYO_DATA, mode 0600.",
    )
    secret_key_file: Path | None = Field(
        None, validation_alias="SECRET_KEY_FILE", description="File that holds SECRET_KEY (a container secret)."
    )
    debug: bool = Field(False, validation_alias="DEBUG", description="Django's debug pages. Never on in production.")
    host: str = Field("127.0.0.1", validation_alias="HOST", description="Address the web server listens on.")
    port: int = Field(8000, validation_alias="PORT", ge=1, le=65535, description="Port the web server listens on.")
    allowed_hosts: str = Field(
        "localhost,127.0.0.1,[::1]",
        validation_alias="ALLOWED_HOSTS",
        description="Host names the web server answers to, separated by commas.",
    )
    trusted_origins: str = Field(
        "",
        validation_alias="TRUSTED_ORIGINS",
        description="Origins with scheme behind a TLS proxy, e.g. https://tenkyo.example.co.jp, separated by commas.",
    )
    https: bool = Field(
        False,
        validation_alias="HTTPS",
        description="The site is reached over HTTPS: secure cookies, HSTS, the proxy's X-Forwarded-Proto trusted.",
    )
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="postgres://… for the server way. Unset: SQLite in TENKYO_DATA.",
    )
    broker_url: str = Field(
        "memory://",
        validation_alias="BROKER_URL",
        description="Celery's broker, e.g. redis://valkey:6379/0. `memory://`: worker threads inside the web process.",
    )
    qdrant_url: str | None = Field(
        None,
        validation_alias="QDRANT_URL",
        description="Qdrant server. Unset: Qdrant Edge inside the web process, under `index` in TENKYO_DATA.",
    )
    qdrant_api_key: SecretStr | None = Field(
        None, validation_alias="QDRANT_API_KEY", description="API key of the Qdrant server."
    )
    answer_url: str | None = Field(
        None,
        validation_alias="ANSWER_URL",
        description="OpenAI-compatible base URL of the answer model, e.g. http://vllm:8000/v1. "
        "Unset: `manage.py serve` starts llama.cpp beside the web process.",
    )
    answer_port: int | None = Field(
        None,
        validation_alias="ANSWER_PORT",
        ge=1,
        le=65535,
        description="Port of the llama.cpp server beside the web process. Default: PORT + 1.",
    )
    answer_api_key: SecretStr | None = Field(
        None, validation_alias="ANSWER_API_KEY", description="Bearer key of the answer model's server."
    )
    answer_slots: int | None = Field(
        None,
        validation_alias="ANSWER_SLOTS",
        ge=0,
        description="Answers that one web process has the model write at once; later questions stand in line. "
        "0: no limit. Default: 2 where `manage.py serve` starts llama.cpp, else 12 (48 for the four web processes of "
        "docker-compose.yml; past 50, a 70B model on two H100 makes everybody wait).",
    )
    answer_model: str = Field(
        "qwen2.5-coder-1.5b-instruct",
        validation_alias="ANSWER_MODEL",
        description="Name in config/portfolio.toml of the model that answers.",
    )
    embed_model: str = Field(
        "multilingual-e5-small",
        validation_alias="EMBED_MODEL",
        description="Name in config/portfolio.toml of the model that embeds at first; later see index_build.",
    )
    embed_device: str = Field(
        "auto",
        validation_alias="EMBED_DEVICE",
        description="`auto`, `cpu`, `cuda` or `cuda:1`: where the embedder and the reranker run.",
    )
    rerank_model: str = Field(
        "",
        validation_alias="RERANK_MODEL",
        description="Name in config/portfolio.toml of the model that orders what search found anew. Default: none.",
    )
    upload_limit_mb: int = Field(
        1024, validation_alias="UPLOAD_LIMIT_MB", ge=1, description="Largest file a person may upload, in MiB."
    )
    question_limit: int = Field(
        4000, validation_alias="QUESTION_LIMIT", ge=1, description="Longest question, in characters."
    )
    sign_in_limit: int = Field(
        10,
        validation_alias="SIGN_IN_LIMIT",
        ge=1,
        description="Failed sign-ins for one name from one address in 15 minutes, after which the next are refused "
        "until these have passed. Five times as many for one name, and for one address, in all.",
    )
    second_factor: str = Field(
        "allowed",
        validation_alias="SECOND_FACTOR",
        pattern="^(off|allowed|administrators|everybody)$",
        description="Who proves themselves by a second factor (authenticator app, passkey) beside the password: "
        "whoever set one up (`allowed`), all who administer too (`administrators`), `everybody`, or nobody (`off`).",
    )
    oidc_issuer: str | None = Field(
        None,
        validation_alias="OIDC_ISSUER",
        description="Address of the company's OpenID Connect provider, e.g. https://id.example.co.jp/realms/staff. "
        "Unset: no sign-in by the company.",
    )
    oidc_client_id: str = Field("", validation_alias="OIDC_CLIENT_ID", description="Tenkyo's id at the provider.")
    oidc_client_secret: SecretStr | None = Field(
        None, validation_alias="OIDC_CLIENT_SECRET", description="Tenkyo's secret there. Unset: a public client (PKCE)."
    )
    oidc_client_secret_file: Path | None = Field(
        None, validation_alias="OIDC_CLIENT_SECRET_FILE", description="File that holds OIDC_CLIENT_SECRET."
    )
    oidc_scopes: str = Field(
        "openid profile email", validation_alias="OIDC_SCOPES", description="What the provider is asked for."
    )
    oidc_name_claim: str = Field(
        "preferred_username", validation_alias="OIDC_NAME_CLAIM", description="Claim that becomes the user name."
    )
    oidc_groups_claim: str = Field(
        "groups", validation_alias="OIDC_GROUPS_CLAIM", description="Claim that lists the person's groups."
    )
    oidc_link_email: bool = Field(
        False,
        validation_alias="OIDC_LINK_EMAIL",
        description="At the first sign-in by the company, take the account with the e-mail address that the provider "
        "has verified; never that of staff or of superusers.",
    )
    ldap_url: str | None = Field(
        None,
        validation_alias="LDAP_URL",
        description="The company's LDAP server or Active Directory: ldaps://ad.example.co.jp, or ldap://… (STARTTLS). "
        "Unset: no sign-in by it.",
    )
    ldap_bind_dn: str = Field(
        "", validation_alias="LDAP_BIND_DN", description="The account by which Tenkyo searches it. Unset: anonymously."
    )
    ldap_bind_password: SecretStr | None = Field(
        None, validation_alias="LDAP_BIND_PASSWORD", description="The password of that account."
    )
    ldap_bind_password_file: Path | None = Field(
        None, validation_alias="LDAP_BIND_PASSWORD_FILE", description="File that holds LDAP_BIND_PASSWORD."
    )
    ldap_base: str = Field(
        "", validation_alias="LDAP_BASE", description="Where people and groups are, e.g. dc=example,dc=co,dc=jp."
    )
    ldap_person_filter: str = Field(
        "(&(objectClass=person)(|(sAMAccountName={name})(uid={name})))",
        validation_alias="LDAP_PERSON_FILTER",
        description="Finds who typed `{name}`. More than one is nobody.",
    )
    ldap_group_filter: str = Field(
        "(|(member={dn})(uniqueMember={dn}))",
        validation_alias="LDAP_GROUP_FILTER",
        description="Finds the groups that `{dn}` (also `{name}`) is in; asked again of each group found.",
    )
    directory_groups: str = Field(
        "",
        validation_alias="DIRECTORY_GROUPS",
        description="Groups of the company's directory that may sign in, separated by semicolons. "
        "Unset: everybody there.",
    )
    directory_administrators: str = Field(
        "",
        validation_alias="DIRECTORY_ADMINISTRATORS",
        description="Groups of the directory whose members administer everything here, and nobody else who signs in by "
        "it. Unset: the directory decides nothing about that.",
    )
    directory_create: bool = Field(
        True,
        validation_alias="DIRECTORY_CREATE",
        description="Make an account at a person's first sign-in by the company. Off: only who was linked may enter.",
    )
    directory_ca_file: Path | None = Field(
        None,
        validation_alias="DIRECTORY_CA_FILE",
        description="Certificates that the provider's or LDAP server's is checked by. Unset: the system's own.",
    )
    asks_per_minute: int = Field(
        120,
        validation_alias="ASKS_PER_MINUTE",
        ge=0,
        description="Questions one person may ask in a minute; ten times as many from one address. 0: no limit.",
    )
    searches_per_minute: int = Field(
        1200,
        validation_alias="SEARCHES_PER_MINUTE",
        ge=0,
        description="Searches over the HTTP API, and trials of dictionary entries, of one person in a minute; "
        "ten times as many from one address. 0: no limit.",
    )
    uploads_per_minute: int = Field(
        1200,
        validation_alias="UPLOADS_PER_MINUTE",
        ge=0,
        description="Files one person may upload in a minute; ten times as many from one address. 0: no limit.",
    )
    parse_memory_mb: int = Field(
        4096,
        validation_alias="PARSE_MEMORY_MB",
        ge=256,
        description="Memory the process that reads a file may use, in MiB.",
    )
    parse_timeout: int = Field(
        120,
        validation_alias="PARSE_TIMEOUT",
        ge=1,
        description="Seconds one page (or opening a file) may take to read.",
    )
    ocr_engine: str = Field(
        "auto",
        validation_alias="OCR_ENGINE",
        pattern="^(auto|tesseract|rapidocr|off)$",
        description="What reads pages that are pictures: `tesseract`, `rapidocr`, `off`, or `auto`: "
        "rapidocr, with Tesseract for vertical and turned pages where it is installed.",
    )
    ocr_languages: str = Field(
        "jpn+eng",
        validation_alias="OCR_LANGUAGES",
        pattern=r"^[A-Za-z]\w*(\+[A-Za-z]\w*)*$",
        description="Languages Tesseract reads, by its names, joined by `+`; with `jpn`, vertical text too.",
    )
    worker_threads: int = Field(
        2,
        validation_alias="WORKER_THREADS",
        ge=1,
        description="Ingestion threads inside the web process (memory:// broker).",
    )
    follow_seconds: int = Field(
        300,
        validation_alias="FOLLOW_SECONDS",
        ge=10,
        description="How often a folder that a library follows is looked at, in seconds.",
    )
    default_language: str = Field(
        "ja",
        validation_alias=AliasChoices("DEFAULT_LANGUAGE"),
        pattern="^(ja|en)$",
        description="Language of pages and messages where the browser asks for neither Japanese nor English.",
    )
    time_zone: str = Field(
        "Asia/Tokyo",
        validation_alias="TIME_ZONE",
        description="The site's time zone, e.g. `Europe/Berlin`: times on pages, and the midnight at which a document "
        "becomes effective or ends.",
    )
    metrics_dir: Path | None = Field(
        None,
        validation_alias="PROMETHEUS_MULTIPROC_DIR",
        description="Where several web processes of one machine add up their counts for /metrics: a folder, empty when "
        "they start, e.g. on a tmpfs. Unset: each process tells its own. Not read from /run/secrets.",
    )
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(False, validation_alias="LOG_JSON", description="One JSON object per log line.")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment, read once per process."""
    return Environment()  # values come from os.environ


def given(env: Environment) -> tuple[dict[str, str], dict[str, str]]:
    """(settings, secrets) that the operator set, by variable. A secret inside an address is masked in the settings."""
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for name in sorted(env.model_fields_set):
        alias = Environment.model_fields[name].validation_alias
        variable = str(alias.choices[0] if isinstance(alias, AliasChoices) else alias)
        value = getattr(env, name)
        if isinstance(value, SecretStr):
            secrets[variable] = value.get_secret_value()
            continue
        settings[variable] = masked(str(value))
        if settings[variable] != str(value):
            secrets[variable] = str(value)
    return settings, secrets


def masked(address: str) -> str:
    """An address without its password: postgres://tenkyo:…@db/tenkyo."""
    return re.sub(r"(://[^/@\s:]*):[^@\s]+@", r"\1:…@", address)


def let_waiting_threads_sleep() -> None:
    """Say to OpenMP that threads which wait for each other sleep. It reads this once, when torch is loaded."""
    # By default they spin. Where the answer model or a second worker wants the cores too, the one thread they wait for
    # then gets none: a batch of passages took 1,600 ms in place of 560 (docs/reference/benchmarks.md).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
