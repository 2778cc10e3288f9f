"""A small bot in a process of its own, to try the practice room with: the real discord.py over real sockets."""

import asyncio
import json
import os
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import discord
import yarl
from discord import app_commands

from cogs.practice.agent import ControlAgent

STATE = Path(os.environ["KLASWACHT_STATE"]) / "toy.json"
SCHOOL = tomllib.loads(Path(os.environ["KLASWACHT_SCHOOL_FILE"]).read_text(encoding="utf-8"))
STAFF = int(SCHOOL["school"]["staff_channel"])
TEACHER = int(SCHOOL["class"][0]["teachers"][0].removeprefix("user:"))
CLASS_CHANNEL = int(SCHOOL["class"][0]["channels"][0])


class Dutch(app_commands.Translator):
    NAMES = {"report": "melden", "Report this message": "Meld dit bericht", "who": "wie"}  # noqa: RUF012

    async def translate(self, string, locale, context):  # noqa: ANN001, ANN201, ARG002
        return self.NAMES.get(str(string)) if locale is discord.Locale.dutch else None


class ReportForm(discord.ui.Modal, title="Wat is er gebeurd?"):
    what = discord.ui.Label(
        text="Wat",
        component=discord.ui.TextInput(custom_id="kw:report:what:1", style=discord.TextStyle.long, max_length=500),
    )
    who = discord.ui.Label(
        text="Wie", component=discord.ui.UserSelect(custom_id="kw:report:who:1", required=False, max_values=2)
    )
    since = discord.ui.Label(
        text="Sinds wanneer",
        component=discord.ui.Select(
            custom_id="since",
            required=False,
            options=[
                discord.SelectOption(label=name, value=value) for name, value in (("Vandaag", "0"), ("Langer", "9"))
            ],
        ),
    )
    file = discord.ui.Label(text="Bestand", component=discord.ui.FileUpload(custom_id="file", required=False))


