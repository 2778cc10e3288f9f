"""Every card in both languages: within the platform's limits, with the facts, and without the message itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases.facts import Action as Can
from bot.cases.facts import (
    Answer,
    CaseLine,
    CaseState,
    CaseView,
    Check,
    EventLine,
    EvidenceLine,
    FollowUp,
    FollowUpView,
    Need,
    ReferenceLine,
    StepLine,
    StepView,
)
from bot.findings.facts import (
    AlertCard,
    AlertKind,
    AlertState,
    NoteShown,
    PairHistory,
    Shown,
    ShownMessage,
    SignalShown,
)
from bot.people import Actor
from bot.ports import ChatMessage, Delivery, Member, Person, Receiver, Surface, SurfaceKind
from bot.reports.facts import (
    KeptMessage,
    OwnReport,
    ReportFile,
    ReportState,
    ReportView,
    TalkLine,
    Waiting,
)
from bot.screening.verdict import Severity
from bot.texts import LANGUAGES
from cogs.cards.alert import alert_page
from cogs.cards.case import case_page
from cogs.cards.case_lists import cases_page, evidence_page, followup_page
from cogs.cards.deck import Deck
from cogs.cards.notices import notice_page, shown
from cogs.cards.queue import queue_page
from cogs.cards.reports import crisis_page, mine_page, news_of, report_page, words_for
from cogs.cards.rules import privacy_page, rules_page
from cogs.cards.setup import setup_page
from cogs.cards.shown import shown_page
from cogs.items import Action
from cogs.pages import TOTAL_LIMIT, Page
from cogs.rights import CLASS_RIGHTS, GUILD_RIGHTS, STAFF_RIGHTS, Lack
from cogs.widgets import Kit
from cogs.wire import page_data
from tests.cogs.stand_ins import CLASS, DAAN, GUILD, MODERATOR, NOOR, NOW, TEACHER, TEXTS, CoreStandIn, a_book, a_card

HOSTILE = "**x** @everyone <@&1> ```\nhttps://x.nl " * 200
KITS = [Kit(TEXTS, language, GUILD) for language in LANGUAGES]


def fits(page: Page) -> Page:
    """Every limit of https://discord.com/developers/docs/resources/message that a card could break."""
    data = page_data(page)
    assert len(data.get("content") or "") <= 2000
    assert sum(len(embed) for embed in page.embeds) <= TOTAL_LIMIT
    assert len(data["components"]) <= 5
    for row in data["components"]:
        assert len(row["components"]) <= 5
        for item in row["components"]:
            assert len(item["custom_id"]) <= 100
            assert len(item.get("label") or "x") <= 80
    return page


def words(page: Page) -> str:
    parts = [page.text]
    for embed in page.embeds:
        parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
        parts += [f"{field.name} {field.value}" for field in embed.fields]
    return "\n".join(parts)


def actions(page: Page) -> list[str]:
    return [item.action for item in page.items if hasattr(item, "action")]


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("state", AlertState)
@pytest.mark.parametrize("severity", [Severity.NOTICE, Severity.ALERT, Severity.URGENT])
async def test_an_alert_fits_and_says_how_urgent_it_is_in_words(
    kit: Kit, kind: AlertKind, state: AlertState, severity: Severity
) -> None:
    signals = tuple(
        SignalShown(name, 0.5, rule, "model", "?", severity)
        for name, rule in (("insult", "F1"), ("threat", "A8"), ("new", "Z9"), ("flood", ""), ("crisis", "A8"))
    )
    card = a_card(
        kind=kind, state=state, severity=severity, signals=signals, count=4, engine="words", claimed_by=TEACHER,
        report_id=5 if kind is AlertKind.REPORT else None,
    )  # fmt: skip
    page = fits(alert_page(kit, card, private=False))
    assert kit.say(f"card.severity.{severity}") in words(page)
    assert actions(page)[-1] == Action.DM_ON
    assert actions(fits(alert_page(kit, card, private=True)))[-1] == Action.DM_OFF


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (a_card(), ["take", "show", "dm_on"]),
        (
            a_card(state="claimed", claimed_by=TEACHER),
            ["show", "open_case", "join_case", "dismiss", "remove", "timeout", "pass_on", "dm_on"],
        ),
        (a_card(state="closed", case_id=8, case_number=1), ["case", "show", "dm_on"]),
        (a_card(state="closed", outcome="dismissed"), ["show", "reopen", "dm_on"]),
        (a_card(kind="crisis", state="claimed"), ["show", "dismiss", "open_case", "dm_on"]),
        (
            a_card(kind="report", state="claimed", report_id=5),
            ["show", "open_case", "join_case", "reply", "close_report", "pass_on", "dm_on"],
        ),
    ],
)
async def test_an_alert_offers_what_can_be_done_with_it_now(card: AlertCard, expected: list[str]) -> None:
    assert actions(alert_page(KITS[0], card, private=False)) == expected


