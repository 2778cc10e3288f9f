"""Every hostile string at every input of the core: a result or a plain refusal, and it comes out as it went in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.cases.dates import read_date
from bot.cases.turn import required
from bot.errors import InputError, KlaswachtError, SchoolFileError
from bot.ports import Attachment, Person, Surface, SurfaceKind
from bot.reports.facts import KeptFile
from bot.school import read_school
from bot.storage.tables import case_event, evidence, finding, report, talk
from tests.builders import CLASS, PUPIL, TARGET, TEACHER, TUESDAY_10, a_file, a_message, a_person
from tests.trust.hostile import ALL, KINDS
from tests.trust.whole import Whole, a_whole_core

INSULT = "jij bent een vieze kankerhoer"
FEW = frozenset(text for kind in KINDS.values() for text in kind[:3])


def test_there_are_at_least_200_hostile_strings() -> None:
    assert len(ALL) >= 200


def test_every_hostile_string_in_every_surface_of_a_message_is_watched_and_none_set_aside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        found = asyncio.run(_watched())
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert found == sorted(f"{INSULT} {text}" for text in ALL)


async def _watched() -> list[str]:
    async with a_whole_core() as whole:
        for text in ALL:
            files = (a_file(text or "x", description=text),) if text in FEW else ()
            message = a_message(f"{INSULT} {text}", attachments=files)
            surfaces = tuple(Surface(kind, text[:300]) for kind in SurfaceKind)
            author, target = Person(PUPIL, text), Person(TARGET, text)
            await whole.core.watch.handle(replace(message, author=author, mentions=(target,)))
            await whole.core.watch.handle(replace(a_message(), surfaces=surfaces, author=author))
        texts = [row async for row in _kept(whole)]
        return sorted(text for text in texts if text.startswith(INSULT))


async def _kept(whole: Whole):  # noqa: ANN202 - an async generator of strings
    from bot.findings.evidence import content_place  # noqa: PLC0415 - of use here only

    for row in await whole.rows(evidence):
        if row["kind"] == "message":
            yield whole.storage.vault.open(content_place(row["school"], row["id"]), row["content_sealed"])


async def nothing() -> None:
    """Do nothing."""


async def refused(work: Awaitable[object]) -> bool:
    """Whether work was refused in words; anything but a result or a refusal fails the test."""
    try:
        await work
    except KlaswachtError:
        return True
    return False


def test_every_hostile_string_can_be_reported_or_is_refused_in_words() -> None:
    told, refusals = asyncio.run(_reported())
    assert told + refusals == len(ALL)
    assert 20 < refusals < 60  # empty, invisible or too long


async def _reported() -> tuple[int, int]:
    refusals = 0
    async with a_whole_core() as whole:
        pupil, desk = await whole.actor(PUPIL), whole.core.reports
        for text in ALL:
            draft = await desk.draft(pupil.school.guild, PUPIL, what=text, origin="command", class_name=CLASS)
            assert await desk.draft_text(pupil, draft) == text
            file = KeptFile(text, b"x", text)
            filed = desk.file(pupil, draft, anonymous=True, what=text, who=text[:200], since=text[:50], files=(file,))
            refusals += await refused(filed)
            await refused(
                desk.file(pupil, draft, anonymous=False, what="x", receiver=text) if text in FEW else nothing()
            )
        return len([row for row in await whole.rows(report) if row["state"] == "open" and row["anonymous"]]), refusals


def test_every_hostile_string_in_a_talk_arrives_unchanged_but_for_its_edges() -> None:
    said, kept = asyncio.run(_talked())
    assert kept == said
    assert len(said) > 250


async def _talked() -> tuple[list[str], list[str]]:
    said: list[str] = []
    async with a_whole_core() as whole:
        pupil, teacher, desk = await whole.actor(PUPIL), await whole.actor(TEACHER), whole.core.reports
        draft = await desk.draft(pupil.school.guild, PUPIL, origin="command", class_name=CLASS)
        made = await desk.file(pupil, draft, anonymous=False, what="hij duwt")
        [row] = await whole.rows(report)
        await whole.core.review.take(teacher, row["alert"])
        for text in ALL:
            for speak, who in ((desk.answer, teacher), (desk.write, pupil))[: 1 + (text in FEW)]:
                if not await refused(speak(who, made.report, text)):
                    said.append(_edged(text))
        line = (await whole.rows(talk))[-1]
        assert await desk.talk_text(line["school"], made.report, line["id"]) == said[-1]
        [own] = await desk.mine(pupil)
        await desk.close(teacher, made.report, "dank je")
        return said, [line.text for line in own.talk]


def _edged(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def test_every_hostile_string_as_note_date_and_reason_of_a_case() -> None:
    written = asyncio.run(_worked())
    assert written > len(FEW)


async def _worked() -> int:
    async with a_whole_core() as whole:
        cases, teacher, case = await a_case(whole)
        for text in sorted(FEW):
            step = (await cases.reading.view(teacher, case)).step.id
            await refused(cases.done(teacher, case, step, note=text, date=text))
            await refused(cases.check(teacher, case, step, text, note=text, date=text))
            await refused(cases.add_evidence(teacher, case, note=text, files=(KeptFile(text, b"x"),)))
            await refused(cases.pupils(teacher, case, hurt=(text,), did=()))
            step = (await cases.reading.view(teacher, case)).step.id
            await refused(cases.skip(teacher, case, text, text))
            await refused(cases.skip(teacher, case, step, text))
            step = (await cases.reading.view(teacher, case)).step.id
            await refused(cases.back(teacher, case, step, text))
            await refused(cases.hand_over(teacher, case, text))
        return len(await whole.rows(case_event))


def test_every_hostile_string_as_a_note_is_kept_whole_or_refused_in_words() -> None:
    for text in ALL:
        try:
            kept = required(text, "error.case.note", hint="x")
        except InputError:
            kept = None
        assert kept is None or kept == text.replace("\x00", "").strip()


async def a_case(whole: Whole):  # noqa: ANN201 - the desk of cases, who acts, and the case's id
    """Open a case about an insult."""
    await whole.say(a_message(INSULT))
    teacher = await whole.actor(TEACHER)
    [row] = await whole.rows(finding)
    return whole.core.cases, teacher, await whole.core.cases.open_from(teacher, row["alert"])


@pytest.mark.parametrize("act", ["dismiss", "pass_on"])
def test_every_hostile_string_as_a_reason_in_the_review(act: str) -> None:
    assert asyncio.run(_reviewed(act)) == len(FEW)


async def _reviewed(act: str) -> int:
    done = 0
    async with a_whole_core() as whole:
        teacher = await whole.actor(TEACHER)
        for text in sorted(FEW):
            whole.clock.forward(hours=2)  # else they would be one alert that counts
            await whole.say(a_message(INSULT, mentions=(a_person(TARGET, text),)))
            number = max(row["alert"] for row in await whole.rows(finding))
            work: Callable[..., Awaitable[object]] = getattr(whole.core.review, act)
            if not await refused(work(teacher, number, text)):
                await refused(whole.core.review.reopen(teacher, number, text))
            assert isinstance((await whole.core.review.show(teacher, number)).notes, tuple)
            done += 1
    return done


def test_no_hostile_string_is_taken_for_a_day_by_mistake() -> None:
    days = [_day(text) for text in ALL]
    assert [day for day in days if day is not None and day < TUESDAY_10.date()] == []


def _day(text: str) -> date | None:
    try:
        return read_date(text, TUESDAY_10.date())
    except InputError:
        return None


@pytest.mark.parametrize("place", ["name", "class", "hours", "timezone", "guild", "pupil", "file"])
def test_every_hostile_string_in_a_school_file_is_read_or_refused_in_words(place: str, tmp_path: Path) -> None:
    read = [_read(_school_file(tmp_path, number, place, text)) for number, text in enumerate(ALL)]
    changed = [name for name, text in zip(read, ALL, strict=True) if name is not None and name != text.strip()]
    assert changed == [] or place != "name"


def _read(path: Path) -> str | None:
    try:
        return read_school(path).name
    except SchoolFileError:
        return None


def _school_file(folder: Path, number: int, place: str, text: str) -> Path:
    facts = {"name": "x", "class": "k", "hours": "08:00-15:00", "timezone": "Europe/Amsterdam", "guild": "1"}
    facts[place] = text
    lines = [f"{key} = {_quoted(facts[key])}" for key in ("name", "hours", "timezone", "guild")]
    lines = ["[school]", *lines, 'staff_channel = "2"', 'coordinators = ["user:3"]', 'roster = "klas.csv"']
    lines += ["[[class]]", f"name = {_quoted(facts['class'])}", 'channels = ["4"]', 'teachers = ["user:5"]']
    path = folder / f"{number}.toml"
    whole = text if place == "file" else "\n".join(lines)
    path.write_bytes(whole.encode("utf-8", "surrogatepass"))
    names = f"account,voornaam,achternaam,klas\n6,{text if place == 'pupil' else 'a'},b,k\n"
    (folder / "klas.csv").write_bytes(names.encode("utf-8", "surrogatepass"))
    return path


def _quoted(text: str) -> str:
    safe = "".join(f"\\U{ord(one):08x}" if ord(one) < 32 or one in '"\\\x7f' else one for one in text)
    return f'"{safe}"'


def test_an_attachment_may_have_any_name() -> None:
    assert [Attachment("1", text, 1, "x").name for text in ALL] == list(ALL)
