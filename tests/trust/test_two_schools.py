"""Two schools in one bot that share pupils and staff stay strangers: nothing of one is seen or changed by the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import InputError, SchoolFileError
from bot.schoolfiles import school_files
from bot.settings import Settings
from bot.storage.tables import alert, case_, consent, dm_choice, outbox, pseudonym, report
from tests.builders import OTHER_SCHOOL, PUPIL, SCHOOL, TARGET, TEACHER
from tests.trust.entrances import TEXTS, Answer, Entrances, the_bot, the_ledger
from tests.trust.scene import INSULT

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE, THERE = "1100000000000000351", "1100000000000000352"  # each coordinator of one school and pupil at the other
SECRETS = {SCHOOL: "appelmoes", OTHER_SCHOOL: "perensap"}
NAMES = {SCHOOL: "De Regenboog", OTHER_SCHOOL: "De Brug"}
CHANNELS = {
    SCHOOL: ("1100000000000000201", "1100000000000000501"),
    OTHER_SCHOOL: ("1200000000000000201", "1200000000000000501"),
}
HEADS = {SCHOOL: HERE, OTHER_SCHOOL: THERE}
PAIRS = ((SCHOOL, OTHER_SCHOOL), (OTHER_SCHOOL, SCHOOL))


def school_file(guild: str, **changes: str) -> str:
    staff, channel = CHANNELS[guild]
    facts = {"staff": staff, "channel": channel, **changes}
    return f"""
[school]
name = "{NAMES[guild]}"
guild = "{guild}"
staff_channel = "{facts["staff"]}"
coordinators = ["user:{HEADS[guild]}"]

