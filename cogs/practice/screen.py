"""Somebody at the practice room's page: a headless browser that chooses a person, writes, presses, fills in forms.

Used by the tests of the page and by the command that makes the pictures of the README. Needs the ``dev`` extra, and a
Chromium of the system (or one that ``playwright install chromium`` put there).
"""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # the page is our own, on this machine; a sandbox is not to be had in every container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = (1280, 800)
PATIENCE_MS = 10_000.0
EMPTY_LABEL = re.compile(r"^\s*$")


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start a headless browser; raises playwright's error, with what to install, when there is none."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield browser
        await browser.close()


class Screen:
    """The page in one tab. Every method waits until what it does is there, at most ten seconds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)

    async def come_in(self, url: str) -> None:
        """Open the page and wait for the first state."""
        await self.page.goto(url)
        await self.page.locator(".person.chosen").wait_for()

    async def be(self, name: str, channel: str | None = None) -> None:
        """Become a person; ``channel`` is opened when given ("Klaswacht": the conversation with the bot)."""
        person = self.page.locator(".person", has=self.page.get_by_text(name, exact=True))
        await person.click()
        await self.page.locator(".person.chosen", has=self.page.get_by_text(name, exact=True)).wait_for()
        if channel:
            await self.open(channel)

    async def open(self, channel: str) -> None:
        """Open a channel by its name."""
        await self.page.locator(".place", has=self.page.get_by_text(channel, exact=True)).click()
        await expect(self.page.locator("#chat-head h1")).to_contain_text(channel, timeout=PATIENCE_MS)

    async def write(self, text: str, files: Sequence[Path] = ()) -> Locator:
        """Write a message here, and return it as it stands in the log."""
        if files:
            await self.page.set_input_files("#file-input", files)
        await self.page.fill("#composer", text)
        await self.page.click(".send")
        return await self.message(text.split("\n", maxsplit=1)[0])

    async def message(self, text: str) -> Locator:
        """Return the newest message here that now holds a text, when it is there; it stays that message later on."""
        found = self.page.locator(".message").filter(has_text=text).last
        await found.wait_for()
        return self.page.locator(f'[data-message="{await found.get_attribute("data-message")}"]')

    async def command(self, name: str) -> None:
        """Type a command without options, and run it."""
        await self.page.fill("#composer", f"/{name}")
        await self.page.get_by_role("option", name=f"/{name}", exact=True).click()
        await self.page.locator(".commandbar button[type=submit]").click()

    async def press(self, label: str, inside: Locator | None = None) -> None:
        """Press the newest button with this label, in a message or anywhere in the log."""
        place = inside or self.page.locator("#log")
        await place.get_by_role("button", name=label, exact=True).last.click()

    async def choose(self, option: str, picker: Locator) -> None:
        """Choose from a list by an option's words."""
        await picker.locator(".picker-face").click()
        await picker.get_by_role("option").filter(has_text=option).first.click()

    async def form(self) -> Locator:
        """Return the open form, when it is there."""
        dialog = self.page.locator("dialog[open]")
        await dialog.wait_for()
        return dialog

    async def fill_in(self, fields: Mapping[str, str], files: Mapping[str, Path] | None = None) -> None:
        """Fill in the open form by the fields' own names and send it; returns when it is gone."""
        dialog = await self.form()
        for name, text in fields.items():
            await dialog.locator(f'[data-field="{name}"]').locator("input, textarea").fill(text)
        for name, path in (files or {}).items():
            await dialog.locator(f'[data-field="{name}"] input').set_input_files(path)
        await dialog.locator("button[type=submit]").click()
        await dialog.wait_for(state="detached")

    async def move_clock(self, name: str) -> None:
        """Let time pass with a button of the top bar (hour, lesson, morning, week), and wait until it has."""
        button = self.page.locator(f'[data-move="{name}"]')
        await button.click()
        await expect(self.page.locator(".busy")).not_to_have_text(EMPTY_LABEL, timeout=PATIENCE_MS)
        await expect(self.page.locator(".busy")).to_have_text(EMPTY_LABEL, timeout=60_000)
