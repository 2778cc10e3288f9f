"""Every hostile string on every card: it pings nobody, leads nowhere, breaks nothing, and the card still fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.facts import CaseLine, CaseState, EventLine, EvidenceLine, FollowUpView
from bot.consent.facts import ConsentKind, ConsentLine, ConsentPlace, GivenBy
from bot.errors import InputError
from bot.findings.facts import NoteShown, PairHistory, Shown, ShownMessage
from bot.ports import ChatMessage, Person, Surface, SurfaceKind
from bot.privacy.logbook import LogLine, LogPage
from bot.reports.facts import KeptMessage, OwnReport, ReportFile, ReportState, TalkLine, Waiting
from cogs.cards.alert import alert_page
from cogs.cards.case import case_page
from cogs.cards.case_lists import cases_page, evidence_page, followup_page
from cogs.cards.consent import register_page
from cogs.cards.logbook import logbook_page
from cogs.cards.media import pupil_page
from cogs.cards.notices import notice_page
from cogs.cards.queue import queue_page
from cogs.cards.reports import mine_page, news_of, report_page
from cogs.cards.setup import setup_page
from cogs.cards.shown import shown_page
from cogs.pages import Page
from cogs.plain import told
from cogs.widgets import Kit
from cogs.wire import page_data
from tests.cogs.stand_ins import CLASS, DAAN, GUILD, NOOR, NOW, TEACHER, TEXTS, a_book, a_card
from tests.cogs.test_cards import a_case, a_report, fits
from tests.trust.hostile import ALL
from tests.trust.looking import wrong

KIT = Kit(TEXTS, "nl", GUILD)


def shown(text: str) -> Page:
    message = ShownMessage(DAAN, text, NOW, "https://discord.com/channels/1/2/3", ((NOW, text),), NOW, (text,))
    around = ChatMessage(GUILD, CLASS, "1", Person(DAAN, text), NOW, (Surface(SurfaceKind.TEXT, text),))
    card = a_card(state="claimed", claimed_by=TEACHER, class_name=text)
    facts = Shown(card, (message,), (around,), PairHistory(3, 2, (1,), NOW), (NoteShown(TEACHER, NOW, text),), None)
    return shown_page(KIT, facts, a_book().current().all[GUILD].zone)


def a_told(text: str) -> Page:
    talk = (TalkLine(1, "in", None, text, NOW, read=True), TalkLine(2, "out", TEACHER, text, NOW, read=True))
    kept = KeptMessage(DAAN, text, NOW, "", "f")
    facts = {"what": text, "who": text, "since": text, "talk": talk, "message": kept, "class_name": text}
    return report_page(KIT, a_report(**facts, files=(ReportFile(1, text, 3, "f"),)))


def mine(text: str) -> Page:
    talk = (TalkLine(1, "out", TEACHER, text, NOW, read=True),)
    own = [OwnReport(1, 1, ReportState.TAKEN, False, text, NOW, TEACHER, talk, 1)]  # noqa: FBT003 - a fact
    waiting = [Waiting("report_answer", 1, 5, 1, text, NOW, {"by": TEACHER})]
    return mine_page(KIT, NOW, news_of(KIT, NOW, waiting, {TEACHER: text}, own), own)


def case(text: str) -> Page:
    events = (EventLine("S1", "opened", "", TEACHER, NOW, text, None),)
    return case_page(KIT, a_case(agreement=text, events=events, class_name=text))


def look(text: str) -> Page:
    first = a_case().followups[0]
    facts = FollowUpView(first, 9, 1, text, (NOOR,), (DAAN,), 2, last=False, agreement=text, agreement_date=None)
    return followup_page(KIT, facts)


def cases(text: str) -> Page:
    line = CaseLine(9, 1, text, CaseState.OPEN, "S5", "t", TEACHER, (NOOR,), (DAAN,), NOW, NOW, same_pair=True)
    return cases_page(KIT, [line])


def evidence(text: str) -> Page:
    said = EvidenceLine(1, "message", DAAN, text, NOW, NOW, None, CLASS, "1", "", "f" * 64, None, None, None)
    return evidence_page(KIT, 9, 1, [said, replace(said, text="", file=text)], [text])


def consents(text: str) -> Page:
    line = ConsentLine(
        1, NOOR, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN, text, NOW.date(), text, TEACHER, NOW, None
    )
    return register_page(KIT, [line])


def setup(text: str) -> Page:
    facts = a_book().current().all[GUILD].model_dump(mode="json", exclude={"pupils"})
    rooms = [{**room, "name": text} for room in facts["classes"]]
    return setup_page(KIT, {**facts, "name": text, "classes": rooms}, [], [], by_file=False)


def log(text: str) -> Page:
    line = LogLine(1, NOW + timedelta(0), TEACHER, text, "case", "1")
    return logbook_page(KIT, LogPage((line,), "1-0000000000000000", None))


def refusal(text: str) -> Page:
    error = InputError("error.setup.value", name=text, reason=text)
    return Page(text=KIT.say(error.key, **told(error.values)))


CARDS: dict[str, Callable[[str], Page]] = {
    "alert": lambda text: alert_page(KIT, a_card(class_name=text), private=False),
    "queue": lambda text: queue_page(KIT, [a_card(class_name=text)], 0, 8),
    "shown": shown,
    "report": a_told,
    "my messages": mine,
    "case": case,
    "look": look,
    "cases": cases,
    "evidence": evidence,
    "consents": consents,
    "set-up": setup,
    "notice": lambda text: notice_page(KIT, {"text": "media.card.nothing_on_record", "name": text}),
    "photo": lambda text: pupil_page(KIT, 1, {"text": "media.pupil.refused", "reason": text}),
    "log": log,
    "refusal": refusal,
}


@pytest.mark.parametrize("card", sorted(CARDS))
def test_a_card_shows_any_text_as_text(card: str) -> None:
    calm = page_data(CARDS[card]("gewoon"))
    bad = [(text[:40], found) for text in ALL if (found := wrong(page_data(fits(CARDS[card](text))), calm))]
    assert bad == []


@pytest.mark.parametrize("text", ["@everyone", "```", "https://x.nl", "<@5>", "a\u202eb", "[a](b)", "discord.gg/x"])
def test_what_is_wrong_is_seen(text: str) -> None:
    assert wrong(page_data(Page(text=text)), page_data(Page(text="x"))) != []


@pytest.mark.parametrize("pings", [(), (TEACHER,)])
def test_only_whom_a_card_calls_can_be_pinged(pings: tuple[str, ...]) -> None:
    allowed = page_data(Page(text="@everyone", pings=pings))["allowed_mentions"]
    assert [allowed["parse"], [str(user) for user in allowed.get("users", ())]] == [[], list(pings)]
