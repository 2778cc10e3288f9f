"""Marked words through the whole core: none comes out in the log, a file, a file's name, an error or a count."""

from __future__ import annotations

import asyncio
import io
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.errors import KlaswachtError
from bot.logs import JsonLines
from bot.monitor import Monitor
from bot.reports.facts import KeptFile
from bot.storage.tables import evidence, finding, report
from tests.builders import CLASS, PUPIL, TARGET, TEACHER, a_file, a_message, a_person
from tests.trust.whole import Whole, a_whole_core

MARKS = {
    "message": "zwamneus",
    "pupil": "Xaverius",
    "surname": "Quibbelmans",
    "nickname": "Floddergeest",
    "report": "kneuzeltje",
    "answer": "pruimenpap",
    "note": "mompelwoord",
    "reason": "draaikonten",
    "file": "geheimekiek",
    "contents": "binnenvoering",
}


@dataclass(frozen=True)
class Traces:
    """Everything that a run left behind."""

    log: str
    disk: bytes
    names: str
    errors: str
    metrics: str
    sent: str


@pytest.fixture(scope="module")
def traces() -> Traces:
    return asyncio.run(_run())


async def _run() -> Traces:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        async with a_whole_core(first=MARKS["pupil"], last=MARKS["surname"]) as whole:
            errors = await _live(whole)
            await whole.core.runner.drain()
            monitor = Monitor(database=whole.storage.database, clock=whole.clock, port=0)
            metrics = (await monitor.page("/metrics"))[1]
            files = [path for path in whole.state.rglob("*") if path.is_file()]
            disk = b"".join(path.read_bytes() for path in files)
            sent = repr([(one.kind, one.values) for one in whole.messenger.sent])
            names = os.linesep.join(map(str, files))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return Traces(stream.getvalue(), disk, names, errors, metrics, sent)


async def _live(whole: Whole) -> str:
    """Let a class, a report, a case and its papers pass; return the errors met on the way."""
    core, errors = whole.core, list[str]()
    pupil, teacher = await whole.actor(PUPIL), await whole.actor(TEACHER)
    said = a_message(
        f"jij bent een vieze kankerhoer {MARKS['message']}",
        author=a_person(PUPIL, MARKS["nickname"]),
        attachments=(a_file(f"{MARKS['file']}.png"),),
    )
    await whole.say(said)
    desk = core.reports
    draft = await desk.draft(pupil.school.guild, PUPIL, what=MARKS["report"], origin="dm", class_name=CLASS)
    proof = KeptFile(f"{MARKS['file']}.txt", MARKS["contents"].encode())
    made = await desk.file(pupil, draft, anonymous=True, what=MARKS["report"], who=MARKS["surname"], files=(proof,))
    told = next(row for row in await whole.rows(report) if row["id"] == made.report)
    await core.review.take(teacher, told["alert"])
    await desk.answer(teacher, made.report, MARKS["answer"])
    await desk.write(pupil, made.report, MARKS["report"])
    [found] = await whole.rows(finding)
    case = await core.cases.open_from(teacher, found["alert"])
    await core.cases.pupils(teacher, case, hurt=(TARGET,), did=(PUPIL,))
    await core.cases.add_evidence(teacher, case, note=MARKS["note"], files=(proof,))
    step = (await core.cases.reading.view(teacher, case)).step.id
    await core.cases.skip(teacher, case, step, MARKS["reason"])
    for work in _mistakes(whole, teacher, case, made.report):
        try:
            await work()
        except (KlaswachtError, KeyError) as error:
            errors.append(f"{error!s} {error!r}")
    return "\n".join(errors)


def _mistakes(whole: Whole, teacher: object, case: int, told: int) -> list[Callable[[], object]]:
    cases, reports = whole.core.cases, whole.core.reports
    return [
        lambda: cases.done(teacher, case, "S9", note=MARKS["note"], date=MARKS["note"]),  # type: ignore[arg-type]
        lambda: cases.check(teacher, case, "S1", MARKS["note"], note=MARKS["note"]),  # type: ignore[arg-type]
        lambda: cases.add_evidence(teacher, case, note=MARKS["note"] * 1000),  # type: ignore[arg-type]
        lambda: reports.answer(teacher, told, MARKS["answer"] * 1000),  # type: ignore[arg-type]
        lambda: reports.open_seal(teacher, told, MARKS["reason"]),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("what", sorted(MARKS))
def test_no_marked_word_comes_out_anywhere(traces: Traces, what: str) -> None:
    mark = MARKS[what]
    places = {
        "log": mark in traces.log,
        "disk": any(mark.encode(code) in traces.disk for code in ("utf-8", "utf-16-le")),
        "names": mark in traces.names,
        "errors": mark in traces.errors,
        "metrics": mark in traces.metrics,
        "sent": mark in traces.sent,
    }
    assert [place for place, leaked in places.items() if leaked] == []


def test_the_run_did_leave_traces_of_the_right_kind(traces: Traces) -> None:
    assert PUPIL.encode() in traces.disk
    assert [len(traces.sent) > 100, "klaswacht_findings" in traces.metrics, traces.errors.count("error.") > 3] == [
        True
    ] * 3


def test_the_marked_evidence_was_kept_and_can_be_opened() -> None:
    assert asyncio.run(_opened()) == ["jij bent een vieze kankerhoer zwamneus"]


async def _opened() -> list[str | None]:
    from bot.findings.evidence import content_place  # noqa: PLC0415 - of use here only

    async with a_whole_core() as whole:
        await whole.say(a_message(f"jij bent een vieze kankerhoer {MARKS['message']}"))
        rows = await whole.rows(evidence)
        return [
            whole.storage.vault.open(content_place(row["school"], row["id"]), row["content_sealed"]) for row in rows
        ]
