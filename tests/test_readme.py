"""The README tells what the program really says."""

from pathlib import Path

from discord import Permissions

from bot.texts import Texts
from cogs.labels import labels_table
from cogs.rights import CLASS_RIGHTS, GUILD_RIGHTS, STAFF_RIGHTS

ROOT = Path(__file__).parent.parent


def test_all_labels_stand_in_the_readme() -> None:
    table = labels_table(Texts.load(ROOT / "data" / "texts"))
    assert table.strip() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_link_of_invitation_asks_for_the_rights_that_the_bot_needs() -> None:
    needed = Permissions(**dict.fromkeys({*GUILD_RIGHTS, *CLASS_RIGHTS, *STAFF_RIGHTS}, True))
    assert f"permissions={needed.value}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make --no-print-directory test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
