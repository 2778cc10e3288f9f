"""All labels, commands and form fields in both languages, as tables for the README (a test holds it to them)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.texts import Texts
from cogs.commands.consent import GROUP, SUBCOMMANDS
from cogs.commands.tree import COMMANDS, MENUS
from cogs.items import Action

FIELDS = (
    ("what", "reports.form.what"),
    ("who", "reports.form.who"),
    ("who", "form.ask_consent.who"),
    ("since", "reports.form.since"),
    ("file", "reports.form.file"),
    ("receiver", "reports.form.receiver"),
    ("reason", "form.reason.label"),
    ("note", "form.note.label"),
    ("date", "form.date.label"),
    ("minutes", "form.minutes.label"),
    ("hurt", "form.pupils.hurt"),
    ("did", "form.pupils.did"),
    ("answer", "form.followup.answer"),
    ("owner", "form.hand_over.owner"),
)
"""Names of form fields that people fill in, and the keys of their labels."""
OTHER_LABELS = {
    Action.REPLY: ("label.write", "label.write_number", "label.send_on_number"),
    Action.CHECK: ("label.tick", "label.ticked"),
    Action.DISMISS: ("label.handled",),
    Action.FOLLOWUP: ("label.stopped", "label.goes_on"),
    Action.GO_ON: ("label.police", "label.agree_again"),
    Action.LOGBOOK: ("label.older", "label.newest"),
    Action.QUEUE: ("label.previous", "label.next", "label.refresh"),
    Action.SETUP: ("label.setup_school", "label.setup_people", "label.setup_class", "label.setup_drop"),
}
"""Further labels that an action's buttons and selects carry."""


def labels_table(texts: Texts) -> str:
    """Return three Markdown tables: buttons and selects by action, commands, form fields."""
    parts = (
        ("custom_id", "Nederlands", "English", _buttons(texts)),
        ("command", "Nederlands", "English", _commands(texts)),
        ("field", "Nederlands", "English", _fields(texts)),
    )
    return "\n\n".join(_table(*part) for part in parts)


def _buttons(texts: Texts) -> Iterable[Sequence[str]]:
    for action in Action:
        keys = (f"label.{action}", *OTHER_LABELS.get(action, ()))
        yield f"`kw:{action}:`", _all(texts, keys, "nl"), _all(texts, keys, "en")


def _commands(texts: Texts) -> Iterable[Sequence[str]]:
    for spec in COMMANDS:
        dutch, english = (texts.get(f"command.{spec.name}.name", language) for language in ("nl", "en"))
        yield f"`{spec.name}`", f"`/{dutch}`", f"`/{english}`"
    for sub in SUBCOMMANDS:
        names = [
            f"/{texts.get(f'command.{GROUP}.name', language)} {texts.get(f'command.consent_{sub.name}.name', language)}"
            for language in ("nl", "en")
        ]
        yield f"`{GROUP} {sub.name}`", *(f"`{name}`" for name in names)
    for spec in MENUS:
        yield "message menu", *(texts.get(f"command.{spec.name}.name", language) for language in ("nl", "en"))


def _fields(texts: Texts) -> Iterable[Sequence[str]]:
    for name, key in FIELDS:
        yield f"`{name}`", texts.get(key, "nl"), texts.get(key, "en")


def _all(texts: Texts, keys: Iterable[str], language: str) -> str:
    return ", ".join(texts.get(key, language, number="N", what="…") for key in keys)


def _table(first: str, second: str, third: str, rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {first} | {second} | {third} |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)
