"""A short torture run, and that its judging finds what is lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.torture import run
from cogs.practice.phrases import Phrases
from cogs.practice.school.loading import load_school
from cogs.practice.school.made import Size, write_school
from cogs.practice.stage.stage import Stage, make_stage
from cogs.practice.torture.facts import Copied, Kept, KeptAlert, KeptRow, Post, Promise, Promised, Record
from cogs.practice.torture.judging import judged
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.messages import Draft, send

ALERT, ROW = 11, 21
WHOLE = Kept(
    findings=(("1", ALERT),),
    alerts={ALERT: KeptAlert(ALERT, "claimed", None)},
    rows=(KeptRow(ROW, "alert", ALERT, "201", "sent", due=True),),
    texts={what: frozenset({"woorden"}) for what in Promise},
    waiting_for_model=0,
    audit_rows=1,
    audit_wrong=None,
    whole=True,
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    school = load_school(write_school(tmp_path / "school.toml", Size(classes=2, pupils=3, teachers=2)))
    return make_stage(school, DEFAULT_START, tmp_path / "state")


def shown(stage: Stage, nonce: int, times: int = 1) -> None:
    channel = stage.world.channels[stage.world.school.staff_channel]
    for _ in range(times):
        send(stage.world, channel, stage.world.bot, Draft(content="kaart", nonce=nonce))


def a_record(*promised: Promised) -> Record:
    return Record(posts={1: Post(1, bad=True)}, promised=list(promised))


def broken(stage: Stage, record: Record, kept: Kept, *copies: Kept, before: tuple[Promised, ...] = ()) -> list[str]:
    restored = [(Copied(Path("kopie.zip"), before), copy) for copy in copies]
    return [breach.key for breach in judged(stage, record, kept, restored, None).breaches]


def test_nothing_lost_is_no_breach(stage: Stage) -> None:
    shown(stage, ROW)
    promised = [Promised(Promise.REPORT, "woorden"), Promised(Promise.TAKEN, str(ALERT))]
    assert broken(stage, a_record(*promised), WHOLE, WHOLE) == []


def test_a_bad_message_without_finding_is_a_breach_but_not_once_it_is_gone(stage: Stage) -> None:
    shown(stage, ROW)
    record = a_record()
    assert broken(stage, record, replace(WHOLE, findings=())) == ["torture.finding"]
    record.posts[1].gone = True
    assert broken(stage, record, replace(WHOLE, findings=())) == []


def test_two_findings_of_one_message_are_a_breach(stage: Stage) -> None:
    shown(stage, ROW)
    assert set(broken(stage, a_record(), replace(WHOLE, findings=(("1", ALERT), ("1", ALERT))))) == {"torture.finding"}


def test_an_alert_that_never_came_or_came_three_times_is_a_breach(stage: Stage) -> None:
    assert broken(stage, a_record(), WHOLE) == ["torture.never_told", "torture.not_there"]
    shown(stage, ROW, times=2)
    assert broken(stage, a_record(), WHOLE) == []
    shown(stage, ROW)
    assert broken(stage, a_record(), WHOLE) == ["torture.too_often"]


def test_a_row_that_still_waits_is_a_breach(stage: Stage) -> None:
    shown(stage, ROW)
    late = KeptRow(22, "notice", 0, "201", "waiting", due=True)
    assert broken(stage, a_record(), replace(WHOLE, rows=(*WHOLE.rows, late))) == ["torture.still_waits"]


@pytest.mark.parametrize("what", list(Promise))
def test_a_promise_that_is_not_kept_is_a_breach(stage: Stage, what: Promise) -> None:
    shown(stage, ROW)
    unkept = replace(WHOLE, texts={one: frozenset() for one in Promise}, alerts={})
    key = str(ALERT) if what in {Promise.TAKEN, Promise.CASE} else "woorden"
    assert broken(stage, a_record(Promised(what, key)), unkept) == ["torture.lost"]


def test_an_answered_private_message_is_a_promise(stage: Stage) -> None:
    shown(stage, ROW)
    record = a_record()
    record.drafts[31] = "niet bewaard"
    assert broken(stage, record, WHOLE) == []
    shown(stage, 31)
    assert broken(stage, record, WHOLE) == ["torture.lost"]


def test_a_damaged_backup_and_a_broken_log_are_breaches(stage: Stage) -> None:
    shown(stage, ROW)
    copy = replace(WHOLE, whole=False, audit_wrong=4)
    assert broken(stage, a_record(), WHOLE, copy) == ["torture.damaged", "torture.audit"]


def test_a_backup_holds_all_that_was_promised_before_it_began(stage: Stage) -> None:
    shown(stage, ROW)
    promised = Promised(Promise.CONSENT, "map 3")
    assert broken(stage, a_record(), WHOLE, WHOLE, before=(promised,)) == ["torture.lost"]
    there = replace(WHOLE, texts={**WHOLE.texts, Promise.CONSENT: frozenset({"map 3"})})
    assert broken(stage, a_record(), WHOLE, there, before=(promised,)) == []


def test_what_was_erased_must_be_gone_here_and_in_every_copy_that_was_put_back(stage: Stage) -> None:
    shown(stage, ROW)
    promised = Promised(Promise.CONSENT, "map 3")
    record = replace(a_record(promised), leaver=["map 3"], erased=True)
    there = replace(WHOLE, texts={**WHOLE.texts, Promise.CONSENT: frozenset({"map 3"})})
    assert broken(stage, record, WHOLE, WHOLE, before=(promised,)) == []
    assert broken(stage, record, there, WHOLE) == ["torture.not_erased"]
    assert broken(stage, record, WHOLE, there, before=(promised,)) == ["torture.not_erased"]


def test_a_picture_of_people_that_nobody_was_asked_about_is_a_breach(stage: Stage) -> None:
    shown(stage, ROW)
    channel = stage.world.channels[stage.world.school.staff_channel]
    photo = send(stage.world, channel, stage.world.bot, Draft(content="foto"))
    record = replace(a_record(), photos=[Post(photo.id, bad=False)])
    assert broken(stage, record, WHOLE) == ["torture.photo"]
    assert broken(stage, record, replace(WHOLE, held=frozenset({str(photo.id)}))) == []


def test_what_an_earlier_version_left_must_still_be_there(stage: Stage) -> None:
    shown(stage, ROW)
    record = replace(a_record(), older=500)
    assert broken(stage, record, replace(WHOLE, older=499)) == ["torture.older"]
    assert broken(stage, record, replace(WHOLE, older=500)) == []


def test_a_bot_that_ended_by_itself_is_a_breach_and_has_a_sentence(stage: Stage) -> None:
    shown(stage, ROW)
    record = a_record()
    record.ended.append("1: weg")
    (breach,) = judged(stage, record, WHOLE, (), None).breaches
    assert "1: weg" in Phrases().say("nl", breach.key, **breach.values)


def test_five_kills_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(kills=5, seed=3, seconds=20)
    assert code == 0, capsys.readouterr().out
