"""Reporting: the page beforehand, the form, the talk between pupil and staff, "Mijn berichten"."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import InputError, NotFoundError
from bot.reports.facts import (
    ANSWER_LIMIT,
    FILE_BYTES_LIMIT,
    FILES_LIMIT,
    SINCE_LIMIT,
    WHAT_LIMIT,
    WHO_LIMIT,
    KeptFile,
    ReportPage,
)
from cogs.actions.asking import fetched, form_for
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.reports import mine_page, opening_page, receipt_page, report_page, words_for
from cogs.forms import choice_field
from cogs.items import Action
from cogs.pages import Choice, Field, Page, Upload
from cogs.translate import attachment_from, message_from


async def report(visit: Visit) -> Outcome:
    """Begin a report: who will see what, and the choice by name or anonymous."""
    class_name = await class_of(visit)
    page = await visit.core.reports.page(visit.actor, class_name)
    school, user = visit.actor.school.guild, visit.actor.id
    draft = await visit.core.reports.draft(school, user, origin="command", class_name=page.class_name)
    return opening_page(visit.kit, visit.core.clock.now(), page, draft)


async def report_message(visit: Visit) -> Outcome:
    """Begin a report about a message that somebody picked in its menu."""
    payload = _picked(visit)
    channel = str(payload.get("channel_id") or visit.ask.channel or "")
    spot = await visit.places.spot(channel, visit.ask.guild)
    if spot is None:
        raise NotFoundError("error.discord.gone")
    message = message_from(payload, spot)
    room = visit.actor.school.class_of_channel(message.class_channel)
    page = await visit.core.reports.page(visit.actor, room.name if room else None)
    files = await _contents(visit, payload)
    draft = await visit.core.reports.draft(
        spot.school,
        visit.actor.id,
        origin="menu",
        class_name=page.class_name,
        channel=channel,
        message=message.id,
        files=files,
        evidence=message,
    )
    return opening_page(visit.kit, visit.core.clock.now(), page, draft)


async def class_of(visit: Visit) -> str | None:
    """Return the class whose channel somebody is in."""
    if visit.ask.guild is None or visit.ask.channel is None:
        return None
    spot = await visit.places.spot(visit.ask.channel, visit.ask.guild)
    room = visit.actor.school.class_of_channel(spot.parent or spot.channel) if spot else None
    return room.name if room else None


async def ask_by_name(visit: Visit) -> Outcome:
    """Open the form of a report by name."""
    return await _form(visit, anonymous=False)


async def ask_anonymous(visit: Visit) -> Outcome:
    """Open the form of an anonymous report."""
    return await _form(visit, anonymous=True)


async def _form(visit: Visit, *, anonymous: bool) -> Outcome:
    told = await visit.core.reports.draft_text(visit.actor, visit.subject)
    page = await visit.core.reports.page(visit.actor, await class_of(visit))
    say = visit.say
    what = Field(
        "what", say("reports.form.what"), "long", limit=WHAT_LIMIT, hint=say("reports.form.what_hint"), value=told
    )
    who_hint, since_hint = say("reports.form.who_hint"), say("reports.form.since_hint")
    fields = [
        what,
        Field("who", say("reports.form.who"), required=False, limit=WHO_LIMIT, hint=who_hint),
        Field("since", say("reports.form.since"), required=False, limit=SINCE_LIMIT, hint=since_hint),
        Field("file", say("reports.form.file"), "file", required=False, limit=FILES_LIMIT),
    ]
    if len(page.receivers) > 1:
        fields.append(choice_field("receiver", say("reports.form.receiver"), _receivers(visit, page)))
    title = "reports.form.title_anonymous" if anonymous else "reports.form.title_named"
    return form_for(visit, title, fields)


def _receivers(visit: Visit, page: ReportPage) -> list[Choice]:
    words = words_for(visit.kit, visit.core.clock.now())
    lines = enumerate(page.receivers)
    return [Choice(words.choice(line, default=place == 0), line.key) for place, line in lines]


async def file_by_name(visit: Visit) -> Outcome:
    """File a report by name."""
    return await _file(visit, anonymous=False)


async def file_anonymous(visit: Visit) -> Outcome:
    """File an anonymous report."""
    return await _file(visit, anonymous=True)


async def _file(visit: Visit, *, anonymous: bool) -> Outcome:
    chosen = visit.ask.submission.values.get("receiver", ())
    receipt = await visit.core.reports.file(
        visit.actor,
        visit.subject,
        anonymous=anonymous,
        what=visit.text("what"),
        who=visit.text("who"),
        since=visit.text("since"),
        files=await fetched(visit, visit.ask.submission.files),
        receiver=chosen[0] if chosen else None,
    )
    return receipt_page(visit.kit, visit.core.clock.now(), receipt)


async def ask_reply(visit: Visit) -> Outcome:
    """Write to the other side: a form, or at once when a private message is to be passed on."""
    if visit.ask.target.more:
        draft = visit.more(0)
        if not draft.isdecimal():
            raise NotFoundError("error.discord.button")
        text = await visit.core.reports.draft_text(visit.actor, int(draft))
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
    return Page(text=visit.say("reports.seal.opened", name=f"<@{user}>"))


async def report_file(visit: Visit) -> Outcome:
    """Show one file of a report."""
    if not visit.more(0).isdecimal():
        raise NotFoundError("error.discord.button")
    file = await visit.core.reports.report_file(visit.actor, visit.subject, int(visit.more(0)))
    return Page(text=visit.say("command.report_file"), files=(Upload(_safe_name(file.name), file.content),))


async def my_messages(visit: Visit) -> Outcome:
    """Show what could not be read yet and one's own reports."""
    waiting = await visit.core.reports.waiting(visit.actor)
    own = await visit.core.reports.mine(visit.actor)
    names = {user: await visit.name_of(user) for one in waiting if (user := one.values.get("by"))}
    return mine_page(visit.kit, visit.core.clock.now(), waiting, names, own)


