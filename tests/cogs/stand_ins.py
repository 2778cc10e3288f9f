"""Stand-ins for the core's services, so that the adapter is tried against a real server without them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import Busy, SteeredClock
from bot.errors import NotFoundError, TakenError
from bot.findings.facts import AlertCard, PairHistory, Shown, ShownMessage, SignalShown
from bot.media.entrance import Files
from bot.people import Actor, People, Verb, require
from bot.ports import ChatMessage
from bot.readback import ChannelNow, Read
from bot.reports.facts import FileTold, LookMoment, OwnReport, Receipt, ReceiverLine, ReceiverRole, ReportPage, Waiting
from bot.school import ClassRoom, School, Schools, read_school
from bot.schoolbook import SchoolBook
from bot.screening.verdict import QUIET, Severity, Verdict
from bot.texts import Texts
from cogs.practice.places import DEFAULT_SCHOOL

ROOT = Path(__file__).parent.parent.parent
GUILD, STAFF, CLASS = "1100000000000000001", "1100000000000000201", "1100000000000000501"
TEACHER, SECOND, COORDINATOR, MODERATOR = (
    "1100000000000000303",
    "1100000000000000304",
    "1100000000000000301",
    "1100000000000000306",
)
NOOR, DAAN = "1100000000000000601", "1100000000000000602"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TEXTS = Texts.load(ROOT / "data" / "texts")


def a_card(**changes: Any) -> AlertCard:
    signal = SignalShown("insult", 0.93, "F1", "model", "card.signal.insult", Severity.ALERT)
    card = AlertCard(
        id=77, school=GUILD, kind="finding", severity=Severity.ALERT, state="open", class_name="Groep 7b",
        channel=CLASS, author=DAAN, target=NOOR, count=1, signals=(signal,), said_at=NOW, url="", claimed_by=None,
        case_id=None, case_number=None, report_id=None, anonymous=False, outcome=None, engine="model", removed=False,
        version=1, created_at=NOW,
    )  # fmt: skip
    return replace(card, **changes)


@dataclass
class WatchStandIn:
    handled: list[ChatMessage] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, message: ChatMessage) -> None:
        self.handled.append(message)
        self._came.set()

    async def got(self, count: int) -> None:
        """Wait until this many messages came."""
        while len(self.handled) < count:
            self._came.clear()
            await self._came.wait()

    async def take(self, message: ChatMessage) -> None:
        await self.handle(message)

    async def deleted(self, school: str, channel: str, message_id: str) -> None:  # noqa: ARG002 - the signature
        self.gone.append(message_id)

    def lost(self) -> None: ...

    def resumed(self) -> None: ...


@dataclass
class ReadBackStandIn:
    ran: list[list[ChannelNow]] = field(default_factory=list)
    until: datetime | None = None

    async def heard(self) -> datetime | None:
        return self.until

    async def run(self, school: str, channels: list[ChannelNow]) -> Read:  # noqa: ARG002 - the signature
        self.ran.append(channels)
        return Read()


@dataclass
class ReviewStandIn:
    cards: dict[int, AlertCard] = field(default_factory=lambda: {77: a_card()})
    dismissed: list[tuple[str, int, str]] = field(default_factory=list)

    async def card(self, school: str, alert: int) -> AlertCard:
        if alert not in self.cards or self.cards[alert].school != school:
            raise NotFoundError("error.discord.gone")
        return self.cards[alert]

    async def ready(self, actor: Actor, alert: int, verb: Verb, *, closed: bool = False) -> None:
        del closed
        card = await self.card(actor.school.guild, alert)
        require(actor, verb, card.class_name, owner=card.claimed_by)

    async def queue(self, actor: Actor) -> list[AlertCard]:  # noqa: ARG002 - the signature
        return list(self.cards.values())

    async def take(self, actor: Actor, alert: int) -> AlertCard:
        card = await self.card(actor.school.guild, alert)
        if card.claimed_by not in {None, actor.id}:
            raise TakenError("error.alert.taken", who=card.claimed_by)
        self.cards[alert] = replace(card, state="claimed", claimed_by=actor.id)
        return self.cards[alert]

    async def dismiss(self, actor: Actor, alert: int, reason: str) -> AlertCard:
        self.dismissed.append((actor.id, alert, reason))
        self.cards[alert] = replace(self.cards[alert], state="closed", outcome="dismissed")
        return self.cards[alert]

    async def show(self, actor: Actor, alert: int) -> Shown:
        card = await self.card(actor.school.guild, alert)
        message = ShownMessage(DAAN, "jij bent **echt** een @everyone loser https://x.nl", NOW, "")
        return Shown(card, (message,), (), PairHistory(0, 0, (), NOW), (), card.report_id)


@dataclass
class ReportsStandIn:
    drafts: list[dict[str, Any]] = field(default_factory=list)
    filed: list[dict[str, Any]] = field(default_factory=list)
    own: list[OwnReport] = field(default_factory=list)
    distressed: list[int] = field(default_factory=list)
    news: list[Waiting] = field(default_factory=list)

    async def distress(self, actor: Actor, draft: int) -> None:  # noqa: ARG002 - the signature
        self.distressed.append(draft)

    async def page(self, actor: Actor, class_name: str | None = None) -> ReportPage:
        return ReportPage(actor.school.guild, "School", class_name, (), (_receiver(),), _look())

    async def draft(self, school: str, user: str, **facts: Any) -> int:
        self.drafts.append({"school": school, "user": user, **facts})
        return 500 + len(self.drafts)

    async def draft_text(self, actor: Actor, draft: int) -> str:  # noqa: ARG002 - the signature
        return str(self.drafts[draft - 501].get("what") or "")

    async def draft_files(self, actor: Actor, draft: int) -> tuple[FileTold, ...]:  # noqa: ARG002 - the signature
        return ()

    async def file(self, actor: Actor, draft: int, **facts: Any) -> Receipt:
        self.filed.append({"user": actor.id, "draft": draft, **facts})
        return Receipt(9, 1, facts["anonymous"], Severity.ALERT, crisis=False, receivers=(_receiver(),), look=_look())

    async def mine(self, actor: Actor) -> list[OwnReport]:  # noqa: ARG002 - the signature
        return self.own

    async def waiting(self, actor: Actor) -> list[Waiting]:  # noqa: ARG002 - the signature
        return self.news

    async def read(self, actor: Actor, shown: Sequence[Waiting]) -> None: ...


def _receiver() -> ReceiverLine:
    return ReceiverLine("class", ReceiverRole.TEACHER, TEACHER, "Juf Sanne", "Groep 7b")


def _look() -> LookMoment:
    return LookMoment(open_now=True, at=NOW, local=NOW, hours="08:15-15:30")


@dataclass
class ScreeningStandIn:
    verdict: Verdict = QUIET

    async def judge(self, message: ChatMessage, room: object, school: object) -> Verdict:  # noqa: ARG002 - the signature
        return self.verdict


@dataclass
class MediaStandIn:
    """Knows no holds. ``came``: who came to read which place, of ``stands``; ``doubts``: how often it was not known."""

    holds: dict[int, int] = field(default_factory=dict)
    stands: list[str] = field(default_factory=list)
    came: list[tuple[str, str]] = field(default_factory=list)
    doubts: int = 0

    async def hold_of_alert(self, school: str, alert: int) -> int | None:  # noqa: ARG002 - the signature
        return self.holds.get(alert)

    async def came_in(
        self, school: School, room: ClassRoom, user: str, reads: Callable[[str], Awaitable[bool]]
    ) -> None:
        del school
        self.came += [(user, place) for place in (*room.channels, *self.stands) if await reads(place)]

    async def unsure(self, school: School) -> None:  # noqa: ARG002 - the signature
        self.doubts += 1


@dataclass
class EntranceStandIn:
    files: Files = field(default_factory=Files)

    async def look(self, message: ChatMessage) -> Files:  # noqa: ARG002 - the signature
        return self.files

    async def poster(self, message: ChatMessage) -> ChatMessage | None:
        return None if message.author.bot else message


@dataclass
class SetupStandIn:
    welcomed: list[str] = field(default_factory=list)

    async def welcome(self, guild: str) -> None:
        self.welcomed.append(guild)

    async def told(self, guild: str) -> dict[str, Any]:  # noqa: ARG002 - the signature
        return {}

    def by_file(self, guild: str) -> bool:  # noqa: ARG002 - the signature
        return True


@dataclass
class CoreStandIn:
    people: People
    book: SchoolBook
    busy: Busy = field(default_factory=Busy)
    clock: SteeredClock = field(default_factory=lambda: SteeredClock(NOW))
    texts: Texts = TEXTS
    watch: WatchStandIn = field(default_factory=WatchStandIn)
    readback: ReadBackStandIn = field(default_factory=ReadBackStandIn)
    review: ReviewStandIn = field(default_factory=ReviewStandIn)
    reports: ReportsStandIn = field(default_factory=ReportsStandIn)
    screening: ScreeningStandIn = field(default_factory=ScreeningStandIn)
    setup: SetupStandIn = field(default_factory=SetupStandIn)
    media: MediaStandIn = field(default_factory=MediaStandIn)
    intake: MediaStandIn = field(default_factory=MediaStandIn)
    entrance: EntranceStandIn = field(default_factory=EntranceStandIn)
    cases: Any = None
    choices: Any = None


def a_book() -> SchoolBook:
    school = read_school(DEFAULT_SCHOOL)
    return SchoolBook(Schools().with_school(school))
