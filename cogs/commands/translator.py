"""Names and descriptions of commands in each language, from the texts."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.texts import Texts

LOCALES = {discord.Locale.dutch: "nl"}


class TextsTranslator(app_commands.Translator):
    """Translates what is marked with a key of a text."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the text of a key in a language, or None for languages that have no texts."""
        del context
        key = string.extras.get("key")
        if locale not in LOCALES or not key or not self._texts.has(key):
            return None
        return self._texts.get(key, LOCALES[locale])
