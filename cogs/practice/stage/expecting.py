"""The act that judges: whether a person sees a text, or has never been shown it."""

import re
import time
from collections.abc import Iterator

from cogs.practice.errors import ActError
from cogs.practice.stage.places import channel_named, seen_channel
from cogs.practice.stage.script import Act
from cogs.practice.stage.settling import settle
from cogs.practice.stage.spec import compiled_pattern
from cogs.practice.stage.stage import Stage
from cogs.practice.world.reading import modal_texts, searchable
from cogs.practice.world.records import Message
from cogs.practice.world.showings import Showing
from cogs.practice.world.sight import message_search_text, newest_first

WITHIN_SECONDS, POLL_SECONDS = 10.0, 0.25
MOST_SHOWN, MOST_LETTERS = 8, 240


async def expect(stage: Stage, act: Act) -> None:
    """Check both sides of an expectation: what is seen, and what never was."""
    if act.data.get("sees") is not None:
        await _sees(stage, act)
    if act.data.get("not_sees") is not None:
        await settle(stage)
        _never_saw(stage, act)


async def _sees(stage: Stage, act: Act) -> None:
    within = act.data.get("within_s")
    deadline = time.monotonic() + float(WITHIN_SECONDS if within is None else within)
    wanted = [(text, compiled_pattern(text)) for text in act.texts("sees")]
    while True:
        seen = list(_visible(stage, act))
        missing = [text for text, pattern in wanted if not any(pattern.search(item) for item in seen)]
        if not missing:
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise ActError(
                "expect.not_seen", who=stage.name(act.person), wanted=" + ".join(missing), where=_place(act),
                seconds=within if within is not None else WITHIN_SECONDS, seen=_listed(seen),
            )  # fmt: skip
        await stage.world.changed.wait(min(POLL_SECONDS, left))


def _visible(stage: Stage, act: Act) -> Iterator[str]:
    """Yield the texts that this person sees now in the asked place, the newest first."""
    where, world = act.text("where"), stage.world
    modal = world.modals.get(act.person)
    if modal is not None and where in {"", "modal"}:
        yield searchable(world, modal_texts(modal))
    for message in newest_first(world, act.person):
        if _is_at(stage, act, message):
            yield message_search_text(world, message)
    if where in {"", "ephemeral"}:
        yield from reversed(world.notices.get(act.person, []))


def _is_at(stage: Stage, act: Act, message: Message) -> bool:
    where = act.text("where")
    if where in {"", "modal"}:
        return not where
    if where == "ephemeral":
        return message.only_for is not None
    if where == "dm":
        return message.channel_id == stage.world.dms.get(act.person)
    return message.only_for is None and message.channel_id == seen_channel(stage, act.person, where).id


def _never_saw(stage: Stage, act: Act) -> None:
    since_last = act.text("since") == "last"
    lines = stage.world.showings[stage.mark if since_last else 0 :]
    mine = [line for line in lines if line.to == act.person and _was_at(stage, act, line)]
    for text in act.texts("not_sees"):
        pattern = compiled_pattern(text)
        for line in mine:
            if _shows(line, pattern, since_last=since_last):
                raise ActError(
                    "expect.seen", who=stage.name(act.person), wanted=text, where=_place(act), at=line.at,
                    kind=line.kind, seen=_short(line.searchable),
                )  # fmt: skip


def _shows(line: Showing, pattern: re.Pattern[str], *, since_last: bool) -> bool:
    if not pattern.search(line.searchable):
        return False
    if not since_last:
        return True
    return not line.by_person and not pattern.search(line.before)


def _was_at(stage: Stage, act: Act, line: Showing) -> bool:
    where = act.text("where")
    if not where:
        return True
    if where in {"ephemeral", "modal"}:
        return line.where == where
    if where == "dm":
        return line.channel_id != 0 and line.channel_id == stage.world.dms.get(act.person)
    return line.where == str(channel_named(stage, where).id)


def _place(act: Act) -> str:
    return act.text("where") or "*"


def _listed(texts: list[str]) -> str:
    return "\n".join(f"  - {_short(text)}" for text in texts[:MOST_SHOWN] if text.strip()) or "  -"


def _short(text: str) -> str:
    line = " | ".join(part for part in text.splitlines() if part.strip())
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS]}…"
