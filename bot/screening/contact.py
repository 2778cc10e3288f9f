"""P3: attempts to move somebody to another place: "app me", "stuur je nummer", accounts elsewhere, meeting alone."""

from __future__ import annotations

import re
from typing import Final

from bot.screening.lexicon import plain
from bot.screening.personal import Found

_APPS: Final = (
    r"snap(?:chat|je)?|sc|insta(?:gram)?|ig|tiktok|tt|whats ?app|wa|telegram|tg|signal|discord|dc|kik|wickr|skype|facetime|"
    r"messenger|facebook|fb|twitch|steam|psn|xbox live|yubo|tinder|omegle|session|threema|bereal|wizz|hoop|twitter|x|reddit"
)
_OTHER_APPS: Final = (
    r"snap(?:chat)?|insta(?:gram)?|whats ?app|telegram|signal|discord|kik|wickr|skype|facetime|messenger|yubo|omegle|"
    r"session|threema|wizz"
)
_HANDLE: Final = re.compile(
    rf"(?<!\w)(?P<app>{_APPS})\s*(?:naam|account|acc|user(?:name)?|id|tag|@)?\s*(?:is|=|:|->|\u2192|@|heet|=>)\s*@?"
    r"(?P<name>[\w.#-]{3,32})"
)
_MY_HANDLE: Final = re.compile(
    rf"(?<!\w)(?:mijn|m'?n|me|my|add me op|add me on|voeg me toe op|volg me op|volg mij op|follow me on|te vinden op)\s+(?:nieuwe\s+)?(?:{_APPS})"
    r"(?:\s*(?:naam|account|acc))?\s*(?:is|=|:|->|\s)\s*@?(?P<name>[\w.#-]{3,32})"
)
_AT_HANDLE: Final = re.compile(rf"(?<!\w)(?:{_APPS})\b[^.!?\n]{{0,12}}?@(?P<name>[\w.]{{3,32}})")
_NO_NAME: Final = re.compile(
    r"^(?:is|het|de|een|niet|weer|stuk|kapot|leuk|echt|zo|down|uit|verwijderd|gehackt|prive|voor|heel|saai|gewoon|mijn|nu|"
    r"nog|wel|ook|dom|irritant|vol|traag|beter|and|the|not|so|down|broken|better|for|naam|account|verboden|toch|meestal|"
    r"altijd|geblokt|geblokkeerd|nep|gratis|handig|lekker|chill|that|dat|die|van|op|staat|doet|werkt|wordt|streak|streaks|"
    r"score|story|verhaal|groep|group|video|filter|foto|vriend|vrienden|volgers|followers|bio|profiel)$"
)
_NUMBER: Final = re.compile(
    r"(?<!\w)(?:(?:stuur|geef|app|mag ik|krijg ik|kan ik|wat is|send|give|drop|whats|what's|hebt ge|heb je|stuurt)\b[^.!?\n]{0,20}?"
    r"\b(?:je|jouw|jou|uw|ur|your|u)\s+(?:nummer|tel(?:efoonnummer)?|telnr|06|nr|mobiel|gsm|gsmnummer|telefoonnummer|number|"
    r"phone number|adres|address|huisadres)|(?:nummers?)\s+(?:ruilen|uitwisselen)|hier is (?:mijn|m'n|mn) nummer|"
    r"ik geef je (?:mijn|m'n|mn) nummer)(?!\w)(?!\s+(?:van de som|van het lokaal|aan de))"
)
_MOVE: Final = re.compile(
    rf"(?<!\w)(?:app|dm|pm|snap|text|bel|add|bericht|whatsapp|discord|msg|stuur)\s+(?:me|mij|m'n|mn)(?:\s+(?:dan|maar|ff|even|eens|straks|gewoon|prive|nou|es))*"
    rf"\s+(?:op|via|in|on)\s+(?:{_OTHER_APPS}|prive|dm|private)(?!\w)"
    rf"|(?<!\w)(?:voeg|volg|add)\s+(?:me|mij)(?:\s+(?:toe|ff|even|maar|eens))*\s+(?:op|on|via|in)\s+(?:{_APPS})(?!\w)"
    rf"|(?<!\w)(?:kom|ga|praat|chat|zullen we|laten we|we kunnen|lets|let's|come|go|move)\b[^.!?\n]{{0,25}}?\b(?:op|naar|via|on|to)\s+(?:{_OTHER_APPS})"
    r"(?:\s+(?:verder|praten|chatten|bellen|gaan|kletsen|talk|chat|call|want|dan|met mij|komen|daar|waar))"
    r"|(?<!\w)(?:app|appt)\s+(?:me|mij)(?:\s+(?:maar|ff|even|eens|dan|anders|straks|prive|gewoon))*\s*(?:$|[.!?,]|prive|prive$)"
    r"|(?<!\w)(?:dm|pm)\s+(?:me|mij)(?!\w)|(?<!\w)(?:heb|hebt|heeft)\s+(?:je|jij|ge|gij|u)\s+(?:ook\s+)?(?:snap(?:chat)?|telegram|kik|discord|insta(?:gram)?|whatsapp)(?:\s*\??$|\s*\?)"
)
_MEET: Final = re.compile(
    r"(?<!\w)(?:(?:zullen we|kunnen we|wil je|wilt ge|wil jij|kom je|kom|laten we|we kunnen|ik wil|can we|lets|let's|wanna)\b[^.!?\n]{0,40}?"
    r"\b(?:afspreken|ontmoeten|zien|meet|meeten|meet up|langskomen|komen|hang out)\b[^.!?\n]{0,40}?\b(?:alleen|met zn tweeen|met z'n tweeen|"
    r"met ons tweeen|zonder je ouders|zonder (?:dat )?(?:je )?(?:ouders|iemand|anderen)|stiekem|niemand|alone|just us|secret|geheim)"
    r"|(?:alleen|stiekem|met z'?n tweeen|in het geheim)\s+(?:afspreken|ontmoeten|meeten|met mij|met me))(?!\w)"
    r"|(?<!\w)(?:vertel|zeg)(?:t)?\s+(?:het|dit|da|dat)?\s*(?:niet|nie)\s+(?:aan|tegen)\s+(?:je|jouw|uw)\s+(?:ouders|moeder|vader|mama|papa)(?!\w)[^.!?\n]{0,40}?\b(?:kom|afspreken|ontmoeten|foto|geheim)"
)
_STRANGER_AGE: Final = re.compile(r"(?<!\w)(?:hoe oud ben je|asl)\b[^\n]{0,60}?\b(?:waar woon je|alleen thuis|woon je|heb je snap)(?!\w)")


def contact_attempts(text: str) -> list[Found]:
    """Return the attempts to move contact elsewhere: ``handle``, ``contact`` or ``meeting``."""
    bare = plain(text)
    found: list[Found] = []
    for pattern in (_HANDLE, _MY_HANDLE, _AT_HANDLE):
        for match in pattern.finditer(bare):
            if not _NO_NAME.match(match.group("name")) and re.search(r"[a-z]", match.group("name")):
                found.append(Found("handle", match.group().strip(), 0.85))
    found += [Found("contact", match.group().strip(), 0.8) for match in _NUMBER.finditer(bare)]
    found += [Found("contact", match.group().strip(), 0.75) for match in _MOVE.finditer(bare)]
    for pattern in (_MEET, _STRANGER_AGE):
        found += [Found("meeting", match.group().strip(), 0.8) for match in pattern.finditer(bare)]
    return list({item.kind: item for item in found}.values())
