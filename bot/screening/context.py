"""Looks around a bad word: is it aimed at somebody, and is there an excuse (denied, quoted, of oneself, in play)?

The words it looks for stand in the ``[context]`` table of each word list; the sentences' shapes stand here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.screening.lexicon import Lexicon, Match
from bot.screening.vocabulary import AFTER, BEFORE


class Aim(StrEnum):
    """Whom a word is aimed at."""

    SOMEBODY = "somebody"  # spoken to
    ABSENT = "absent"  # spoken of
    NOBODY = "nobody"


class Excuse(StrEnum):
    """Why a bad word does not count in full."""

    NEGATED = "negated"
    QUOTED = "quoted"
    META = "meta"  # about words and bullying, asking for help, telling a teacher
    SELF = "self"
    FOND = "fond"
    FICTION = "fiction"
    GAME = "game"
    LAUGH = "laugh"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands around one match."""

    aim: Aim
    excuse: Excuse | None


LEFT_REACH: Final = 90
RIGHT_REACH: Final = 60
SHORT_MESSAGE: Final = 5
_STOP: Final = re.compile(r"[.!?;\n]+(?=\s|$)|\s+\"")
_WORD: Final = r"[^\s.,!?;:\"]+"
_NO_LETTERS: Final = r"[^\w]*"


