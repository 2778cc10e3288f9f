"""Disguises are undone, and innocent texts stay what they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.screening.normalise import Normaliser

ALERT = 0.6


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("s u k k e l", "sukkel"),
        ("jij b e n t  e e n  l u l", "jij bent een lul"),
        ("j e b e n t e e n l o s e r", "je bent een loser"),
        ("k.a.n.k.e.r.h.o.e.r", "kankerhoer"),
        ("s-u-k-k-e-l", "sukkel"),
        ("j.i.j b.e.n.t e-e-n s*u*k*k*e*l", "jij bent een sukkel"),
        ("r_o_t op naar je eigen l.a.n.d", "rot op naar je eigen land"),
        ("jj bnt en skkl", "jij bent een sukkel"),
        ("nmnd wl jou hbbn", "niemand wil jou hebben"),
        ("wat een knkrlrr ben jij dan", "wat een knkrlrr ben jij dan"),
        ("n*em*nd w*l j*u h*er h#bben", "niemand wil jou hier hebben"),
        ("j3 b3nt n!37 w3lk0m", "je bent niet welkom"),
        ("h o e r a w e z i j n v r i j", "hoera we zijn vrij"),
        ("ni3mand w1l j0u h13r", "niemand wil jou hier"),
        ("h0er", "hoer"),
        ("l0$er", "loser"),
        ("suuuukkkkeeel", "sukkel"),
        ("h**r", "hoer"),
        ("k*nkerhoer", "kankerhoer"),
        ("k🤡a🤡n🤡k🤡e🤡r", "kanker"),
        ("s💩kkel", "sukkel"),
        ("flіkker", "flikker"),
        ("ѕukkеl", "sukkel"),
        ("𝓼𝓾𝓴𝓴𝓮𝓵", "sukkel"),
        ("ｌｏｓｅｒ", "loser"),
        ("🅻🅾🆂🅴🆁", "loser"),
        ("ʟᴏꜱᴇʀ", "loser"),
        ("su\u200bkk\u200bel", "sukkel"),
        ("lo||ser||", "loser"),
        ("l**os**er", "loser"),
        ("_loser_", "loser"),
        ("lekkus", "sukkel"),
        ("\u202elekkus\u202c", "sukkel"),
    ],
)
def test_a_disguise_is_undone(normaliser: Normaliser, written: str, meant: str) -> None:
    assert meant in normaliser.forms(written)


@pytest.mark.parametrize(
    "text",
    [
        "bel om 06-12345678",
        "om 12:30 bij het hek",
        "w8 ff m8",
        "gr8 b4 2nite",
        "1v1 of 5v5",
        "3x + 4y = 12",
        "x**2 + y**2 = r**2",
        "for (int i = 0; i < 10; i++) a[i]++;",
        "привет как дела, пойдём в школу",
        "Zażółć gęślą jaźń",
        "Bugün hava çok güzel",
        "مرحبا كيف حالك",
        "καλημέρα σας",
        "ajax - psv 2-1",
        "hij is de g.o.a.t",
        "J.R.R. Tolkien en C.S. Lewis",
        "s.v.p. a.u.b. t.o.v. n.v.t.",
        "¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻",
        "zoooo leuk hahahaha",
        "klas 3b4, havo4, mp3, ps5, h2o, co2, b2b",
        "h3 en h4 van boek 2",
        "regen regen regen",
        "de a4tjes en de 4e som",
        "A, B, C of D?",
        "a b c d e f g",
        "antwoorden: a b d c a b",
        "👨‍👩‍👧 familie 🏳️‍🌈",
        "leuk😂haha",
        "één hé café Zoë reünie",
        "k3 concert",
        "€5 voor pizza @ 18:00",
        "snake_case_naam = 1",
        "**belangrijk** huiswerk",
        "NL91 ABNA 0417 1643 00",
        "https://www.youtube.com/watch?v=h0er1x",
        "top pot tel let",
        "i.p.v. maandag d.w.z. dinsdag",
        "h*er is het lokaal",
        "mss gwn ff wachten srry",
        "pdf html css vwo mbo hbo",
        "ik kom om h*lf drie naar h*t pl*in",
        "k m j mt nr hs",
        "h o e g a a t h e t",
        "w!e heef7 mijn g0m",
    ],
)
def test_no_step_makes_a_hit_of_an_innocent_text(highest: Callable[[str], float], text: str) -> None:
    assert highest(text) < ALERT


@pytest.mark.parametrize(
    "text",
    [
        "привет рот",
        "καλημέρα",
        "مرحبا",
        "Zażółć gęślą jaźń",
        "w8 m8",
        "06-12345678",
        "A, B, C of D?",
        "12:30",
        "slapen!!",
    ],
)
def test_what_is_no_disguise_has_one_form(normaliser: Normaliser, text: str) -> None:
    assert normaliser.forms(text) == (text,)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\ud800", "\x00\x01\x02", "😂" * 500, "a" * 10_000, "\u0335" * 500, "'" * 4000, "(" * 4000, "a." * 2000],
)
def test_any_string_has_forms(normaliser: Normaliser, text: str) -> None:
    assert 1 <= len(normaliser.forms(text)) <= 3
