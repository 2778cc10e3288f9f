"""The bot on Discord (or a compatible server): connects, takes events, answers people. Composition of the adapter."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

import discord
import yarl

from bot.clock import Busy
from bot.errors import SetupError
from bot.schoolbook import SchoolBook
from bot.texts import Texts
from cogs.actions import alerts, cases, consent, logbook, media, papers, reports, school_pick, setup, steps, talk
from cogs.ask import Handler
from cogs.cards.deck import Deck
from cogs.changes import Changes
from cogs.commands.translator import TextsTranslator
from cogs.commands.tree import Tree
from cogs.core import Core
from cogs.gateway import DiscordMediaGateway
from cogs.ground import Ground
from cogs.history import DiscordHistory
from cogs.items import ITEMS, MARK
from cogs.joining import Joining
from cogs.loose import application
from cogs.messenger import DiscordMessenger
from cogs.pages import Page
from cogs.places import Places
from cogs.private import PrivateMessages
from cogs.reach import Reach
from cogs.returning import Returning
from cogs.rights import needed_intents
from cogs.roster import DiscordRoster
from cogs.router import Router
from cogs.tap import Tap
from cogs.translate import message_id_at
from cogs.watching import Watching
from cogs.wire import MESSAGE, UNREACHED, Wire, page_data

__all__ = ["KlaswachtClient", "form_handlers", "message_id_at", "point_at", "press_handlers"]
_LOG = logging.getLogger(__name__)
AGAIN_S = 30.0  # before commands that could not be registered are tried again
GUILDS_S = 0.2  # without another server after this, all servers are there
RECONNECT_S = 5.0  # after an error of the library itself
ALONE = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"})


def point_at(api_base: str, gateway: str, cdn: str) -> None:
    """Let the library talk to this server; before login. It is also how a compatible server is used."""
    discord.http.Route.BASE = api_base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    discord.asset.Asset.BASE = cdn
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot never speaks; no word about it


def press_handlers() -> Mapping[str, Handler]:
    """Return what answers each button and select, by action."""
    areas = (alerts, reports, talk, cases, steps, papers, setup, media, consent, school_pick, logbook)
    return {action: handler for area in areas for action, handler in area.PRESSES.items()}


def form_handlers() -> Mapping[str, Handler]:
    """Return what answers each form, by action."""
    areas = (alerts, reports, talk, cases, steps, papers, setup, media)
    return {action: handler for area in areas for action, handler in area.FORMS.items()}


class KlaswachtClient(discord.Client):
    """The connection. Its ports (``messenger``, ``roster``, ``history``, ``gateway``) exist before the core.

    ``attach`` gives it the core; only then it may start.
    """

    router: Router

    def __init__(self, *, texts: Texts, book: SchoolBook, busy: Busy) -> None:
        super().__init__(
            intents=needed_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=GUILDS_S,
        )
        self.wire = Wire(self.http)
        self.places = Places(self, book, self.wire)
        self.roster = DiscordRoster(self, book, self.wire)
        self.history = DiscordHistory(self.wire, self.places)
        self.messenger = DiscordMessenger(self.wire, lambda: self.deck)
        self.reach = Reach(self, self.wire, self.roster, Changes())
        self.gateway = DiscordMediaGateway(
            wire=self.wire,
            places=self.places,
            roster=self.roster,
            reach=self.reach,
            messenger=self.messenger,
            texts=texts,
            book=book,
        )
        self.tree = Tree(self, texts)
        self._texts = texts
        self._busy = busy
        self._registered = asyncio.Event()
        self._complete = asyncio.Event()

    def attach(self, core: Core) -> None:
        """Take the core into use."""
        self.deck = Deck(core, self.roster.locale, self.roster.name)
        ground = Ground(self, self.wire, self.places, self.roster)
        self.router = Router(core, ground, press_handlers(), form_handlers())
        watching = Watching(core, ground, PrivateMessages(core, self.wire, self.roster))
        self.returning = Returning(core, self.wire)
        self._clock = core.clock
        takers = (watching.takers(), self.returning.takers(), Joining(core, self.roster, self.reach).takers())
        self.tap = Tap(self._busy, takers, ALONE, self._unreadable)
        self.tap.fit(self._connection.parsers)
        self.add_dynamic_items(*ITEMS.values())

    async def setup_hook(self) -> None:
        """Register the commands, in the background: a server that refuses them must not keep the bot from watching."""
        await self.tree.set_translator(TextsTranslator(self._texts))
        self.tap.start(self._register())

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Connect and stay connected.

        Raises ``SetupError`` when the platform refuses the token or an intent, or can't be reached at the start.
        """
        try:
            await self.login(token)
        except discord.LoginFailure as error:
            raise SetupError("error.settings.token_refused") from error
        except UNREACHED as error:
            raise SetupError("error.settings.unreachable", base=discord.http.Route.BASE) from error
        await self.connect(reconnect=reconnect)

    async def application_info(self) -> discord.AppInfo:
        """Return the bot's application, as far as the server tells it."""
        data = {**await self.http.application_info()}
        return discord.AppInfo(self._connection, application(data))  # type: ignore[arg-type]

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected; an error inside the library is a new try, not the end."""
        while not self.is_closed():
            try:
                await super().connect(reconnect=reconnect)
            except discord.PrivilegedIntentsRequired as error:
                raise SetupError("error.settings.intents") from error
            except discord.ConnectionClosed as error:
                key = "token_refused" if error.code == 4004 else "unreachable"  # noqa: PLR2004 - authentication failed
                values = {} if key == "token_refused" else {"base": discord.http.Route.BASE}
                raise SetupError(f"error.settings.{key}", **values) from error
            except Exception:  # noqa: BLE001 - the bot lives on and the log says so
                _LOG.exception("the connection failed; it is made anew")
                self.returning.lost()
                await asyncio.sleep(RECONNECT_S)

    async def caught_up(self) -> None:
        """Return when all servers are there, what was missed is read back and the commands are registered."""
        await self._registered.wait()
        await self._complete.wait()
        await self.returning.caught_up.wait()

    async def close(self) -> None:
        """Stop what is under way and close the connection."""
        if hasattr(self, "tap"):
            await self.tap.close()
        await self.wire.close()
        await super().close()

    def settled_sequence(self) -> int:
        """Return the number of the last gateway event when all is handled, else one lower than it."""
        last = self.ws.sequence if getattr(self, "ws", None) is not None else None
        if last is None:
            return 0
        return int(last) if self.tap.quiet and self._busy.count == 0 else int(last) - 1

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer forms, and whatever no item of ours took: an old or forged button gets a sentence."""
        kinds = {discord.InteractionType.component, discord.InteractionType.modal_submit}
        if interaction.type in kinds and not interaction.extras.get(MARK):
            interaction.extras[MARK] = True
            await self.router.press(interaction)

    async def on_ready(self) -> None:
        """Note that all servers are there, and from when on no join is missed."""
        self.reach.watching_since = self._clock.now()
        self._complete.set()

    async def on_disconnect(self) -> None:
        """Keep the marks where they are until it is known what was missed."""
        self.returning.lost()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log which event went wrong; never what was in it."""
        del args, kwargs
        _LOG.exception("an event could not be handled", extra={"kind": event_method})

    async def _register(self) -> None:
        while not self.is_closed():
            try:
                with contextlib.suppress(KeyError, TypeError):  # registered, but the server's answer lacks fields
                    await self.tree.sync()
            except UNREACHED:
                _LOG.warning("the commands could not be registered; it is tried again")
                await asyncio.sleep(AGAIN_S)
            else:
                self._registered.set()
                return

    async def _unreadable(self, name: str, data: Any) -> None:
        """Answer an interaction that the library can't read, so that nobody waits in vain."""
        if name != "INTERACTION_CREATE" or not isinstance(data, dict) or "token" not in data:
            return
        page = Page(text=self._texts.get("error.unknown.click", "nl", code="interaction"))
        await self.wire.respond(str(data["id"]), str(data["token"]), MESSAGE, page_data(page, ephemeral=True))
