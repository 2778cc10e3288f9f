"""Every pair of a thing and a person: let in by the table of rights, or refused in words with nothing changed.

Everything goes by the real entrances (gateway event -> library -> router -> core -> database); the table is the only
thing that says what must come out. Whatever can be asked for and stands in no row of the table fails here.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from discord import AppCommandType
from discord.app_commands import Group
from typer.main import get_command

from bot.__main__ import app
from bot.clock import Busy
from bot.rights import PRIVATE_MESSAGE, TABLE, Kind, Role, Thing, Verb, for_members, rights_of, who
from cogs.client import KlaswachtClient, form_handlers, press_handlers
from cogs.commands.consent import THING
from cogs.items import ITEMS, Action
from tests.builders import OTHER_SCHOOL
from tests.cogs.stand_ins import a_book
from tests.trust.console import walked
from tests.trust.entrances import TEXTS, the_ledger
from tests.trust.scene import EVERYBODY, MEMBERS, Scene, Somebody, Things, the_scene
from tests.trust.tries import CSV, Try, tries

REFUSED = "⚠️ "
FOR_ALL = (
    *(f"command {name}" for name in ("report", "messages", "rules", "privacy")),
    *("menu", "private message", "press school_pick in private", "press my_messages"),
    *(f"{kind} {way}" for kind in ("press", "form") for way in ("by_name", "anonymous")),
)


@dataclass(frozen=True)
class Outcome:
    """What came of one try by one person. ``refusal`` and ``then``: the sentences that must and may come, as keys."""

    who: str
    what: str
    refusal: str
    then: str
    said: str
    shown: bool
    changed: bool

    @property
    def wrong(self) -> bool:
        """Whether it is not what the table says."""
        key = self.refusal or self.then
        if not self.shown or (self.refusal and self.changed):
            return True
        return not _is(self.said, key) if key else self.said.startswith(REFUSED)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return asyncio.run(_all())


async def _all() -> list[Outcome]:
    async with the_scene() as scene:
        scene.bot.rest.files[CSV] = b"account;soort;plaats;door;tot\n"
        ledger = the_ledger(scene.bot)
        found = []
        for one in tries(scene.things):
            for name, person in EVERYBODY.items():
                if one.only and person.user not in one.only:
                    continue
                if one.private and person.user in MEMBERS[OTHER_SCHOOL]:
                    continue  # asked in private, it may be about their other school
                outcome = await _try(scene, one, name, person, ledger.changed)
                if outcome.changed:
                    ledger.put_back()
                found.append(outcome)
        ledger.close()
        return found


async def _try(scene: Scene, one: Try, name: str, person: Somebody, changed: Callable[[], bool]) -> Outcome:
    bot = scene.bot
    before = (len(bot.messenger.removed), len(bot.messenger.timed_out))
    answer = await one.by(bot, person.user)
    touched = changed() or before != (len(bot.messenger.removed), len(bot.messenger.timed_out))
    return Outcome(name, one.name, expected(one, person), one.then, answer.said, bool(answer.parts), touched)


def _is(said: str, key: str) -> bool:
    """Tell whether something is the text of a key, whatever number stands in it."""
    parts = TEXTS.get(key, "nl", number="§").split("§")
    return re.fullmatch(f"({REFUSED})?" + r"\d+".join(map(re.escape, parts)), said) is not None


def expected(one: Try, person: Somebody) -> str:
    """Return the key of the sentence that somebody must be refused with; empty for who is let in."""
    if Role.OUTSIDER in person.here:
        return _outside(one)
    door = rights_of(one.thing)
    if all(right.who.isdisjoint(person.possible) for right in door) and for_members(one.thing):
        return f"error.rights.{door[0].verb}"
    for need in one.needs:
        roles = person.here | (one.extra.get(person.user, frozenset()) if need.of_it else frozenset())
        if not any(_holds(roles, verb) for verb in need.verbs):
            return need.sentence or f"error.rights.{need.verbs[0]}"
    return ""


def _outside(one: Try) -> str:
    return "command.outsider" if one.thing == PRIVATE_MESSAGE else "error.rights.outsider"


def _holds(roles: frozenset[Role], verb: Verb) -> bool:
    if Role.FLAGGED in roles and Role.FLAGGED not in who(verb):
        return False
    return bool(roles & who(verb))


def test_every_pair_of_a_thing_and_a_person_is_let_in_or_refused_as_the_table_says(outcomes: list[Outcome]) -> None:
    assert [outcome for outcome in outcomes if outcome.wrong] == []


def test_for_every_thing_somebody_was_let_in_and_but_for_what_is_for_all_somebody_inside_was_refused(
    outcomes: list[Outcome],
) -> None:
    tried = {outcome.what for outcome in outcomes}
    let_in = {outcome.what for outcome in outcomes if not outcome.refusal}
    kept_out = {outcome.what for outcome in outcomes if outcome.refusal not in {"", "error.rights.outsider"}}
    for_all = {name for name in tried - kept_out if not name.startswith(FOR_ALL)}
    assert (tried - let_in, for_all) == (set(), set())


def test_the_table_names_exactly_what_can_be_asked_for() -> None:
    named = {thing for row in TABLE for thing in row.things()}
    live = {*_commands(), *_presses(), *_forms(), PRIVATE_MESSAGE, *_console()}
    assert (live - named, named - live) == (set(), set())


def test_everything_that_can_be_asked_for_on_the_platform_is_tried() -> None:
    numbers = dict.fromkeys(Things.__dataclass_fields__, 1)
    tried = {one.thing for one in tries(Things(**{**numbers, "cases": defaultdict(int)}))}  # type: ignore[arg-type]
    assert {*_commands(), *_presses(), *_forms(), PRIVATE_MESSAGE} == tried


def test_every_button_and_select_that_is_recognised_has_a_handler() -> None:
    assert set(press_handlers()) == set(ITEMS) == set(Action)


def test_a_right_has_one_row_and_a_sentence_in_both_languages() -> None:
    assert sorted(row.verb for row in TABLE) == sorted(Verb)
    refused = {row.verb for row in TABLE if Role.OUTSIDER not in row.who}
    assert [verb for verb in sorted(refused) if not TEXTS.has(f"error.rights.{verb}")] == []


def test_no_pupil_and_nobody_who_is_flagged_or_outside_decides_anything() -> None:
    told = {Verb.REPORT, Verb.MY_MESSAGES, Verb.RULES, Verb.PRIVACY, Verb.PICK_SCHOOL, Verb.REPLY_OWN, Verb.TELL_WHO}
    others = [row for row in TABLE if row.verb not in {*told, Verb.TRY_OUT}]
    never = {Role.PUPIL, Role.REPORTER, Role.FLAGGED, Role.OUTSIDER}
    assert [row.verb for row in others if row.who & never] == []


def test_what_children_wrote_is_not_for_ict_nor_for_teachers_and_moderators_of_other_classes() -> None:
    seen = {Verb.SHOW, Verb.CRISIS_CARD, Verb.REPLY, Verb.OPEN_SEAL, Verb.CASE, Verb.DOSSIER, Verb.DECIDE_MEDIA}
    never = {Role.ICT, Role.OTHER_TEACHER, Role.OTHER_MODERATOR}
    assert [verb for verb in seen if who(verb) & never] == []


def _commands() -> set[Thing]:
    client = KlaswachtClient(texts=TEXTS, book=a_book(), busy=Busy())
    live = [one for kind in AppCommandType for one in client.tree.walk_commands(type=kind)]
    return {one.extras[THING] for one in live if not isinstance(one, Group)}


def _presses() -> set[Thing]:
    return {Thing(Kind.PRESS, name) for name in press_handlers()}


def _forms() -> set[Thing]:
    return {Thing(Kind.FORM, name) for name in form_handlers()}


def _console() -> set[Thing]:
    return {Thing(Kind.CONSOLE, " ".join(path)) for path, _ in walked(get_command(app))}
