"""Which function does which act. One recipe: add a Spec in ``spec.py`` and a line here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from cogs.practice.stage import commands, expecting, forms, machine, presence, pressing, settling, writing
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage

Doing: TypeAlias = Callable[[Stage, Act], Awaitable[None]]
DOINGS: dict[str, Doing] = {
    "post": writing.post,
    "edit": writing.rewrite,
    "sticker": writing.sticker,
    "delete": writing.remove,
    "react": writing.react,
    "dm": writing.dm,
    "thread": writing.thread,
    "forward": writing.forward,
    "poll": writing.poll,
    "command": commands.command,
    "menu": commands.menu,
    "click": pressing.click,
    "choose": pressing.choose,
    "submit": forms.submit,
    "join": presence.join,
    "leave": presence.leave,
    "rename": presence.rename,
    "close_form": presence.close_form,
    "hide": presence.hide,
    "advance": machine.advance,
    "stop": machine.stop,
    "start": machine.start,
    "restart": machine.restart,
    "settle": settling.settle,
    "fault": machine.fault,
    "expect": expecting.expect,
}
NO_MARK = frozenset({"expect", "settle", "fault"})


async def together(stage: Stage, act: Act) -> None:
    """Do several acts at once; the first that failed counts, after all are done."""
    results = await asyncio.gather(*(_do(stage, inner) for inner in act.acts), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def perform(stage: Stage, act: Act) -> None:
    """Do one act. ``since: last`` counts from here, except for acts that only look or wait."""
    if act.kind not in NO_MARK:
        stage.mark = len(stage.world.showings)
    await _do(stage, act)


async def _do(stage: Stage, act: Act) -> None:
    doing = together if act.kind == "together" else DOINGS[act.kind]
    await doing(stage, act)
