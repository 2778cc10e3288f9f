"""All settings: one list of name, default and meaning. ``.env.example`` and the README are checked against it.

Secrets come from the environment or a file named by it and are never printed. Wrong settings are reported all at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SetupError

PREFIXES = ("KLASWACHT_", "DISCORD_")


class Settings(BaseSettings):
    """What the environment (or ``.env``) says. Every field's name in capitals is the variable's name."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    discord_token: Annotated[SecretStr | None, Field(description="The bot's token, from Discord's developer page")] = (
        None
    )
    discord_token_file: Annotated[
        Path | None, Field(description="A file that holds the token, instead of DISCORD_TOKEN")
    ] = None
    discord_api_base: Annotated[
        str, Field(description="Where the REST interface is; another one for a Discord-compatible server")
    ] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[str, Field(description="Where the gateway is")] = "wss://gateway.discord.gg/"
    discord_cdn_base: Annotated[str, Field(description="Where files and avatars are")] = "https://cdn.discordapp.com"
    klaswacht_state: Annotated[
        Path, Field(description="The folder of database, key and evidence; only its owner may read it")
    ] = Path(platformdirs.user_data_dir("klaswacht", appauthor=False))
    klaswacht_database_url: Annotated[
        str | None, Field(description="Another database, as an SQLAlchemy URL; empty: SQLite in the state folder")
    ] = None
    klaswacht_school_file: Annotated[
        Path | None, Field(description="The school file, or a folder of them; empty: set up with /setup")
    ] = None
    klaswacht_key: Annotated[
        SecretStr | None,
        Field(description="Wraps the encryption keys (base64, 32 bytes); empty: klaswacht.key in the state folder"),
    ] = None
    klaswacht_key_old: Annotated[
        SecretStr | None, Field(description="The former KLASWACHT_KEY, at the one restart that changes it")
    ] = None
    klaswacht_data: Annotated[
        Path | None, Field(description="A folder whose files replace those of the same name in data/")
    ] = None
    klaswacht_engine: Annotated[
        Literal["embedded", "detoxify", "both"],
        Field(description="Who scores texts; detoxify and both need klaswacht[detoxify]"),
    ] = "embedded"
    klaswacht_checkpoint: Annotated[
        str | None,
        Field(description="For detoxify and both: a fetched name or a checkpoint file; empty: the project's own"),
    ] = None
    klaswacht_checkpoint_sha256: Annotated[
        str | None,
        Field(pattern="^[0-9a-fA-F]{64}$", description="The file's hash, instead of klaswacht model trust"),
    ] = None
    klaswacht_model_threads: Annotated[int, Field(ge=1, le=32, description="Threads of the model")] = 1
    klaswacht_monitor_port: Annotated[
        int, Field(ge=0, le=65535, description="Port of /healthz and /metrics on this machine; 0: off")
    ] = 0
    klaswacht_log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="How much the log says; never contents")
    ] = "INFO"
    klaswacht_control: Annotated[
        str | None, Field(description="Where the practice room steers the clock; not for a real school")
    ] = None

    @field_validator("discord_api_base", "discord_cdn_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on this machine)")
        return value.rstrip("/")

    @field_validator("discord_gateway_url")
    @classmethod
    def _websocket(cls, value: str) -> str:
        if not value.startswith(("ws://", "wss://")):
            raise ValueError("must begin with wss:// (or ws:// on this machine)")
        return value

    def token(self) -> str:
        """Return the token. Raises ``SetupError`` when there is none."""
        if self.discord_token_file:
            try:
                return self.discord_token_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SetupError("error.settings.token_file", file=self.discord_token_file.name) from error
        if self.discord_token is None or not self.discord_token.get_secret_value().strip():
            raise SetupError("error.settings.token")
        return self.discord_token.get_secret_value().strip()


def read_settings() -> Settings:
    """Read the settings. Raises ``SetupError`` that names every wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SetupError("error.settings.wrong", problems=told) from error


def data_folder() -> Path:
    """Return the folder of the data files: beside the packages in a checkout, inside them in a wheel."""
    here = Path(__file__).resolve().parent
    inside = here / "_data"
    return inside if inside.is_dir() else here.parent / "data"


def own_folder(settings: Settings, name: str) -> Path | None:
    """Return the school's own folder of this name, None when there is none."""
    own = settings.klaswacht_data / name if settings.klaswacht_data else None
    return own if own and own.is_dir() else None


def data_file(settings: Settings, name: str) -> Path:
    """Return a data file: the school's own where ``KLASWACHT_DATA`` holds one of that name, else the shipped one."""
    if settings.klaswacht_data and (own := settings.klaswacht_data / name).exists():
        return own
    return data_folder() / name
