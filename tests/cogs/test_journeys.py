"""Through a real server and the real library: what people do reaches the core, what the core says reaches people."""

from __future__ import annotations

import itertools

import discord
import pytest

from bot.errors import DeliveryRefusedError
from bot.ports import Delivery, Receiver, SurfaceKind
from cogs.pages import Page
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import CLASS, COORDINATOR, DAAN, GUILD, MODERATOR, NOOR, SECOND, STAFF, TEACHER, a_card


async def test_a_message_in_a_class_channel_reaches_the_watch_with_names_for_mentions(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text=f"hoi <@{NOOR}>")
    await room.handled()
    message = room.core.watch.handled[0]
    assert (message.channel, message.author.id, message.target and message.target.id) == (CLASS, DAAN, NOOR)
    assert [(s.kind, s.text) for s in message.surfaces] == [(SurfaceKind.TEXT, "hoi @Noor Jansen")]


async def test_a_pupil_reports_anonymously_through_page_and_form(room: Room) -> None:
    await room.act("command", NOOR, name="melden")
    await room.sees(NOOR, "Anoniem", where="ephemeral")
    await room.act("click", NOOR, action="anonymous")
    await room.sees(NOOR, "gebeurd", where="modal")
    await room.act("submit", NOOR, fields={"what": "ze lachen me uit", "who": "een paar"})
    await room.sees(NOOR, "niet jouw schuld", where="ephemeral")
    filed = room.core.reports.filed[0]
    assert (filed["user"], filed["anonymous"], filed["what"], filed["who"]) == (
        NOOR,
        True,
        "ze lachen me uit",
        "een paar",
    )


async def test_edits_deletions_threads_forwards_and_polls_reach_the_watch(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="een", id="m1")
    await room.act("edit", DAAN, message="m1", text="twee")
    await room.act("delete", DAAN, message="m1")
    await room.act("thread", DAAN, channel=CLASS, name="Over Noor", id="t1")
    await room.act("post", DAAN, channel=CLASS, text="in de draad", thread="t1")
    await room.act("poll", DAAN, channel=CLASS, question="wie?", answers=["Noor", "Sam"])
    await room.handled(5)
    handled = room.core.watch.handled
    assert [m.text for m in handled if m.id == handled[0].id] == ["een", "twee"]
    assert handled[1].revision != ""
    assert room.core.watch.gone == [handled[0].id]
    threaded = next(m for m in handled if m.text == "in de draad")
    assert (threaded.class_channel, threaded.channel != CLASS) == (CLASS, True)
    assert "Over Noor" in {m.text for m in handled if m.id.startswith("thread:")}
    assert "wie?\nNoor\nSam" in {m.text for m in handled}


async def test_a_new_nickname_reaches_the_watch(room: Room) -> None:
    await room.act("rename", DAAN, name="Noor de loser")
    await room.handled()
    message = room.core.watch.handled[0]
    assert (message.id, message.surfaces[0].kind, message.text) == (
        f"nick:{DAAN}",
        SurfaceKind.NICKNAME,
        "Noor de loser",
    )


async def test_a_teacher_gets_a_card_takes_it_and_the_second_hears_who_has_it(room: Room) -> None:
    ref = await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF), ping=SECOND))
    await room.sees(TEACHER, "Seintje", "schelden", "Groep 7b", "Ik pak dit op", where=STAFF)
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "Jij hebt dit opgepakt", where="ephemeral")
    await room.sees(MODERATOR, "Groep 7b", "Open een zaak", "Time-out", "Stuur mij DM's", where=STAFF)
    await room.client.messenger.refresh(a_delivery("alert", 77, Receiver("channel", STAFF)), ref)
    await room.sees(MODERATOR, "Opgepakt door", "Juf Sanne", where=STAFF)
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", SECOND)))
    await room.act("click", SECOND, custom_id=f"kw:dismiss:77:g{GUILD}")
    await room.act("submit", SECOND, fields={"reason": "grapje"})
    await room.sees(SECOND, "niets aan de hand", where="dm")
    assert room.core.review.dismissed == [(SECOND, 77, "grapje")]


async def test_taking_changes_the_buttons_of_the_card_itself_and_leaves_out_what_its_reader_may_not(room: Room) -> None:
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", TEACHER)))
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "Jij hebt dit opgepakt", where="dm")
    assert card_labels(room) == [
        ["Toon", "Open een zaak", "Voeg bij zaak", "Niets aan de hand"],
        ["Verwijder bericht", "Geef door", "Stop DM's"],
    ]
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", COORDINATOR)))
    assert card_labels(room)[1] == ["Verwijder bericht", "Time-out", "Geef door", "Stop DM's"]


