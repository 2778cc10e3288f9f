"""Thresholds and limits of ``data/media/media.toml`` as facts."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SetupError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Action(StrEnum):
    """What happens to a message: taken out of the channel, shown to the teacher, or nothing."""

    HOLD = "hold"
    FLAG = "flag"
    PASS = "pass"  # noqa: S105 - no password


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Faces(_Table):
    """When a face counts."""

    side: Annotated[int, Field(ge=64, le=2048)]
    doubtful: Share
    sure: Share
    yes: Share
    yes_drawn: Share
    overlap: Share


class PhotoLike(_Table):
    """When a picture looks like a photo."""

    equal_neighbours: Share
    top_colours: Share
    count_as_maybe: bool


class Nudity(_Table):
    """From which score on it is urgent."""

    urgent: Share
    keep: bool


class Road(_Table):
    """What happens to what was seen."""

    people: Action
    maybe: Action
    unreadable: Action
    objections_a_day: Annotated[int, Field(ge=0, le=100)]
    remind_minutes: Count
    second_hours: Count
    post_again_hours: Count


class SamePicture(_Table):
    """When two prints are of one picture."""

    distance: Annotated[int, Field(ge=0, le=127)]
    quality: Annotated[int, Field(ge=0, le=100)]


class Limits(_Table):
    """How much work one file may be; bytes, pixels, seconds."""

    bytes: Count
    pixels: Count
    pixels_named: Count
    frames: Count
    frame_pixels: Count
    film_pixels: Count
    film_frames: Count
    film_seconds: float
    parts: Count
    part_bytes: Count
    unpacked_bytes: Count
    cpu_seconds: Count
    wall_seconds: float
    late_seconds: Annotated[float, Field(gt=0)] = 12.0  # a school's own file may be older than this
    memory_bytes: Count
    files_a_child: Count


class Models(_Table):
    """The SHA-256 that a model file must have."""

    centerface: Hash
    open_nsfw: Hash


class MediaConfig(_Table):
    """The whole file."""

    faces: Faces
    photo_like: PhotoLike
    nudity: Nudity
    road: Road
    same_picture: SamePicture
    limits: Limits
    models: Models


def read_media_config(path: Path) -> MediaConfig:
    """Read the file. Raises ``SetupError`` that names what is wrong in it."""
    try:
        return MediaConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError("error.media.config", file=path.name, problems=error) from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SetupError("error.media.config", file=path.name, problems=told) from error
