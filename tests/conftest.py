"""Nothing leaves the machine: every test, and every Python process that one starts, reaches the loopback only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "loopback"


@pytest.fixture(scope="session", autouse=True)
def loopback_breaches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Block sockets in this process and in those that it starts; ends with an error when one led away."""
    breaches = tmp_path_factory.mktemp("loopback") / "breaches.txt"
    os.environ["LOOPBACK_BREACHES"] = str(breaches)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
    _block()
    return breaches


@pytest.fixture(autouse=True)
def _nothing_left_the_machine(loopback_breaches: Path) -> Iterator[None]:
    """Fail the test during which somebody tried to reach anything else."""
    yield
    tried = loopback_breaches.read_text(encoding="utf-8") if loopback_breaches.exists() else ""
    loopback_breaches.unlink(missing_ok=True)
    assert tried == "", tried


def _block() -> None:
    spec = spec_from_file_location("loopback_only", HERE / "sitecustomize.py")
    assert spec
    assert spec.loader
    spec.loader.exec_module(module_from_spec(spec))
