"""Files that a message shows without holding them: links to the platform's own file server, and stickers.

Only that server is ever asked; a link to anywhere else is a matter of words (``bot.screening.links``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from discord.asset import Asset

from bot.ports import Attachment

Payload = Mapping[str, Any]
OWN_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")
_KEPT = re.compile(r"/(?:ephemeral-)?attachments/\d+/\d+/[^/]+$")
_STICKERS = {1: "png", 2: "png", 4: "gif"}
"""Kinds of stickers that are pictures: https://discord.com/developers/docs/resources/sticker#sticker-format-types"""


def linked_files(payload: Payload) -> tuple[Attachment, ...]:
    """Return the files behind links, embeds and stickers of a message payload, forwarded messages included."""
    parts = [payload, *(_table(one, "message") for one in _list(payload, "message_snapshots"))]
    held = {_bare(str(file.get("url", ""))) for part in parts for file in _list(part, "attachments")}
    found = [file for part in parts for file in (*_links(part), *_stickers(part))]
    fresh = {_bare(file.url): file for file in reversed(found) if _bare(file.url) not in held}
    return tuple(reversed(fresh.values()))


def _links(part: Payload) -> Iterator[Attachment]:
    embeds = _list(part, "embeds")
    shown = [str(_table(embed, kind).get("url", "")) for embed in embeds for kind in ("image", "thumbnail", "video")]
    for url in (*_LINK.findall(str(part.get("content") or "")), *shown):
        address = urlsplit(url)
        if _is_own(url) and _KEPT.search(address.path):
            name = unquote(address.path.rsplit("/", 1)[-1])
            yield Attachment(id=address.path.rsplit("/", 2)[-2], name=name, size=0, url=url, linked=True)


def _stickers(part: Payload) -> Iterator[Attachment]:
    for sticker in (*_list(part, "sticker_items"), *_list(part, "stickers")):
        ending, number = _STICKERS.get(sticker.get("format_type", 0)), str(sticker.get("id", ""))
        if ending and number.isdecimal():
            base = Asset.BASE.replace("cdn.discordapp.com", "media.discordapp.net") if ending == "gif" else Asset.BASE
            name = f"{sticker.get('name') or 'sticker'}.{ending}"
            yield Attachment(id=number, name=name, size=0, url=f"{base}/stickers/{number}.{ending}", linked=True)


def _is_own(url: str) -> bool:
    try:
        address, base = urlsplit(url), urlsplit(Asset.BASE)
        return (address.scheme == "https" and address.netloc.lower() in OWN_HOSTS) or (
            url.startswith(f"{Asset.BASE}/") and address.netloc == base.netloc
        )
    except ValueError:
        return False


def _bare(url: str) -> str:
    return url.split("?", 1)[0]


def _list(table: Payload, name: str) -> list[Payload]:
    value = table.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _table(table: Payload, name: str) -> Payload:
    value = table.get(name)
    return value if isinstance(value, Mapping) else {}
