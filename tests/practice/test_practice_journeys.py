"""Scenarios against a toy bot: the real discord.py in its own process, over real HTTP and WebSocket."""

import sys
from pathlib import Path

import pytest

from tests.practice.helpers import (
    CLASS_CHANNEL,
    DAAN,
    LOTTE,
    NOOR,
    SECOND_TEACHER,
    STAFF_CHANNEL,
    TEACHER,
    act,
    fault,
    not_sees,
    played,
    sees,
)

pytestmark = pytest.mark.asyncio


async def test_a_person_uses_commands_forms_buttons_menus_and_dms(tmp_path: Path) -> None:
    (tmp_path / "bewijs.txt").write_text("schermafdruk", encoding="utf-8")
    result = await played(
        tmp_path,
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="Daan is een sukkel", id="m1"),
        sees(TEACHER, ["Melding", "Noor Jansen", "Toon"], "dm"),
        not_sees(TEACHER, "sukkel", "dm"),
        act("click", TEACHER, label="Toon"),
        sees(TEACHER, "/er stond: .* sukkel/", "ephemeral"),
        act("click", TEACHER, action="take"),
        sees(TEACHER, "Opgepakt door @Juf Sanne", "dm"),
        act("command", DAAN, name="melden", options={"wie": str(NOOR)}),
        sees(DAAN, "Wie ziet wat? (Noor Jansen)", "ephemeral"),
        act("click", DAAN, label="met mijn naam"),
        sees(DAAN, "Sinds wanneer", "modal"),
        act("submit", DAAN, fields={"what": "hij schold", "Wie": str(NOOR), "since": "Langer", "file": "bewijs.txt"}),
        sees(DAAN, f'/Dank je wel: .*hij schold.*"{NOOR}".*"9"/', "ephemeral"),
        not_sees(NOOR, "Dank je wel"),
        act("menu", DAAN, name="Meld dit bericht", message="m1"),
        sees(DAAN, "Gemeld: Daan is een sukkel", "ephemeral"),
        act("dm", LOTTE, text="hoi", files=["bewijs.txt"]),
        sees(LOTTE, "Gelezen: hoi ['bewijs.txt']", "dm"),
        act("thread", NOOR, channel=str(CLASS_CHANNEL), name="Huiswerk", id="t1"),
        act("post", DAAN, thread="t1", text="Welke som?", id="m2"),
        act("react", NOOR, message="m2", emoji="👍"),
        act("forward", NOOR, message="m1", channel="dm"),
        act("poll", NOOR, channel=str(CLASS_CHANNEL), question="Wie gaat mee?", answers=["ik", "niet"]),
        sees(DAAN, "Wie gaat mee?", CLASS_CHANNEL),
        not_sees(LOTTE, "Wie gaat mee?"),
    )  # fmt: skip
    assert result.sentences == []
    assert result.code == 0
    to_noor = [line for line in result.transcript if line["to"] == str(NOOR)]
    assert to_noor[0].keys() == {"at", "to", "where", "kind", "text", "embeds", "components", "files"}
    assert to_noor[0]["text"] == "Daan is een sukkel"
    assert {line["kind"] for line in result.transcript} == {"message", "dm", "ephemeral", "modal", "edit"}
    assert [line["files"] for line in result.transcript if line["text"] == "hoi"] == [["bewijs.txt"]]


async def test_faults_hit_the_bot_and_it_recovers(tmp_path: Path) -> None:
    messages = "POST /channels/{id}/messages"
    result = await played(
        tmp_path,
        fault("rate_limited", messages, times=2),
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="sukkel een", id="m1"),
        sees(TEACHER, "Melding", "dm"),
        fault("closed_dms", TEACHER),
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="sukkel twee"),
        sees(SECOND_TEACHER, "DM geweigerd", STAFF_CHANNEL),
        fault("closed_dms", TEACHER, times=0),
        fault("server_error", messages),
        act("edit", NOOR, message="m1", text="anders https://voorbeeld.nl/les"),
        sees(SECOND_TEACHER, "Bewerkt: anders", STAFF_CHANNEL),
        fault("drop_socket"),
        act("edit", NOOR, message="m1", text="nog anders"),
        sees(SECOND_TEACHER, "Bewerkt: nog anders", STAFF_CHANNEL),
        fault("reconnect"),
        act("settle"),
        act("delete", NOOR, message="m1"),
        not_sees(TEACHER, "Bewerkt", since="last"),
    )
    assert result.sentences == []
    assert result.code == 0


async def test_the_bot_is_killed_catches_up_and_keeps_the_clock(tmp_path: Path) -> None:
    result = await played(
        tmp_path,
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="goedemorgen"),
        act("settle"),
        act("stop"),
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="sukkel terwijl hij uit stond"),
        act("command", DAAN, name="melden"),
        sees(DAAN, "De app reageerde niet", "ephemeral"),
        act("advance", hours=1),
        act("start"),
        sees(TEACHER, "Melding", "dm"),
        act("advance", days=1),
        sees(SECOND_TEACHER, "/Herinnering van 1[12]:/", STAFF_CHANNEL),
        act("together", acts=[act("click", TEACHER, action="take"), act("post", DAAN, channel="groep-7b", text="!")]),
        sees(TEACHER, "Opgepakt", "dm"),
        act("leave", DAAN),
        act("join", DAAN),
        act("rename", DAAN, name="Dani"),
        act("command", NOOR, name="page"),
        sees(NOOR, "/^3 True goedemorgen ! /"),
    )
    assert result.said.count("\n") == 0
    assert "binnen drie seconden geen antwoord" in result.said
    assert result.code == 0
    assert result.transcript[-1]["at"].startswith("2026-11-25T10:00")


async def test_what_fails_is_said_in_one_sentence_and_gives_exit_1(tmp_path: Path) -> None:
    result = await played(
        tmp_path,
        act("post", NOOR, channel=str(CLASS_CHANNEL), text="hallo allemaal"),
        sees(DAAN, "tot ziens", CLASS_CHANNEL, within_s=0.2),
    )
    assert result.code == 1
    assert result.said == (
        "Regel 2 (expect): Daan Bakker (1100000000000000602) zag binnen 0.2 s niet: tot ziens "
        "(waar: 1100000000000000501). Wel te zien:\n  - hallo allemaal"
    )


async def test_a_request_that_discord_would_refuse_fails_the_scenario(tmp_path: Path) -> None:
    result = await played(
        tmp_path,
        act("command", NOOR, name="report"),
        act("together", acts=[act("command", NOOR, name="break"), act("command", DAAN, name="report")]),
        sees(NOOR, "geweigerd 50035", "ephemeral"),
    )
    assert result.code == 1
    assert "/callback weigeren. data.embeds.0.title" in result.said


async def test_a_bot_that_does_not_start_gives_exit_3_with_what_it_wrote(tmp_path: Path) -> None:
    quits = (sys.executable, "-c", "import sys; print('geen token', file=sys.stderr); sys.exit(4)")
    result = await played(tmp_path, act("settle"), command=quits)
    assert result.code == 3
    assert result.said == "De bot startte niet: het proces stopte met code 4. Dit schreef het als laatste:\ngeen token"
