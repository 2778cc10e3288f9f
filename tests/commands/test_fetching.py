"""``klaswacht model fetch`` and ``trust``, against a server on this machine that behaves and misbehaves."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from bot.errors import SetupError
from bot.screening.fetching import Fetcher, read_known
from tests.screening.conftest import DATA

CONTENT = b"not really weights" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(BaseHTTPRequestHandler):
    """Serves a checkpoint in several moods, and two small files."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/gone.ckpt":
            self.send_error(404)
            return
        body = CONTENT if self.path.endswith(".ckpt") else b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:500] if self.path == "/half.ckpt" else body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        del format, args


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def state(tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a state folder; the school's own list points at the server."""
    own = tmp_path / "own"
    own.mkdir()
    lines = []
    for name, file, sha256 in (
        ("good", "good.ckpt", SHA256[:8]),
        ("gone", "gone.ckpt", SHA256[:8]),
        ("half", "half.ckpt", SHA256[:8]),
        ("other", "good.ckpt", "0" * 8),
    ):
        lines += [f"[{name}]", f'checkpoint = "{base}/{file}"', f'sha256 = "{sha256}"', f'folder = "{base}/hub/"']
        lines += ['files = ["config.json", "vocab.txt"]']
    (own / "checkpoints.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_DATA", str(own))
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("KLASWACHT_LANGUAGE", "en")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state"


def typed(*words: object, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["model", *map(str, words)], input=answer)


def kept(state: Path) -> list[str]:
    return sorted(str(path.relative_to(state)) for path in state.rglob("*") if path.is_file())


def test_a_known_checkpoint_is_fetched_with_its_configuration_and_pinned(state: Path) -> None:
    done = typed("fetch", "good")
    assert done.exit_code == 0, done.output
    folder = state / "models" / "good"
    pinned = json.loads((folder / "pinned.json").read_text("utf-8"))
    assert (folder / "model.ckpt").read_bytes() == CONTENT
    assert pinned["files"]["model.ckpt"] == SHA256
    assert set(pinned["files"]) == {"model.ckpt", "config.json", "vocab.txt"}


def test_fetching_again_replaces_what_was_there(state: Path) -> None:
    assert [typed("fetch", "good").exit_code for _ in range(2)] == [0, 0]
    assert len(kept(state)) == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [("gone", "404"), ("half", "broke off after 500 of 1800"), ("other", "its hash begins with"), ("nobody", "good")],
)
def test_what_goes_wrong_is_said_and_nothing_is_kept(state: Path, name: str, said: str) -> None:
    done = typed("fetch", name)
    assert (done.exit_code, said in done.output.replace("\n", " "), kept(state)) == (2, True, [])


def test_a_server_that_is_not_there_is_told_with_the_other_way(state: Path) -> None:
    own = state.parent / "own" / "checkpoints.toml"
    own.write_text(own.read_text("utf-8").replace("127.0.0.1", "127.0.0.1:1/x?"), encoding="utf-8")
    done = typed("fetch", "good")
    assert (done.exit_code, "--from" in done.output, kept(state)) == (2, True, [])


def test_without_space_nothing_is_fetched(state: Path) -> None:
    known = read_known(state.parent / "own" / "checkpoints.toml")
    with pytest.raises(SetupError) as caught:
        Fetcher(state / "models", known, free=lambda _: 1_000_000).from_network("good")
    assert (caught.value.key, kept(state)) == ("error.engine.no_space", [])


def brought(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("config.json", "vocab.txt"):
        (folder / name).write_text("{}", encoding="utf-8")
    (folder / "some.ckpt").write_bytes(content)
    return folder / "some.ckpt"


def test_a_file_that_was_brought_is_taken_without_network(state: Path, tmp_path: Path) -> None:
    before = len(Server.asked)
    done = typed("fetch", "good", "--from", brought(tmp_path / "stick"))
    assert (done.exit_code, len(Server.asked) - before) == (0, 0)
    assert (state / "models" / "good" / "vocab.txt").is_file()


def test_another_file_under_that_name_is_refused(state: Path, tmp_path: Path) -> None:
    done = typed("fetch", "good", "--from", brought(tmp_path / "stick", b"something else"))
    assert (done.exit_code, kept(state)) == (2, [])


def test_what_must_be_brought_too_is_named(state: Path, tmp_path: Path) -> None:
    file = brought(tmp_path / "stick")
    (tmp_path / "stick" / "vocab.txt").unlink()
    done = typed("fetch", "good", "--from", file)
    assert (done.exit_code, "vocab.txt is missing" in done.output.replace("\n", " "), kept(state)) == (2, True, [])


def test_the_configuration_may_lie_elsewhere(state: Path, tmp_path: Path) -> None:
    file = brought(tmp_path / "stick").rename(tmp_path / "alone.ckpt")
    assert typed("fetch", "good", "--from", file, "--config", tmp_path / "stick").exit_code == 0
    assert len(kept(state)) == 4


def test_a_file_is_trusted_only_after_yes(state: Path, tmp_path: Path) -> None:
    file = brought(tmp_path / "stick")
    refused = typed("trust", file, answer="n\n")
    assert (refused.exit_code, kept(state)) == (2, [])
    accepted = typed("trust", file, answer="y\n")
    assert (accepted.exit_code, kept(state)) == (0, ["models/trusted.json"])
    assert SHA256 in accepted.output


def test_the_shipped_list_names_detoxify_s_models_by_the_hash_in_their_file_names() -> None:
    known = read_known(DATA / "checkpoints.toml")
    assert sorted(known) == ["multilingual", "original", "original-small", "unbiased", "unbiased-small"]
    assert all(one.checkpoint.endswith(f"-{one.sha256}.ckpt") for one in known.values())


@pytest.mark.parametrize("text", ["[x]\nurl = 1\n", "[x", '[x]\ncheckpoint = "file:///etc/passwd"\n'])
def test_a_wrong_list_is_told(state: Path, text: str) -> None:
    (state.parent / "own" / "checkpoints.toml").write_text(text, encoding="utf-8")
    done = typed("fetch", "good")
    assert (done.exit_code, "checkpoints.toml" in done.output) == (2, True)
