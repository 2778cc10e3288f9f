"""Builders for the practice room's tests: people of the default school, scripts, a client of the REST API."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.server.app import PracticeServer
from cogs.practice.stage.runner import Plan, play
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.records import Message
from cogs.practice.world.state import World

TOY = (sys.executable, str(Path(__file__).with_name("toy_bot.py")))
TEACHER, SECOND_TEACHER, OTHER_TEACHER = 1100000000000000303, 1100000000000000304, 1100000000000000305
COORDINATOR, ICT, MODERATOR = 1100000000000000301, 1100000000000000302, 1100000000000000306
NOOR, DAAN, LOTTE = 1100000000000000601, 1100000000000000602, 1100000000000000604
CLASS_CHANNEL, OTHER_CLASS, STAFF_CHANNEL = 1100000000000000501, 1100000000000000502, 1100000000000000201


@dataclass(frozen=True)
class Played:
    code: int
    sentences: list[str]
    transcript: list[dict[str, Any]]

    @property
    def said(self) -> str:
        return "\n".join(self.sentences)


def written(folder: Path, *acts: dict[str, Any]) -> Path:
    path = folder / "scenario.jsonl"
    path.write_text("".join(json.dumps(act) + "\n" for act in acts), encoding="utf-8")
    return path


async def played(folder: Path, *acts: dict[str, Any], command: tuple[str, ...] = TOY) -> Played:
    transcript = folder / "transcript.jsonl"
    sentences: list[str] = []
    plan = Plan(written(folder, *acts), DEFAULT_SCHOOL, DEFAULT_START, transcript, folder / "state", command=command)
    code = await play(plan, sentences.append)
    lines = transcript.read_text(encoding="utf-8").splitlines() if transcript.exists() else []
    return Played(code, sentences, [json.loads(line) for line in lines])


def act(kind: str, person: int = 0, **fields: Any) -> dict[str, Any]:
    who = {"as": str(person)} if person else {}
    return {"act": kind, **who, **fields}


def fault(kind: str, target: object = None, **fields: Any) -> dict[str, Any]:
    return {"act": "fault", "kind": kind, **({"for": str(target)} if target else {}), **fields}


def sees(person: int, text: str | list[str], where: object = None, **fields: Any) -> dict[str, Any]:
    return act("expect", person, sees=text, **({"where": str(where)} if where else {}), **fields)


def not_sees(person: int, text: str, where: object = None, **fields: Any) -> dict[str, Any]:
    return act("expect", person, not_sees=text, **({"where": str(where)} if where else {}), **fields)


@dataclass(frozen=True)
class Rest:
    """The bot's side of the REST API."""

    server: PracticeServer
    session: aiohttp.ClientSession

    @property
    def world(self) -> World:
        return self.server.world

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self.server.token}"}
        if body is not None:
            options["json"] = body
        async with self.session.request(
            method, f"{self.server.base}/api/v10{path}", headers=headers, **options
        ) as answer:
            assert answer.status == 204 or answer.headers["Content-Type"] == "application/json"
            return answer.status, await answer.json() if answer.status != 204 else None

    async def error(self, method: str, path: str, body: Any = None) -> tuple[int, int]:
        status, answer = await self.ask(method, path, body)
        return status, answer["code"]


def newest(world: World, channel: int) -> Message:
    return list(world.channels[channel].messages.values())[-1]
