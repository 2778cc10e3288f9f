"""Makes the small copy of Discord's OpenAPI that ships in ``data/practice``: requests only, no answers.

Usage: ``python -m cogs.practice.server.trim_openapi FULL.json data/practice/openapi.json``
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cogs.practice.jsontypes import Json

METHODS = ("get", "post", "put", "patch", "delete")
DROPPED_TAGS = ("/lobbies", "/partner-sdk", "/skus", "/stage-instances", "/soundboard")
REF = "#/components/schemas/"


def trim(document: Json) -> Json:
    """Return the paths with parameters and request bodies, and the schemas they reach."""
    paths = {path: _trimmed_path(item) for path, item in document["paths"].items() if not path.startswith(DROPPED_TAGS)}
    schemas = document["components"]["schemas"]
    kept: Json = {}
    waiting = list(_refs(paths))
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = _without_words(schemas[name])
            waiting += _refs(kept[name])
    info = document["info"]
    return {"openapi": document["openapi"], "info": info, "paths": paths, "components": {"schemas": kept}}


def _trimmed_path(item: Json) -> Json:
    kept: Json = {"parameters": item.get("parameters", [])}
    for method in METHODS:
        if method in item:
            kept[method] = {"parameters": item[method].get("parameters", [])} | _body(item[method])
    return kept


def _body(operation: Json) -> Json:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {}
    return {"requestBody": {"content": {"application/json": content["application/json"]}}}


def _without_words(schema: object) -> object:
    """Drop titles and descriptions of schemas (but not properties that happen to be called so)."""
    if isinstance(schema, list):
        return [_without_words(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_words(value)
        for key, value in schema.items()
        if not (key in {"title", "description", "x-discord-union"} and isinstance(value, str))
    }


def _refs(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield str(value).removeprefix(REF)
            else:
                yield from _refs(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _refs(item)


def main() -> None:
    """Read the full document, write the small one."""
    full, small = (Path(argument) for argument in sys.argv[1:3])
    trimmed = trim(json.loads(full.read_text(encoding="utf-8")))
    small.write_text(json.dumps(trimmed, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
