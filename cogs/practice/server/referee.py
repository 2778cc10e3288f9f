"""The referee: every request of the bot must be one that Discord documents. A breach fails the scenario."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cogs.practice.errors import ApiError, invalid_form
from cogs.practice.jsontypes import Json
from cogs.practice.places import OPENAPI
from cogs.practice.server.schemas import Schemas

LONGEST = 160


@dataclass(frozen=True, slots=True)
class Breach:
    """A request that Discord would have refused as malformed."""

    method: str
    path: str
    where: str
    why: str


class Referee:
    """Checks requests against Discord's OpenAPI, and keeps what was wrong."""

    def __init__(self, schemas: Schemas | None) -> None:
        self._schemas = schemas
        self.breaches: list[Breach] = []

    def check(self, method: str, path: str, query: Mapping[str, str], body: Any) -> None:
        """Raise 50035 for a body or query that does not fit."""
        if self._schemas is None:
            return
        template = self._schemas.template(method, path)
        if template is None:
            return
        for name in query:
            if name not in self._schemas.query_names(method, template):
                raise invalid_form(f"query.{name}", "UNKNOWN_PARAMETER", "Discord does not know this parameter.")
        wrong = self._schemas.body_error(method, template, body) if body is not None else None
        if wrong is not None:
            where, why = wrong
            raise invalid_form(where or "body", "SCHEMA", why if len(why) <= LONGEST else f"…{why[-LONGEST:]}")

    def unknown_route(self, method: str, path: str) -> ApiError:
        """Record a request to a route that is not there, and return the answer to it."""
        documented = self._schemas is not None and self._schemas.template(method, path) is not None
        why = "the practice room does not have this route" if documented else "Discord has no such route"
        self.breaches.append(Breach(method, path, "", why))
        return ApiError(404, 0, "404: Not Found")

    def _nameless(self, method: str, path: str) -> str:
        """Return the documented path, which holds no ids and tokens."""
        return (self._schemas.template(method, path) if self._schemas else None) or path

    def record(self, method: str, path: str, error: ApiError) -> None:
        """Keep a 50035."""
        for where, why in _leaves(error.errors or {}):
            self.breaches.append(Breach(method, self._nameless(method, path), where, why))


def _leaves(errors: Json, path: str = "") -> list[tuple[str, str]]:
    found = [(path, str(item.get("message"))) for item in errors.get("_errors", [])]
    for key, value in errors.items():
        if key != "_errors" and isinstance(value, dict):
            found += _leaves(value, f"{path}.{key}" if path else key)
    return found


def openapi_path() -> Path | None:
    """Return the OpenAPI document: KLASWACHT_OPENAPI, else the copy that ships with the practice room."""
    named = os.environ.get("KLASWACHT_OPENAPI")
    path = Path(named) if named else OPENAPI
    return path if path.is_file() else None


def make_referee() -> Referee:
    """Return a referee; without a document only the world's own limits are watched."""
    path = openapi_path()
    return Referee(Schemas(path) if path else None)
