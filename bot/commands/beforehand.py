"""What screening says of the messages of a torture run or benchmark, before the bot meets them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.commands.model import opened
from bot.ports import ChatMessage
from bot.school import Schools, read_school


@contextmanager
def judge(school_file: Path) -> Iterator[Callable[[ChatMessage], Awaitable[bool]]]:
    """Give what says whether a person should look at a message; a model that is late is asked again."""
    facts = read_school(school_file)
    schools = Schools({facts.guild: facts})
    with opened() as screening:

        async def flagged(message: ChatMessage) -> bool:
            school = schools.get(message.school)
            room = school.class_of_channel(message.class_channel) if school else None
            verdict = await screening.judge(message, room, school)
            while screening.model_present and verdict.engine != "model":
                verdict = await screening.judge(message, room, school)
            return verdict.flagged

        yield flagged