[[class]]
name = "Groep 7b"
channels = ["{facts["channel"]}"]
teachers = ["user:{TEACHER}"]
"""


@dataclass
class Schools:
    """The bot, and by school the ids of one thing of each kind."""

    bot: Entrances
    alerts: dict[str, int]
    reports: dict[str, int]
    cases: dict[str, int]
    consents: dict[str, int]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started() -> AsyncIterator[Schools]:
    people = dict.fromkeys((PUPIL, TARGET, TEACHER, HERE, THERE), ())
    files = {"a.toml": school_file(SCHOOL), "b.toml": school_file(OTHER_SCHOOL)}
    async with the_bot(files, {SCHOOL: people, OTHER_SCHOOL: people}) as bot:
        made = Schools(bot, {}, {}, {}, {})
        for guild in (SCHOOL, OTHER_SCHOOL):
            await _live(made, guild)
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def schools(started: Schools) -> AsyncIterator[Schools]:
    ledger = the_ledger(started.bot)
    yield started
    ledger.put_back()
    ledger.close()


async def _live(made: Schools, guild: str) -> None:
    """The same happens at each school: an insult, a report, a case, a consent; only the words differ."""
    bot, secret = made.bot, SECRETS[guild]
    await bot.event("MESSAGE_CREATE", _said(bot, guild, f"{INSULT} {secret}"))
    await bot.event("MESSAGE_CREATE", _said(bot, guild, f"ga dood {INSULT}", hours=2))
    first, second = [row["id"] for row in await bot.rows(alert) if row["school"] == guild]
    page = await bot.command(TARGET, "report", guild)
    custom_id = next(one for one in page.custom_ids if "anonymous" in one)
    await bot.fill_in(TARGET, custom_id.replace("kw:", "kw:form:"), {"what": f"hij pest mij {secret}"}, guild)
    await bot.press(TEACHER, f"kw:open_case:{second}", guild)
    given = {"type": 3, "name": "kind", "value": "photo"}, {"type": 3, "name": "given_by", "value": "guardian"}
    options = [{"type": 6, "name": "pupil", "value": TARGET}, *given, {"type": 3, "name": "proof", "value": secret}]
    await bot.command(HEADS[guild], "consent", guild, options=[{"type": 1, "name": "grant", "options": options}],
                      resolved={"users": {TARGET: {"id": TARGET, "username": "noor"}}})  # fmt: skip
    made.alerts[guild] = first
    for table, ids in ((report, made.reports), (case_, made.cases), (consent, made.consents)):
        ids[guild] = next(row["id"] for row in await bot.rows(table) if row["school"] == guild)


def _said(bot: Entrances, guild: str, text: str, hours: int = 0) -> dict[str, Any]:
    bot.clock.forward(hours=hours)
    author, now = {"id": PUPIL, "username": "daan"}, bot.clock.now()
    number = str(1_500_000_000_000_000_000 + int(now.timestamp()) + int(guild[-1]))
    whom = [{"id": TARGET, "username": "noor"}]
    return {"id": number, "guild_id": guild, "channel_id": CHANNELS[guild][1], "author": author, "content": text,
            "timestamp": now.isoformat(), "mentions": whom}  # fmt: skip


def _told(key: str) -> str:
    return f"⚠️ {TEXTS.get(key, 'nl')}"


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_a_teacher_of_both_sees_in_each_queue_and_list_only_what_is_of_that_school(
    schools: Schools, here: str, there: str
) -> None:
    queue = await schools.bot.command(TEACHER, "queue", here)
    cases = await schools.bot.command(TEACHER, "case", here)
    assert (str(schools.alerts[here]) in queue.text, str(schools.alerts[there]) in queue.text) == (True, False)
    assert (str(schools.cases[here]) in cases.text, str(schools.cases[there]) in cases.text) == (True, False)


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_a_card_shows_the_words_of_its_own_school_wherever_a_shared_teacher_presses_it(
    schools: Schools, here: str, there: str
) -> None:
    bot, number = schools.bot, schools.alerts[here]
    assert SECRETS[here] in (await bot.press(TEACHER, f"kw:show:{number}:g{here}", here)).text
    assert SECRETS[here] in (await bot.press(TEACHER, f"kw:show:{number}:g{here}")).text
    for answer in (
        await bot.press(TEACHER, f"kw:show:{number}:g{here}", there),  # the server where it is pressed goes first
        await bot.press(TEACHER, f"kw:show:{number}:g{there}"),
    ):
        assert answer.said == _told("error.alert.gone")


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_who_is_coordinator_at_one_school_is_a_pupil_at_the_other(
    schools: Schools, here: str, there: str
) -> None:
    bot, head = schools.bot, HEADS[here]
    tries = {
        f"kw:show:{schools.alerts[there]}": "show",
        f"kw:report:{schools.reports[there]}": "reply",
        f"kw:open_seal:{schools.reports[there]}": "open_seal",
        f"kw:case:{schools.cases[there]}": "case",
        f"kw:dossier:{schools.cases[there]}": "dossier",
    }
    ledger = the_ledger(bot)
    for custom_id, right in tries.items():
        for answer in (await bot.press(head, custom_id, there), await bot.press(head, f"{custom_id}:g{there}")):
            assert answer.said == _told(f"error.rights.{right}")
    listed = await bot.command(head, "consent", there, options=[{"type": 1, "name": "list", "options": []}])
    withdrawn = await bot.press(head, "kw:withdraw:0", there, (f"{schools.consents[there]}",))
    assert {listed.said, withdrawn.said} == {_told("error.rights.consent")}
    assert not ledger.changed()
    ledger.close()


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_at_their_own_school_a_coordinator_can_do_nothing_with_the_others_ids(
    schools: Schools, here: str, there: str
) -> None:
    bot, head = schools.bot, HEADS[here]
    ledger = the_ledger(bot)
    for name, number in (
        *((one, schools.alerts[there]) for one in ("show", "take", "dismiss", "open_case", "join_case", "remove")),
        *((one, schools.reports[there]) for one in ("report", "reply", "close_report", "open_seal")),
        *((one, schools.cases[there]) for one in ("case", "evidence", "dossier", "pupils", "reopen_case")),
    ):
        answer = await bot.press(head, f"kw:{name}:{number}:g{there}", here)
        assert answer.said.startswith("⚠️ ")
        assert SECRETS[there] not in answer.text
    joined = await bot.press(head, f"kw:join_pick:{schools.alerts[here]}", here, (f"{schools.cases[there]}",))
    ended = await bot.press(head, "kw:withdraw:0", here, (f"{schools.consents[there]}",))
    assert (joined.said, ended.said[:2], ledger.changed()) == (_told("error.case.gone"), "⚠️", False)
    ledger.close()


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_an_alert_can_only_join_cases_of_its_own_school(schools: Schools, here: str, there: str) -> None:
    answer = await schools.bot.press(TEACHER, f"kw:join_case:{schools.alerts[here]}", here)
    assert (str(schools.cases[here]) in answer.text, str(schools.cases[there]) in answer.text) == (True, False)


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_consents_are_listed_by_school(schools: Schools, here: str, there: str) -> None:
    answer = await schools.bot.command(
        HEADS[here], "consent", here, options=[{"type": 1, "name": "list", "options": []}]
    )
    assert (SECRETS[here] in answer.text, SECRETS[there] in answer.text) == (True, False)


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_my_messages_in_private_ask_which_school_and_show_that_one(
    schools: Schools, here: str, there: str
) -> None:
    asked = await schools.bot.command(TARGET, "messages")
    assert asked.said == TEXTS.get("command.school_pick.ask", "nl")
    shown = await schools.bot.press(TARGET, asked.custom_ids[0], None, (here,))
    assert (str(schools.reports[here]) in shown.text, str(schools.reports[there]) in shown.text) == (True, False)
    assert await _picked_by_a_stranger(schools, asked, here) == _told("error.rights.outsider")


async def _picked_by_a_stranger(schools: Schools, asked: Answer, school: str) -> str:
    return (await schools.bot.press("1100000000000000999", asked.custom_ids[0], None, (school,))).said


async def test_a_private_message_is_answered_under_each_schools_name_and_filed_only_where_it_is_pressed(
    schools: Schools,
) -> None:
    bot = schools.bot
    answers = [Answer((told,)) for told in await bot.message(TARGET, "ik word gepest op het plein")]
    assert [answer.said for answer in answers] == [f"**{NAMES[guild]}**" for guild in (SCHOOL, OTHER_SCHOOL)]
    assert [{one.rsplit(":g")[-1] for one in answer.custom_ids} for answer in answers] == [{SCHOOL}, {OTHER_SCHOOL}]
    custom_id = next(one for one in answers[0].custom_ids if "anonymous" in one).replace("kw:", "kw:form:")
    await bot.fill_in(TARGET, custom_id, {"what": "ik word gepest op het plein"})
    states = {guild: [row["state"] for row in await bot.rows(report) if row["school"] == guild] for guild in SECRETS}
    assert states == {SCHOOL: ["open", "open"], OTHER_SCHOOL: ["open", "draft"]}
    draft = next(row["id"] for row in await bot.rows(report) if row["state"] == "draft")
    assert (await bot.press(THERE, f"kw:report:{draft}", OTHER_SCHOOL)).said == _told("error.report.gone")


async def test_words_of_despair_reach_the_adults_of_each_school_about_their_own_pupil_only(schools: Schools) -> None:
    bot = schools.bot
    await bot.message(TARGET, "ik wil niet meer leven")
    raised = {row["school"]: row["receivers"] for row in await bot.rows(alert) if row["kind"] == "crisis"}
    assert raised == {SCHOOL: [f"user:{HERE}"], OTHER_SCHOOL: [f"user:{THERE}"]}


async def test_everything_said_goes_to_people_and_channels_of_the_school_that_it_is_about(schools: Schools) -> None:
    rows = await schools.bot.rows(outbox)
    channels = {guild: {row["receiver"] for row in rows if row["school"] == guild and row["receiver_kind"] == "channel"}
                for guild in SECRETS}  # fmt: skip
    assert channels == {guild: set(CHANNELS[guild]) for guild in SECRETS}
    told = {guild: {row["receiver"] for row in rows if row["school"] == guild and row["receiver_kind"] == "user"}
            for guild in SECRETS}  # fmt: skip
    assert (THERE in told[SCHOOL], HERE in told[OTHER_SCHOOL]) == (False, False)


async def test_a_choice_about_private_messages_holds_at_one_school(schools: Schools) -> None:
    await schools.bot.press(TEACHER, f"kw:dm_off:0:g{SCHOOL}")
    assert [row["school"] for row in await schools.bot.rows(dm_choice)] == [SCHOOL]


@pytest.mark.parametrize(("here", "there"), PAIRS)
async def test_each_log_is_a_chain_of_its_own_with_other_pseudonyms_and_never_names_the_others_things(
    schools: Schools, here: str, there: str
) -> None:
    audit = schools.bot.core.audit
    assert (await audit.verify(here)).first_wrong is None
    subjects = {line.subject for line in await audit.lines(here, limit=1000)}
    foreign = {f"case:{schools.cases[there]}", f"alert:{schools.alerts[there]}", f"consent:{schools.consents[there]}"}
    assert (f"consent:{schools.consents[here]}" in subjects, subjects & foreign) == (True, set())
    names = {guild: {row["pseudonym"] for row in await schools.bot.rows(pseudonym) if row["school"] == guild}
             for guild in (here, there)}  # fmt: skip
    assert names[here].isdisjoint(names[there])


async def test_no_school_can_set_itself_up_with_the_channel_of_another(schools: Schools) -> None:
    setup = schools.bot.core.setup
    room = {"name": "8a", "channels": [CHANNELS[SCHOOL][1]], "teachers": [f"user:{TEACHER}"]}
    told = {"name": "Nieuw", "staff_channel": "1300000000000000201", "coordinators": [f"user:{HERE}"]}
    await setup.change(HERE, "1300000000000000001", told)
    with pytest.raises(InputError, match=r"error\.setup\.channel_other"):
        await setup.add_class(HERE, "1300000000000000001", room)
    assert schools.bot.core.book.current().all["1300000000000000001"].classes == ()


async def test_two_school_files_with_the_same_channel_are_refused_at_start(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(school_file(SCHOOL), encoding="utf-8")
    copied = school_file(OTHER_SCHOOL, channel=CHANNELS[SCHOOL][1])
    (tmp_path / "b.toml").write_text(copied, encoding="utf-8")
    facts: dict[str, Any] = {"_env_file": None, "klaswacht_state": tmp_path}
    with pytest.raises(SchoolFileError, match=rf"{CHANNELS[SCHOOL][1]} stands in a\.toml too"):
        school_files(Settings(**facts, klaswacht_school_file=tmp_path))


async def test_a_message_is_of_the_school_whose_server_it_stands_on_whatever_another_school_names(
    schools: Schools,
) -> None:
    bot, there = schools.bot, CHANNELS[OTHER_SCHOOL][1]
    mine = bot.core.book.current().all[SCHOOL]
    taken = mine.classes[0].model_copy(update={"channels": (there,)})
    bot.core.book.put(mine.model_copy(update={"classes": (taken,)}))
    try:
        await bot.event("MESSAGE_CREATE", _said(bot, OTHER_SCHOOL, INSULT, hours=5))
    finally:
        bot.core.book.put(mine)
    assert [row["school"] for row in await bot.rows(alert)][-1] == OTHER_SCHOOL
