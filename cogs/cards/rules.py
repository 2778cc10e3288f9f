"""The rules of the school and what the bot does and does not do, in easy words."""

from __future__ import annotations

from cogs.cards.words import CALM
from cogs.pages import Page, embed
from cogs.widgets import Kit

RULES = ("P1", "P2", "P3", "P4", "P5", "P6", "A8")
PRIVACY = ("reads", "keeps", "never", "who", "rights", "age")


def rules_page(kit: Kit) -> Page:
    """Return what pupils agree to, and what happens when it goes wrong."""
    lines = "\n".join(f"• {kit.say(f'rules.{rule}')}" for rule in RULES)
    fields = [(kit.say("rules.when_title"), kit.say("rules.when"))]
    return Page(embeds=(embed(kit.say("rules.title"), lines, fields, kit.say("rules.footer"), CALM),))


def privacy_page(kit: Kit) -> Page:
    """Return the page for pupils and parents."""
    fields = [(kit.say(f"privacy_page.{part}_title"), kit.say(f"privacy_page.{part}")) for part in PRIVACY]
    return Page(embeds=(embed(kit.say("privacy_page.title"), kit.say("privacy_page.lead"), fields, colour=CALM),))
