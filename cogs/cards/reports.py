"""A report as staff read it, and the pages of reporting as a pupil reads them (words: ``bot.reports.words``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.findings.facts import AlertCard
from bot.people import Actor
from bot.reports.facts import (
    ANSWER_LIMIT,
    Fate,
    FileTold,
    OwnReport,
    Receipt,
    ReportPage,
    ReportState,
    ReportView,
    TalkLine,
    Waiting,
)
from bot.reports.words import Page as Words
from bot.reports.words import ReportWords
from cogs.cards.alert import buttons
from cogs.cards.media import consent_items
from cogs.cards.words import CALM, COLOURS, moment
from cogs.items import Action, Item
from cogs.pages import DESCRIPTION_LIMIT, FIELD_LIMIT, Page, embed
from cogs.plain import block, cut, inline, person
from cogs.widgets import GOOD, MAIN, Kit, rows

TALK_SHOWN = 5
TALK_LIMIT = 450
FILES_SHOWN = 4
OWN_SHOWN = 8
NEWS_LIMIT = 3000  # characters of what is new; the rest of an embed is for the reports and their talk


def words_for(kit: Kit, now: datetime) -> ReportWords:
    """Return what says reports in words for this reader."""
    return ReportWords(kit.texts, kit.language, now, partial(inline, limit=ANSWER_LIMIT))


def words_page(words: Words, items: tuple[Item, ...] = ()) -> Page:
    """Lay out a text of titles and paragraphs."""
    opening = [section for section in words.sections if not section.title]
    fields = [(section.title, "\n".join(section.lines)) for section in words.sections if section.title]
    lead = "\n".join(line for section in opening for line in section.lines)
    return Page(embeds=(embed(words.title, lead, fields, colour=CALM),), items=items)


def opening_page(kit: Kit, now: datetime, page: ReportPage, draft: int, files: tuple[str, ...] = ()) -> Page:
    """Return what a pupil sees first: who will see what, and the choice by name or anonymous."""
    return words_page(words_for(kit, now).page(page, files), choice_buttons(kit, draft))


@dataclass(frozen=True, slots=True)
class Draft:
    """A private message that was kept. ``files``: what became of those that came; ``missed``: how many never came."""

    row: int
    files: tuple[FileTold, ...] = ()
    missed: int = 0


def draft_page(kit: Kit, now: datetime, draft: Draft, extra: tuple[Item, ...], *, crisis: bool) -> Page:
    """Return the answer to a private message: what happens with it, and the choice to make it a report."""
    words = words_for(kit, now)
    said = words.draft(crisis=crisis, files=words.files(draft.files, draft.missed))
    return words_page(said, (*choice_buttons(kit, draft.row), *extra))


def choice_buttons(kit: Kit, draft: int) -> tuple[Item, ...]:
    """Return the two ways to make a report of a draft."""
    return (
        kit.button(Action.BY_NAME, draft, style=MAIN, row=0),
        kit.button(Action.ANONYMOUS, draft, style=MAIN, row=0),
    )


def receipt_page(kit: Kit, now: datetime, receipt: Receipt) -> Page:
    """Return the answer to a report: not your fault, don't answer, what happens now, who sees it."""
    return words_page(words_for(kit, now).receipt(receipt), (kit.button(Action.MY_MESSAGES, 0, row=0),))


def told_page(kit: Kit, lines: tuple[str, ...], report: int | None, *, reply: bool = True, title: str = "") -> Page:
    """Return what a pupil hears about a report, with a button to write on."""
    items = (reply_button(kit, report),) if report and reply else ()
    return Page(embeds=(embed(title, "\n".join(lines), colour=CALM),), items=items)


def crisis_page(kit: Kit, now: datetime, *, anonymous: bool = False) -> Page:
    """Return the warm words for a pupil who may be in distress."""
    section = words_for(kit, now).crisis(anonymous=anonymous)
    return Page(embeds=(embed(section.title, "\n\n".join(section.lines), colour=CALM),))


@dataclass(frozen=True, slots=True)
class News:
    """What somebody could not read yet, as far as it fits one page: the oldest first."""

    shown: tuple[Waiting, ...]
    text: str


def news_of(
    kit: Kit, now: datetime, waiting: Sequence[Waiting], names: Mapping[str, str], own: Sequence[OwnReport]
) -> News:
    """Return the oldest that fit; the rest comes when the page is opened again."""
    words, anonymous = words_for(kit, now), {report.id for report in own if report.anonymous}
    parts: list[str] = []
    for one in waiting:
        lines = words.waiting(one, names.get(one.values.get("by", ""), ""), anonymous=one.report in anonymous)
        if parts and sum(map(len, (*parts, *lines))) > NEWS_LIMIT:
            break
        parts.append("\n".join(lines))
    if not parts:
        return News((), kit.say("reports.mine.nothing"))
    more = [kit.say("reports.mine.more")] if len(parts) < len(waiting) else []
    return News(tuple(waiting[: len(parts)]), "\n\n".join([kit.say("reports.mine.new"), *parts, *more]))


