"""One list of settings: the class, ``.env.example`` and the README tell the same."""

import re
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
NAMES = sorted(name.upper() for name in Settings.model_fields)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_env_example_names_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)) == NAMES


def test_the_readme_names_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"^\| `((?:DISCORD|KLASWACHT)_[A-Z0-9_]+)` \|", text, re.MULTILINE))) == NAMES


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_without_a_token_one_sentence_says_what_to_do(bare: pytest.MonkeyPatch) -> None:
    del bare
    with pytest.raises(SetupError) as caught:
        read_settings().token()
    assert caught.value.key == "error.settings.token"


def test_all_wrong_settings_are_named_at_once(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DISCORD_API_BASE", "discord.com")
    bare.setenv("KLASWACHT_MODEL_THREADS", "many")
    with pytest.raises(SetupError) as caught:
        read_settings()
    assert "DISCORD_API_BASE" in caught.value.values["problems"]
    assert "KLASWACHT_MODEL_THREADS" in caught.value.values["problems"]


def test_a_token_is_never_printed(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DISCORD_TOKEN", "geheim-gemerkt")
    assert "geheim-gemerkt" not in repr(read_settings())


def test_the_token_may_stand_in_a_file(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n", encoding="utf-8")
    bare.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    assert read_settings().token() == "abc"