async def test_an_alert_names_the_heavy_signals_strongest_first_and_leaves_the_others_to_show() -> None:
    heavy, light = Severity.ALERT, Severity.NOTICE
    told = (("link", 0.9, light), ("insult", 0.7, heavy), ("threat", 0.8, Severity.URGENT), ("heated", 0.5, light))
    signals = tuple(SignalShown(name, score, "F1", "model", "?", severity) for name, score, severity in told)
    page = alert_page(KITS[0], a_card(signals=signals), private=False)
    why = next(field.value or "" for field in page.embeds[0].fields if field.name == "Waarom").splitlines()
    assert [line.split(" (")[0] for line in why] == [
        "• bedreiging",
        "• schelden of kleineren",
        "• Nog 2: druk op 'Toon'.",
    ]
    alone = words(alert_page(KITS[0], a_card(signals=signals[:1], severity=light), private=False))
    assert ("onbekende link" in alone, "Nog" in alone) == (True, True)  # "Nog niemand heeft dit opgepakt"
    assert "druk op 'Toon'" not in alone


async def test_a_personal_card_leaves_out_what_its_reader_may_not_do() -> None:
    school = a_book().current().all[GUILD]
    card = a_card(state="claimed", claimed_by=TEACHER)
    report = replace(card, kind="report", report_id=5)

    def offered(user: str, about: AlertCard) -> set[str]:
        reader = Actor(school, Member(user, "x", frozenset(), frozenset()))
        return set(actions(alert_page(KITS[0], about, private=True, reader=reader)))

    everything = set(actions(alert_page(KITS[0], card, private=True)))
    assert everything - offered(TEACHER, card) == {"timeout"}
    assert {"reply", "close_report"} <= offered(TEACHER, report)
    by_role = Actor(
        school, Member(MODERATOR, "x", frozenset({school.moderators[0].removeprefix("role:")}), frozenset())
    )
    assert "timeout" in actions(alert_page(KITS[0], card, private=True, reader=by_role))
    assert not {"reply", "close_report"} & set(actions(alert_page(KITS[0], report, private=True, reader=by_role)))


async def test_an_anonymous_report_names_nobody() -> None:
    card = a_card(kind="report", anonymous=True, author=None, report_id=5, target=None)
    assert "<@" not in words(alert_page(KITS[0], card, private=True))


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_what_stands_behind_show_fits_whatever_was_written(kit: Kit) -> None:
    message = ShownMessage(
        DAAN, HOSTILE, NOW, "https://discord.com/channels/1/2/3", ((NOW, HOSTILE),), NOW, (HOSTILE,) * 9
    )
    around = ChatMessage(GUILD, CLASS, "1", Person(DAAN, HOSTILE), NOW, (Surface(SurfaceKind.TEXT, HOSTILE),))
    past = PairHistory(3, 2, (1, 2), NOW)
    card = a_card(state="claimed", claimed_by=TEACHER)
    everything = Shown(card, (message,) * 9, (around,) * 11, past, (NoteShown(TEACHER, NOW, HOSTILE),) * 5, None)
    page = fits(shown_page(kit, everything, a_book().current().all[GUILD].zone))
    assert Action.SHOW not in actions(page)


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_the_queue_shows_a_page_and_how_much_there_is(kit: Kit) -> None:
    cards = [a_card(id=number, claimed_by=TEACHER, count=2) for number in range(1, 31)]
    page = fits(queue_page(kit, cards, 8, 8))
    assert "30" in words(page)
    assert actions(page) == ["alert", "queue", "queue", "queue"]
    assert actions(fits(queue_page(kit, [], 0, 8))) == []


