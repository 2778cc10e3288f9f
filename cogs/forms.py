"""Forms: built for sending with the library's classes, read back from the raw submission, never kept in memory.

The library keeps open forms by custom_id, so that two people with the same form would answer each other and a restart
would lose them. Here a form's custom_id (``kw:form:<action>:<id>...``) says all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.ports import Attachment
from cogs.pages import Choice, Field, Form
from cogs.plain import cut
from cogs.translate import attachment_from
from cogs.widgets import Target, options, people

Payload = Mapping[str, Any]
TITLE_LIMIT = 45  # https://discord.com/developers/docs/interactions/receiving-and-responding#modal
LABEL_LIMIT = 45
HINT_LIMIT = 100
EXAMPLE_LIMIT = 100
TEXT_LIMIT = 4000
FORM_ID = re.compile(r"kw:form:(?P<rest>.+)", re.ASCII)


_PICKS: Mapping[str, Any] = {
    "users": discord.ui.UserSelect,
    "holders": discord.ui.MentionableSelect,
    "channels": discord.ui.ChannelSelect,
}


def form_id(target: Target) -> str:
    """Return a form's custom_id."""
    return target.custom_id.replace("kw:", "kw:form:", 1)


def payload_of(form: Form) -> Payload:
    """Return a form as the platform wants it."""
    modal = discord.ui.Modal(title=cut(form.title, TITLE_LIMIT), custom_id=form.custom_id, timeout=None)
    for field in form.fields:
        label = discord.ui.Label(
            text=cut(field.label, LABEL_LIMIT),
            description=cut(field.hint, HINT_LIMIT) or None,
            component=_component(field),
        )
        modal.add_item(label)
    return modal.to_dict()


def _component(field: Field) -> discord.ui.Item[Any]:
    if field.kind == "file":
        least = 1 if field.required else 0
        return discord.ui.FileUpload(
            custom_id=field.name, required=field.required, min_values=least, max_values=field.limit
        )
    if field.kind == "select":
        return discord.ui.Select(custom_id=field.name, required=field.required, options=options(field.choices))
    if field.kind in _PICKS:
        least = 1 if field.required else 0
        chosen = {"default_values": people(field.value.split())} if field.kind == "users" else {}
        pick: discord.ui.Item[Any] = _PICKS[field.kind](
            custom_id=field.name, required=field.required, min_values=least, max_values=field.limit, **chosen
        )
        return pick
    long = field.kind == "long"
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        required=field.required,
        max_length=min(field.limit, TEXT_LIMIT),
        placeholder=cut(field.example, EXAMPLE_LIMIT) or None,
        default=cut(field.value, min(field.limit, TEXT_LIMIT)) or None,
    )


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody filled in: texts by field name, chosen values by field name, files."""

    texts: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    files: tuple[Attachment, ...]

    def text(self, name: str) -> str:
        """Return a field's text, without white space around it; empty when it was left empty."""
        return self.texts.get(name, "").strip()


def read_submission(data: Payload) -> Submission:
    """Return what a submission holds, whatever nesting the platform uses."""
    texts: dict[str, str] = {}
    values: dict[str, tuple[str, ...]] = {}
    for component in _fields(data.get("components") or ()):
        name = str(component.get("custom_id", ""))
        if isinstance(component.get("value"), str):
            texts[name] = component["value"]
        if isinstance(component.get("values"), list):
            values[name] = tuple(map(str, component["values"]))
    known = (data.get("resolved") or {}).get("attachments") or {}
    ids = [value for chosen in values.values() for value in chosen if value in known]
    files = tuple(attachment_from({"id": file, **known[file]}) for file in ids)
    return Submission(texts, values, files)


def _fields(components: Sequence[Any]) -> Iterator[Payload]:
    for component in components:
        if not isinstance(component, Mapping):
            continue
        yield component
        yield from _fields(component.get("components") or ())
        if isinstance(component.get("component"), Mapping):
            yield from _fields([component["component"]])


def choice_field(name: str, label: str, choices: Sequence[Choice], *, required: bool = False, hint: str = "") -> Field:
    """Return a field in which one of some values is chosen."""
    return Field(name, label, kind="select", required=required, hint=hint, choices=tuple(choices))
