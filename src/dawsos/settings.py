"""Settings: what the operator decides, read once from the environment (prefix ``DAWSOS_``; ``DATABASE_URL`` as everybody spells it)."""

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Everything that can be set. Nothing here has a secret for a default, and nothing listens publicly unless told to."""

    model_config = SettingsConfigDict(env_prefix="DAWSOS_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("dawsos", appauthor=False)),
        description="Where DawsOS keeps its own PostgreSQL, its credentials and its logs.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "DAWSOS_DATABASE_URL"),
        description="A PostgreSQL 14+ to use instead of the embedded one; the role needs to own the database or be able to create roles.",
    )
    app_database_url: SecretStr | None = Field(
        default=None, description="The same database as the unprivileged application role, where DawsOS may not create that role itself."
    )
    pg_bindir: Path | None = Field(
        default=None, description="PostgreSQL programs to use for the embedded server instead of the packaged ones."
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: Port = Field(default=8000, description="Port the web server listens on.")
    secure_cookies: bool = Field(default=False, description="Send the session cookie over HTTPS only; set it when a proxy terminates TLS.")
    allowed_hosts: tuple[str, ...] = Field(
        default=("127.0.0.1", "localhost", "[::1]"), description="Host names requests may be addressed to."
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="How long a browser session lasts.")
    login_attempts: int = Field(default=5, ge=1, le=20, description="Failed logins before an account is locked.")
    lockout_minutes: int = Field(default=30, ge=1, le=1440, description="How long a locked account stays locked.")
    pool_size: int = Field(default=8, ge=1, le=200, description="Database connections the server keeps.")
    policy: str = Field(default="ECB_CLOSE", pattern=r"^[A-Z0-9_]{1,32}$", description="Pricing policy of packs when none is named.")
    price_max_age_days: int = Field(
        default=5, ge=0, le=30, description="Business days a price may be carried forward before it no longer counts."
    )
    pack_coverage: float = Field(
        default=0.8, gt=0, le=1, description="Share of active securities and needed rates a pack must price to be complete."
    )
    portfolios_at_once: int = Field(default=250, ge=1, le=5000, description="Portfolios the nightly chain works on in one transaction.")
    independent_up_to: int = Field(
        default=25,
        ge=0,
        description="Up to how many portfolios the nightly chain asks Beancount, where it is installed, about each ledger.",
    )
    require_fresh: bool = Field(default=True, description="Refuse to answer from a pack that is still warming.")
    answer_megabytes: int = Field(
        default=16, ge=0, le=10_000, description="Megabytes of answers of patterns a process keeps, as JSON; 0 keeps none."
    )
    patterns: Path | None = Field(default=None, description="A folder of pattern files to use instead of the packaged library.")
    fred_api_key: SecretStr | None = Field(default=None, description="Key of FRED, for economic series.")
    fmp_api_key: SecretStr | None = Field(default=None, description="Key of Financial Modeling Prep, for prices and profiles.")
    fmp_monthly_megabytes: int | None = Field(
        default=None,
        ge=1,
        description="What Financial Modeling Prep may be asked for in a month; at 95 % of it what is known is shown instead.",
    )
    nightly_fetch: bool = Field(default=True, description="Let the worker ask the configured sources before each night.")
    polygon_api_key: SecretStr | None = Field(default=None, description="Key of Massive (Polygon.io), for prices, splits and dividends.")
    news_api_key: SecretStr | None = Field(default=None, description="Key of NewsAPI.org, for headlines.")
    anthropic_api_key: SecretStr | None = Field(
        default=None, description="Key of Anthropic, for texts by Claude; without it texts are written by rule."
    )
    ai_model: str = Field(default="claude-sonnet-5-5", pattern=r"^[A-Za-z0-9._:-]{1,100}$", description="The model that writes texts.")
    ai_reply_tokens: int = Field(default=1000, ge=100, le=8000, description="Tokens a text may have.")
    ai_conversation_tokens: int = Field(
        default=60_000, ge=2000, le=500_000, description="Tokens one text may take in all, with the data it is about and what it looks up."
    )
    ai_daily_tokens: int = Field(
        default=1_000_000, ge=0, description="Tokens a process may take in a day; afterwards texts are written by rule."
    )
    mcp_token: SecretStr | None = Field(default=None, description="Access token 'dawsos mcp' acts with; its rights are cut to reading.")
    mcp_redact: bool = Field(
        default=False, description="Percentages only for clients of 'dawsos mcp': no amounts, quantities or names of portfolios leave."
    )
    licensed_sources: tuple[str, ...] = Field(
        default=(),
        description="Sources whose licence for export the operator holds, for example FMP; without it their figures are only shown.",
    )
    strict_exports: bool = Field(
        default=False, description="Refuse an export as a whole when a part of it may not be exported, instead of leaving that part out."
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def provider_key(self, setting: str | None) -> str | None:
        """The key kept in the setting of this name; None when there is none."""
        secret = getattr(self, setting) if setting else None
        return secret.get_secret_value() if isinstance(secret, SecretStr) and secret.get_secret_value().strip() else None

    def monthly_megabytes(self, provider: str) -> int | None:
        """What this source may be asked for in a month; None where there is no limit."""
        return self.fmp_monthly_megabytes if provider == "FMP" else None

    @property
    def server_directory(self) -> Path:
        """Where the embedded PostgreSQL lives."""
        return self.home / "postgresql"
