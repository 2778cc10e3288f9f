"""P3: attempts to move somebody to another place: "app me", "stuur je nummer", accounts elsewhere, meeting alone."""

from __future__ import annotations

import re
from typing import Final

from bot.screening.found import Found
from bot.screening.lexicon import plain

_APPS: Final = (
    r"(?:snap(?:chat|je)?|sc|insta(?:gram)?|ig|tiktok|tt|whats ?app|wa|telegram|tg|signal|discord|dc|kik|wickr|skype|"
    r"facetime|messenger|facebook|fb|twitch|steam|psn|xbox live|yubo|tinder|omegle|session|threema|bereal|wizz|hoop|"
    r"twitter|x|reddit)"
)
_OTHER_APPS: Final = (
    r"(?:snap(?:chat)?|insta(?:gram)?|whats ?app|telegram|signal|discord|kik|wickr|skype|facetime|messenger|yubo|"
    r"omegle|session|threema|wizz)"
)
_ACCOUNT: Final = r"\s*(?:naam|account|acc|user(?:name)?|id|tag)?\s*"
_NAME: Final = r"@?(?P<name>[\w.#-]{3,32})"
_SIGNED: Final = r"@?(?P<name>(?=[\w.#-]*[\d_.#])[\w.#-]{3,32})"
_HANDLES: Final = (
    rf"(?<!\w){_APPS}{_ACCOUNT}(?:=|:|->|\u2192|@|=>)\s*{_NAME}",
    rf"(?<!\w){_APPS}{_ACCOUNT}(?:is|heet)\s+{_SIGNED}",
    rf"(?<!\w)(?:mijn|m'?n|me|my)\s+(?:nieuwe\s+)?{_APPS}{_ACCOUNT}(?:is|=|:|->|\s)\s*{_NAME}",
    rf"(?<!\w)(?:add me o[pn]|voeg me toe op|volg m(?:e|ij) op|follow me on|te vinden op)\s+{_APPS}\s*:?\s+{_NAME}",
    rf"(?<!\w){_APPS}\b[^.!?\n]{{0,12}}?@(?P<name>[\w.]{{3,32}})",
)
_NO_NAME: Final = frozenset(
    {"is", "het", "de", "een", "niet", "weer", "stuk", "kapot", "leuk", "leuker", "echt", "down", "uit",
     "verwijderd", "dom", "gehackt", "gehacked", "prive", "voor", "heel", "saai", "gewoon", "mijn", "nog",
     "wel", "ook", "stom", "irritant", "vol", "traag", "beter", "and", "the", "not", "broken", "better", "for",
     "naam", "account", "verboden", "toch", "meestal", "altijd", "geblokt", "geblokkeerd", "nep", "gratis",
     "handig", "lekker", "chill", "that", "dat", "die", "van", "staat", "doet", "werkt", "wordt", "streak",
     "streaks", "score", "story", "verhaal", "groep", "group", "video", "filter", "foto", "vriend", "vrienden",
     "volgers", "followers", "bio", "profiel", "oud", "nieuw", "kwijt", "vergeten", "helemaal", "net", "ineens",
     "raar", "weg", "eraf", "hetzelfde", "anders", "beschikbaar", "alleen", "maar", "want", "dus", "als", "met",
     "naar", "bij"}
)  # fmt: skip
_YOURS: Final = r"(?:je|jouw|jou|uw|ur|your|u)"
_NUMBER: Final = (
    r"(?:nummer|tel|telnr|06|nr|mobiel|gsm|gsmnummer|telefoonnummer|number|phone number|adres|address|huisadres|snap|"
    r"insta|discord)"
)
_ASK: Final = r"(?:stuurt?|geef|app|mag ik|krijg ik|kan ik|wat is|send|give|drop|whats|what's|can i (?:get|have))"
_SOON: Final = r"(?:\s+(?:dan|maar|ff|even|eens|straks|gewoon|prive|nou|es|toe|anders))*"
_GO_ON: Final = r"(?:kom|ga|praat|chat|zullen we|laten we|we kunnen|lets|let's|come|go|move)"
_THERE: Final = r"(?:verder|praten|chatten|bellen|gaan|kletsen|talk|chat|call|want|dan|met mij|komen|daar|waar)"
_CONTACT: Final = (
    (
        rf"(?<!\w){_ASK}\b[^.!?\n]{{0,20}}?\b{_YOURS}\s+{_NUMBER}(?!\w)"
        r"(?!\s+(?:van de som|van het lokaal|aan de|score|streak|story|naam weer))"
    ),
    (
        r"(?<!\w)(?:zullen we|laten we|kunnen we|let's|lets)\b[^.!?\n]{0,12}?\b"
        r"(?:nummers?|snaps?|adres(?:sen)?)\s+(?:ruilen|uitwisselen)"
    ),
    r"(?<!\w)(?:hier is|dit is|this is|heres|here's) (?:mijn|m'n|mn|my) (?:nummer|number|06|telefoonnummer)(?!\w)",
    (
        r"(?<!\w)(?:app|dm|pm|snap|text|bel|add|bericht|whatsapp|discord|msg|stuur)\s+(?:me|mij|m'n|mn)"
        rf"{_SOON}\s+(?:op|via|in|on)\s+(?:{_OTHER_APPS}|prive|dm|private)(?!\w)"
    ),
    rf"(?<!\w)(?:voeg|volg|add)\s+(?:me|mij){_SOON}\s+(?:op|on|via|in)\s+{_APPS}(?!\w)",
    rf"(?<!\w){_GO_ON}\b[^.!?\n]{{0,25}}?\b(?:op|naar|via|on|to)\s+{_OTHER_APPS}\s+{_THERE}",
    rf"(?<!\w)appt?\s+(?:me|mij){_SOON}\s*(?:$|[.!?,])",
    r"(?<!\w)(?:dm|pm)\s+(?:me|mij)(?!\w)",
    rf"(?<!\w)(?:heb|hebt|heeft)\s+(?:je|jij|ge|gij|u)\s+(?:ook\s+)?{_OTHER_APPS}\s*(?:\?|$)",
)
_ALONE: Final = (
    r"(?:alleen|met z'?n tweeen|met ons tweeen|zonder je ouders|zonder (?:dat )?(?:je )?(?:ouders|iemand|anderen)|"
    r"stiekem|niemand|alone|just us|secret|geheim)"
)
_PROPOSE: Final = (
    r"(?:zullen we|kunnen we|wil je|wilt ge|wil jij|kom je|kom|laten we|we kunnen|ik wil|can we|lets|let's|wanna)"
)
_MEET: Final = r"(?:afspreken|ontmoeten|zien|meet|meeten|meet up|langskomen|komen|hang out)"
_MEETING: Final = (
    rf"(?<!\w){_PROPOSE}\b[^.!?\n]{{0,40}}?\b{_MEET}\b[^.!?\n]{{0,40}}?\b{_ALONE}(?!\w)",
    r"(?<!\w)(?:alleen|stiekem|met z'?n tweeen|in het geheim)\s+(?:afspreken|ontmoeten|meeten|met mij|met me)(?!\w)",
    (
        r"(?<!\w)(?:vertel|zeg)t?\s+(?:het|dit|da|dat)?\s*(?:niet|nie)\s+(?:aan|tegen)\s+(?:je|jouw|uw)\s+"
        r"(?:ouders|moeder|vader|mama|papa)(?!\w)[^.!?\n]{0,40}?\b(?:kom|afspreken|ontmoeten|foto|geheim)"
    ),
    r"(?<!\w)(?:hoe oud ben je|asl)\b[^\n]{0,60}?\b(?:waar woon je|alleen thuis|woon je|heb je snap)(?!\w)",
)
_PATTERNS: Final = (
    *(("handle", re.compile(written), 0.85) for written in _HANDLES),
    *(("contact", re.compile(written), 0.8) for written in _CONTACT),
    *(("meeting", re.compile(written), 0.8) for written in _MEETING),
)


def contact_attempts(text: str) -> list[Found]:
    """Return the attempts to move contact elsewhere: ``handle``, ``contact`` or ``meeting``."""
    bare = plain(text)
    found: dict[str, Found] = {}
    for kind, pattern, score in _PATTERNS:
        match = pattern.search(bare) if kind not in found else None
        if match and (kind != "handle" or _is_name(match.group("name"))):
            found[kind] = Found(kind, match.group().strip(), score)
    return list(found.values())


def _is_name(name: str) -> bool:
    return bool(re.search(r"[a-z]", name)) and name not in _NO_NAME
