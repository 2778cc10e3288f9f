"""The REST side of the loopback server, asked directly: Discord's answers, limits, rights and errors."""

import aiohttp
import pytest

from cogs.practice.server.faults import Fault
from cogs.practice.world import members
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.permissions import P
from tests.practice.helpers import CLASS_CHANNEL, COORDINATOR, ICT, NOOR, STAFF_CHANNEL, TEACHER, Rest, newest

pytestmark = pytest.mark.asyncio
MESSAGES = f"/channels/{CLASS_CHANNEL}/messages"


def say(rest: Rest, text: str) -> int:
    world = rest.world
    return send(world, world.channels[CLASS_CHANNEL], world.members[NOOR].user, Draft(content=text)).id


async def test_the_bot_finds_itself_its_application_and_the_school(rest: Rest) -> None:
    assert (await rest.ask("GET", "/users/@me"))[1]["bot"] is True
    assert (await rest.ask("GET", "/oauth2/applications/@me"))[1]["owner"]["id"] == str(ICT)
    assert (await rest.ask("GET", "/gateway/bot"))[1]["url"] == rest.server.gateway_url
    _, channels = await rest.ask("GET", f"/guilds/{rest.world.guild_id}/channels")
    assert [channel["name"] for channel in channels] == [
        "team", "mededelingen", "groep-7b", "klas-2c", "klas-2c-huiswerk",
    ]  # fmt: skip