async def view_report(visit: Visit) -> Outcome:
    """Show a report to staff."""
    return report_page(visit.kit, await visit.core.reports.view(visit.actor, visit.subject))


async def _own(visit: Visit) -> bool:
    return any(own.id == visit.subject for own in await visit.core.reports.mine(visit.actor))


def _words_field(visit: Visit, label: str, hint: str = "") -> Field:
    return Field("note", visit.say(label), "long", limit=ANSWER_LIMIT, hint=hint)


def _picked(visit: Visit) -> Mapping[str, object]:
    chosen = str(visit.ask.data.get("target_id", ""))
    found = ((visit.ask.data.get("resolved") or {}).get("messages") or {}).get(chosen)
    if not isinstance(found, Mapping):
        raise NotFoundError("error.discord.gone")
    if not isinstance(found.get("author"), Mapping) or found["author"].get("bot"):
        raise InputError("error.discord.own_message")
    return found


async def _contents(visit: Visit, payload: Mapping[str, object]) -> list[KeptFile]:
    raw = payload.get("attachments")
    files = [attachment_from(file) for file in raw[:FILES_LIMIT]] if isinstance(raw, list) else []
    found = []
    for file in files:
        content = await visit.wire.download(file.url, FILE_BYTES_LIMIT) if file.url else None
        if content is not None:
            found.append(KeptFile(file.name, content, file.content_type))
    return found


def _safe_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)
    return kept.strip(". ")[-80:] or "bestand"


PRESSES: Mapping[str, Handler] = {
    Action.REPORT: Handler(view_report),
    Action.BY_NAME: Handler(ask_by_name),
    Action.ANONYMOUS: Handler(ask_anonymous),
    Action.REPLY: Handler(ask_reply),
    Action.CLOSE_REPORT: Handler(ask_close),
    Action.OPEN_SEAL: Handler(ask_seal),
    Action.REPORT_FILE: Handler(report_file),
    Action.MY_MESSAGES: Handler(my_messages),
}
FORMS: Mapping[str, Handler] = {
    Action.BY_NAME: Handler(file_by_name),
    Action.ANONYMOUS: Handler(file_anonymous),
    Action.REPLY: Handler(reply),
    Action.CLOSE_REPORT: Handler(close),
    Action.OPEN_SEAL: Handler(open_seal),
}
