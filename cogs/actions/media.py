"""Pictures, films and sound: say who is in it, look, approve, refuse, and "That's me, I don't want this"."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import InputError, KlaswachtError, NotFoundError
from bot.media.store import HoldState
from bot.ports import ChatMessage
from bot.reports.facts import KeptFile
from cogs.actions.asking import form_for, reason_field
from cogs.actions.reports import picked
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.media import looked_page, media_page
from cogs.items import Action
from cogs.pages import Field, Page
from cogs.translate import message_from

WHO_LIMIT = 500


async def show(visit: Visit, hold: int) -> Outcome:
    """Show the files of a hold; of what may be nudity only the facts."""
    school, number = visit.actor.school, visit.subject
    card, alert = await visit.core.media.card(school, hold), await visit.core.review.card(school.guild, number)
    if card.private:
        await visit.core.review.show(visit.actor, number)  # asks for rights, and is noted in the log
        return media_page(visit.kit, card, alert)
    files: list[KeptFile] = []
    try:
        files = await visit.core.media.show(visit.actor, hold)
    except NotFoundError as error:
        if error.key != "error.media.not_kept":
            raise
    return looked_page(visit.kit, card, alert, await visit.core.media.caption(school.guild, hold), files)


async def ask_who(visit: Visit) -> Outcome:
    """Ask the pupil who is in it."""
    await visit.core.media.may_tell(visit.actor, visit.subject)
    hint = visit.say("form.ask_consent.hint")
    field = Field("who", visit.say("form.ask_consent.who"), "long", limit=WHO_LIMIT, hint=hint)
    return form_for(visit, "form.ask_consent.title", [field])


async def tell_who(visit: Visit) -> Outcome:
    """Put on the teacher's card who is in it."""
    await visit.core.media.ask_consent(visit.actor, visit.subject, visit.text("who"))
    return Page(text=visit.say("media.pupil.asked"))


async def approve(visit: Visit) -> Outcome:
    """Let it be posted again; whoever comes second is told who decided."""
    before = await visit.core.media.card(visit.actor.school, visit.subject)
    await visit.core.media.approve(visit.actor, visit.subject)
    stands = before.state is HoldState.FLAGGED
    return Page(text=visit.say("command.media.approved_there" if stands else "command.media.approved"))


async def ask_refuse(visit: Visit) -> Outcome:
    """Ask for the reason that the pupil will read (T4)."""
    await visit.core.media.ready(visit.actor, visit.subject)
    return form_for(visit, "form.refuse.title", [reason_field(visit, hint="form.refuse.hint")])


async def refuse(visit: Visit) -> Outcome:
    """Keep it out of the channel; the pupil gets the reason."""
    await visit.core.media.refuse(visit.actor, visit.subject, visit.text("reason"))
    return Page(text=visit.say("command.media.refused"))


async def object_to(visit: Visit) -> Outcome:
    """Take a picture of somebody away at once who does not want it; no questions first."""
    message = await _posted(visit)
    room = visit.actor.school.class_of_channel(message.class_channel)
    if room is None:
        raise InputError("error.media.no_class")
    files = await visit.core.entrance.look(message)
    if not files.looked:
        raise InputError("error.media.nothing")
    by_staff = await _works_here(visit, message.author.id)
    taken = await visit.core.intake.object_to(visit.actor, message, room, files.looked, by_staff=by_staff)
    if taken.hold is None:
        raise NotFoundError("error.media.gone")
    card = await visit.core.media.card(visit.actor.school, taken.hold)
    stays = card.state is HoldState.FLAGGED
    return Page(text=visit.say("media.pupil.objected_flagged" if stays else "media.pupil.objected"))


async def _posted(visit: Visit) -> ChatMessage:
    payload = picked(visit, bots=True)
    spot = await visit.places.spot(str(payload.get("channel_id") or visit.ask.channel or ""), visit.ask.guild)
    here = spot is not None and spot.school == visit.actor.school.guild
    message = await visit.core.entrance.poster(message_from(payload, spot)) if spot and here else None
    if message is None:
        raise InputError("error.media.nothing")
    return message


async def _works_here(visit: Visit, user: str) -> bool:
    try:
        return (await visit.core.people.actor(visit.actor.school.guild, user)).staff
    except KlaswachtError:
        return False  # left the school, or can't be asked now


PRESSES: Mapping[str, Handler] = {
    Action.ASK_CONSENT: Handler(ask_who),
    Action.APPROVE: Handler(approve),
    Action.REFUSE: Handler(ask_refuse),
}
FORMS: Mapping[str, Handler] = {
    Action.ASK_CONSENT: Handler(tell_who),
    Action.REFUSE: Handler(refuse),
}
