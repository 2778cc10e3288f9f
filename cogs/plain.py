"""Text from people, made safe to show: no pings, no markdown, no links that unfold, never too long."""

from __future__ import annotations

import re
from collections.abc import Mapping

import discord

ZERO_WIDTH = "\u200b"
FENCE = "```"
LINE = 400  # characters of one line of a refusal
CUT_MARK = " […]"
_ANGLE = re.compile(r"<(?=[@#/:tai])")
_LINK = re.compile(r"(?<=:)(?=/)|(?<=discord)(?=\.gg/|(?:app)?\.com/)", re.IGNORECASE)
"""Where a link or an invitation is broken, so that nothing unfolds."""
_INVISIBLE = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
"""What turns the direction of writing, moves a cursor, or is no letter at all."""
_PERSON = re.compile(r"<@\d{1,20}>", re.ASCII)
_LINE = re.compile("[\u2028\u2029\x85]")


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters; a text that was cut ends in a mark that says so."""
    return text if len(text) <= limit else text[: limit - len(CUT_MARK)].rstrip() + CUT_MARK


def calmed(text: str) -> str:
    """Return a text without letters that change how the text around them is shown."""
    return _INVISIBLE.sub("", _LINE.sub("\n", text))


def inline(text: str, limit: int = 200) -> str:
    """Return a short text of a person for use inside a sentence: one line, shown as it was typed."""
    flat = " ".join(calmed(text).split())
    calm = _LINK.sub(ZERO_WIDTH, cut(flat, limit))
    calm = _ANGLE.sub(f"<{ZERO_WIDTH}", calm.replace("@", f"@{ZERO_WIDTH}"))
    return discord.utils.escape_markdown(calm, ignore_links=False).replace("[", "\\[")


def told(values: Mapping[str, str]) -> dict[str, str]:
    """Return what fills a sentence, each value as text only; its lines stay lines, ``who`` may be a mention."""
    return {
        name: value
        if name == "who" and _PERSON.fullmatch(value)
        else "\n".join(inline(line, LINE) for line in value.split("\n"))
        for name, value in values.items()
    }


def block(text: str, limit: int = 1000) -> str:
    """Return a text of a person as a block in which nothing is markdown, a ping or a link.

    ``limit`` counts the characters of the whole block.
    """
    calm = calmed(text)
    calm = calm.replace("`", "\u02cb") if FENCE in calm else calm  # looked at last: what was taken out may part a fence
    body = cut(calm.strip() or "–", limit - 2 * len(FENCE) - 2)
    return f"{FENCE}\n{body}\n{FENCE}"


def person(user: str) -> str:
    """Return a person as a mention; it pings nobody unless the message allows it."""
    return f"<@{user}>"


def place(channel: str) -> str:
    """Return a channel as a mention."""
    return f"<#{channel}>"
