"""Signals that need no score: personal data, contact, links, files; each with its own severity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.ports import ChatMessage
from bot.school import ClassRoom, School
from bot.screening.combine import RULES
from bot.screening.contact import contact_attempts
from bot.screening.files import Files
from bot.screening.letters import safe
from bot.screening.links import Links
from bot.screening.personal import personal_data
from bot.screening.surfaces import Readable
from bot.screening.thresholds import Thresholds
from bot.screening.verdict import Signal, SignalName

KINDS: Final = {
    "phone": SignalName.PERSONAL_DATA, "email": SignalName.PERSONAL_DATA, "address": SignalName.PERSONAL_DATA,
    "postcode": SignalName.PERSONAL_DATA, "iban": SignalName.PERSONAL_DATA, "bsn": SignalName.PERSONAL_DATA,
    "handle": SignalName.CONTACT, "contact": SignalName.CONTACT, "meeting": SignalName.CONTACT,
    "invite": SignalName.CONTACT,
    "shortener": SignalName.LINK, "address_link": SignalName.LINK, "look_alike_link": SignalName.LINK,
    "grabber": SignalName.LINK, "refused_link": SignalName.LINK, "unknown_link": SignalName.LINK,
    "media_link": SignalName.MEDIA,
    "dangerous_file": SignalName.DANGEROUS_FILE, "disguised_file": SignalName.DANGEROUS_FILE,
    "macro_file": SignalName.DANGEROUS_FILE, "archive_file": SignalName.DANGEROUS_FILE,
    "flood_mentions": SignalName.FLOOD, "imitation": SignalName.IMITATION,
}  # fmt: skip
_SOURCES: Final = {
    SignalName.DANGEROUS_FILE: "file", SignalName.MEDIA: "file", SignalName.FLOOD: "history",
}  # fmt: skip
MOST_MENTIONS: Final = 10
"""People mentioned in one message; a class of thirty is not called together this way by a pupil."""

_OWN_RULES: Final = {"grabber": "F5", "refused_link": "T3", "invite": "P3"}


class Patterns:
    """Looks for everything that a pattern can find."""

    def __init__(self, thresholds: Thresholds, links: Links, files: Files) -> None:
        self._thresholds, self._links, self._files = thresholds, links, files

    def of_message(
        self, message: ChatMessage, items: Sequence[Readable], room: ClassRoom | None, school: School | None
    ) -> list[Signal]:
        """Return the signals of a message. Staff may share their own address or a link to a meeting."""
        staff = is_staff(message.author.id, room, school)
        found = [] if staff else [signal for item in items for signal in self.of_text(item, school)]
        found += [self.signal(kind, 0.95) for file in message.attachments if (kind := self._files.risk(file))]
        if room and not staff and max(message.mention_count, len(message.mentions)) >= MOST_MENTIONS:
            found.append(self.signal("flood_mentions", 0.9))
        return found

    def of_text(self, item: Readable, school: School | None) -> list[Signal]:
        """Return the signals of one readable text."""
        text = safe(item.raw)
        found = self._links.find(text)
        if item.speaks:
            names = [pupil.first_name for pupil in school.pupils] if school else []
            found += [*personal_data(text, names), *contact_attempts(text)]
        return [self.signal(item.kind, item.score, (item.words,)) for item in found]

    def signal(self, kind: str, score: float, words: tuple[str, ...] = ()) -> Signal:
        """Return the signal of a pattern's kind, with the severity that the thresholds give it."""
        name = KINDS[kind]
        rule = _OWN_RULES.get(kind, RULES[name])
        source = _SOURCES.get(name, "pattern")
        return Signal(name, score, rule, source, f"reason.{name}.{kind}", self._thresholds.pattern(kind), words)


def is_staff(user: str, room: ClassRoom | None, school: School | None) -> bool:
    """Tell whether the school file names somebody as staff (roles are not known here)."""
    if room and user in room.teacher_ids:
        return True
    if school is None:
        return False
    named = (*school.coordinators, *school.moderators, *school.crisis, *school.ict, school.supervisor)
    return f"user:{user}" in named or bool(school.classes_of_teacher(user))
