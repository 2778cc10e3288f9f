"""Interactions, answered over REST as a bot does: one answer, ephemerals, forms, tokens that end."""

from datetime import timedelta

import pytest

from cogs.practice.world import interactions as flow
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Interaction, Phase
from cogs.practice.world.sight import newest_first
from tests.practice.helpers import CLASS_CHANNEL, DAAN, NOOR, Rest

pytestmark = pytest.mark.asyncio


def begun(rest: Rest, kind: int = flow.COMMAND, *, on_message: bool = False) -> Interaction:
    world = rest.world
    channel = world.channels[CLASS_CHANNEL]
    message = send(world, channel, world.bot, Draft(content="kaart")) if on_message else None
    started = flow.Started(kind, {"name": "report", "custom_id": "x"}, channel, message, name="report")
    return flow.start(world, world.members[NOOR].user, started)


async def answer(rest: Rest, interaction: Interaction, body: dict[str, object]) -> tuple[int, object]:
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    status, reply = await rest.ask("POST", path, body)
    return status, reply["code"] if reply else None


async def test_an_ephemeral_answer_is_seen_by_one_person_and_not_in_the_channel(rest: Rest) -> None:
    interaction = begun(rest)
    assert await answer(rest, interaction, {"type": 4, "data": {"content": "alleen jij", "flags": 64}}) == (204, None)
    (message,) = newest_first(rest.world, NOOR)
    assert (message.content, newest_first(rest.world, DAAN)) == ("alleen jij", [])
    assert await rest.error("GET", f"/channels/{CLASS_CHANNEL}/messages/{message.id}") == (404, 10008)
    path = f"/webhooks/{rest.world.application_id}/{interaction.token}/messages/@original"
    assert (await rest.ask("PATCH", path, {"content": "anders"}))[1]["content"] == "anders"
    assert (await rest.ask("DELETE", path))[0] == 204
    assert newest_first(rest.world, NOOR) == []


async def test_there_is_one_answer_and_it_must_be_in_time(rest: Rest) -> None:
    interaction = begun(rest)
    await answer(rest, interaction, {"type": 4, "data": {"content": "een"}})
    assert await answer(rest, interaction, {"type": 4, "data": {"content": "twee"}}) == (400, 40060)
    late = begun(rest)
    late.deadline = 0
    assert await flow.outcome(rest.world, late) is False
    assert late.phase is Phase.EXPIRED
    assert await answer(rest, late, {"type": 4, "data": {"content": "te laat"}}) == (404, 10062)


async def test_a_deferred_answer_is_filled_by_the_first_follow_up(rest: Rest) -> None:
    interaction = begun(rest)
    await answer(rest, interaction, {"type": 5, "data": {"flags": 64}})
    path = f"/webhooks/{rest.world.application_id}/{interaction.token}"
    _, waiting = await rest.ask("GET", path + "/messages/@original")
    _, filled = await rest.ask("POST", path, {"content": "klaar"})
    _, more = await rest.ask("POST", path, {"content": "en nog", "flags": 64})
    assert (waiting["flags"], filled["flags"], filled["id"]) == (64 | 128, 64, waiting["id"])
    assert more["id"] != waiting["id"]
    assert [(line.kind, line.text) for line in rest.world.showings] == [("ephemeral", "klaar"), ("ephemeral", "en nog")]


async def test_a_token_ends_after_a_quarter_of_an_hour(rest: Rest) -> None:
    interaction = begun(rest)
    path = f"/webhooks/{rest.world.application_id}/{interaction.token}"
    assert await rest.error("POST", path, {"content": "te vroeg"}) == (404, 10015)
    await answer(rest, interaction, {"type": 4, "data": {"content": "een"}})
    rest.world.clock.jump_to(rest.world.clock.now() + timedelta(minutes=16))
    assert await rest.error("POST", path, {"content": "te laat"}) == (401, 50027)


async def test_a_button_updates_its_message(rest: Rest) -> None:
    interaction = begun(rest, flow.COMPONENT, on_message=True)
    assert interaction.message is not None
    assert await answer(rest, interaction, {"type": 7, "data": {"content": "opgepakt", "components": []}}) == (
        204,
        None,
    )
    assert (interaction.message.content, interaction.message.edited is None) == ("opgepakt", False)


async def test_a_form_is_checked_and_opens_for_one_person(rest: Rest) -> None:
    field = {"type": 4, "custom_id": "what", "style": 2}
    form = {
        "title": "Melden",
        "custom_id": "kw:report:1",
        "components": [{"type": 18, "label": "Wat", "component": field}],
    }
    for wrong in (
        {"title": "x" * 46},
        {"components": form["components"] * 6},
        {"components": [{"type": 18, "label": "x" * 46, "component": field}]},
        {"components": [{"type": 18, "label": "Wat", "component": field | {"value": "lang", "max_length": 3}}]},
    ):
        assert await answer(rest, begun(rest), {"type": 9, "data": form | wrong}) == (400, 50035)
    assert await answer(rest, begun(rest), {"type": 9, "data": form}) == (204, None)
    assert rest.world.modals[NOOR].title == "Melden"
    assert await answer(rest, begun(rest, flow.SUBMIT), {"type": 9, "data": form}) == (400, 50035)
