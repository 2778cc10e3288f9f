"""The photo road on the platform: which files a message shows, the cards, taking out and putting back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.consent.facts import ConsentKind
from bot.errors import DeliveryRefusedError
from bot.media.cards import FileLine, MediaCard, OnRecord
from bot.media.decide import Why
from bot.media.ports import PostAgain, ReadersOf
from bot.media.store import HoldState
from bot.reports.facts import KeptFile
from bot.screening.verdict import Severity
from cogs.cards.media import looked_page, media_page, pupil_page
from cogs.items import Action
from cogs.linked import linked_files
from cogs.pages import Page
from cogs.translate import Spot, message_from
from cogs.widgets import Kit
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import CLASS, DAAN, GUILD, NOOR, NOW, TEACHER, TEXTS, a_card

KIT = Kit(TEXTS, "nl", GUILD)
CDN = "https://cdn.discordapp.com/attachments/1/2"


def a_media_card(**changes: Any) -> MediaCard:
    line = FileLine(1, "image", 3, "yes", None, None, can_show=True)
    card = MediaCard(
        id=5, school=GUILD, alert=77, finding=6, state=HoldState.HELD, severity=Severity.ALERT, reasons=(Why.PEOPLE,),
        class_name="Groep 7b", channel=CLASS, message="9", author=DAAN, files=(line,), faces=3, said="Noor en ik",
        on_record=(OnRecord(NOOR, "Noor", (ConsentKind.PHOTO,)),), private=False, objector="", readers=(NOOR, DAAN),
        readers_complete=True, readers_of=ReadersOf.CHANNEL, decided_by=None, posted_message=None, may_post_until=None,
        said_at=NOW, version=1,
    )  # fmt: skip
    return replace(card, **changes)


def words(page: Page) -> str:
    made = page.embeds[0]
    return "\n".join(filter(None, (made.title, made.description, *(field.value for field in made.fields))))


def actions(page: Page) -> list[Action]:
    return [item.action for item in page.items]  # type: ignore[attr-defined]  # all are ours


def test_links_to_the_platforms_own_files_and_stickers_are_files_and_others_are_not() -> None:
    payload = {
        "content": f"kijk {CDN}/foto.png?ex=1 en https://imgur.com/a.png en https://cdn.discordapp.com.kwaad.nl/attachments/1/2/b.png",
        "embeds": [{"image": {"url": f"{CDN}/foto.png?ex=2"}}, {"video": {"url": f"{CDN}/film.mp4"}}],
        "sticker_items": [{"id": "33", "name": "wij", "format_type": 1}, {"id": "34", "name": "l", "format_type": 3}],
    }
    assert [(file.name, file.linked) for file in linked_files(payload)] == [
        ("foto.png", True),
        ("film.mp4", True),
        ("wij.png", True),
    ]


def test_a_forwarded_file_counts_once_with_its_link() -> None:
    file = {"id": "2", "filename": "foto.png", "size": 5, "url": f"{CDN}/foto.png?ex=1"}
    forward = {"message": {"content": f"{CDN}/foto.png", "attachments": [file]}}
    payload = {"id": "9", "author": {"id": "1"}, "message_snapshots": [forward]}
    found = message_from(payload, Spot("1", "2")).attachments
    assert [(one.name, one.forwarded, one.linked) for one in found] == [("foto.png", True, False)]


def test_the_card_says_who_where_why_how_many_faces_and_what_is_on_record() -> None:
    page = media_page(KIT, a_media_card(), a_card(kind="media"))
    told = words(page)
    for part in (f"<@{DAAN}>", f"<#{CLASS}>", "Groep 7b", "mensen op de foto", "Gezichten geteld: 3", "Noor en ik"):
        assert part in told
    assert "In het register: Noor: foto" in told
    assert "Kon lezen: 2 mensen" in told
    assert actions(page) == [Action.SHOW, Action.APPROVE, Action.REFUSE, Action.OPEN_CASE, Action.JOIN_CASE]
    assert page.files == ()


def test_after_an_answer_the_card_says_whose_and_only_shows() -> None:
    page = media_page(KIT, a_media_card(state=HoldState.REFUSED, decided_by=TEACHER), a_card(state="closed"))
    assert f"<@{TEACHER}> zei nee" in words(page)
    assert actions(page) == [Action.SHOW]


def test_what_may_be_nudity_has_no_picture_no_answers_and_says_what_to_do() -> None:
    page = media_page(KIT, a_media_card(private=True, reasons=(Why.NUDITY,)), a_card(severity=Severity.URGENT))
    assert "Verspreid het niet" in words(page)
    assert "Alleen de vingerafdruk is bewaard" not in words(page)  # the file of this card is kept: the board decided so
    assert "verzegeld" in words(page)
    assert "toestemming" not in words(page)
    assert "Uit het kanaal gehaald. Het komt niet terug." in words(page)
    assert actions(page) == [Action.TAKE]


def test_of_what_may_be_nudity_only_the_hash_is_kept_unless_the_board_decided() -> None:
    line = FileLine(1, "image", 0, "maybe", None, None, can_show=False)
    page = media_page(KIT, a_media_card(private=True, reasons=(Why.NUDITY,), files=(line,)), a_card())
    assert "Alleen de vingerafdruk is bewaard" in words(page)


def test_who_does_not_want_it_stands_only_behind_show() -> None:
    card = a_media_card(objector=NOOR, reasons=(Why.OBJECTION,), on_record=(), readers=())
    assert f"<@{NOOR}>" not in words(media_page(KIT, card, a_card()))
    assert f"<@{NOOR}>" in words(looked_page(KIT, card, a_card(), "kijk", []))


def test_files_are_blurred_and_lose_the_name_that_the_pupil_gave_them() -> None:
    files = [KeptFile("noor_bloot.JPG", b"x"), KeptFile("zonder", b"y")]
    page = looked_page(KIT, a_media_card(), a_card(), "kijk **eens**", files)
    assert [file.name for file in page.files] == ["SPOILER_1.jpg", "SPOILER_2.zonde"]
    assert "kijk **eens**" in words(page)
    assert Action.SHOW not in actions(page)


def test_files_that_are_too_large_to_send_are_left_out_with_a_word() -> None:
    page = looked_page(KIT, a_media_card(), a_card(), "", [KeptFile("a.mp4", b"x" * (8 * 1024 * 1024 + 1))])
    assert page.files == ()
    assert "te groot" in words(page)


@pytest.mark.parametrize(("text", "asks"), [("held", 1), ("flagged", 1), ("private", 0), ("returned", 0)])
def test_a_pupil_can_say_who_is_in_it_where_that_helps(text: str, asks: int) -> None:
    assert len(pupil_page(KIT, 5, {"text": f"media.pupil.{text}"}).items) == asks


def test_a_pupil_reads_the_teachers_reason_as_plain_text() -> None:
    page = pupil_page(KIT, 5, {"text": "media.pupil.refused", "reason": "niet **zo** @everyone"})
    assert "```\nniet **zo** @everyone\n```" in words(page)


@pytest.mark.parametrize(
    ("of", "counted"),
    [
        ("channel", "iedereen die het kanaal mag lezen"),
        ("thread", "boven dit draadje"),
        ("private", "besloten draadje"),
    ],
)
def test_how_many_could_read_it_stands_once_with_what_was_counted(of: str, counted: str) -> None:
    card = a_media_card(readers_of=ReadersOf(of), readers_complete=False)
    for page in (media_page(KIT, card, a_card()), looked_page(KIT, card, a_card(), "kijk", [])):
        told = "\n".join([words(page), *(str(field.name) for field in page.embeds[0].fields)])
        assert (told.count("Kon lezen"), told.count(counted), told.count("onvolledig")) == (1, 1, 1)
    assert f"<@{NOOR}> <@{DAAN}>" in words(looked_page(KIT, card, a_card(), "", []))


async def test_a_picture_is_taken_out_and_put_back_under_the_pupils_name_and_not_screened(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="onze klas", id="m1")
    await room.handled()
    message = room.core.watch.handled[0]
    readers = await room.client.gateway.readers(GUILD, CLASS, message.id)
    assert {NOOR, DAAN, TEACHER} <= readers.users
    assert await room.client.gateway.hold(CLASS, message.id)
    await until(lambda: room.core.watch.gone == [message.id])
    assert not await room.client.gateway.hold(CLASS, message.id)
    post = PostAgain(GUILD, CLASS, message.id, DAAN, "onze klas", (KeptFile("klas.png", b"plaatje"),))
    again = await room.client.gateway.post_again(post)
    shown = room.stage.world.channels[int(CLASS)].messages[int(again)]
    assert (shown.author_name, shown.content, [file.filename for file in shown.attachments]) == (
        "Daan Bakker (via Klaswacht)",
        "onze klas",
        ["klas.png"],
    )
    assert len(room.core.watch.handled) == 1


async def test_a_file_that_the_platform_never_takes_is_a_refusal(room: Room) -> None:
    large = KeptFile("film.mp4", b"x" * (26 * 1024 * 1024))
    with pytest.raises(DeliveryRefusedError):
        await room.client.gateway.post_again(PostAgain(GUILD, CLASS, "9", DAAN, "", (large,)))


async def test_readers_are_incomplete_when_the_message_is_older_than_the_connection(room: Room) -> None:
    room.client.reach.watching_since = datetime(2030, 1, 1, tzinfo=UTC)
    readers = await room.client.gateway.readers(GUILD, CLASS, "1500000000000000000")
    assert not readers.complete


async def test_the_menu_says_so_when_a_message_has_no_picture(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="hoi", id="m1")
    await room.handled()
    await room.act("menu", NOOR, name="Dat ben ik, ik wil dit niet", message="m1")
    await room.sees(NOOR, "geen foto, film of geluid", where="ephemeral")
