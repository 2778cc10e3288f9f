"""The command line of Klaswacht; ``python -m bot`` and the script ``klaswacht`` are the same.

Imports of features stand inside the commands: ``klaswacht screen`` must start in a second and needs no Discord.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import benchmark, checkpoints, data, keeping, media, model, privacy, sealed, thresholds, torture
from bot.commands.base import cli_language, load_texts, told
from bot.commands.door import Commands
from bot.crash import without_values
from bot.logs import start_logging

FOR_ITS_USER = 0o077
app = Commands(
    name="klaswacht",
    help="Klaswacht: flags, never punishes; a person decides. / signaleert, straft nooit; een mens beslist.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
model.app.command("fetch")(checkpoints.fetch)
model.app.command("trust")(checkpoints.trust)
app.add_typer(model.app, name="model")
app.add_typer(thresholds.app, name="thresholds")
app.add_typer(keeping.keys, name="keys")
app.add_typer(keeping.audit, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(media.fuzz, name="fuzz")
app.add_typer(sealed.app, name="media")
app.command("screen-media")(media.screen_media)
app.command("evaluate-media")(media.evaluate_media)
app.command("screen")(model.screen)
app.command("evaluate")(model.evaluate)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("status")(keeping.status)
app.command("labels")(data.labels)
app.command("torture")(torture.torture)
app.command("benchmark")(benchmark.benchmark)


@app.command()
def run() -> None:
    """Run the bot with the settings of the environment and ``.env``."""
    from bot.sweep import hold_off

    hold_off()
    from bot.commands import serve

    with told():
        raise typer.Exit(serve.run())


@app.command()
def check() -> None:
    """Say of settings, database, model, texts, protocol and Discord whether they are right, or what to do."""
    from bot.check import check as look

    with told():
        raise typer.Exit(look())


@app.command()
def practice(
    scenario: Annotated[
        Path | None, typer.Option(help="Play this script (JSON Lines) instead of opening a page")
    ] = None,
    school: Annotated[Path | None, typer.Option(help="Another practice school (TOML)")] = None,
    transcript: Annotated[Path | None, typer.Option(help="Write what everybody was shown (JSON Lines)")] = None,
    start: Annotated[str | None, typer.Option(help="The first moment, as 2026-11-24T10:00")] = None,
    port: Annotated[int, typer.Option(help="The page's port; 0 takes a free one")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser")] = True,
) -> None:
    """Open the practice room: a Discord on this machine with a school in it, and the bot. No token, no network."""
    from bot.commands import serve

    with told():
        raise typer.Exit(serve.practice(scenario, school, transcript, start, port, open_browser=browser))


def main() -> None:
    """Run the command line; what it writes is for its user alone, what it says of a mistake of ours names no data."""
    os.umask(FOR_ITS_USER)
    start_logging("WARNING")
    with without_values(lambda: load_texts().get("error.unknown.crash", cli_language())):
        app()


if __name__ == "__main__":
    main()
