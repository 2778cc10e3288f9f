"""Text of people is shown as text: no pings, no markdown, no links that unfold, never too long."""

from __future__ import annotations

import pytest

from cogs.pages import DESCRIPTION_LIMIT, FIELD_LIMIT, FIELDS_LIMIT, TITLE_LIMIT, TOTAL_LIMIT, embed
from cogs.plain import CUT_MARK, FENCE, block, cut, inline

HOSTILE = [
    "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</report:1>", "<t:0:R>", "<:a:1>", "<a:b:1>",
    "<id:browse>",
    "**vet**", "__x__", "~~x~~", "||x||", "`x`", "```x```", "````", "> x", ">>> x", "# x", "-# x", "- x", "1. x",
    "``\x00`x", "`\u202a``", "discord.gg/abc", "DISCORD.GG/abc", "discord.com/invite/abc", "discordapp.com/invite/a",
    "<id:guide>", "a\u2028# b", "\ud800", "\x9b31m", "\u061cx",
    "[klik](https://x.nl)", "https://x.nl", "http://x.nl/<script>", "discord://x", "HTTPS://X.NL", "steam://x",
    "\u202egnirts", "\u2066x\u2069", "a\x00b", "a\rb", "\n" * 50, "\t", "\u200b" * 9, "{0}", "{who}", "%s", "${x}",
    "#eval(1)", "=cmd|x", "'; drop table alert; --", "../../etc/passwd", "<b>x</b>", "&lt;", "\\*x\\*", "x" * 9000,
    "é" * 5000, "👩‍👩‍👧‍👦" * 900, "Z̷a̷l̷g̷o̷" * 400, "مرحبا", "日本" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_block_holds_any_text_and_nothing_of_it_gets_out(text: str) -> None:
    shown = block(text, 500)
    assert len(shown) <= 500
    assert shown.startswith(f"{FENCE}\n")
    assert shown.endswith(f"\n{FENCE}")
    assert FENCE not in shown[len(FENCE) : -len(FENCE)]
    assert not any(letter in shown for letter in "\x00\r\u202e\u2066")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_a_sentence_pings_nobody_and_links_nowhere(text: str) -> None:
    shown = inline(text, 200)
    assert not any(sign in shown for sign in ("@e", "@h", "<@", "<#", "</", "<t:", "\n", "://x", "\u202e"))


def test_a_text_that_was_cut_says_so() -> None:
    assert cut("a" * 50, 20) == "a" * (20 - len(CUT_MARK)) + CUT_MARK


@pytest.mark.parametrize("text", HOSTILE)
def test_an_embed_stays_within_the_limits_of_the_platform(text: str) -> None:
    made = embed(text * 9, text * 99, [(text * 3, block(text, FIELD_LIMIT))] * 40, text * 9)
    assert len(made) <= TOTAL_LIMIT
    assert len(made.title or "") <= TITLE_LIMIT
    assert len(made.description or "") <= DESCRIPTION_LIMIT
    assert len(made.fields) <= FIELDS_LIMIT
    assert all(len(field.value or "") <= FIELD_LIMIT for field in made.fields)
