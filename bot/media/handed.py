"""The facts that go with what is handed over: a text that can be read without this program, for the police."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.media.handover import ROUNDS, Sealed, Written
from bot.school import School
from bot.texts import Texts


class HandedWords:
    """Says what is handed over, in one language; times are UTC."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def line(self, sealed: Sealed) -> str:
        """Return what lies under one number as a line of a list."""
        facts = {"number": sealed.number, "count": len(sealed.hashes), "at": _moment(sealed.row["said_at"])}
        return self._t("line", **facts, where=self._where(sealed))

    def facts(
        self, school: School, sealed: Sealed, written: Sequence[Written], *, reason: str, at: datetime, encrypted: bool
    ) -> str:
        """Return the text that stands beside the files."""
        return "\n".join(self._facts(school, sealed, written, reason, (at, encrypted))) + "\n"

    def _facts(
        self, school: School, sealed: Sealed, written: Sequence[Written], reason: str, done: tuple[datetime, bool]
    ) -> Iterator[str]:
        (at, encrypted), row = done, sealed.row
        yield self._t("title", number=sealed.number)
        yield self._t("school", name=school.name, guild=school.guild)
        yield self._t("done", at=_moment(at))
        yield self._t("reason", reason=" ".join(reason.split()))
        yield self._where(sealed)
        if sealed.posted:
            yield self._t("author", account=row["author"])
            yield self._t("message", channel=row["channel"], message=row["message"])
        yield self._t("said", at=_moment(row["said_at"]))
        yield self._t("kept", at=_moment(row["created_at"]))
        kept = [file for file in row["files"] if file["kept"]]
        for one, file in zip(written, kept, strict=True):
            yield ""
            yield self._t(
                "file", name=one.path.name, kind=self._texts.get(f"media.kind.{file['kind']}", self._language)
            )
            yield self._t("size", size=file["size"])
            yield self._t("score", score=f"{file['nudity']:.2f}")
            yield self._t("sha256", sha256=one.sha256)
            if encrypted:
                yield self._t("written_file", sha256=one.written)
                yield self._t("open", command=open_with(one.path))
        yield ""
        yield self._t("care")

    def _where(self, sealed: Sealed) -> str:
        return self._t("posted" if sealed.posted else "sent")

    def _t(self, key: str, **values: object) -> str:
        return self._texts.get(f"media.handed.{key}", self._language, **values)


def open_with(path: Path) -> str:
    """Return the command that opens an encrypted file; it asks for the password."""
    return f"openssl enc -d -aes-256-cbc -pbkdf2 -iter {ROUNDS} -md sha256 -in {path.name} -out {path.stem}-open"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")