class Context:
    """Reads the surroundings of a match."""

    def __init__(self, lexicon: Lexicon) -> None:
        lists = {name: "|".join(words) for name, words in lexicon.context.items()}
        self._lists = {name: lists.get(name) or r"(?!)" for name in _NAMES}
        you, are = self._lists["you"], self._lists["are"]
        they, be = self._lists["they"], self._lists["be"]
        fill, bad = self._lists["filler"], self._lists["adjective"]
        between = rf"(?:(?:{fill}|{bad})[\s,]+){{0,7}}"
        loosely = rf"(?:{_WORD}\s+){{0,4}}?{between}"
        self._spoken = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?<!\w)(?:{you})\s+(?:{are})\s+{between}$",
                rf"(?<!\w)(?:{are})\s+(?:{you})\s+{between}$",
            )
        )
        self._spoken_loosely = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?<!\w)(?:{you})\s+(?:{are})\s+{loosely}$",
                rf"(?<!\w)(?:{are})\s+(?:{you})\s+{loosely}$",
                rf"(?<!\w)(?:{self._lists['call']})\s+(?:(?:{fill}|{bad})\s+)*$",
            )
        )
        self._spoken_after = re.compile(
            rf"\s*,?\s*(?:(?:dat|die|wat|that)\s+)?(?:(?:(?:{you})\s+(?:{fill}\s+)?(?:{are}))|(?:(?:{are})\s+(?:{you})))(?!\w)"
        )
        self._called_after = re.compile(rf"\s*,?\s*(?:{self._lists['you_strong']})(?!\w)\s*(?:{_NO_LETTERS}|(?:{fill})|$)")
        self._absent = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?<!\w)(?:{they}|{_WORD})\s+(?:{be})\s+(?:ook|echt|gewoon|gwn|toch|zo|such|just|really|\s)*(?:een|n|ne|nen|'n|zo'n|de|a|an|the)\s+(?:(?:{fill}|{bad})\s+)*$",
                rf"(?<!\w)(?:{they})\s+(?:{be})\s+{between}$",
                rf"(?<!\w)(?:{self._lists['that']})\s+(?:(?:{fill}|{bad})\s+)*$",
                rf"(?<!\w)(?:{self._lists['what']})\s+(?:(?:{fill}|{bad})\s+)*$",
                rf"(?<!\w)(?:{bad})\s+$",
            )
        )
        self._opener = re.compile(rf"^(?:(?:{self._lists['opener']}|{bad}|{fill}|@\S+)(?!\w)[^\w@]*)*$")
        self._closer = re.compile(rf"^(?:\W|(?<!\w)(?:{self._lists['closer']})(?!\w))*$")
        self._address = re.compile(rf"(?<!\w)(?:{you}|{self._lists['imperative']})(?!\w)")
        self._commands = re.compile(rf"^(?:(?:{self._lists['opener']})[\s,]+)*(?:{self._lists['imperative']})(?!\w)")
        self._searches = {
            name: re.compile(rf"(?<!\w)(?:{self._lists[name]})(?!\w)")
            for name in ("negation", "report", "meta", "game", "fiction", "self")
        }
        self._self_left = re.compile(rf"(?<!\w)(?:{self._lists['self']})\s+{loosely}$")
        self._fond = re.compile(f"{BEFORE}(?:{self._lists['fond']}){AFTER}")
        self._laugh = re.compile(f"{BEFORE}(?:{self._lists['laugh']}){AFTER}")

    def read(self, match: Match, text: str, *, aimed: bool) -> Reading:
        """Return whom a match is aimed at; ``aimed``: the platform itself says so (a mention, a reply)."""
        left, right = _around(match, text)
        return Reading(self._aim(match, left, right, text, aimed=aimed), self._excuse(match, left, right, text))

    def _aim(self, match: Match, left: str, right: str, text: str, *, aimed: bool) -> Aim:
        if match.entry.kind == "phrase":
            return Aim.SOMEBODY
        if any(shape.search(left) for shape in self._spoken) or self._spoken_after.match(right):
            return Aim.SOMEBODY
        if match.entry.kind == "name" and self._calls(left, right, text, aimed=aimed):
            return Aim.SOMEBODY
        if any(shape.search(left) for shape in self._absent[: 2 if match.entry.kind != "name" else None]):
            return Aim.ABSENT
        return Aim.NOBODY

    def _calls(self, left: str, right: str, text: str, *, aimed: bool) -> bool:
        """Tell whether a name is called out at somebody: "ga weg sukkel", "jij sukkel", "sukkel!"."""
        if any(shape.search(left) for shape in self._spoken_loosely):
            return True
        opens, closes = bool(self._opener.match(left)), bool(self._closer.match(right))
        if opens and (closes or self._called_after.match(right) or self._address.search(right)):
            return True
        if closes and (self._commands.search(left.strip()) or self._address.search(left)):
            return True
        return aimed and len(text.split()) <= SHORT_MESSAGE

    def _excuse(self, match: Match, left: str, right: str, text: str) -> Excuse | None:
        if match.entry.kind != "phrase" and self._negated(left):
            return Excuse.NEGATED
        if match.entry.category[0] == "crisis":
            return self._not_really(text, left)
        if self._quoted(match, text, left):
            return Excuse.QUOTED
        if self._searches["meta"].search(text):
            return Excuse.META
        if match.entry.kind != "phrase" and self._self_left.search(left) and not self._address.search(right):
            return Excuse.SELF
        return self._in_play(match, text)

    def _negated(self, left: str) -> bool:
        last = left[-45:]
        found = list(self._searches["negation"].finditer(last))
        return bool(found) and not re.search(r"[,:]\s*\w+\s+(?:\w+\s+)?\w+\s*$", last[found[-1].end() :])

    def _quoted(self, match: Match, text: str, left: str) -> bool:
        if text[: match.start].count('"') % 2 and '"' in text[match.end :]:
            return True
        if re.search(r"(?:^|[\s:(])'[^']*$", text[: match.start]) and re.match(r"[^']*'(?!\w)", text[match.end :]):
            return True
        return bool(self._searches["report"].search(left)) or bool(self._searches["report"].match(text[match.end :].lstrip(' ,"\'')))

    def _not_really(self, text: str, left: str) -> Excuse | None:
        if self._laugh.search(text):
            return Excuse.LAUGH
        if self._searches["fiction"].search(text) or self._searches["game"].search(text):
            return Excuse.FICTION
        return Excuse.QUOTED if self._searches["report"].search(left) else None

    def _in_play(self, match: Match, text: str) -> Excuse | None:
        if self._searches["fiction"].search(text):
            return Excuse.FICTION
        if match.entry.category[0] in {"threat", "incitement"} and self._searches["game"].search(text):
            return Excuse.GAME
        if self._fond.search(text) and not match.entry.unmistakable:
            return Excuse.FOND
        return Excuse.LAUGH if match.entry.jest and self._laugh.search(text) else None


_NAMES: Final = (
    "you", "you_strong", "are", "they", "be", "that", "what", "filler", "adjective", "opener", "closer", "call",
    "imperative", "negation", "report", "meta", "self", "fond", "laugh", "game", "fiction",
)  # fmt: skip


def _around(match: Match, text: str) -> tuple[str, str]:
    """Return the rest of the match's own sentence, before and after it."""
    left = text[max(0, match.start - LEFT_REACH) : match.start]
    right = text[match.end : match.end + RIGHT_REACH]
    stops = list(_STOP.finditer(left))
    ahead = _STOP.search(right)
    return left[stops[-1].end() :].lstrip() if stops else left, right[: ahead.start()] if ahead else right