def mine_page(kit: Kit, now: datetime, news: News, own: Sequence[OwnReport]) -> Page:
    """Return "Mijn berichten": what could not be read yet, and somebody's own reports with a button to write on."""
    words, lead = words_for(kit, now), news.text
    told = [words.own(report) for report in own[:OWN_SHOWN] if report.state is not ReportState.DRAFT]
    fields = [(head, _last_lines(lines)) for head, *lines in told]
    if not told:
        lead = f"{lead}\n{kit.say('reports.mine.none')}"
    shown = embed(kit.say("reports.mine.title"), cut(lead, DESCRIPTION_LIMIT), fields, colour=CALM)
    open_ones = [report for report in own[:OWN_SHOWN] if report.state in {ReportState.OPEN, ReportState.TAKEN}][:5]
    replies = [_own_button(kit, report, len(open_ones)) for report in open_ones]
    asked = [
        item for one in news.shown if one.kind == "media_held" for item in consent_items(kit, one.subject, one.values)
    ]
    return Page(embeds=(shown,), items=rows(replies, asked[-OWN_SHOWN:]))


def _last_lines(talk: Sequence[str]) -> str:
    """Return the end of a talk as far as it fits a field: the newest line first of all."""
    kept: list[str] = []
    for line in reversed(talk[-TALK_SHOWN:]):
        if kept and sum(map(len, (*kept, line))) + len(kept) > FIELD_LIMIT:
            break
        kept.insert(0, cut(line, FIELD_LIMIT))
    return "\n".join(kept) or "–"


def _own_button(kit: Kit, report: OwnReport, of: int) -> Item:
    if of == 1:
        return reply_button(kit, report.id)
    return kit.button(Action.REPLY, report.id, style=GOOD, label="label.write_number", number=report.number)


def reply_button(kit: Kit, report: int, *more: str, label: str = "label.write", row: int | None = None) -> Item:
    """Return the button with which a pupil writes on."""
    return kit.button(Action.REPLY, report, *more, style=GOOD, label=label, row=row)


def report_page(kit: Kit, report: ReportView, card: AlertCard | None = None, reader: Actor | None = None) -> Page:
    """Return a report for staff: what, who, since when, the message it is about, files, the talk so far."""
    fields = [(kit.say("reports.staff.what"), block(report.what or "–", FIELD_LIMIT))]
    for name, said in (("who", report.who), ("since", report.since)):
        if said:
            fields.append((kit.say(f"reports.staff.{name}"), block(said, 400)))
    if report.message:
        message = report.message
        about = f"{person(message.author)} · {moment(message.at)}\n{block(message.text, 800)}"
        fields.append((kit.say("reports.staff.message"), about))
    if files := [line for one in report.told for line in _file_lines(kit, one)]:
        fields.append((kit.say("reports.staff.files"), "\n".join(files)))
    fields += [_talk_field(kit, line) for line in report.talk[-TALK_SHOWN:]]
    page = embed(
        _title(kit, report), _maker(kit, report), fields, kit.say("card.report.footer"), COLOURS[report.severity]
    )
    return Page(embeds=(page,), items=_staff_items(kit, report, card, reader))


def _title(kit: Kit, report: ReportView) -> str:
    if report.class_name:
        return f"📩 {kit.say('reports.staff.title', number=report.number, class_name=inline(report.class_name))}"
    return f"📩 {kit.say('reports.staff.title_no_class', number=report.number)}"


def _maker(kit: Kit, report: ReportView) -> str:
    when = moment(report.created_at)
    if report.reporter is None:
        return f"{kit.say('reports.staff.anonymous')}\n{when}"
    lines = [kit.say("reports.staff.named", name=person(report.reporter)), when]
    if report.seal_opened_at and report.seal_opened_by:
        who = person(report.seal_opened_by)
        lines.append(kit.say("reports.seal.seen", date=moment(report.seal_opened_at), name=who))
    return "\n".join(lines)


def _staff_items(kit: Kit, report: ReportView, card: AlertCard | None, reader: Actor | None) -> tuple[Item, ...]:
    from_card = tuple(item for item in buttons(kit, card, reader) if item.action is not Action.SHOW) if card else ()
    own: list[Item] = []
    if not card and report.state is not ReportState.CLOSED:
        own.append(kit.button(Action.REPLY, report.id, style=MAIN, row=0))
        own.append(kit.button(Action.CLOSE_REPORT, report.id, row=1))
    if report.can_open_seal and report.reporter is None:
        own.append(kit.button(Action.OPEN_SEAL, report.id, row=2))
    own += [kit.button(Action.REPORT_FILE, report.id, str(file.evidence), row=2) for file in report.files[:FILES_SHOWN]]
    return (*from_card, *own)


def _file_lines(kit: Kit, one: FileTold) -> list[str]:
    """Return what staff should know of a file; of one that may show nudity no more than that it is not here."""
    lines = []
    if one.fate is not Fate.KEPT:
        reason = {"reason": kit.say(f"media.unreadable.{one.unread}")} if one.fate is Fate.UNREAD else {}
        key = "withheld" if one.fate.away else one.fate.value
        lines.append(kit.say(f"reports.staff.file_{key}", number=one.number, **reason))
    if one.copy and not one.fate.away:
        lines.append(kit.say("reports.staff.file_copy", number=one.number))
    return lines


def _talk_field(kit: Kit, line: TalkLine) -> tuple[str, str]:
    pupil = line.direction == "in"
    by = f"{person(line.by)} · " if line.by and not pupil else ""
    head = kit.say("reports.staff.pupil") if pupil else kit.say("reports.staff.talk")
    return head, f"{by}{moment(line.at)}\n{block(line.text, TALK_LIMIT)}"
