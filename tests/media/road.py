"""A photo road on fakes: a gateway that remembers, and pictures whose facts the test chooses."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import DeliveryRefusedError
from bot.media.config import MediaConfig, read_media_config
from bot.media.decide import Looked
from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.ports import PostAgain, Readers
from bot.media.road import PhotoRoad, photo_road
from bot.media.writing import Arrived
from bot.ports import ChatMessage
from bot.school import School
from bot.storage.files import FileStore
from tests.builders import CLASS, Core, a_core, a_message, a_school
from tests.fakes import FakeInspector
from tests.media.conftest import DATA


@dataclass
class FakeGateway:
    """Remembers what was taken out and posted again; refuses when told to."""

    held: list[tuple[str, str]] = field(default_factory=list)
    posted: list[PostAgain] = field(default_factory=list)
    present: Readers = field(default_factory=lambda: Readers(frozenset({"601", "602"}), complete=True))
    may_hold: bool = True
    may_post: bool = True

    async def hold(self, channel: str, message: str) -> bool:
        if not self.may_hold:
            raise DeliveryRefusedError("error.delivery.refused")
        self.held.append((channel, message))
        return True

    async def readers(self, school: str, channel: str, since: str) -> Readers:  # noqa: ARG002 - the port's signature
        return self.present

    async def post_again(self, post: PostAgain) -> str:
        if not self.may_post:
            raise DeliveryRefusedError("error.delivery.refused")
        self.posted.append(post)
        return f"again-{len(self.posted)}"


@dataclass
class Road:
    """A core with a photo road."""

    core: Core
    road: PhotoRoad
    gateway: FakeGateway
    inspector: FakeInspector

    async def post(self, *looked: Looked, text: str = "kijk", **changes: object) -> int | None:
        """Let a pupil post files, and everything that is due happen; return the hold."""
        by_staff = bool(changes.pop("by_staff", False))
        links = int(str(changes.pop("links", 0)))
        message = a_message(text, **changes)
        taken = await self.road.intake.take_in(self.arrived(message, looked, by_staff=by_staff, links=links))
        await self.core.runner.drain()
        return taken.hold

    def arrived(
        self, message: ChatMessage, looked: tuple[Looked, ...], *, by_staff: bool = False, links: int = 0
    ) -> Arrived:
        school = self.school
        room = school.class_named(CLASS)
        assert room is not None
        return Arrived(message, school, room, looked, by_staff=by_staff, links=links)

    @property
    def config(self) -> MediaConfig:
        return read_media_config(DATA / "media.toml")

    @property
    def school(self) -> School:
        return self.core.book.current().all[a_school().guild]


def a_look(name: str = "foto.jpg", people: People = People.YES, **changes: object) -> Looked:
    """Return a file that was looked at; its content is its name."""
    content = name.encode()
    facts: dict[str, object] = {"file": name, "kind": MediaKind.IMAGE, "people": people, "frames": 1}
    facts |= {"faces": int(people is People.YES), "sha256": hashlib.sha256(content).hexdigest(), **changes}
    return Looked(name, content, MediaFacts(**facts))  # type: ignore[arg-type]


@asynccontextmanager
async def a_road(config: MediaConfig | None = None, **school: object) -> AsyncIterator[Road]:
    """Give a core with a photo road whose timers run; with the shipped settings, unless told otherwise."""
    async with a_core(a_school(**school)) as core:
        gateway, inspector = FakeGateway(), core.inspector
        road = photo_road(
            database=core.database,
            vault=core.vault,
            clock=core.clock,
            ids=core.ids,
            schools=core.book.current,
            audit=core.audit,
            timers=core.timers,
            outbox=core.outbox,
            alerts=core.alerts,
            evidence=core.evidence,
            files=FileStore(folder=core.state / "files", vault=core.vault),
            gateway=gateway,
            onlooker=core.onlooker,
            history=core.history,
            config=config or read_media_config(DATA / "media.toml"),
        )
        road.register(core.runner)
        yield Road(core, road, gateway, inspector)
