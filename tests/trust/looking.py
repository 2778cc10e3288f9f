"""Looks at a message of the bot: whether a text of somebody does anything in it but being read."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

FENCED = re.compile(r"```\n.*?\n```", re.DOTALL)
LEADS = re.compile(
    r"<@[!&]?\d*>?|<#\d*>?|</|<a?:|<t:(?!\d+:[fDt]>)[^>]*>?|<id:|@everyone|@here|://|(?<!\\)\[[^\]]*\]\(|discord(?:\.gg|(?:app)?\.com)/"
)
"""What the platform makes something of: mentions, moments, links, invitations."""
OWN = re.compile(r"<(?:@&?|#)1[12]\d{17}>")
OWN_LINK = re.compile(r"\[[^\]\\]*\]\(https://[^)]*\)")
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def readable(payload: dict[str, Any]) -> list[str]:
    """Return every text of a message that is shown with markdown."""
    found = [str(payload.get("content") or "")]
    for embed in payload.get("embeds", ()):
        found += [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
        found += [part for field in embed.get("fields", ()) for part in (field["name"], field["value"])]
    return found


def leads(payload: dict[str, Any]) -> Counter[str]:
    """Return what a message calls or leads to, outside its blocks."""
    return Counter(sign for text in readable(payload) for sign in LEADS.findall(FENCED.sub("", text)))


def stray(payload: dict[str, Any]) -> list[str]:
    """Return what a message calls or leads to that no card of the practice schools has of itself."""
    texts = [OWN_LINK.sub("", FENCED.sub("", text)) for text in readable(payload)]
    return sorted(sign for text in texts for sign in LEADS.findall(text) if not OWN.fullmatch(sign))


def wrong(payload: dict[str, Any], calm: dict[str, Any]) -> list[str]:
    """Return what a message does that it should not, and that the same message about nothing special does not do."""
    found = [f"mentions {payload['allowed_mentions']}"] if payload["allowed_mentions"].get("parse") != [] else []
    found += ["steers"] if TURNS.search(json.dumps(payload, ensure_ascii=False)) else []
    found += ["a fence is open"] if any("```" in FENCED.sub("", text) for text in readable(payload)) else []
    return found + sorted(leads(payload) - leads(calm))
