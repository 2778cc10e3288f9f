"""Links in a message: invites, shorteners, bare addresses, look-alikes, grabbers; the school's lists come first."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

import tldextract
from linkify_it import LinkifyIt

from bot.screening.found import Found
from bot.screening.letters import partner, script
from bot.screening.tables import LinkTable

_INVITE: Final = re.compile(
    r"(?:dis\s?cord(?:app)?\s?\.\s?(?:gg|com\s?/\s?invite)|discord\.io|dsc\.gg|invite\.gg|top\.gg/servers|chat\.whatsapp\.com|wa\.me|"
    r"t\.me|telegram\.me|signal\.group|join\.skype\.com|m\.me/j|guilded\.gg)(?:\s?/\s?\+?[\w-]+)?",
    re.IGNORECASE,
)
_SPOILT: Final = (
    (re.compile(r"h(?:xx|tt)p(s?)\s?[:;]\s?/\s?/\s?", re.IGNORECASE), r"http\1://"),
    (re.compile(r"\s?[\[({]\s?(?:\.|dot|punt)\s?[\])}]\s?", re.IGNORECASE), "."),
    (re.compile(r"\s\.\s(?=(?:gg|com|nl|be|net|org|me|io|ly|link)\b)", re.IGNORECASE), "."),
)
_MEDIA_END: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|heic|avif|bmp|mp4|mov|webm|avi|mkv|mp3|wav|ogg|m4a)$", re.IGNORECASE
)
_ENDINGS_OF_FILES: Final = frozenset({"docx", "pdf", "txt", "py", "md", "zip", "js", "java", "sh"})
_DIGITS: Final = str.maketrans("013457", "oieast")
_OWN_CDN: Final = re.compile(r"(?:cdn|media)\.discord(?:app)?\.(?:com|net)$")


class Links:
    """Judges the links of a text, without a network."""

    def __init__(self, table: LinkTable) -> None:
        self._table = table
        self._linkify = LinkifyIt(options={"fuzzy_ip": True})
        self._extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def find(self, text: str) -> list[Found]:
        """Return what stands out: ``invite``, ``shortener``, ``grabber``, ``address_link``, ``look_alike_link``, ..."""
        clear = text
        for pattern, repaired in _SPOILT:
            clear = pattern.sub(repaired, clear)
        found = [Found("invite", match.group(), 0.95) for match in _INVITE.finditer(clear) if _is_invite(match, clear)]
        for url in self._urls(clear):
            kind = self._kind(url)
            if kind:
                found.append(Found(kind, url, 0.9 if kind != "unknown_link" else 0.3))
        return list({(item.kind, item.words): item for item in found}.values())

    def _urls(self, text: str) -> list[str]:
        if "." not in text and "://" not in text:
            return []
        return [match.url for match in self._linkify.match(text) or () if match.schema != "mailto:"]

    def _kind(self, url: str) -> str | None:
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            return "look_alike_link"
        if not host or _OWN_CDN.search(host):
            return None
        if _is_address(host):
            return "address_link"
        parts = self._extract(host)
        domain = f"{parts.domain}.{parts.suffix}" if parts.suffix else host
        if not parts.suffix or parts.suffix in _ENDINGS_OF_FILES or {host, domain} & self._table.vetted:
            return None
        return self._listed({host, domain}, url) or self._look_alike(host, parts.domain) or "unknown_link"

    def _listed(self, names: set[str], url: str) -> str | None:
        table = self._table
        lists = {
            "refused_link": table.refused,
            "grabber": table.grabbers,
            "shortener": table.shorteners,
            "media_link": table.media,
        }
        listed = next((kind for kind, hosts in lists.items() if names & hosts), None)
        return listed or ("media_link" if _MEDIA_END.search(urlsplit(url).path) else None)

    def _look_alike(self, host: str, name: str) -> str | None:
        """Find a well-known name written with foreign letters, digits or in punycode."""
        decoded = _decoded(host)
        foreign = [char for char in decoded if char.isalpha() and script(char) != "LATIN"]
        latin = "".join(partner(char) or char if char.isalpha() else char for char in decoded)
        if foreign and (latin.isascii() or any(known in latin for known in self._table.known)):
            return "look_alike_link"
        disguised = {
            name.translate(_DIGITS),
            name.translate(_DIGITS).replace("i", "l"),
            name.replace("1", "l"),
            name.replace("rn", "m"),
            name.replace("vv", "w"),
        } - {name}
        return "look_alike_link" if disguised & self._table.known else None


def _is_invite(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 1) : match.start()]
    after = text[match.end() : match.end() + 1]
    return not before.isalnum() and not (match.group().lower() in {"t.me", "wa.me"} or after.isalnum())


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(re.fullmatch(r"0x[0-9a-f]+|\d{8,10}", host))
    return True


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except (UnicodeError, ValueError):
        return host