async def test_without_the_token_nothing_is_answered(rest: Rest) -> None:
    async with rest.session.get(f"{rest.server.base}/api/v10/users/@me") as answer:
        assert (answer.status, await answer.json()) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_history_is_paged_in_both_directions_and_around(rest: Rest) -> None:
    ids = [say(rest, str(number)) for number in range(130)]

    async def texts(**query: int) -> list[str]:
        _, found = await rest.ask("GET", MESSAGES, params={key: str(value) for key, value in query.items()})
        return [message["content"] for message in found]

    assert await texts(limit=3) == ["129", "128", "127"]
    assert await texts(limit=3, after=0) == ["2", "1", "0"]
    assert await texts(limit=3, after=ids[9]) == ["12", "11", "10"]
    assert await texts(limit=3, before=ids[9]) == ["8", "7", "6"]
    assert await texts(limit=3, around=ids[9]) == ["10", "9", "8"]
    assert await texts(limit=2, after=ids[128]) == ["129"]
    assert await texts(limit=2, before=ids[0]) == []
    assert len(await texts(limit=100)) == 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
        ({"content": "x", "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x"}]}]},
         "components.0.components.0.custom_id"),
        ({"content": "x", "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}]}]}, "components.0.components.0.label"),
        ({"content": "x", "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "label": "x", "custom_id": "a" * 101}]}]}, "components.0.components.0.custom_id"),
        ({"content": "x", "components": [{"type": 1, "components": [
            {"type": 3, "custom_id": "a", "options": [{"label": "x", "value": str(i)} for i in range(26)]}]}]},
         "components.0.components.0.options"),
        ({"content": "x", "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "label": "x", "custom_id": f"{i}"}]} for i in range(6)]}, "components"),
        ({"content": "x", "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "label": "x", "custom_id": "same"}] * 2}]}, "components"),
    ],
)  # fmt: skip
async def test_what_is_too_much_is_refused_as_discord_does(rest: Rest, body: dict[str, object], field: str) -> None:
    status, answer = await rest.ask("POST", MESSAGES, body)
    assert (status, answer["code"]) == (400, 50035)
    for part in field.split("."):
        assert part in (answer.get("errors") or answer)
        answer = (answer.get("errors") or answer)[part]
    assert [breach.path for breach in rest.server.referee.breaches] == ["/channels/{channel_id}/messages"]


async def test_a_route_that_discord_does_not_have_is_a_breach(rest: Rest) -> None:
    assert await rest.error("GET", "/guilds/1/nothing") == (404, 0)
    assert await rest.error("GET", f"/guilds/{rest.world.guild_id}/widget.json") == (404, 0)
    assert [breach.why for breach in rest.server.referee.breaches] == [
        "Discord has no such route",
        "the practice room does not have this route",
    ]


async def test_an_empty_message_and_things_that_are_not_there(rest: Rest) -> None:
    assert await rest.error("POST", MESSAGES, {"content": ""}) == (400, 50006)
    assert await rest.error("GET", MESSAGES + "/1") == (404, 10008)
    assert await rest.error("GET", "/channels/1") == (404, 10003)
    assert await rest.error("GET", f"/guilds/{rest.world.guild_id}/members/1") == (404, 10013)


async def test_rights_come_from_roles_and_channels(rest: Rest) -> None:
    number = say(rest, "hoi")
    overwrite = rest.world.channels[CLASS_CHANNEL].overwrites[rest.world.bot_member.roles[0]]
    overwrite.allow, overwrite.deny = int(P.VIEW_CHANNEL), int(P.MANAGE_MESSAGES)
    assert await rest.error("DELETE", f"{MESSAGES}/{number}") == (403, 50013)
    overwrite.deny = int(P.SEND_MESSAGES)
    assert await rest.error("POST", MESSAGES, {"content": "x"}) == (403, 50013)
    overwrite.allow, overwrite.deny = 0, int(P.VIEW_CHANNEL)
    assert await rest.error("GET", MESSAGES) == (403, 50001)


async def test_a_time_out_works_on_pupils_but_not_on_the_owner(rest: Rest) -> None:
    body = {"communication_disabled_until": "2026-11-24T12:00:00+00:00"}
    base = f"/guilds/{rest.world.guild_id}/members"
    status, member = await rest.ask("PATCH", f"{base}/{NOOR}", body)
    assert (status, member["communication_disabled_until"][:16]) == (200, "2026-11-24T12:00")
    assert await rest.error("PATCH", f"{base}/{ICT}", body) == (403, 50013)
    too_long = {"communication_disabled_until": "2027-11-24T12:00:00+00:00"}
    assert await rest.error("PATCH", f"{base}/{NOOR}", too_long) == (400, 50035)
    assert (await rest.ask("PATCH", f"{base}/{COORDINATOR}", {"communication_disabled_until": None}))[0] == 200


async def test_closed_dms_can_be_opened_but_not_written_to(rest: Rest) -> None:
    rest.world.closed_dms.add(TEACHER)
    _, channel = await rest.ask("POST", "/users/@me/channels", {"recipient_id": str(TEACHER)})
    path = f"/channels/{channel['id']}/messages"
    assert await rest.error("POST", path, {"content": "x"}) == (403, 50007)
    rest.world.closed_dms.clear()
    assert (await rest.ask("POST", path, {"content": "x"}))[0] == 200
    members.leave(rest.world, rest.world.members[TEACHER])
    assert await rest.error("POST", path, {"content": "x"}) == (403, 50278)


async def test_one_nonce_makes_one_message(rest: Rest) -> None:
    body = {"content": "x", "nonce": "17", "enforce_nonce": True}
    first, second = await rest.ask("POST", MESSAGES, body), await rest.ask("POST", MESSAGES, body)
    assert first == second
    assert len(rest.world.channels[CLASS_CHANNEL].messages) == 1


async def test_mentions_follow_allowed_mentions(rest: Rest) -> None:
    text = f"<@{NOOR}> en @everyone"
    _, loud = await rest.ask("POST", MESSAGES, {"content": text})
    _, quiet = await rest.ask("POST", MESSAGES, {"content": text, "allowed_mentions": {"parse": []}})
    assert [user["id"] for user in loud["mentions"]] == [str(NOOR)]
    assert (quiet["mentions"], loud["mention_everyone"], quiet["mention_everyone"]) == ([], False, False)


async def test_an_edit_gets_a_time_and_files_keep_their_bytes(rest: Rest) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content": "kijk", "attachments": [{"id": 0, "description": "een boom"}]}')
    form.add_field("files[0]", b"\x89PNG", filename="boom foto.png", content_type="application/octet-stream")
    _, sent = await rest.ask("POST", MESSAGES, data=form)
    (attachment,) = sent["attachments"]
    assert (attachment["filename"], attachment["content_type"]) == ("boom_foto.png", "image/png")
    assert attachment["description"] == "een boom"
    async with rest.session.get(attachment["url"]) as answer:
        assert await answer.read() == b"\x89PNG"
    rest.world.clock.jump_to(rest.world.clock.now().replace(day=26))
    async with rest.session.get(attachment["url"]) as answer:
        assert answer.status == 404
    _, edited = await rest.ask("PATCH", f"{MESSAGES}/{sent['id']}", {"content": "weg", "attachments": []})
    assert (edited["attachments"], edited["edited_timestamp"][:10]) == ([], "2026-11-26")


async def test_pins_reactions_threads_and_webhooks(rest: Rest) -> None:
    number = say(rest, "hoi")
    assert (await rest.ask("PUT", f"{MESSAGES}/pins/{number}"))[0] == 204
    assert [item["message"]["id"] for item in (await rest.ask("GET", MESSAGES + "/pins"))[1]["items"]] == [str(number)]
    assert (await rest.ask("PUT", f"{MESSAGES}/{number}/reactions/%F0%9F%91%8D/@me"))[0] == 204
    assert (await rest.ask("GET", f"{MESSAGES}/{number}"))[1]["reactions"][0]["emoji"] == {"id": None, "name": "👍"}
    status, thread = await rest.ask("POST", f"{MESSAGES}/{number}/threads", {"name": "Overleg"})
    assert (status, thread["type"], thread["id"]) == (201, 11, str(number))
    _, active = await rest.ask("GET", f"/guilds/{rest.world.guild_id}/threads/active")
    assert [item["name"] for item in active["threads"]] == ["Overleg"]
    _, hook = await rest.ask("POST", f"/channels/{STAFF_CHANNEL}/webhooks", {"name": "Meldingen"})
    path = f"/webhooks/{hook['id']}/{hook['token']}?wait=true"
    _, said = await rest.ask("POST", path, {"content": "x", "username": "Bode"})
    assert (said["author"]["username"], said["webhook_id"]) == ("Bode", hook["id"])


async def test_bulk_delete_leaves_nothing_and_needs_two(rest: Rest) -> None:
    numbers = [str(say(rest, "x")) for _ in range(3)]
    assert await rest.error("POST", MESSAGES + "/bulk-delete", {"messages": numbers[:1]}) == (400, 50035)
    assert (await rest.ask("POST", MESSAGES + "/bulk-delete", {"messages": numbers}))[0] == 204
    assert rest.world.channels[CLASS_CHANNEL].messages == {}


async def test_commands_are_replaced_and_keep_their_ids(rest: Rest) -> None:
    base = f"/applications/{rest.world.application_id}/commands"
    _, first = await rest.ask("PUT", base, [{"name": "report", "description": "x", "type": 1}])
    _, second = await rest.ask("PUT", base, [{"name": "report", "description": "y", "type": 1}])
    assert (second[0]["id"], second[0]["description"]) == (first[0]["id"], "y")


async def test_a_fault_hits_the_route_or_the_person_it_is_for(rest: Rest) -> None:
    faults = rest.server.api.faults
    faults.add(Fault("rate_limited", "POST /channels/{id}/messages", None, 1))
    async with rest.session.post(f"{rest.server.base}/api/v10{MESSAGES}", json={"content": "x"}) as answer:
        assert (answer.status, answer.headers["Via"]) == (429, "1.1 practice")
        assert (await answer.json())["retry_after"] == 0.4
    faults.add(Fault("unknown_message", None, TEACHER, 1))
    assert (await rest.ask("POST", "/users/@me/channels", {"recipient_id": str(NOOR)}))[0] == 200
    assert await rest.error("POST", "/users/@me/channels", {"recipient_id": str(TEACHER)}) == (404, 10008)


async def test_a_lost_answer_was_carried_out(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.practice.server.api.HOLD_SECONDS", 0.0)
    rest.server.api.faults.add(Fault("timeout", "POST /channels/{id}/messages", None, 1))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.ask("POST", MESSAGES, {"content": "gezegd"})
    assert newest(rest.world, CLASS_CHANNEL).content == "gezegd"


async def test_only_names_of_this_machine_are_answered(rest: Rest) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        async with rest.session.get(f"{rest.server.base}/cdn/icon.png", headers=headers) as answer:
            assert answer.status == 403
    async with rest.session.get(f"{rest.server.base}/cdn/icon.png") as answer:
        assert answer.status == 200
    async with rest.session.get(f"{rest.server.base}/control?key=wrong") as answer:
        assert answer.status == 403
