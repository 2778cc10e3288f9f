"""REST: one channel and its threads."""

from cogs.practice.errors import ApiError, invalid_form, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server.bodies import draft_from
from cogs.practice.server.call import Call, Route
from cogs.practice.server.routes_guild import overwrite_from
from cogs.practice.world.clock import stamp
from cogs.practice.world.limits import check_length
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import Origin, send
from cogs.practice.world.payloads import channel_payload, member_payload, thread_member_payload
from cogs.practice.world.permissions import P, can_see, in_channel
from cogs.practice.world.records import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, THREADS, Channel, Message, ThreadMeta
from cogs.practice.world.threads import delete_thread, open_thread, set_membership, update_thread

NAME, TOPIC = 100, 4096


def get(call: Call) -> Json:
    """GET a channel."""
    return channel_payload(call.world, call.channel())


def change(call: Call) -> Json:
    """PATCH a channel or thread."""
    channel = call.channel()
    call.channel(P.MANAGE_THREADS if channel.kind in THREADS else P.MANAGE_CHANNELS)
    body = call.json
    check_length("name", body.get("name"), NAME)
    check_length("topic", body.get("topic"), TOPIC)
    channel.name = str(body.get("name") or channel.name)
    channel.topic = body.get("topic", channel.topic)
    channel.slowmode = int(body.get("rate_limit_per_user") or 0) if "rate_limit_per_user" in body else channel.slowmode
    channel.nsfw = bool(body.get("nsfw", channel.nsfw))
    if "permission_overwrites" in body and channel.kind not in THREADS:
        items = body["permission_overwrites"] or []
        channel.overwrites = {int(item["id"]): overwrite_from(int(item["id"]), item) for item in items}
    if channel.thread is not None:
        _change_thread(call, channel.thread, body)
        update_thread(call.world, channel)
    else:
        call.world.dispatch("CHANNEL_UPDATE", channel_payload(call.world, channel), channel=channel)
    return channel_payload(call.world, channel)


def _change_thread(call: Call, meta: ThreadMeta, body: Json) -> None:
    if "archived" in body and bool(body["archived"]) != meta.archived:
        meta.archived = bool(body["archived"])
        meta.archived_at = call.world.clock.now()
    meta.locked = bool(body.get("locked", meta.locked))
    meta.auto_archive = int(body.get("auto_archive_duration") or meta.auto_archive)


def remove(call: Call) -> Json:
    """DELETE a channel or thread; a direct conversation is only closed."""
    channel = call.channel()
    payload = channel_payload(call.world, channel)
    if channel.is_dm:
        return payload
    if channel.kind in THREADS:
        call.channel(P.MANAGE_THREADS)
        delete_thread(call.world, channel)
    else:
        call.channel(P.MANAGE_CHANNELS)
        call.world.dispatch("CHANNEL_DELETE", payload, channel=channel)
        del call.world.channels[channel.id]
    return payload


def set_overwrite(call: Call) -> None:
    """PUT what a role or member may do here."""
    channel = call.channel(P.MANAGE_CHANNELS)
    number = call.id("overwrite_id")
    channel.overwrites[number] = overwrite_from(number, call.json)
    call.world.dispatch("CHANNEL_UPDATE", channel_payload(call.world, channel), channel=channel)


def remove_overwrite(call: Call) -> None:
    """DELETE what a role or member may do here."""
    channel = call.channel(P.MANAGE_CHANNELS)
    if channel.overwrites.pop(call.id("overwrite_id"), None) is None:
        raise unknown("Overwrite")
    call.world.dispatch("CHANNEL_UPDATE", channel_payload(call.world, channel), channel=channel)


def no_invites(call: Call) -> JsonList:
    """GET the invites of a channel: the school has none."""
    call.channel(P.MANAGE_CHANNELS)
    return []


def thread_from_message(call: Call) -> Json:
    """POST a thread on a message."""
    channel = call.channel(P.CREATE_PUBLIC_THREADS)
    message = call.message(channel)
    if message.id in call.world.channels:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    return _opened(call, channel, PUBLIC_THREAD, message)


def thread(call: Call) -> Json:
    """POST a thread without a message, or a post in a forum with its first message."""
    channel = call.channel()
    if channel.kind != FORUM:
        kind = int(call.json.get("type") or PRIVATE_THREAD)
        call.channel(P.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else P.CREATE_PUBLIC_THREADS)
        return _opened(call, channel, kind, None)
    call.channel(P.SEND_MESSAGES)
    draft = draft_from(call, call.json.get("message") or {})
    payload = _opened(call, channel, PUBLIC_THREAD, None)
    number = int(payload["id"])  # the post and its first message have one id
    first = send(call.world, call.world.channels[number], call.world.bot, draft, Origin(number=number))
    return payload | {"message": message_payload(call.world, first)}