def a_report(**changes: Any) -> ReportView:
    talk = tuple(TalkLine(number, "in", None, HOSTILE, NOW, read=True) for number in range(9))
    files = tuple(ReportFile(number, HOSTILE, 3, "f") for number in range(9))
    report = ReportView(
        id=5, number=1, state=ReportState.TAKEN, anonymous=True, reporter=None, class_name="Groep 7b",
        severity=Severity.ALERT, what=HOSTILE, who=HOSTILE, since=HOSTILE, created_at=NOW, taken_by=TEACHER, alert=77,
        case=None, origin="menu", message=KeptMessage(DAAN, HOSTILE, NOW, "", "f"), files=files, talk=talk,
        seal_opened_by=None, seal_opened_at=None, can_open_seal=True,
    )  # fmt: skip
    return replace(report, **changes)


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_a_report_fits_and_keeps_its_seal(kit: Kit) -> None:
    page = fits(report_page(kit, a_report()))
    assert kit.say("reports.staff.anonymous") in words(page)
    assert actions(page)[:3] == ["reply", "close_report", "open_seal"]
    named = fits(report_page(kit, a_report(anonymous=False, reporter=NOOR), a_card(report_id=5, state="claimed")))
    assert f"<@{NOOR}>" in words(named)
    assert Action.OPEN_SEAL not in actions(named)


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_my_messages_show_what_waits_and_a_button_to_write_on(kit: Kit) -> None:
    waiting = [Waiting("report_answer", 1, 5, 1, HOSTILE, NOW, {"by": TEACHER})] * 20
    own = [
        OwnReport(number, number, ReportState.TAKEN, False, HOSTILE, NOW, TEACHER, a_report().talk, 1)  # noqa: FBT003 - a fact
        for number in range(1, 12)
    ]
    page = fits(mine_page(kit, NOW, news_of(kit, NOW, waiting, {TEACHER: "Juf"}, own), own))
    assert actions(page) == ["reply"] * 5
    assert kit.say("reports.mine.none") in words(fits(mine_page(kit, NOW, news_of(kit, NOW, [], {}, []), [])))


async def test_a_pupil_reads_a_long_answer_to_its_end_and_in_its_own_lines() -> None:
    kit, answer = KITS[0], "Kom morgen even langs.\n" + "Wij zoeken het samen uit. " * 50 + "Tot dan."
    told = words_for(kit, NOW).told("report_answer", 1, "Juf Sanne", answer)
    assert told[1].splitlines()[0] == "> Kom morgen even langs."
    assert told[1].endswith("Tot dan.")


async def test_what_does_not_fit_my_messages_waits_for_the_next_time() -> None:
    kit, answer = KITS[0], "woord " * 200
    waiting = [Waiting("report_answer", line, 5, 1, f"{line} {answer}", NOW, {}) for line in range(1, 6)]
    news = news_of(kit, NOW, waiting, {}, [])
    assert [one.subject for one in news.shown] == [1, 2]
    assert news.text.endswith("Er is nog meer. Open 'Mijn berichten' nog een keer.")
    assert "\n> 2 woord" in words(fits(mine_page(kit, NOW, news, [])))


