"""After a report: the talk between pupil and staff, closing, the seal, and "Mijn berichten"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.errors import NotFoundError
from bot.reports.facts import ANSWER_LIMIT, Waiting
from cogs.actions.asking import REASON_LIMIT, form_for
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.reports import mine_page, news_of, report_page
from cogs.items import Action
from cogs.pages import Field, Page, Upload
from cogs.plain import block, person
from cogs.widgets import number_in


async def ask_reply(visit: Visit) -> Outcome:
    """Write to the other side: a form, or at once when a private message is to be passed on."""
    if visit.ask.target.more:
        text = await visit.core.reports.draft_text(visit.actor, _number(visit))
        await visit.core.reports.write(visit.actor, visit.subject, text)
        return Page(text=visit.say("reports.told.written"))
    if await _own(visit):
        return form_for(visit, "form.write.title", [_words_field(visit, "form.write.label")])
    await visit.core.reports.view(visit.actor, visit.subject)
    hint = visit.say("reports.staff.answer_hint")
    return form_for(visit, "form.answer.title", [_words_field(visit, "reports.staff.answer_field", hint)])


async def reply(visit: Visit) -> Outcome:
    """Pass on what was written, to the pupil or to staff."""
    text = visit.text("note")
    if await _own(visit):
        await visit.core.reports.write(visit.actor, visit.subject, text)
        return Page(text=visit.say("reports.told.written"))
    await visit.core.reports.answer(visit.actor, visit.subject, text)
    return Page(text=visit.say("reports.staff.answered"))


async def ask_close(visit: Visit) -> Outcome:
    """Ask for a last word to the pupil."""
    await visit.core.reports.view(visit.actor, visit.subject)
    label = visit.say("reports.staff.close_field")
    field = Field("note", label, "long", required=False, limit=ANSWER_LIMIT)
    return form_for(visit, "form.close_report.title", [field])


async def close(visit: Visit) -> Outcome:
    """Close a report."""
    await visit.core.reports.close(visit.actor, visit.subject, visit.text("note"))
    told = await visit.core.reports.view(visit.actor, visit.subject)
    return Page(text=visit.say("reports.staff.closed", number=told.number))


async def ask_seal(visit: Visit) -> Outcome:
    """Ask for the danger that is the reason to open the seal."""
    told = await visit.core.reports.view(visit.actor, visit.subject)
    if not told.can_open_seal:
        return Page(text=visit.say("reports.seal.closed"))
    label, hint = visit.say("reports.seal.reason"), visit.say("form.seal.hint")
    return form_for(visit, "form.seal.title", [Field("reason", label, "long", limit=500, hint=hint)])


async def open_seal(visit: Visit) -> Outcome:
    """Open the seal; logged, and the pupil is told."""
    user = await visit.core.reports.open_seal(visit.actor, visit.subject, visit.text("reason"))
    return Page(text=visit.say("reports.seal.opened", name=person(user)))


async def report_file(visit: Visit) -> Outcome:
    """Show one file of a report."""
    file = await visit.core.reports.report_file(visit.actor, visit.subject, _number(visit))
    return Page(text=visit.say("command.report_file"), files=(Upload(_safe_name(file.name), file.content),))


async def my_messages(visit: Visit) -> Outcome:
    """Show what could not be read yet and one's own reports."""
    waiting = [await _with_reason(visit, one) for one in await visit.core.reports.waiting(visit.actor)]
    own = await visit.core.reports.mine(visit.actor)
    names = {user: await visit.name_of(user) for one in waiting if (user := one.values.get("by"))}
    now = visit.core.clock.now()
    news = news_of(visit.kit, now, waiting, names, own)
    marked = partial(visit.core.reports.read, visit.actor, news.shown) if news.shown else None
    return replace(mine_page(visit.kit, now, news, own), once_shown=marked)


async def _with_reason(visit: Visit, one: Waiting) -> Waiting:
    if one.kind != "media_refused":
        return one
    reason = await visit.core.media.reason(visit.actor.school.guild, one.subject)
    return replace(one, values={**one.values, "reason": block(reason, REASON_LIMIT)})


async def view_report(visit: Visit) -> Outcome:
    """Show a report to staff."""
    return report_page(visit.kit, await visit.core.reports.view(visit.actor, visit.subject))


def _number(visit: Visit) -> int:
    found = number_in(visit.more(0))
    if found is None:
        raise NotFoundError("error.discord.button")
    return found


async def _own(visit: Visit) -> bool:
    return any(own.id == visit.subject for own in await visit.core.reports.mine(visit.actor))


def _words_field(visit: Visit, label: str, hint: str = "") -> Field:
    return Field("note", visit.say(label), "long", limit=ANSWER_LIMIT, hint=hint)


def _safe_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)
    return kept.strip(". ")[-80:] or "bestand"


PRESSES: Mapping[str, Handler] = {
    Action.REPORT: Handler(view_report),
    Action.REPLY: Handler(ask_reply),
    Action.CLOSE_REPORT: Handler(ask_close),
    Action.OPEN_SEAL: Handler(ask_seal),
    Action.REPORT_FILE: Handler(report_file),
    Action.MY_MESSAGES: Handler(my_messages),
}
FORMS: Mapping[str, Handler] = {
    Action.REPLY: Handler(reply),
    Action.CLOSE_REPORT: Handler(close),
    Action.OPEN_SEAL: Handler(open_seal),
}
