"""What an operator may set, from the environment and from a ``.env`` file.

Every name starts with ``VIGIA_``. ``docs/operating.md`` lists them; a test holds that list to this class.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.clock import is_known

PROJECT_HOME = Path(__file__).resolve().parent.parent
HOMEPAGE = "https://github.com/vigia-bot/vigia"

#: RFC 9110 section 10.1.5 asks for a contact in the User-Agent of a robot; a line break there would
#: smuggle a header.
_CONTACT = re.compile(r"[\x20-\x27\x2a-\x7e]{3,120}")  # printable, no parentheses
_IDS = re.compile(r"\s*(?:\d{1,19}\s*(?:,\s*|$))*")

#: What a header can carry of a secret (RFC 6750 section 2.1 allows less): a line break would begin another.
_SECRET = re.compile(r"[\x21-\x7e]+")
_SHARDS = re.compile(r"\s*(\d{1,5}(-\d{1,5})?\s*(,\s*|$))*")


@cache
def vigia_version() -> str:
    """The installed version, or ``0+source`` when run from an unpacked tree."""
    try:
        return version("vigia")
    except PackageNotFoundError:
        return "0+source"


class Settings(BaseSettings):
    """The settings of one installation. Secrets are ``SecretStr``: they print as stars."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIA_", env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True
    )

    discord_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("VIGIA_DISCORD_TOKEN", "DISCORD_TOKEN", "discord_token"),
        description="The bot's token from the Discord developer portal. Without it the terminal opens.",
    )
    database_url: str = Field(
        "sqlite:///vigia.db",
        description="Where everything is kept: sqlite:///file or postgresql://user:password@host/name.",
    )
    feeds_file: Path | None = Field(
        None, description="The catalogue of default feeds. Unset: feeds.yaml of the project."
    )
    record_dir: Path | None = Field(
        None, description="A folder with record files of your own. Unset: the record that comes with the bot."
    )
    contact: str = Field(
        HOMEPAGE,
        description="An address or e-mail that publishers can write to; it goes into the User-Agent.",
    )
    language: Literal["en", "es"] = Field("en", description="The terminal's language, and a new server's.")
    timezone: str = Field("America/Mexico_City", description="A new server's time zone (IANA name).")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much the log says."
    )
    log_format: Literal["console", "json"] = Field("console", description="How the log is written.")
    discord_api_base: str | None = Field(
        None, description="Another address for Discord's REST API, for tests and proxies."
    )
    discord_gateway_url: str | None = Field(
        None, description="Another address for Discord's gateway, for tests and proxies."
    )
    shard_count: int | None = Field(
        None, ge=1, le=10_000, description="Shards in all, for gateways in several processes."
    )
    shard_ids: str = Field(
        "", description="This gateway's shards, such as 0,1,2 or 0-7. Empty: all of them, in one process."
    )
    poll_concurrency: int = Field(
        64, ge=1, le=512, description="Feeds fetched at the same time, each from another host."
    )
    parser_processes: int = Field(
        2, ge=1, le=32, description="Worker processes that parse feeds; about one a core."
    )
    health_port: int | None = Field(
        None, ge=0, le=65535, description="A port for /healthz, /readyz and /metrics. Unset: none is opened."
    )
    health_host: str = Field(
        "127.0.0.1", description="The address that the health port listens on. In a container: 0.0.0.0."
    )
    llm_url: str | None = Field(
        None,
        description="An OpenAI-compatible address that phrases summaries. Unset: they are quoted.",
    )
    llm_model: str = Field("", description="The model to ask for at that address.")
    llm_key: SecretStr | None = Field(None, description="The key for that address, if it wants one.")
    llm_tokens_a_day: int = Field(
        200_000, ge=0, description="What the model may cost a day; beyond it summaries are quoted."
    )
    retention_days: int = Field(
        730, ge=30, le=36500, description="Days that articles are kept. What did not match leaves after 30."
    )
    operators: str = Field(
        "", description="Discord ids, separated by commas, of who may change what every server sees."
    )
    allow_private_addresses: bool = Field(
        False,
        description="Let feeds live on private and loopback addresses. Only for a network that you trust.",
    )

    @field_validator("contact", mode="before")
    @classmethod
    def _blank_is_the_default(cls, value: object) -> object:
        return HOMEPAGE if isinstance(value, str) and not value.strip() else value

    @field_validator(
        "discord_token",
        "feeds_file",
        "record_dir",
        "discord_api_base",
        "discord_gateway_url",
        "health_port",
        "shard_count",
        "llm_url",
        "llm_key",
        mode="before",
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("contact")
    @classmethod
    def _contact_fits_a_header(cls, value: str) -> str:
        if not _CONTACT.fullmatch(value):
            raise ValueError("must be 3 to 120 printable ASCII characters without parentheses")
        return value

    @field_validator("llm_key")
    @classmethod
    def _key_fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be printable ASCII characters without spaces or line breaks")
        return value

    @field_validator("operators")
    @classmethod
    def _operators_are_ids(cls, value: str) -> str:
        if not _IDS.fullmatch(value):
            raise ValueError("must be Discord user ids, which are numbers, separated by commas")
        return value

    @field_validator("shard_ids")
    @classmethod
    def _shards_are_numbers(cls, value: str) -> str:
        if not _SHARDS.fullmatch(value):
            raise ValueError("must be numbers or ranges separated by commas, such as 0-3,8")
        for first, last in re.findall(r"(\d+)\s*-\s*(\d+)", value):
            if int(first) > int(last):
                raise ValueError(f"the range {first}-{last} holds nothing; did you mean {last}-{first}?")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        # Zones begin with a capital. What does not is another copy of the table ("posix/…") or no zone.
        if not (value[:1].isupper() and value != "Factory" and is_known(value)):
            raise ValueError(f"{value!r} is not an IANA time zone, such as America/Tijuana")
        return value

    @property
    def operator_ids(self) -> frozenset[int]:
        """Who may change what every server sees, by their ids in Discord."""
        return frozenset(int(one) for one in self.operators.split(",") if one.strip())

    @property
    def shards(self) -> tuple[int, ...]:
        """This gateway's shards, in order; empty for all."""
        found: set[int] = set()
        for part in filter(None, self.shard_ids.replace(" ", "").split(",")):
            first, _, last = part.partition("-")
            found.update(range(int(first), int(last or first) + 1))
        return tuple(sorted(found))

    @property
    def catalogue_path(self) -> Path:
        """The feeds.yaml in force: the one that is set, else the project's, else the packaged copy."""
        if self.feeds_file:
            return self.feeds_file
        project = PROJECT_HOME / "feeds.yaml"
        return project if project.exists() else Path(__file__).with_name("feeds.default.yaml")

    @property
    def user_agent(self) -> str:
        """Who we tell publishers that we are: product, version and a contact."""
        return f"Vigia/{vigia_version()} (+{self.contact})"
