"""Links and files that a teacher should see, judged without a network or a look inside."""

from __future__ import annotations

import pytest

from bot.screening.files import Files
from bot.screening.links import Links
from bot.screening.tables import PatternFileError, read_tables
from tests.builders import a_file
from tests.screening.conftest import DATA

TABLES = read_tables(DATA / "patterns.toml")
LINKS, FILES = Links(TABLES.links), Files(TABLES.files)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kom: https://discord.gg/abc123", "invite"),
        ("dis cord . gg/abc", "invite"),
        ("https://chat.whatsapp.com/AbCdEf", "invite"),
        ("https://bit.ly/3abc", "shortener"),
        ("hxxps://bit[.]ly/abc", "shortener"),
        ("http://192.168.1.5/x", "address_link"),
        ("https://gооgle.com/login", "look_alike_link"),
        ("http://xn--ggle-55da.com", "look_alike_link"),
        ("https://rob1ox.com/free", "look_alike_link"),
        ("https://grabify.link/abc", "grabber"),
        ("https://i.imgur.com/abc.png", "media_link"),
        ("www.pornhub.com", "refused_link"),
        ("https://voorbeeld-site.nl", "unknown_link"),
    ],
)
def test_a_link_says_what_it_is(text: str, kind: str) -> None:
    assert kind in {found.kind for found in LINKS.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "https://nl.wikipedia.org/wiki/Hond",
        "huiswerk.docx",
        "som1.2 en v1.2.3",
        "ok.doei",
        "https://tenor.com/x.gif",
        "",
    ],
)
def test_vetted_links_and_dots_say_nothing(text: str) -> None:
    assert LINKS.find(text) == []


@pytest.mark.parametrize(
    ("name", "content_type", "risk"),
    [
        ("spel.exe", None, "dangerous_file"),
        ("foto.jpg.exe", None, "disguised_file"),
        ("foto\u202egpj.exe", None, "disguised_file"),
        ("foto.png", "application/x-msdownload", "disguised_file"),
        ("verslag.docx                    .scr", None, "disguised_file"),
        ("verslag.docm", None, "macro_file"),
        ("alles.zip", None, "archive_file"),
        ("verslag.docx", None, None),
        ("script.BAT", None, "dangerous_file"),
        ("geen_eind", None, None),
    ],
)
def test_a_file_is_judged_by_its_name(name: str, content_type: str | None, risk: str | None) -> None:
    assert FILES.risk(a_file(name, content_type=content_type)) == risk


def test_a_wrong_patterns_file_is_refused() -> None:
    with pytest.raises(PatternFileError):
        read_tables(DATA / "thresholds.toml")
