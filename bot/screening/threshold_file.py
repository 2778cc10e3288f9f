"""Writes chosen steps into a thresholds file and leaves all else in it as it is: comments, order, other tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import SetupError
from bot.school import AgeGroup
from bot.screening.fit import Fit
from bot.screening.thresholds import Steps, ThresholdFileError, Thresholds, read_thresholds

MODEL: Final = "model"
_HEAD: Final = re.compile(r"\s*\[([\w.]+)\]\s*(?:#.*)?$")
_KEY: Final = re.compile(r"\s*(\w+)\s*=\s*[^#]*?(\s*#.*)?$")


@dataclass(frozen=True, slots=True)
class _Block:
    """A table of the file: its head, its keys, and the comments and blank lines up to the next head."""

    name: str
    body: tuple[str, ...]
    rest: tuple[str, ...]


def write_fit(found: Fit, now: Thresholds, source: Path, target: Path) -> None:
    """Write ``source`` with the steps of a fit to ``target``; an existing file is replaced whole or not at all.

    Raises
    ------
    ThresholdFileError: the result would be no thresholds file. SetupError: ``target`` can't be written.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_text(rewritten(source.read_text(encoding="utf-8"), tables(found, now)), encoding="utf-8")
        read_thresholds(fresh)
        fresh.replace(target)
    except ThresholdFileError as error:
        fresh.unlink(missing_ok=True)
        raise ThresholdFileError(error.key, **{**error.values, "file": target.name}) from error
    except OSError as error:
        raise SetupError("error.thresholds.write", file=target, reason=error.strerror or "-") from error


def tables(found: Fit, now: Thresholds) -> dict[str, dict[str, float]]:
    """Return the tables of a fit by name (``model.threat``); urgent only where it was: what may wait, waits."""
    parts = {MODEL: found.general, **{age.value: steps for age, steps in found.by_group.items()}}
    made: dict[str, dict[str, float]] = {}
    for part, classes in parts.items():
        for name, steps in classes.items():
            old = now.steps(name, AgeGroup.PRIMARY if part == AgeGroup.PRIMARY else AgeGroup.SECONDARY)
            made[f"{part}.{name}"] = _kept(steps, urgent=old.urgent is not None)
    return made


def _kept(steps: Steps, *, urgent: bool) -> dict[str, float]:
    given = {"notice": steps.notice, "alert": steps.alert, "urgent": steps.urgent if urgent else None}
    return {name: step for name, step in given.items() if step is not None}


def rewritten(source: str, new: Mapping[str, Mapping[str, float]]) -> str:
    """Return a thresholds file with these tables; age groups' former tables go, for they were on other scores."""
    first, blocks = _parsed(source)
    general = {name: keys for name, keys in new.items() if name.startswith(f"{MODEL}.")}
    fresh = [_written(name, keys) for name, keys in new.items() if name not in {block.name for block in blocks}]
    fresh += [_written(name, keys) for name, keys in new.items() if name in {b.name for b in blocks if _aged(b)}]
    last = max((place for place, block in enumerate(blocks) if block.name in general), default=-1)
    had_ages = any(map(_aged, blocks))
    lines = [*first]
    for place, block in enumerate(blocks):
        made = [line for table in fresh for line in table] if place == last else []
        own = [] if _aged(block) else _changed(block, general.get(block.name, {}))
        rest = block.rest[1:] if _aged(block) and block.rest and not block.rest[0].strip() else block.rest
        lines += [*own, *rest, *made] if had_ages else [*own, *(["", *made[:-1]] if made else []), *rest]
    return "\n".join(lines).rstrip("\n") + "\n"


def _aged(block: _Block) -> bool:
    return block.name.split(".")[0] in set(AgeGroup)


def _parsed(source: str) -> tuple[list[str], list[_Block]]:
    first: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    for line in source.splitlines():
        if head := _HEAD.match(line):
            blocks.append((head.group(1), [line]))
        else:
            (blocks[-1][1] if blocks else first).append(line)
    return first, [_block(name, lines) for name, lines in blocks]


def _block(name: str, lines: list[str]) -> _Block:
    end = max(place for place, line in enumerate(lines) if place == 0 or _KEY.match(line)) + 1
    return _Block(name, tuple(lines[:end]), tuple(lines[end:]))


def _changed(block: _Block, keys: Mapping[str, float]) -> list[str]:
    if not keys:
        return list(block.body)
    kept = [block.body[0]]
    for line in block.body[1:]:
        found = _KEY.match(line)
        if found is None:
            kept.append(line)
        elif found.group(1) in keys:
            kept.append(f"{found.group(1)} = {keys[found.group(1)]}{found.group(2) or ''}")
    had = {found.group(1) for line in block.body[1:] if (found := _KEY.match(line))}
    return [*kept, *(f"{name} = {step}" for name, step in keys.items() if name not in had)]


def _written(name: str, keys: Mapping[str, float]) -> list[str]:
    return [f"[{name}]", *(f"{key} = {step}" for key, step in keys.items()), ""]