class Toy(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())
        self.tree = app_commands.CommandTree(self)
        self.busy = 0
        self.now = datetime.now().astimezone()
        self.due: list[datetime] = []
        self.agent = ControlAgent(
            os.environ["KLASWACHT_CONTROL"], set_now=self.set_now, advance_to=self.advance_to, status=self.status
        )
        self.background: set[asyncio.Task[None]] = set()

    def set_now(self, moment: datetime) -> None:
        self.now = moment

    async def advance_to(self, moment: datetime) -> None:
        for due in sorted(item for item in self.due if item <= moment):
            self.due.remove(due)
            self.now = due
            await self.get_channel(STAFF).send(f"Herinnering van {due:%H:%M}")
        self.now = moment

    async def status(self) -> dict[str, object]:
        sequence = self.ws.sequence if self.ws else 0
        due = sum(item <= self.now for item in self.due)
        return {"seq": sequence or 0, "busy": self.busy, "due": due, "now": self.now.isoformat()}

    async def setup_hook(self) -> None:
        task = asyncio.create_task(self.agent.run())
        self.background.add(task)
        await self.agent.greeted.wait()
        add_commands(self.tree)
        await self.tree.set_translator(Dutch())
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.busy += 1
        await self.catch_up()
        self.agent.mark_ready()
        self.busy -= 1

    async def catch_up(self) -> None:
        last = json.loads(STATE.read_text(encoding="utf-8"))["last"] if STATE.exists() else None
        if last is None:
            return
        channel = self.get_channel(CLASS_CHANNEL)
        async for message in channel.history(after=discord.Object(last), limit=None, oldest_first=True):
            await self.judge(message)

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        self.busy += 1
        try:
            if message.guild is None:
                await message.channel.send(
                    f"Gelezen: {message.content} {[item.filename for item in message.attachments]}"
                )
            elif message.channel.id == CLASS_CHANNEL:
                await self.judge(message)
        finally:
            self.busy -= 1

    async def judge(self, message: discord.Message) -> None:
        STATE.write_text(json.dumps({"last": message.id}), encoding="utf-8")
        if "sukkel" in message.content:
            await self.alert(message)

    async def alert(self, message: discord.Message) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Ik pak dit op", custom_id=f"kw:take:{message.id}"))
        view.add_item(discord.ui.Button(label="Toon", custom_id=f"kw:show:{message.id}"))
        embed = discord.Embed(title="Melding", description=f"Over <@{message.author.id}> in <#{message.channel.id}>")
        user = self.get_user(TEACHER) or await self.fetch_user(TEACHER)
        try:
            await user.send(embed=embed, view=view, nonce=str(message.id))
        except discord.Forbidden:
            await self.get_channel(STAFF).send("DM geweigerd", embed=embed, view=view)
        self.due.append(self.now + timedelta(hours=1))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        if payload.message.edited_at and not payload.message.author.bot:
            await self.get_channel(STAFF).send(f"Bewerkt: {payload.message.content}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.busy += 1
        try:
            await self.answer(interaction)
        finally:
            self.busy -= 1

    async def answer(self, interaction: discord.Interaction) -> None:
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            await self.filed(interaction)
        elif custom_id.startswith("kw:take:"):
            await interaction.response.edit_message(content=f"Opgepakt door {interaction.user.mention}", view=None)
        elif custom_id.startswith("kw:show:"):
            await interaction.response.defer(ephemeral=True, thinking=True)
            message = await self.get_channel(CLASS_CHANNEL).fetch_message(int(custom_id.rsplit(":", maxsplit=1)[-1]))
            await interaction.followup.send(f"Er stond: {message.content}", ephemeral=True)
        elif custom_id == "kw:by_name":
            await interaction.response.send_modal(ReportForm(custom_id="kw:report:7"))

    async def filed(self, interaction: discord.Interaction) -> None:
        fields = {}
        for item in interaction.data["components"]:
            inner = item.get("component") or item["components"][0]
            fields[inner["custom_id"]] = inner.get("value") or inner.get("values")
        await interaction.response.send_message(f"Dank je wel: {json.dumps(fields)}", ephemeral=True)


def add_commands(tree: app_commands.CommandTree) -> None:
    @tree.command(name="report", description="Report something")
    async def report(interaction: discord.Interaction, who: discord.Member | None = None) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Met mijn naam", custom_id="kw:by_name"))
        view.add_item(discord.ui.Button(label="Anoniem", custom_id="kw:anonymous", disabled=True))
        name = who.display_name if who else "niemand"
        await interaction.response.send_message(f"Wie ziet wat? ({name})", view=view, ephemeral=True)

    @tree.command(name="break", description="Break a rule of Discord")
    async def broken(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message(embed=discord.Embed(title="x" * 257))
        except discord.HTTPException as error:
            await interaction.response.send_message(f"geweigerd {error.code}", ephemeral=True)

    @tree.command(name="silent", description="Never answer")
    async def silent(interaction: discord.Interaction) -> None:
        pass

    @tree.command(name="page", description="Page through the class channel")
    async def page(interaction: discord.Interaction) -> None:
        channel = interaction.client.get_channel(CLASS_CHANNEL)
        newest = [message.content async for message in channel.history(limit=250)]
        oldest = [message.content async for message in channel.history(limit=250, oldest_first=True)]
        middle = [message async for message in channel.history(limit=3, oldest_first=True)][-1]
        around = [message.content async for message in channel.history(limit=3, around=middle)]
        same = newest == list(reversed(oldest))
        await interaction.response.send_message(f"{len(newest)} {same} {oldest[0]} {newest[0]} {sorted(around)}")

    @tree.context_menu(name="Report this message")
    async def report_message(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Gemeld: {message.content}", ephemeral=True)


def main() -> None:
    base = os.environ["DISCORD_API_BASE"]
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    discord.asset.Asset.BASE = os.environ["DISCORD_CDN_BASE"]
    Toy().run(os.environ["DISCORD_TOKEN"], log_handler=None if "QUIET" in os.environ else discord.utils.MISSING)


if __name__ == "__main__":
    main()
