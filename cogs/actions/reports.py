"""Reporting: the page beforehand, the form, and what it files."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import InputError, NotFoundError
from bot.reports.facts import FILE_BYTES_LIMIT, FILES_LIMIT, SINCE_LIMIT, WHAT_LIMIT, WHO_LIMIT, KeptFile, ReportPage
from cogs.actions.asking import fetched, form_for
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.reports import opening_page, receipt_page, words_for
from cogs.forms import choice_field
from cogs.items import Action
from cogs.pages import Choice, Field
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
    payload = picked(visit)
    channel = str(payload.get("channel_id") or visit.ask.channel or "")
    spot = await visit.places.spot(channel, visit.ask.guild)
    if spot is None or spot.school != visit.actor.school.guild:
        raise NotFoundError("error.discord.gone")
    message = message_from(payload, spot)
    room = visit.actor.school.class_of_channel(message.class_channel)
    page = await visit.core.reports.page(visit.actor, room.name if room else None)
    files, missed = await _contents(visit, payload)
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
    told = await visit.core.reports.draft_files(visit.actor, draft)
    now = visit.core.clock.now()
    return opening_page(visit.kit, now, page, draft, words_for(visit.kit, now).files(told, missed))


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
    return [Choice(words.choice(line, default=place == 0), line.key, chosen=place == 0) for place, line in lines]


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


def picked(visit: Visit, *, bots: bool = False) -> Mapping[str, object]:
    """Return the message that somebody picked in its menu. Raises ``InputError`` for a bot's, unless ``bots``."""
    chosen = str(visit.ask.data.get("target_id", ""))
    found = ((visit.ask.data.get("resolved") or {}).get("messages") or {}).get(chosen)
    if not isinstance(found, Mapping):
        raise NotFoundError("error.discord.gone")
    author = found.get("author")
    if not isinstance(author, Mapping) or (author.get("bot") and not bots):
        raise InputError("error.discord.own_message")
    return found


async def _contents(visit: Visit, payload: Mapping[str, object]) -> tuple[list[KeptFile], int]:
    """Return the files of a message, and how many could not be had."""
    raw = payload.get("attachments")
    files = [attachment_from(file) for file in raw] if isinstance(raw, list) else []
    found = []
    for file in files[:FILES_LIMIT]:
        content = await visit.wire.download(file.url, FILE_BYTES_LIMIT) if file.url else None
        if content is not None:
            found.append(KeptFile(file.name, content, file.content_type))
    return found, len(files) - len(found)


PRESSES: Mapping[str, Handler] = {
    Action.BY_NAME: Handler(ask_by_name),
    Action.ANONYMOUS: Handler(ask_anonymous),
}
FORMS: Mapping[str, Handler] = {
    Action.BY_NAME: Handler(file_by_name),
    Action.ANONYMOUS: Handler(file_anonymous),
}
