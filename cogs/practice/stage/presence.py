"""Acts of coming and going: join, leave, rename; and what only the page has: closing a form, hiding a note."""

from cogs.practice.errors import ActError
from cogs.practice.stage.places import message_named, require_present
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world import members
from cogs.practice.world.messages import delete


async def join(stage: Stage, act: Act) -> None:
    """Come (back) into the server."""
    member = stage.member(act.person)
    if not member.present:
        members.join(stage.world, member)


async def leave(stage: Stage, act: Act) -> None:
    """Leave the server."""
    require_present(stage, act.person)
    members.leave(stage.world, stage.member(act.person))


async def rename(stage: Stage, act: Act) -> None:
    """Take another nickname."""
    require_present(stage, act.person)
    members.rename(stage.world, stage.member(act.person), act.text("name").strip()[:32])


async def close_form(stage: Stage, act: Act) -> None:
    """Close the open form without sending it."""
    stage.world.modals.pop(act.person, None)
    stage.world.changed.ring()


async def hide(stage: Stage, act: Act) -> None:
    """Dismiss a note that only this person sees."""
    message = message_named(stage, act)
    if message.only_for != act.person:
        raise ActError("act.not_yours", who=stage.name(act.person), message=act.text("message"))
    delete(stage.world, message)
