"""Personal data and contact: found in many clothes, quiet on dates, sums, scores and years."""

from __future__ import annotations

import pytest

from bot.screening.contact import contact_attempts
from bot.screening.personal import personal_data


def kinds(text: str) -> set[str]:
    return {found.kind for found in (*personal_data(text, ["Sem", "Noor"]), *contact_attempts(text))}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mijn nummer is 06-12345678", "phone"),
        ("+31 6 1234 5678", "phone"),
        ("06 12 34 56 78 app me maar", "phone"),
        ("mijn gsm is 0478 12 34 56", "phone"),
        ("nul zes twaalf vierendertig zesenvijftig achtenzeventig", "phone"),
        ("nul zes een twee drie vier vijf zes zeven acht", "phone"),
        ("mail naar lisa.jansen@gmail.com", "email"),
        ("lisa punt jansen apenstaartje gmail punt com", "email"),
        ("sem (at) hotmail dot com", "email"),
        ("ik woon op de kerkstraat 12", "address"),
        ("we wonen Prins Hendriklaan 45a", "address"),
        ("mijn postcode is 1234 AB", "postcode"),
        ("1234ab 12", "postcode"),
        ("mijn bsn is 111222333", "bsn"),
        ("NL91 ABNA 0417 1643 00", "iban"),
        ("mijn snap is lisa_xx", "handle"),
        ("snap: coolboy12", "handle"),
        ("add me op snap lisa_2012", "handle"),
        ("stuur je nummer", "contact"),
        ("app me", "contact"),
        ("dm me even", "contact"),
        ("zullen we op snap verder praten", "contact"),
        ("what's your snap", "contact"),
        ("zullen we afspreken, alleen wij tweeen stiekem", "meeting"),
    ],
)
def test_it_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "12 + 34 = 46",
        "3,14159265358",
        "in 1648 was de vrede van munster",
        "in 1940 en 1945",
        "om 12:30 uur",
        "op 06-12-2026",
        "2025-11-22",
        "score 3-2",
        "25 x 48 = 1200",
        "hoofdstuk 4 paragraaf 12",
        "onderweg 5 min",
        "voetbalveld 2",
        "op straat 5 kinderen",
        "2048 KB en 1500 MG",
        "snap is leuk",
        "insta is down",
        "ik heb geen insta",
        "app me als je er bent",
        "stuur het nummer van de opgave",
        "zullen we morgen afspreken bij de bieb",
        "kom je alleen of met je broer",
        "een twee drie vier vijf zes zeven acht",
        "tel tot tien: 1 2 3 4 5 6 7 8 9",
        "isbn 9789045123456",
        "100.000.000 mensen",
        "@juf mag ik naar de wc",
        "het getal 123456782",
    ],
)
def test_ordinary_figures_and_words_are_quiet(text: str) -> None:
    assert kinds(text) == set()