def a_case(**changes: Any) -> CaseView:
    checks = tuple(Check(key, "Ouders gesproken", ticked=key == "a", asks_who=False) for key in ("a", "b"))
    step = StepView(
        id="S5", title="Ouders", goal="g" * 300, say=("z" * 200,) * 8, tips=("t" * 200,) * 8, note_hint="h",
        date_hint="", note="optional", date="none", needs=(Need("a", "nodig", met=True), Need("b", "ook", met=False)),
        checks=checks, references=(ReferenceLine("k", "phone", "0800-5010", "gratis", NOW.date()),), tools=(),
    )  # fmt: skip
    look = FollowUp(3, NOW, "due", NOW, 2, None, None, None)
    case = CaseView(
        id=9, number=1, school=GUILD, class_name="Groep 7b", state=CaseState.OPEN, owner=TEACHER, forms=("F1",),
        hurt=(NOOR,), did=(DAAN,), step=step, steps=tuple(StepLine(f"S{n}", "t", "now") for n in range(1, 9)),
        actions=tuple(Can), findings=2, reports=(), evidence=3, followups=(look,), agreement=HOSTILE,
        agreement_date="2026-12-08", events=(EventLine("S1", "opened", "", TEACHER, NOW, HOSTILE, None),) * 9,
        created_at=NOW, closed_at=None, outcome=None, version=1,
    )  # fmt: skip
    return replace(case, **changes)


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_the_panel_of_a_case_fits_with_every_button_there_can_be(kit: Kit) -> None:
    page = fits(case_page(kit, a_case(), "lead"))
    assert [need in words(page) for need in ("✓ nodig", "○ ook")] == [True, True]
    assert {"done", "skip", "back", "check", "letter", "dossier", "pupils", "followup"} <= set(actions(page))
    fits(case_page(kit, a_case(state=CaseState.CLOSED, closed_at=NOW, actions=(Can.REOPEN, Can.DOSSIER))))


async def test_the_panel_says_how_far_it_is_and_only_at_first_how_steps_work() -> None:
    steps = tuple(StepLine(f"S{n}", "t", "now" if n == 5 else "ahead") for n in range(1, 9))
    page = case_page(KITS[0], a_case(steps=steps))
    road = page.embeds[0].fields[0]
    assert (road.name, "▶️S5" in (road.value or "")) == ("Stap 5 van 8", True)
    assert page.embeds[0].footer.text is None
    first = case_page(KITS[0], a_case(step=replace(a_case().step, id="S1")))
    assert "Terug kan altijd" in (first.embeds[0].footer.text or "")
    closed = case_page(KITS[0], a_case(state=CaseState.CLOSED, closed_at=NOW, actions=()))
    assert closed.embeds[0].fields[0].name == "De stappen"


async def test_the_panel_shows_the_last_three_events_with_short_notes() -> None:
    events = tuple(EventLine(f"S{n}", "done", "", TEACHER, NOW, "a" * 59 + "b" + "c" * 99, None) for n in range(1, 6))
    page = case_page(KITS[0], a_case(events=events))
    told = next(field.value or "" for field in page.embeds[0].fields if field.name == "Laatst gebeurd")
    assert [line.split(" · ")[1] for line in told.splitlines()] == ["S3", "S4", "S5"]
    assert "ccc" not in told


@pytest.mark.parametrize(
    ("seen", "said"), [(0, "(niets nieuws gezien)"), (1, "(1 nieuwe signalering)"), (4, "(4 nieuwe signaleringen)")]
)
async def test_a_look_says_in_words_what_was_seen(seen: int, said: str) -> None:
    look = FollowUp(3, NOW, "done", NOW, seen, Answer.GOES_ON, TEACHER, NOW)
    assert f"gaat door {said}" in words(case_page(KITS[0], a_case(followups=(look,))))


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_lists_looks_and_evidence_fit(kit: Kit) -> None:
    line = CaseLine(9, 1, "7b", CaseState.OPEN, "S5", "t" * 90, TEACHER, (NOOR,), (DAAN,), NOW, NOW, same_pair=True)
    fits(cases_page(kit, [line] * 40))
    fits(cases_page(kit, []))
    look = FollowUpView(
        a_case().followups[0], 9, 1, "7b", (NOOR,), (DAAN,), 2, last=False, agreement=HOSTILE, agreement_date="x"
    )
    assert actions(fits(followup_page(kit, look))) == ["followup", "followup", "case"]
    answered = replace(look, followup=replace(look.followup, outcome=Answer.STOPPED))
    assert actions(fits(followup_page(kit, answered))) == ["case"]
    kept = EvidenceLine(1, "message", DAAN, HOSTILE, NOW, NOW, None, CLASS, "1", "", "f" * 64, None, None, None)
    fits(evidence_page(kit, 9, 1, [kept] * 30, [HOSTILE] * 40))


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_pages_for_everybody_and_the_set_up_fit(kit: Kit) -> None:
    fits(rules_page(kit))
    fits(privacy_page(kit))
    lacks = [Lack(right, CLASS) for right in {*GUILD_RIGHTS, *CLASS_RIGHTS, *STAFF_RIGHTS}]
    told = a_book().current().all[GUILD].model_dump(mode="json", exclude={"pupils"})
    assert actions(fits(setup_page(kit, {}, lacks, ["members", "message_content"], by_file=False))) == ["setup"] * 4
    assert actions(fits(setup_page(kit, told, [], [], by_file=True))) == ["setup"]
    assert actions(fits(setup_page(kit, told, [], [], by_file=False))) == ["setup"] * 5


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("user", "12", "<@12>"),
        ("channel", "12", "<#12>"),
        ("channels", "12 x 13", "<#12> <#13>"),
        ("from", NOW.isoformat(), f"<t:{int(NOW.timestamp())}:f>"),
        ("count", "3", "3"),
        ("name", "@everyone", "@\u200beveryone"),
    ],
)
def test_a_notices_values_are_shown_as_people_read_them(name: str, value: str, expected: str) -> None:
    assert shown(name, value) == expected


