"""Damages files in every way and looks at them: nothing may crash, and nothing may pass in silence.

A damaged picture, film or sound must give the same kind of facts, or an error; ``lost`` counts files after which the
child had to be replaced, which is allowed but told.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.media import samples
from bot.media.facts import MediaFacts, MediaKind
from bot.media.inspector import MediaInspector

Damage = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class FuzzResult:
    """What a run gave. ``silent``: names of files that passed as harmless without a look."""

    files: int
    errors: dict[str, int]
    kinds: dict[str, int]
    children: int
    silent: tuple[str, ...]


def seeds() -> dict[str, bytes]:
    """Return the whole files that are damaged."""
    photo, sheet = samples.noise(160, 120), samples.sums(320, 240)
    pictures = {form: samples.encoded(photo, form) for form in ("JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF", "GIF")}
    found = {f"photo.{form.lower()}": content for form, content in pictures.items()}
    found |= {"sheet.png": samples.encoded(sheet, "PNG"), "moving.gif": samples.animation(12)}
    found |= {"voice.wav": samples.recording(), "work.pdf": samples.document([photo, sheet])}
    found["work.zip"] = samples.zipped({"photo.jpg": pictures["JPEG"], "voice.wav": samples.recording(0.2)})
    found["drawing.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
    return found


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return a damaged copy."""
    damage = rng.choice((_cut, _flip, _zero, _double, _shuffle, _number, _join))
    return damage(content, rng)


async def fuzz(inspector: MediaInspector, count: int, seed: int) -> FuzzResult:
    """Look at ``count`` damaged files; the same seed gives the same files."""
    rng = random.Random(seed)  # noqa: S311 - no secret: it must be repeatable
    originals = seeds()
    errors, kinds, children, silent = Counter[str](), Counter[str](), set[int | None](), list[str]()
    for place in range(count):
        name = rng.choice(sorted(originals))
        content = mutated(originals[name], rng)
        facts = await inspector.inspect(name, content)
        children.add(inspector.child_pid)
        errors[facts.error or "none"] += 1
        kinds[facts.kind.value] += 1
        if is_silent(name, facts):
            silent.append(f"{place}:{name}")
    return FuzzResult(count, dict(errors), dict(kinds), len(children), tuple(silent))


def is_silent(name: str, facts: MediaFacts) -> bool:
    """Whether a file with something to see in it passed without a look and without an error."""
    if facts.error or name == "drawing.svg" or facts.kind in {MediaKind.FILM, MediaKind.SOUND}:
        return False
    return facts.frames == 0


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def _flip(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 40)):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def _zero(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    length = rng.randint(1, 200)
    return content[:start] + bytes(length) + content[start + length :]


def _double(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    end = min(start + rng.randint(1, 2000), len(content))
    return content[:end] + content[start:]


def _shuffle(content: bytes, rng: random.Random) -> bytes:
    parts = [content[place : place + 512] for place in range(0, len(content), 512)]
    head, rest = parts[:1], parts[1:]
    rng.shuffle(rest)
    return b"".join(head + rest)


def _number(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(max(min(len(content), 256) - 4, 1))  # sizes and counts stand near the beginning
    value = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x00\xff\xff"))
    return content[:start] + value + content[start + 4 :]


def _join(content: bytes, rng: random.Random) -> bytes:
    other = rng.choice(sorted(seeds().items()))[1] if rng.random() < 0.2 else samples.zipped({"a.txt": b"a"})  # noqa: PLR2004 - one in five
    return content + other
