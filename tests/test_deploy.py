"""The unit and the container run as an ordinary user, with a read-only root and one folder to write in."""

from __future__ import annotations

import asyncio
import configparser
import re
import subprocess
import sys
from pathlib import Path

from bot.monitor import Monitor
from tests.builders import a_core

DEPLOY = Path(__file__).parent.parent / "deploy"


def answered(line: str, port: str) -> bool:
    """Whether a line of Python, run with the monitor's port, ends well."""
    words = [sys.executable, "-c", line]
    return subprocess.run(words, env={"KLASWACHT_MONITOR_PORT": port}, check=False, capture_output=True).returncode == 0


class Unit(configparser.RawConfigParser):
    """Keeps the spelling of keys; a key may stand more than once."""

    def __init__(self) -> None:
        super().__init__(strict=False, comment_prefixes=("#",))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_unit_runs_as_an_ordinary_user_on_a_read_only_system() -> None:
    unit = Unit()
    unit.read(DEPLOY / "klaswacht.service", encoding="utf-8")
    service = unit["Service"]
    wanted = {
        "User": "klaswacht",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "NoNewPrivileges": "yes",
        "PrivateTmp": "yes",
        "StateDirectory": "klaswacht",
        "StateDirectoryMode": "0700",
        "UMask": "0077",
        "CapabilityBoundingSet": "",
        "LimitCORE": "0",
        "Restart": "always",
    }
    assert {name: service[name] for name in wanted} == wanted
    assert service["ExecStart"].endswith("klaswacht run")


def test_the_container_is_no_root_and_names_one_volume() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text.rsplit("FROM ", maxsplit=1)[-1]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["10001"]
    assert re.findall(r"^VOLUME (\S+)", last, re.MULTILINE) == ["/state"]
    assert [word for word in ("DISCORD_TOKEN", "KLASWACHT_KEY", "ARG ") if word in text] == []


async def test_the_containers_own_check_hears_a_bot_that_is_well_and_misses_one_that_is_not() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    (asked,) = re.findall(r'HEALTHCHECK.*?python -c "(.*?)"$', text, re.DOTALL | re.MULTILINE)
    async with a_core() as core:
        monitor = Monitor(database=core.database, clock=core.clock, port=0)
        async with await monitor.start() as server:
            port = str(server.sockets[0].getsockname()[1])
            assert await asyncio.to_thread(answered, asked, port)
        assert not await asyncio.to_thread(answered, asked, port)


def test_the_composed_service_has_a_read_only_root_and_no_rights() -> None:
    text = (DEPLOY / "compose.example.yaml").read_text(encoding="utf-8")
    wanted = ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", 'user: "10001:10001"', "state:/state")
    assert [word for word in wanted if word not in text] == []