async def test_taking_from_what_stands_behind_show_keeps_the_message_there(room: Room) -> None:
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    await room.act("click", TEACHER, action="show")
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "loser", "Open een zaak", where="ephemeral")
    page = next(message for message in room.stage.world.ephemerals.values() if message.embeds)
    assert page.components[0]["components"][0]["label"] == "Open een zaak"
    assert "Time-out" not in {part["label"] for row in page.components for part in row["components"]}


async def test_the_second_to_take_is_told_who_has_it_in_words(room: Room) -> None:
    room.core.review.cards[77] = a_card()
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    room.core.review.cards[77] = a_card(state="claimed", claimed_by=TEACHER)
    await room.act("click", SECOND, action="take")
    await room.sees(SECOND, "⚠️", "Juf Sanne", where="ephemeral")


async def test_what_a_pupil_wrote_is_shown_as_plain_text(room: Room) -> None:
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    await room.act("click", TEACHER, action="show")
    await room.sees(TEACHER, "jij bent **echt** een @everyone loser https://x.nl", where="ephemeral")


async def test_a_private_message_becomes_a_draft_with_a_choice(room: Room) -> None:
    await room.act("dm", NOOR, text="ik word gepest")
    await room.sees(NOOR, "Met mijn naam", "Anoniem", where="dm")
    assert [(draft["user"], draft["what"], draft["origin"]) for draft in room.core.reports.drafts] == [
        (NOOR, "ik word gepest", "dm")
    ]
    await room.act("click", NOOR, action="by_name")
    await room.sees(NOOR, "ik word gepest", where="modal")


async def test_a_message_is_reported_from_its_menu_with_the_message_as_evidence(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="sukkel", id="m1")
    await room.handled()
    await room.act("menu", NOOR, name="Meld dit bericht", message="m1")
    await room.sees(NOOR, "Anoniem", where="ephemeral")
    draft = room.core.reports.drafts[0]
    assert (draft["origin"], draft["class_name"], draft["evidence"].text) == ("menu", "Groep 7b", "sukkel")


async def test_an_old_or_forged_button_gets_a_sentence(room: Room) -> None:
    await room.client.wire.send(STAFF, Page("oud", items=(_old_button(),)))
    await room.act("click", TEACHER, label="Oud")
    await room.sees(TEACHER, "Deze knop werkt niet meer", where="ephemeral")


async def test_a_card_of_another_school_is_refused_in_words(room: Room) -> None:
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    room.core.review.cards.clear()
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "⚠️", where="ephemeral")


async def test_a_closed_private_channel_is_a_refusal_and_a_server_error_a_failure(room: Room) -> None:
    await room.act("fault", kind="closed_dms", **{"for": TEACHER})
    with pytest.raises(DeliveryRefusedError):
        await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", TEACHER)))


async def test_the_client_knows_when_all_is_handled(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="hoi")
    await room.handled()
    await until(lambda: room.client.settled_sequence() == room.client.ws.sequence)


async def test_a_dropped_connection_is_taken_up_again_and_nothing_is_missed(room: Room) -> None:
    await room.act("fault", kind="drop_socket")
    await room.act("post", DAAN, channel=CLASS, text="gemist?")
    await room.handled()
    assert [message.text for message in room.core.watch.handled] == ["gemist?"]


async def test_rules_privacy_queue_and_setup_answer(room: Room) -> None:
    for person, command, text in (
        (NOOR, "regels", "Onze regels"),
        (NOOR, "privacy", "Wat doet de bot"),
        (TEACHER, "tebekijken", "Te bekijken"),
        (COORDINATOR, "instellen", "Klaswacht inrichten"),
    ):
        await room.act("command", person, name=command)
        await room.sees(person, text, where="ephemeral")


def a_delivery(kind: str, subject: int, receiver: Receiver, **values: str) -> Delivery:
    return Delivery(next(_NONCES), GUILD, kind, subject, receiver, "nl", values)


def card_labels(room: Room) -> list[list[str]]:
    """Return the labels on the newest message with an embed, row by row."""
    everywhere = (channel.messages.values() for channel in room.stage.world.channels.values())
    cards = [message for messages in everywhere for message in messages if message.embeds]
    newest = max(cards, key=lambda message: message.id)
    return [[part["label"] for part in row["components"]] for row in newest.components]


def _old_button() -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label="Oud", custom_id="kw:oud:1")


_NONCES = itertools.count(1)
