"""Whether a message with media is held, shown to the teacher, or left alone: facts in, decision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.consent.facts import ConsentKind
from bot.media.config import Action, MediaConfig
from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.unreadable import Reason, told
from bot.screening.verdict import Severity, Signal, SignalName


class Why(StrEnum):
    """The reasons; people read ``media.reason.<name>``."""

    NUDITY = "nudity"
    OBJECTION = "objection"
    COPY = "copy"
    PEOPLE = "people"
    FILM = "film"
    SOUND = "sound"
    UNREADABLE = "unreadable"
    WAITING = "waiting"
    CAPTION_NAMES = "caption_names"
    MAYBE = "maybe"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at. ``content`` None: it could not be fetched."""

    name: str
    content: bytes | None = field(repr=False)
    facts: MediaFacts


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the files.

    ``covered``: consent of everybody concerned is on record; ``named``: a pupil's name stands beside; ``copy``: the
    same picture was taken away before; ``private``: because it may be nudity; ``objected``: somebody in it does not
    want it; ``links``: media elsewhere.
    """

    covered: bool = False
    named: bool = False
    copy: bool = False
    private: bool = False
    objected: bool = False
    by_staff: bool = False
    links: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens, how urgently, and why. ``private``: for the coordinator alone."""

    action: Action
    severity: Severity
    reasons: tuple[Why, ...]
    private: bool = False


BUSY = told(Reason.BUSY)
NOTHING = Decision(Action.PASS, Severity.QUIET, ())
RECORDED = {MediaKind.FILM: (Why.FILM, ConsentKind.FILM), MediaKind.SOUND: (Why.SOUND, ConsentKind.SOUND)}
RULES = {
    Why.NUDITY: (SignalName.SEXUAL, "F4"),
    Why.OBJECTION: (SignalName.MEDIA, "F4"),
    Why.COPY: (SignalName.MEDIA, "F4"),
    Why.PEOPLE: (SignalName.MEDIA, "P4"),
    Why.FILM: (SignalName.MEDIA, "A6"),
    Why.SOUND: (SignalName.MEDIA, "A6"),
    Why.UNREADABLE: (SignalName.MEDIA, "P4"),
    Why.WAITING: (SignalName.MEDIA, "P4"),
    Why.CAPTION_NAMES: (SignalName.CAPTION_NAMES, "T8"),
    Why.MAYBE: (SignalName.MEDIA, "P4"),
    Why.LINK: (SignalName.MEDIA, "A6"),
}


def consents_needed(facts: Sequence[MediaFacts]) -> frozenset[ConsentKind]:
    """Return for what consent must be on record."""
    kinds = {kind for one in facts for kind in (one.kind.value, *one.inside)}
    needed = {kind for media, (_, kind) in RECORDED.items() if media.value in kinds}
    shown = any(one.people is People.YES and one.kind is not MediaKind.FILM for one in facts)
    return frozenset(needed | ({ConsentKind.PHOTO} if shown else set()))


def decide(facts: Sequence[MediaFacts], known: Known, config: MediaConfig) -> Decision:
    """Return what happens to a message with these files."""
    return of_reasons(_reasons(facts, known, config), config, by_staff=known.by_staff)


def of_reasons(reasons: tuple[Why, ...], config: MediaConfig, *, by_staff: bool) -> Decision:
    """Return what happens for these reasons."""
    if not reasons:
        return NOTHING
    actions = [_action(why, config) for why in reasons]
    action = next((one for one in (Action.HOLD, Action.FLAG) if one in actions), Action.PASS)
    if action is Action.PASS:
        return NOTHING
    if Why.NUDITY in reasons:
        return Decision(Action.HOLD, Severity.URGENT, reasons, private=True)
    if by_staff:
        return Decision(Action.FLAG, Severity.NOTICE, reasons)
    quiet = set(reasons) <= {Why.MAYBE, Why.LINK, Why.WAITING}
    return Decision(action, Severity.NOTICE if quiet else Severity.ALERT, reasons)


def signals(decision: Decision, facts: Sequence[MediaFacts]) -> tuple[Signal, ...]:
    """Return the signals that the finding carries, one a reason."""
    nudity = max((one.nudity for one in facts), default=0.0)
    return tuple(
        Signal(name, nudity if why is Why.NUDITY else 1.0, rule, "file", f"media.reason.{why}", decision.severity)
        for why in decision.reasons
        for name, rule in (RULES[why],)
    )


def _reasons(facts: Sequence[MediaFacts], known: Known, config: MediaConfig) -> tuple[Why, ...]:
    needed = consents_needed(facts)
    tests = {
        Why.NUDITY: known.private or any(one.nudity >= config.nudity.urgent for one in facts),
        Why.OBJECTION: known.objected,
        Why.COPY: known.copy,
        Why.PEOPLE: ConsentKind.PHOTO in needed and not known.covered,
        Why.FILM: ConsentKind.FILM in needed and not known.covered,
        Why.SOUND: ConsentKind.SOUND in needed and not known.covered,
        Why.UNREADABLE: any(one.error and one.error != BUSY for one in facts),
        Why.WAITING: any(one.error == BUSY for one in facts),
        Why.CAPTION_NAMES: known.named and bool(needed & {ConsentKind.PHOTO, ConsentKind.FILM}),
        Why.MAYBE: any(
            one.people is People.MAYBE and one.kind in {MediaKind.IMAGE, MediaKind.DOCUMENT} for one in facts
        ),
        Why.LINK: known.links > 0,
    }
    if any(one.error for one in facts):
        tests[Why.MAYBE] = False  # it is "maybe" because it can't be seen
    return tuple(why for why, true in tests.items() if true)


def _action(why: Why, config: MediaConfig) -> Action:
    road = config.road
    set_by_school = {
        Why.PEOPLE: road.people,
        Why.FILM: road.people,
        Why.SOUND: road.people,
        Why.MAYBE: road.maybe,
        Why.UNREADABLE: road.unreadable,
        Why.WAITING: Action.HOLD if road.unreadable is Action.HOLD else Action.FLAG,  # never a pass without a look
    }
    fixed = {Why.NUDITY: Action.HOLD, Why.OBJECTION: Action.HOLD, Why.COPY: Action.HOLD}
    return set_by_school.get(why) or fixed.get(why, Action.FLAG)
