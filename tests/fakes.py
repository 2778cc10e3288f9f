"""Fakes of everything outside the core: they keep what they were told, and do what a test asks of them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import DeliveryFailedError, DeliveryRefusedError, SetupError
from bot.media.entrance import Files
from bot.media.facts import MediaFacts, MediaKind
from bot.ports import Attachment, ChatMessage, Delivery, Member, MessageRef
from bot.school import ClassRoom, School
from bot.screening.verdict import QUIET, Verdict


@dataclass
class FakeMessenger:
    """Keeps every delivery. ``closed``: receivers that refuse; ``failing``: how many deliveries fail from now on."""

    sent: list[Delivery] = field(default_factory=list)
    refreshed: list[Delivery] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    timed_out: list[tuple[str, str, datetime]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    failing: int = 0
    before: Callable[[Delivery], None] | None = None

    async def deliver(self, delivery: Delivery) -> MessageRef:
        if self.before:
            self.before(delivery)
        if delivery.receiver.id in self.closed:
            raise DeliveryRefusedError("error.delivery.refused")
        if self.failing:
            self.failing -= 1
            raise DeliveryFailedError("error.delivery.failed")
        self.sent.append(delivery)
        place = delivery.receiver.id if delivery.receiver.kind == "channel" else f"dm-{delivery.receiver.id}"
        return MessageRef(place, str(delivery.id))

    async def refresh(self, delivery: Delivery, ref: MessageRef) -> None:
        assert ref.message == str(delivery.id)
        self.refreshed.append(delivery)

    async def remove(self, channel: str, message: str, reason: str) -> bool:  # noqa: ARG002 - the port's signature
        self.removed.append((channel, message))
        return True

    async def time_out(self, school: str, user: str, until: datetime, reason: str) -> None:  # noqa: ARG002 - as above
        self.timed_out.append((school, user, until))

    def kinds(self, receiver: str | None = None) -> list[str]:
        """What was sent (to one receiver), in order."""
        return [d.kind for d in self.sent if receiver in {None, d.receiver.id}]

    def to(self, receiver: str) -> list[Delivery]:
        """What one receiver got."""
        return [d for d in self.sent if d.receiver.id == receiver]

    def clear(self) -> None:
        """Forget what was sent so far."""
        self.sent.clear()
        self.refreshed.clear()


@dataclass
class FakeRoster:
    """Knows the members of each school."""

    members: dict[str, dict[str, Member]] = field(default_factory=dict)

    def add(self, school: str, *members: Member) -> None:
        self.members.setdefault(school, {}).update({member.id: member for member in members})

    def take_roles(self, school: str, user: str) -> None:
        """Take all roles from somebody."""
        old = self.members[school][user]
        self.members[school][user] = Member(old.id, old.name, frozenset(), old.channels, old.locale, old.bot)

    async def member(self, school: str, user: str) -> Member | None:
        return self.members.get(school, {}).get(user)

    async def schools_of(self, user: str) -> Sequence[str]:
        return [school for school, members in self.members.items() if user in members]


@dataclass
class FakeHistory:
    """Channels with messages; pages as Discord does."""

    channels: dict[str, list[ChatMessage]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *messages: ChatMessage) -> None:
        """Put messages into their channels; an edited one takes the place of the earlier version."""
        for message in messages:
            others = [m for m in self.channels.get(message.channel, []) if m.id != message.id]
            self.channels[message.channel] = sorted([*others, message], key=lambda m: int(m.id))

    def delete(self, message: ChatMessage) -> None:
        self.channels[message.channel] = [m for m in self.channels[message.channel] if m.id != message.id]

    async def around(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        all_ = self.channels.get(channel, [])
        before = [m for m in all_ if int(m.id) < int(message)]
        rest = [m for m in all_ if int(m.id) >= int(message)]
        half = limit // 2
        return [*before[-(limit - min(len(rest), half + 1)) :], *rest[: half + 1]][:limit]

    async def one(self, channel: str, message: str) -> ChatMessage | None:
        return next((m for m in self.channels.get(channel, []) if m.id == message), None)

    async def after(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        self.asked.append((channel, message))
        return [m for m in self.channels.get(channel, []) if int(m.id) > int(message)][: min(limit, 100)]

    async def download(self, attachment: Attachment, limit: int) -> bytes | None:
        content = self.files.get(attachment.id)
        return content if content is not None and len(content) <= limit else None


@dataclass
class FakeMedia:
    """Finds no files anywhere, unless a test gives what is found; remembers what arrived."""

    files: Files = field(default_factory=Files)
    came: list[tuple[ChatMessage, Files, bool]] = field(default_factory=list)

    async def look(self, message: ChatMessage) -> Files:  # noqa: ARG002 - the port's signature
        return self.files

    async def arrived(
        self, message: ChatMessage, school: School, room: ClassRoom, files: Files, *, by_staff: bool
    ) -> None:
        del school, room
        self.came.append((message, files, by_staff))


@dataclass
class FakeInspector:
    """Sees what a test says, and nothing in other files; ``hangs`` never answers, ``broken`` can't start."""

    sees: dict[str, MediaFacts] = field(default_factory=dict)
    hangs: bool = False
    broken: bool = False

    async def start(self) -> None:
        if self.broken:
            raise SetupError("error.media.child")

    async def inspect(self, name: str, content: bytes) -> MediaFacts:
        await self.start()
        if self.hangs:
            await asyncio.Event().wait()
        nothing = MediaFacts(name, MediaKind.OTHER, sha256=hashlib.sha256(content).hexdigest())
        return self.sees.get(name, nothing)


@dataclass
class FakeScreening:
    """Says what a test taught it: a text that contains a taught word gets that word's verdict, else quiet."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    judged: list[ChatMessage] = field(default_factory=list)
    engine: str = "model"
    before: Callable[[ChatMessage], object] | None = None

    def teach(self, word: str, verdict: Verdict) -> None:
        self.verdicts[word] = verdict

    def of(self, text: str) -> Verdict:
        verdict = next((v for word, v in self.verdicts.items() if word in text), QUIET)
        return Verdict(verdict.severity, verdict.signals, self.engine)

    async def judge(
        self,
        message: ChatMessage,
        room: ClassRoom | None = None,  # noqa: ARG002 - the real one's signature
        school: School | None = None,  # noqa: ARG002 - as above
    ) -> Verdict:
        self.judged.append(message)
        verdict = self.of(message.text)
        if self.before:
            self.before(message)
        return verdict

    async def judge_text(self, text: str) -> Verdict:
        return self.of(text)
