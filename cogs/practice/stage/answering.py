"""Sends an interaction for a person and waits for the answer, as Discord's client does."""

from cogs.practice.stage.stage import Stage
from cogs.practice.world.interactions import Started, outcome, start
from cogs.practice.world.records import Interaction


async def interact(stage: Stage, person: int, started: Started) -> Interaction | None:
    """Return the answered interaction; None (and a note on this person's screen) when no answer came in time."""
    interaction = start(stage.world, stage.member(person).user, started)
    if await outcome(stage.world, interaction):
        return interaction
    sentence = stage.phrases.say(stage.member(person).user.locale, "client.no_answer", what=started.name or "")
    stage.world.notices.setdefault(person, []).append(sentence)
    stage.unanswered.append(f"{stage.name(person)}: {started.name or started.data.get('custom_id', '')}")
    stage.world.changed.ring()
    return None