def _opened(call: Call, parent: Channel, kind: int, start: Message | None) -> Json:
    name = call.json.get("name")
    if not name or not str(name).strip():
        raise invalid_form("name", "BASE_TYPE_REQUIRED", "This field is required")
    check_length("name", name, NAME)
    opened = open_thread(call.world, parent, call.world.bot, str(name), kind=kind, start=start)
    payload = channel_payload(call.world, opened)
    return payload | {"member": thread_member_payload(opened, call.world.bot.id)}


def _thread(call: Call) -> tuple[Channel, ThreadMeta]:
    channel = call.channel()
    if channel.thread is None:
        raise unknown("Channel")
    return channel, channel.thread


def join_thread(call: Call) -> None:
    """PUT a member into a thread."""
    channel, _ = _thread(call)
    who = call.params["user_id"]
    user_id = call.world.bot.id if who == "@me" else call.id("user_id")
    if not can_see(call.world, call.world.member(user_id), call.world.channel(channel.parent_id or 0)):
        raise ApiError(403, 50001, "Missing Access")
    set_membership(call.world, channel, user_id, inside=True)


def leave_thread(call: Call) -> None:
    """DELETE a member from a thread."""
    channel, _ = _thread(call)
    who = call.params["user_id"]
    if who != "@me":
        call.channel(P.MANAGE_THREADS)
    set_membership(call.world, channel, call.world.bot.id if who == "@me" else call.id("user_id"), inside=False)


def list_thread_members(call: Call) -> JsonList:
    """GET who is in a thread."""
    channel, meta = _thread(call)
    with_member = call.query.get("with_member") in {"1", "true", "True"}
    return [
        thread_member_payload(channel, number)
        | ({"member": member_payload(call.world.members[number])} if with_member else {})
        for number in meta.members
    ]


def get_thread_member(call: Call) -> Json:
    """GET one member of a thread."""
    channel, meta = _thread(call)
    who = call.params["user_id"]
    number = call.world.bot.id if who == "@me" else call.id("user_id")
    if number not in meta.members:
        raise unknown("Member")
    return thread_member_payload(channel, number)


def archived_threads(call: Call) -> Json:
    """GET archived threads of a channel, the latest first."""
    channel = call.channel(P.READ_MESSAGE_HISTORY)
    private = "/private" in call.path
    found = [item for item in call.world.channels.values() if _is_archived(item, channel, private=private)]
    found = [item for item in found if in_channel(call.world, call.bot, item)]
    found.sort(key=_archived_at, reverse=True)
    if before := call.query.get("before"):
        found = [item for item in found if _archived_at(item) < before]
    limit = call.limit(50, 100)
    shown = [channel_payload(call.world, item) for item in found[:limit]]
    return {"threads": shown, "members": [], "has_more": len(found) > limit}


def _is_archived(item: Channel, parent: Channel, *, private: bool) -> bool:
    if item.thread is None or item.parent_id != parent.id or not item.thread.archived:
        return False
    return (item.kind == PRIVATE_THREAD) == private


def _archived_at(item: Channel) -> str:
    return stamp(item.thread.archived_at) if item.thread and item.thread.archived_at else ""


HERE = "/channels/{channel_id}"
ROUTES = (
    Route("GET", HERE, get),
    Route("PATCH", HERE, change),
    Route("DELETE", HERE, remove),
    Route("PUT", HERE + "/permissions/{overwrite_id}", set_overwrite, 204),
    Route("DELETE", HERE + "/permissions/{overwrite_id}", remove_overwrite, 204),
    Route("GET", HERE + "/invites", no_invites),
    Route("POST", HERE + "/messages/{message_id}/threads", thread_from_message, 201),
    Route("POST", HERE + "/threads", thread, 201),
    Route("GET", HERE + "/thread-members", list_thread_members),
    Route("GET", HERE + "/thread-members/{user_id}", get_thread_member),
    Route("PUT", HERE + "/thread-members/{user_id}", join_thread, 204),
    Route("DELETE", HERE + "/thread-members/{user_id}", leave_thread, 204),
    Route("GET", HERE + "/threads/archived/public", archived_threads),
    Route("GET", HERE + "/threads/archived/private", archived_threads),
    Route("GET", HERE + "/users/@me/threads/archived/private", archived_threads),
)
