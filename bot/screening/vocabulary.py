"""The small notation of the word lists: written by people, made into patterns and plain words.

``sukkel(s|tje)?`` gives three words; a space is any white space or comma; ``<je>`` stands for a list of words named in
the file's ``[short]`` table; ``ga (toch|nou)? weg`` makes a word optional, ``(heel|erg)*`` any number of these words
(at most five), ``(heel|erg)+`` at least one; ``...`` is up to four words of any kind; ``scheld*`` has any ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_SIGN: Final = re.compile(r"\.\.\.|<\w+>|\s+|[()|?*+]|[\w'’&/\-]+|[^\x00-\x7f]")
SPACE: Final = r"[\s,\u2600-\u27bf\U0001f300-\U0001faff]+"
_GAP: Final = r"(?:[^\s.!?]+[\s,]+){0,4}?"
_TIMES: Final = {"?": "?", "*": "{0,5}", "+": "{1,5}"}
_MOST_FORMS: Final = 3000
_ONE_WORD: Final = re.compile(r"[\w'’&/()|?\-]+|[\w()|?]*[^\x00-\x7f][\w()|?]*")
_PIECE: Final = re.compile(r"[\w'’&/\-]+(?![?\w'’&/\-])|[\w'’&/\-]")
BEFORE: Final = r"(?:(?<![\w'])|(?=[^\w\s']))"
AFTER: Final = r"(?:(?!\w)|(?<=[^\w\s]))"


@dataclass(slots=True)
class _Item:
    pattern: str
    times: str = ""
    space: bool = False
    word: bool = False


def to_pattern(written: str, short: Mapping[str, str]) -> str:
    """Return the regular expression of a line. Raises ``ValueError``: a sign without meaning, an unknown name."""
    signs = _SIGN.findall(written)
    if "".join(signs) != written:
        raise ValueError(f"{written!r}: only letters, spaces, ( | )? + * ... and <name>")
    stream = iter(signs)
    pattern, last = _choice(stream, short)
    if last is not None:
        raise ValueError(f"{written!r}: a bracket too many")
    return pattern


def _choice(stream: Iterator[str], short: Mapping[str, str]) -> tuple[str, str | None]:
    """Read alternatives up to the end or a closing bracket; give the pattern and what ended it."""
    options: list[str] = []
    items: list[_Item] = []
    for sign in stream:
        if sign in "|)":
            options.append(_sequence(items))
            items = []
            if sign == ")":
                return "|".join(options), sign
        else:
            _add(items, sign, stream, short)
    return "|".join([*options, _sequence(items)]), None


def _add(items: list[_Item], sign: str, stream: Iterator[str], short: Mapping[str, str]) -> None:
    if sign in _TIMES:
        if not items or (sign != "*" and items[-1].times):
            raise ValueError(f"{sign} after nothing")
        if items[-1].word:
            items[-1].times = sign
        elif sign == "?":
            items[-1:] = _last_optional(items[-1].pattern)
        else:
            items.append(_Item(r"\w*"))
    elif sign == "(":
        inner, end = _choice(stream, short)
        if end is None:
            raise ValueError("a bracket is not closed")
        items.append(_Item(f"(?:{inner})", word=True))
    elif sign.startswith("<"):
        if sign[1:-1] not in short:
            raise ValueError(f"{sign} is not in [short]")
        items.append(_Item(f"(?:{short[sign[1:-1]]})", word=True))
    else:
        items.append(_plain(sign))


def _last_optional(pattern: str) -> list[_Item]:
    """Make the last letter of a word optional."""
    letter = pattern[-2:] if pattern[-2:-1] == "\\" else pattern[-1:]
    return [_Item(pattern.removesuffix(letter)), _Item(letter, "?")]


def _plain(sign: str) -> _Item:
    if sign == "...":
        return _Item(_GAP, space=True)
    return _Item(SPACE, space=True) if sign.isspace() else _Item(re.escape(sign))


def _sequence(items: list[_Item]) -> str:
    """Join items; an optional word takes the space beside it along, behind it at the start, else before it."""
    parts: list[str] = []
    place, fresh = 0, True
    while place < len(items):
        item = items[place]
        follows = items[place + 1] if place + 1 < len(items) else None
        ends = follows is None or follows.space
        optional = item.word and item.times
        if optional and fresh and follows and follows.pattern == SPACE:
            parts.append(f"(?:{item.pattern}{SPACE}){_TIMES[item.times]}")
            place += 1
        elif optional and not fresh and ends and items[place - 1].pattern == SPACE:
            parts[-1] = f"(?:{SPACE}{item.pattern}){_TIMES[item.times]}"
            fresh = False
        else:
            parts.append(item.pattern + (_TIMES[item.times] if item.times else ""))
            fresh = item.pattern == _GAP
            place += 1 if fresh and follows and follows.pattern == SPACE else 0
        place += 1
    return "".join(parts)


def alternatives(written: str) -> list[str]:
    """Split a line at the bars that stand outside all brackets."""
    parts, depth = [""], 0
    for char in written:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def forms(written: str) -> tuple[str, ...]:
    """Return the plain words that a line of one word stands for; none for a phrase, an open ending or a mistake."""
    if not _ONE_WORD.fullmatch(written) or written.count("(") != written.count(")"):
        return ()
    found, rest = _expand(written)
    return tuple(dict.fromkeys(found)) if not rest and len(found) <= _MOST_FORMS else ()


def _expand(text: str) -> tuple[list[str], str]:
    """Expand up to the end or the closing bracket of this level; give the forms and what is left."""
    done: list[str] = []
    current = [""]
    while text and text[0] != ")":
        sign = _PIECE.match(text)
        piece = sign.group() if sign else text[0]
        text = text[len(piece) :]
        if piece == "|":
            done, current = done + current, [""]
            continue
        options = [piece]
        if piece == "(":
            options, text = _expand(text)
            text = text[1:]
        if text.startswith("?"):
            options, text = [*options, ""], text[1:]
        current = [head + tail for head in current for tail in options]
    return done + current, text
