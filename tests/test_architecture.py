"""The layout's rules: who may import what, and how long a file may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 400  # lines; most files are far shorter, and one that grows past this tells two things
OUTSIDE_THE_CORE = {"discord", "aiohttp"}
OUTSIDE_THE_ADAPTER = {"sqlalchemy", "alembic", "aiosqlite", "torch", "detoxify", "onnxruntime", "cv2", "transformers"}
SQLITE_ONLY = ("PRAGMA", "sqlite_master", "INSERT OR ", "AUTOINCREMENT")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", modules("bot"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_does_not_know_discord(path: Path) -> None:
    assert tops(path) & OUTSIDE_THE_CORE == set()


@pytest.mark.parametrize("path", modules("cogs"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_adapter_knows_neither_storage_nor_models(path: Path) -> None:
    assert tops(path) & OUTSIDE_THE_ADAPTER == set()


def test_what_is_particular_to_sqlite_stands_in_storage_only() -> None:
    others = [path for path in modules("bot") if "storage" not in path.parts]
    assert [path for path in others if any(word in path.read_text(encoding="utf-8") for word in SQLITE_ONLY)] == []


def test_no_file_grows_past_what_one_can_read() -> None:
    written = [path for path in modules("bot", "cogs") if "versions" not in path.parts]  # migrations are generated
    assert [path for path in written if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST] == []


@pytest.mark.parametrize("path", modules("bot", "cogs"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_which_part_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_only_the_composition_root_joins_core_and_adapter() -> None:
    joined = {str(path.relative_to(ROOT)) for path in modules("bot") if "cogs" in tops(path)}
    known = {"serve", "data", "torture", "benchmark", "kept", "schools", "year"}
    assert joined <= {f"bot/commands/{name}.py" for name in known} | {"bot/check.py"}