async def test_what_staff_and_pupils_are_told_has_a_title() -> None:
    notice = notice_page(KITS[0], {"text": "alerts.notice.dm_closed", "user": TEACHER})
    assert notice.embeds[0].title == "📪 De privéberichten staan dicht"
    core: Any = CoreStandIn(people=None, book=a_book())  # type: ignore[arg-type]
    deck = Deck(core, lambda _: None, no_name)
    answer = await deck.page(Delivery(1, GUILD, "report_answer", 5, Receiver("user", NOOR), "nl", {"number": "1"}))
    assert answer.embeds[0].title == "💬 School schrijft je terug"


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_the_words_for_distress_have_each_number_on_a_line_of_its_own_in_bold(kit: Kit) -> None:
    lines = (crisis_page(kit, NOW).embeds[0].description or "").splitlines()
    bold = [line for line in lines if line.startswith("**")]
    assert [one for one in ("112", "113", "0800-0113", "0800-0432") if one not in " ".join(bold)] == []
    assert [line for line in lines if line not in bold and any(sign.isdigit() for sign in line)] == []


@pytest.mark.parametrize("kit", KITS, ids=LANGUAGES)
async def test_the_set_up_marks_what_is_empty_as_empty(kit: Kit) -> None:
    told = a_book().current().all[GUILD].model_dump(mode="json", exclude={"pupils"})
    page = words(setup_page(kit, {**told, "ict": [], "crisis": []}, [], [], by_file=True))
    assert f"○ {kit.say('form.setup.ict')}: {kit.say('card.setup.none_yet')}" in page
    assert f"✓ {kit.say('form.setup.crisis')} <@" in page  # nobody named: the coordinators


async def test_a_notice_without_words_says_so() -> None:
    assert KITS[0].say("card.notice.unknown") in words(notice_page(KITS[0], {"text": "gone"}))


async def test_a_private_alert_in_the_staff_channel_tells_no_names() -> None:
    core: Any = CoreStandIn(people=None, book=a_book())  # type: ignore[arg-type]
    deck = Deck(core, lambda _: None, no_name)
    values = {"private": "yes", "bare": "yes", "ping": TEACHER, "ping_roles": "7"}
    delivery = Delivery(1, GUILD, "crisis", 77, Receiver("channel", CLASS), "nl", values)
    page = fits(await deck.page(delivery))
    assert (page.pings, page.ping_roles, page.text) == ((TEACHER,), ("7",), f"<@{TEACHER}> <@&7>")
    assert DAAN not in words(page)


async def test_every_kind_of_the_outbox_has_a_card() -> None:
    core: Any = CoreStandIn(people=None, book=a_book())  # type: ignore[arg-type]
    kinds = {"alert", "alert_reminder", "crisis", "crisis_pupil", "pupil_note", "report_taken", "report_closed",
             "report_answer", "report_said", "followup", "notice", "audit_head", "welcome"}  # fmt: skip
    assert kinds <= Deck(core, lambda _: None, no_name).kinds()


async def no_name(school: str, user: str) -> str:  # noqa: ARG001 - the signature
    return str(timedelta(0))
