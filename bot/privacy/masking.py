"""Other people's names and accounts become "pupil 1", "somebody else 1": showing one person shows nobody else.

Names come from the class list; a nickname or a misspelt name is not known, so a person reads before handing over.
"""

from __future__ import annotations

import re

from bot.school import Pupil, School
from bot.texts import Texts

SHORTEST_NAME = 2
_NUMBER = re.compile(r"(?<!\d)\d{15,20}(?!\d)")


class Masker:
    """Masks everybody but one person, the same way everywhere in one export."""

    def __init__(self, school: School, user: str, texts: Texts, language: str) -> None:
        self._user = user
        self._texts = texts
        self._language = language
        self._pupils: dict[str, str] = {}
        self._others: dict[str, str] = {}
        self._school = school
        own = school.pupil(user)
        self._names = _names(school, user)
        mine = {own.first_name.casefold(), own.last_name.casefold()} if own else set[str]()
        known = sorted((name for name in self._names if name.casefold() not in mine), key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE) if known else None
        )

    def person(self, user: str) -> str:
        """Return who a user id stands for."""
        if user == self._user:
            return self._say("privacy.export.you")
        if self._school.pupil(user) is not None:
            return self._pupil(user)
        number = self._others.setdefault(user, str(len(self._others) + 1))
        return self._say("privacy.export.other", number=number)

    def text(self, text: str) -> str:
        """Return a text in which the others' names and accounts are masked."""
        masked = _NUMBER.sub(lambda found: self._number(found[0]), text)
        return self._pattern.sub(self._name, masked) if self._pattern else masked

    def _number(self, digits: str) -> str:
        known = digits == self._user or self._school.pupil(digits) is not None or digits in self._others
        return self.person(digits) if known else digits

    def _name(self, found: re.Match[str]) -> str:
        return self._pupil(self._names[_key(self._names, found[0])].account)

    def _pupil(self, user: str) -> str:
        number = self._pupils.setdefault(user, str(len(self._pupils) + 1))
        return self._say("privacy.export.pupil", number=number)

    def _say(self, key: str, **values: str) -> str:
        return self._texts.get(key, self._language, **values)


def _names(school: School, user: str) -> dict[str, Pupil]:
    names: dict[str, Pupil] = {}
    for pupil in (one for one in school.pupils if one.account != user):
        full = f"{pupil.first_name} {pupil.last_name}"
        for name in (full, pupil.first_name, pupil.last_name):
            if len(name.strip()) >= SHORTEST_NAME:
                names.setdefault(name.strip(), pupil)
    return names


def _key(names: dict[str, Pupil], found: str) -> str:
    return next(name for name in names if name.casefold() == found.casefold())
