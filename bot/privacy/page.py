"""The page for parents and pupils, "Wat doet de bot wel en niet?", in pieces that fit a message."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SetupError

PIECE = 3900  # characters; an embed's text holds 4096
PAGE = "privacy/page.{language}.md"


def read_page(folder: Path, language: str) -> str:
    """Return the page. Raises ``SetupError`` when it can't be read."""
    path = folder / PAGE.format(language="en" if language == "en" else "nl")
    try:
        return path.read_text(encoding="utf-8").strip() + "\n"
    except OSError as error:
        raise SetupError("error.file.unreadable", file=path.name, reason=error.strerror or "") from error


def pieces(page: str, limit: int = PIECE) -> list[str]:
    """Cut a page between paragraphs (a longer paragraph between lines or letters) into pieces of at most ``limit``."""
    done: list[str] = []
    for block in page.strip().split("\n\n"):
        for part in [block] if len(block) <= limit else _cut(block, limit):
            if done and len(done[-1]) + len(part) + 2 <= limit:
                done[-1] += f"\n\n{part}"
            else:
                done.append(part)
    return done


def _cut(block: str, limit: int) -> list[str]:
    parts, rest = [], block
    while len(rest) > limit:
        at = rest.rfind("\n", 0, limit)
        at = at if at > 0 else rest.rfind(" ", 0, limit)
        at = at if at > 0 else limit
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest]
