"""What stands behind "Toon": the message, its later versions, the messages around it, the history of the two."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.findings.facts import Shown, ShownMessage, SignalShown
from bot.people import Actor
from bot.ports import ChatMessage
from cogs.cards.alert import buttons
from cogs.cards.words import COLOURS, moment, signal_line, signal_name, worst_first
from cogs.items import Action
from cogs.pages import FIELD_LIMIT, Page, embed
from cogs.plain import block, inline, person
from cogs.widgets import Kit

MESSAGES_SHOWN = 4
MESSAGE_LIMIT = 800
CONTEXT_LINE = 160


def shown_page(kit: Kit, shown: Shown, zone: ZoneInfo, reader: Actor | None = None) -> Page:
    """Return everything that helps to judge an alert, with the buttons to decide."""
    card = shown.card
    fields = [field for message in shown.messages[:MESSAGES_SHOWN] for field in _message(kit, message)]
    if len(shown.messages) > MESSAGES_SHOWN:
        more = len(shown.messages) - MESSAGES_SHOWN
        fields.append((kit.say("card.shown.more"), kit.say("card.shown.more_count", count=more)))
    if shown.context:
        fields.append((kit.say("card.shown.around"), _around(shown, zone)))
    fields.append((kit.say("card.shown.history"), _history(kit, shown)))
    fields += [(kit.say("card.shown.note"), f"{person(note.by)}\n{block(note.text, 500)}") for note in shown.notes[:3]]
    reasons = "\n".join(_with_figure(kit, signal) for signal in worst_first(card))
    title = kit.say("card.shown.title", urgency=kit.say(f"card.severity.{card.severity}"))
    page = embed(title, reasons, fields, kit.say("card.shown.footer"), COLOURS[card.severity])
    items = tuple(item for item in buttons(kit, card, reader) if item.action is not Action.SHOW)
    return Page(embeds=(page,), items=items)


def _message(kit: Kit, message: ShownMessage) -> list[tuple[str, str]]:
    head = kit.say("card.shown.wrote")
    link = f" · [{kit.say('card.shown.link')}]({message.url})" if message.url.startswith("https://") else ""
    lines = [f"{person(message.author)} · {moment(message.at)}{link}", block(message.text, MESSAGE_LIMIT)]
    if message.deleted_at:
        lines.append(kit.say("card.shown.deleted", when=moment(message.deleted_at)))
    if message.files:
        lines.append(kit.say("card.shown.files", files=", ".join(inline(name, 60) for name in message.files[:5])))
    fields = [(head, "\n".join(lines))]
    for at, text in message.edited[-2:]:
        fields.append((kit.say("card.shown.edited"), f"{moment(at)}\n{block(text, MESSAGE_LIMIT)}"))
    return fields


def _around(shown: Shown, zone: ZoneInfo) -> str:
    """Return the messages around as one block, so that nothing in them is markdown or a ping."""
    flagged = {(message.author, message.at) for message in shown.messages}
    lines = [_line(message, zone, marked=(message.author.id, message.at) in flagged) for message in shown.context]
    while len("\n".join(lines)) > FIELD_LIMIT - 20 and len(lines) > 1:
        lines.pop(0)
    return block("\n".join(lines), FIELD_LIMIT)


def _line(message: ChatMessage, zone: ZoneInfo, *, marked: bool) -> str:
    at: datetime = message.at.astimezone(zone)
    said = " ".join(message.text.split())[:CONTEXT_LINE] or "–"
    return f"{'▶' if marked else ' '} {at:%H:%M} {message.author.name}: {said}"


def _history(kit: Kit, shown: Shown) -> str:
    past = shown.history
    if not past.findings:
        return kit.say("card.shown.history_none", since=moment(past.since, "day"))
    told = kit.say(
        "card.shown.history_some", count=past.findings, dismissed=past.dismissed, since=moment(past.since, "day")
    )
    numbers = ", ".join(map(str, past.cases))
    return f"{told} {kit.say('card.shown.history_cases', numbers=numbers)}" if past.cases else told


def _with_figure(kit: Kit, signal: SignalShown) -> str:
    figure = f"{signal.score:.2f}".replace(".", "," if kit.language == "nl" else ".")
    source = kit.either(f"card.source.{signal.source}", "card.source.other")
    name = signal_name(kit, signal.signal)
    return f"{signal_line(kit, signal)}\n-# {kit.say('card.shown.figure', signal=name, figure=figure, source=source)}"
