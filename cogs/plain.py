"""Text from people, made safe to show: no pings, no markdown, no links that unfold, never too long."""

from __future__ import annotations

import re

import discord

ZERO_WIDTH = "\u200b"
FENCE = "```"
CUT_MARK = " […]"
_ANGLE = re.compile(r"<(?=[@#/:ta])")
_INVISIBLE = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters; a text that was cut ends in a mark that says so."""
    return text if len(text) <= limit else text[: limit - len(CUT_MARK)].rstrip() + CUT_MARK


def inline(text: str, limit: int = 200) -> str:
    """Return a short text of a person for use inside a sentence: one line, shown as it was typed."""
    flat = " ".join(_INVISIBLE.sub("", text).split())
    calm = cut(flat, limit).replace("://", f":{ZERO_WIDTH}//")
    calm = _ANGLE.sub(f"<{ZERO_WIDTH}", calm.replace("@", f"@{ZERO_WIDTH}"))
    return discord.utils.escape_markdown(calm, ignore_links=False).replace("[", "\\[")


def block(text: str, limit: int = 1000) -> str:
    """Return a text of a person as a block in which nothing is markdown, a ping or a link.

    ``limit`` counts the characters of the whole block.
    """
    calm = _INVISIBLE.sub("", text).replace("`", "\u02cb") if FENCE in text else _INVISIBLE.sub("", text)
    body = cut(calm.strip() or "–", limit - 2 * len(FENCE) - 2)
    return f"{FENCE}\n{body}\n{FENCE}"


def person(user: str) -> str:
    """Return a person as a mention; it pings nobody unless the message allows it."""
    return f"<@{user}>"


def place(channel: str) -> str:
    """Return a channel as a mention."""
    return f"<#{channel}>"
