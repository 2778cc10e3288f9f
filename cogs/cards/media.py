"""The card of a picture, film or sound that waits for an answer, and what stands behind "Toon"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.findings.facts import AlertCard, AlertState
from bot.media.cards import FileLine, MediaCard, OnRecord
from bot.media.decide import Why
from bot.media.store import HoldState
from bot.reports.facts import KeptFile
from cogs.cards.alert import buttons as alert_buttons
from cogs.cards.words import CALM, COLOURS, DONE, moment
from cogs.items import Action, Item
from cogs.pages import FIELD_LIMIT, Page, Upload, embed
from cogs.plain import block, inline, person, place
from cogs.widgets import GOOD, RISKY, Kit

SHOW_BYTES = 8 * 1024 * 1024  # of all files together; https://discord.com/developers/docs/reference#uploading-files
READERS_SHOWN = 40
SAID_LIMIT = 500
PRIVATE_ACTIONS = frozenset({Action.TAKE, Action.DISMISS, Action.OPEN_CASE, Action.JOIN_CASE, Action.CASE})
SENT_ACTIONS = frozenset({Action.TAKE, Action.DISMISS})
"""Of a file that came with a report or to a case: those have buttons of their own."""
CAN_SAY_WHO = frozenset({"media.pupil.held", "media.pupil.flagged"})


def media_page(kit: Kit, card: MediaCard, alert: AlertCard) -> Page:
    """Return the card: who, where, why, how many faces, what is on record and how far it is; never the picture."""
    colour = COLOURS[card.severity] if card.state.undecided else DONE
    secret = "_private" if card.private else ""
    title = kit.say(f"media.card.title{secret}", urgency=kit.say(f"card.severity.{card.severity}"))
    opening = _opening(kit, card, f"card.media.opening{secret}")
    footer = kit.say(f"media.card.footer{secret}")
    return Page(
        embeds=(embed(title, opening, _fields(kit, card, alert), footer, colour),), items=_items(kit, card, alert)
    )


def _opening(kit: Kit, card: MediaCard, key: str) -> str:
    if card.source == "case":
        return kit.say("media.card.opening_case", who=person(card.author), number=card.source_number or "–")
    if card.source:
        told = kit.say("media.card.opening_report")
        number = kit.say("media.card.report", number=card.source_number) if card.source_number else ""
        return f"{told} {number}".strip()
    where = place(card.channel)
    if card.class_name:
        where = kit.say("card.where.both", channel=where, class_name=inline(card.class_name))
    return kit.say(key, who=person(card.author), where=where)


def looked_page(kit: Kit, card: MediaCard, alert: AlertCard, said: str, files: Sequence[KeptFile]) -> Page:
    """Return what stands behind "Toon": the files, blurred until somebody presses them, and who could read it."""
    fields = [(kit.say("media.card.caption"), block(said or "–", SAID_LIMIT)), *_fields(kit, card, alert, count=False)]
    if card.objector:
        fields.append((kit.say("card.alert.note"), kit.say("media.card.objection", user=person(card.objector))))
    if card.readers:
        fields.append((_readers_line(kit, card), f"{_counted(kit, card)}\n{_people(kit, card.readers)}"))
    if sum(len(file.content) for file in files) > SHOW_BYTES:
        fields.append((kit.say("card.alert.note"), kit.say("media.card.too_large")))
        files = ()
    items = tuple(item for item in _items(kit, card, alert) if item.action is not Action.SHOW)
    made = embed(kit.say("media.card.shown"), "", fields, kit.say("media.card.footer_shown"), COLOURS[card.severity])
    return Page(
        embeds=(made,), items=items, files=tuple(_blurred(number, file) for number, file in enumerate(files, 1))
    )


def pupil_page(kit: Kit, hold: int, values: Mapping[str, str]) -> Page:
    """Return what a pupil hears, with a button to say who is in it while that helps."""
    told = kit.say(values["text"], reason=block(values.get("reason", ""), FIELD_LIMIT))
    return Page(embeds=(embed(description=told, colour=CALM),), items=consent_items(kit, hold, values))


def consent_items(kit: Kit, hold: int, values: Mapping[str, str], row: int | None = None) -> tuple[Item, ...]:
    """Return the button with which a pupil says who is in it."""
    asks = values.get("text") in CAN_SAY_WHO
    return (kit.button(Action.ASK_CONSENT, hold, style=GOOD, row=row),) if asks else ()


def _items(kit: Kit, card: MediaCard, alert: AlertCard) -> tuple[Item, ...]:
    if card.private:
        actions = SENT_ACTIONS if card.source else PRIVATE_ACTIONS
        return tuple(item for item in alert_buttons(kit, alert) if item.action in actions)
    show = kit.button(Action.SHOW, alert.id, row=0)
    case = (kit.button(Action.CASE, alert.case_id, row=1),) if alert.case_id else ()
    if not card.state.undecided:
        return (show, *case)
    answers = (
        show,
        kit.button(Action.APPROVE, card.id, style=GOOD, row=0),
        kit.button(Action.REFUSE, card.id, style=RISKY, row=0),
    )
    if case or alert.state == AlertState.CLOSED:
        return (*answers, *case)
    return (
        *answers,
        kit.button(Action.OPEN_CASE, alert.id, row=1),
        kit.button(Action.JOIN_CASE, alert.id, row=1),
    )


def _fields(kit: Kit, card: MediaCard, alert: AlertCard, *, count: bool = True) -> list[tuple[str, str]]:
    """Return what the card says; ``count``: also how many could read it."""
    reasons = "\n".join(f"• {kit.say(f'media.reason.{why}')}" for why in card.reasons)
    fields = [
        (kit.say("card.alert.when"), moment(card.said_at)),
        (kit.say("card.alert.why"), reasons or "–"),
        (kit.say("media.card.files"), "\n".join(_file(kit, file) for file in card.files) or "–"),
    ]
    if card.private:
        kept = "private_kept" if any(file.can_show for file in card.files) else "private_hash"
        told = f"{kit.say('media.card.private')} {kit.say(f'media.card.{kept}')} {kit.say('media.card.private_help')}"
        if kept == "private_kept":
            told += f"\n{kit.say('media.card.number', number=card.id)}"
        if card.handed:
            told += f"\n{kit.say('media.card.handed', reason=inline(card.handed, SAID_LIMIT))}"
        return [*fields, (kit.say("media.card.do"), told), _now(kit, card, alert, count=count)]
    fields.append((kit.say("media.card.who"), "\n".join(_who(kit, card))))
    if card.objector:  # a child: not for everybody who can read the staff channel
        fields.append((kit.say("card.alert.note"), kit.say("media.card.objection_hidden")))
    if Why.COPY in card.reasons and alert.case_number:
        fields.append((kit.say("media.card.again"), kit.say("media.card.case", number=alert.case_number)))
    return [*fields, _now(kit, card, alert, count=count)]


def _file(kit: Kit, file: FileLine) -> str:
    told = kit.say("media.card.file", number=file.number, kind=kit.say(f"media.kind.{file.kind}"))
    if file.unreadable:
        return f"{told} {kit.say(f'media.unreadable.{file.unreadable}')}"
    if file.duration:
        told = f"{told} {kit.say('media.card.seconds', count=round(file.duration))}"
    return f"{told} {kit.say('media.card.faces', count=file.faces)}" if file.kind != "sound" else told


def _who(kit: Kit, card: MediaCard) -> list[str]:
    said = kit.say("media.card.said", names=inline(card.said, SAID_LIMIT)) if card.said else None
    return [said or kit.say("media.card.nothing_said"), *(_recorded(kit, one) for one in card.on_record)]


def _recorded(kit: Kit, one: OnRecord) -> str:
    if not one.kinds:
        return kit.say("media.card.nothing_on_record", name=inline(one.name))
    kinds = ", ".join(kit.say(f"consent.kind.{kind}") for kind in one.kinds)
    return kit.say("media.card.on_record", name=inline(one.name), kinds=kinds)


def _now(kit: Kit, card: MediaCard, alert: AlertCard, *, count: bool) -> tuple[str, str]:
    if card.source:
        taken = f"\n{kit.say('card.state.claimed', who=person(alert.claimed_by))}" if alert.claimed_by else ""
        return kit.say("card.alert.now"), f"{kit.say('media.state.sent')}{taken}"
    by = card.decided_by or alert.claimed_by
    until = moment(card.may_post_until) if card.may_post_until else "–"
    state = f"{card.state}_private" if card.private and card.state.undecided else str(card.state)
    lines = [kit.say(f"media.state.{state}", who=_who_decided(kit, card, by), until=until)]
    if count and card.state not in {HoldState.TAKING, HoldState.FLAGGED}:
        lines.append(f"{_readers_line(kit, card)} {_counted(kit, card)}")
    return kit.say("card.alert.now"), "\n".join(lines)


def _readers_line(kit: Kit, card: MediaCard) -> str:
    return kit.say(
        "media.card.readers" if card.readers_complete else "media.card.readers_incomplete", count=len(card.readers)
    )


def _who_decided(kit: Kit, card: MediaCard, by: str | None) -> str:
    if card.by_bot:
        return kit.say("media.card.bot")
    return person(by) if by else kit.say("card.someone")


def _counted(kit: Kit, card: MediaCard) -> str:
    return kit.say(f"media.card.counted_{card.readers_of}")


def _people(kit: Kit, users: Sequence[str]) -> str:
    shown = " ".join(map(person, users[:READERS_SHOWN]))
    more = len(users) - READERS_SHOWN
    return f"{shown} {kit.say('media.card.readers_more', count=more)}" if more > 0 else shown


def _blurred(number: int, file: KeptFile) -> Upload:
    """Return a file under a name that makes the platform blur it; the pupil's own name for it may name somebody."""
    ending = "".join(letter for letter in file.name.rpartition(".")[2][:5] if letter.isalnum()) or "bin"
    return Upload(f"SPOILER_{number}.{ending.lower()}", file.content)
