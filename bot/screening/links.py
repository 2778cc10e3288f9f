"""Links in a message: invites, shorteners, bare addresses, look-alikes and grabbers; the school's own lists come first."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import tldextract
from linkify_it import LinkifyIt

from bot.screening.letters import partner, script
from bot.screening.personal import Found

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
_SHORTENERS: Final = frozenset(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc v.gd t.ly shorte.st adf.ly "
    "linkvertise.com bc.vc s.id qr.ae lnkd.in bl.ink clck.ru u.to x.gd urlz.fr tiny.one short.gy trib.al soo.gd".split()
)
_GRABBERS: Final = frozenset(
    "grabify.link iplogger.org iplogger.com iplogger.ru 2no.co yip.su blasze.com ps3cfw.com grabify.org leancoding.co stopify.co "
    "freegiftcards.co joinmy.site curiouscat.club catsnthings.fun spylink.net ipgrabber.ru iplis.ru whatstheirip.com".split()
)
_MEDIA_HOSTS: Final = frozenset(
    "imgur.com imgbb.com ibb.co postimg.cc gyazo.com prnt.sc lightshot.com streamable.com tenor.com giphy.com "
    "photos.app.goo.gl filebin.net gofile.io vocaroo.com".split()
)
_SAFE_MEDIA: Final = frozenset({"tenor.com", "giphy.com"})
_MEDIA_END: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|avif|bmp|mp4|mov|webm|avi|mkv|mp3|wav|ogg|m4a)$", re.IGNORECASE)
_KNOWN: Final = (
    "google", "youtube", "instagram", "snapchat", "discord", "whatsapp", "roblox", "microsoft", "magister", "somtoday",
    "tiktok", "netflix", "paypal", "ing", "rabobank", "abnamro", "digid", "steamcommunity", "fortnite", "epicgames", "smartschool",
)  # fmt: skip
_ENDINGS_OF_FILES: Final = frozenset({"docx", "pdf", "txt", "py", "md", "zip", "js", "java", "sh"})
_OWN_CDN: Final = re.compile(r"(?:cdn|media)\.discord(?:app)?\.(?:com|net)$")


@dataclass(frozen=True, slots=True)
class LinkLists:
    """Registered domains that a class's teacher vetted (quiet) or refused."""

    vetted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


class Links:
    """Judges the links of a text, without a network."""

    def __init__(self) -> None:
        self._linkify = LinkifyIt(options={"fuzzy_ip": True})
        self._extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def find(self, text: str, lists: LinkLists | None = None) -> list[Found]:
        """Return what stands out: ``invite``, ``shortener``, ``grabber``, ``address_link``, ``look_alike_link``, ..."""
        own = lists or LinkLists()
        clear = text
        for pattern, repaired in _SPOILT:
            clear = pattern.sub(repaired, clear)
        found = [Found("invite", match.group(), 0.95) for match in _INVITE.finditer(clear) if _is_invite(match, clear)]
        for url in self._urls(clear):
            kind = self._kind(url, own)
            if kind:
                found.append(Found(kind, url, 0.9 if kind != "unknown_link" else 0.3))
        return list({(item.kind, item.words): item for item in found}.values())

    def _urls(self, text: str) -> list[str]:
        if "." not in text and "://" not in text:
            return []
        return [match.url for match in self._linkify.match(text) or () if match.schema != "mailto:"]

    def _kind(self, url: str, lists: LinkLists) -> str | None:
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
        if not parts.suffix or parts.suffix in _ENDINGS_OF_FILES:
            return None
        return self._listed(host, domain, lists) or _look_alike(host, parts.domain) or _media(url, domain)

    def _listed(self, host: str, domain: str, lists: LinkLists) -> str | None:
        both = {host, domain}
        if both & lists.refused:
            return "refused_link"
        if both & _GRABBERS:
            return "grabber"
        if both & _SHORTENERS:
            return "shortener"
        return None


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


def _look_alike(host: str, name: str) -> str | None:
    """Find a well-known name written with foreign letters, digits or in punycode."""
    decoded = _decoded(host)
    foreign = [char for char in decoded if char.isalpha() and script(char) != "LATIN"]
    latin = "".join(partner(char) or char if char.isalpha() else char for char in decoded)
    if foreign and (latin.isascii() or any(known in latin for known in _KNOWN)):
        return "look_alike_link"
    digits = name.translate(str.maketrans("013457", "oieast"))
    if digits != name and digits in _KNOWN:
        return "look_alike_link"
    doubled = re.sub(r"rn", "m", name)
    return "look_alike_link" if doubled != name and doubled in _KNOWN else None


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except (UnicodeError, ValueError):
        return host


def _media(url: str, domain: str) -> str:
    path = urlsplit(url).path
    if (domain in _MEDIA_HOSTS and domain not in _SAFE_MEDIA) or _MEDIA_END.search(path):
        return "media_link"
    return "unknown_link"
