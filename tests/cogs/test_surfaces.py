"""Each readable surface of a message, from a gateway payload."""

from __future__ import annotations

from typing import Any

import pytest

from bot.ports import SurfaceKind
from cogs.translate import Spot, message_from, with_file_texts, written_by_people

SPOT = Spot("1", "2")
AUTHOR = {"id": "5", "username": "daan", "global_name": "Daan", "discriminator": "0", "avatar": None}


def a_payload(**more: Any) -> dict[str, Any]:
    return {"id": "1443000000000000000", "channel_id": "2", "guild_id": "1", "author": AUTHOR, "content": "", **more}


EMBED = {
    "title": "t",
    "description": "d",
    "author": {"name": "a"},
    "footer": {"text": "f"},
    "fields": [{"name": "n", "value": "v"}],
}
POLL = {"question": {"text": "wie is dom?"}, "answers": [{"poll_media": {"text": "Sam"}}]}
SURFACES = [
    ({"content": "hoi"}, [(SurfaceKind.TEXT, "hoi")]),
    (
        {"content": "hoi <@9>", "mentions": [{"id": "9", "username": "sam", "member": {"nick": "Sammie"}}]},
        [(SurfaceKind.TEXT, "hoi @Sammie")],
    ),
    (
        {"message_snapshots": [{"message": {"content": "doorgestuurd", "embeds": [{"title": "e"}]}}]},
        [(SurfaceKind.FORWARD, "doorgestuurd"), (SurfaceKind.EMBED, "e")],
    ),
    ({"embeds": [EMBED]}, [(SurfaceKind.EMBED, text) for text in ("t", "d", "a", "f", "n v")]),
    ({"poll": POLL}, [(SurfaceKind.POLL, "wie is dom?"), (SurfaceKind.POLL, "Sam")]),
    (
        {"attachments": [{"id": "7", "filename": "sukkel.png", "description": "alt", "size": 3, "url": "u"}]},
        [(SurfaceKind.FILE_NAME, "sukkel.png"), (SurfaceKind.FILE_DESCRIPTION, "alt")],
    ),
    ({"sticker_items": [{"id": "8", "name": "lol", "format_type": 1}]}, [(SurfaceKind.STICKER, "lol")]),
    ({"thread": {"id": "8", "name": "draad"}}, [(SurfaceKind.THREAD_TITLE, "draad")]),
    ({"components": [{"type": 10, "content": "los"}]}, [(SurfaceKind.EMBED, "los")]),
]


@pytest.mark.parametrize(("more", "expected"), SURFACES)
def test_everything_readable_becomes_a_surface(more: dict[str, Any], expected: list[tuple[SurfaceKind, str]]) -> None:
    message = message_from(a_payload(**more), SPOT)
    assert [(surface.kind, surface.text) for surface in message.surfaces] == expected


async def test_a_small_text_file_is_read_and_a_large_one_is_not() -> None:
    files = [
        {"id": "1", "filename": "a.txt", "size": 10, "url": "a"},
        {"id": "2", "filename": "b.csv", "size": 99_999_999, "url": "b"},
        {"id": "3", "filename": "c.png", "size": 10, "url": "c"},
    ]
    asked = []

    async def download(url: str, limit: int) -> bytes:
        asked.append((url, limit))
        return "héél gemeen".encode()

    message = await with_file_texts(message_from(a_payload(attachments=files), SPOT), download)
    assert asked == [("a", 65536)]
    assert [s.text for s in message.surfaces if s.kind is SurfaceKind.FILE_TEXT] == ["héél gemeen"]


def test_facts_of_a_message_are_kept() -> None:
    payload = a_payload(
        content="x",
        edited_timestamp="2026-11-24T10:00:00+00:00",
        member={"nick": "Daantje"},
        referenced_message={"id": "3", "author": {"id": "6", "username": "noor"}},
        mention_everyone=True,
        attachments=[{"id": "7", "filename": "v.ogg", "size": 3, "url": "u", "duration_secs": 2.5}],
    )
    message = message_from(payload, SPOT)
    assert (message.author.name, message.revision, message.mention_count) == (
        "Daantje",
        "2026-11-24T10:00:00+00:00",
        1,
    )
    assert message.reply_to
    assert (message.reply_to.id, message.target and message.target.id, message.attachments[0].duration) == (
        "6",
        "6",
        2.5,
    )
    assert message.url == "https://discord.com/channels/1/2/1443000000000000000"


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, True), ({"type": 19}, True), ({"type": 7}, False), ({"author": {**AUTHOR, "bot": True}}, False)],
)
def test_only_what_people_write_counts(more: dict[str, Any], *, expected: bool) -> None:
    assert written_by_people(a_payload(**more)) is expected


def test_a_payload_with_hardly_anything_in_it_is_read() -> None:
    message = message_from({"id": "1443000000000000000", "author": {"id": "5"}}, SPOT)
    assert (message.author.id, message.surfaces, message.attachments) == ("5", (), ())
