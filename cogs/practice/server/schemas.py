"""Discord's OpenAPI as validators: one for each request body, with the relaxations that real bots need."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from cogs.practice.jsontypes import Json

ADDRESS = "urn:discord"
WHOLE_NUMBER = r"^-?[0-9]+$"


def relaxed(schema: Any) -> Any:
    """Return the schema with oneOf as anyOf, whole numbers also as texts, and ids also as numbers."""
    if isinstance(schema, list):
        return [relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {("anyOf" if key == "oneOf" else key): relaxed(value) for key, value in schema.items()}
    if loose.get("format") == "snowflake":
        return {"anyOf": [loose, {"type": "integer", "minimum": 0}]}
    if loose.get("type") == "integer" and "enum" not in loose and "anyOf" not in loose:
        return {"anyOf": [loose, {"type": "string", "pattern": WHOLE_NUMBER}]}
    if isinstance(loose.get("type"), list) and "integer" in loose["type"]:
        return {"anyOf": [loose, {"type": "string", "pattern": WHOLE_NUMBER}]}
    return loose


class Schemas:
    """The document, and the validators that were needed so far."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        self._paths: Json = document["paths"]
        loose = {"components": {"schemas": relaxed(document["components"]["schemas"])}}
        resource = DRAFT202012.create_resource(loose)
        self._registry: Registry[Any] = Registry().with_resource(ADDRESS, resource)
        self._validator = cache(self._make)

    def template(self, method: str, path: str) -> str | None:
        """Return the documented path that a request goes to, if there is one."""
        parts = path.strip("/").split("/")
        fitting = [
            template for template, item in self._paths.items()
            if method.lower() in item and _fits(template.strip("/").split("/"), parts)
        ]  # fmt: skip
        return min(fitting, key=lambda template: template.count("{"), default=None)

    def query_names(self, method: str, template: str) -> set[str]:
        """Return the names that may stand in the query."""
        item = self._paths[template]
        listed = [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
        return {parameter["name"] for parameter in listed if parameter.get("in") == "query"}

    def body_error(self, method: str, template: str, body: Any) -> tuple[str, str] | None:
        """Return where and why a body is wrong, or nothing."""
        validator = self._validator(method.lower(), template)
        if validator is None or validator.is_valid(body):
            return None
        error = _telling(max(validator.iter_errors(body), key=_depth))
        return ".".join(str(part) for part in error.absolute_path), error.message

    def _make(self, method: str, template: str) -> Draft202012Validator | None:
        content = self._paths[template][method].get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return None
        return Draft202012Validator(_rooted(relaxed(schema)), registry=self._registry)


def _depth(error: ValidationError) -> int:
    return len(error.absolute_path)


def _telling(error: ValidationError) -> ValidationError:
    """Return the error inside an ``anyOf`` that says most: of the branch whose ``type`` fits, the deepest one."""
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context or []:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [found for found in branches.values() if not any(_is_other_kind(inner) for inner in found)]
    if not fitting:
        return error
    fitting.sort(key=len)
    return _telling(max(fitting[0], key=_depth))


def _is_other_kind(error: ValidationError) -> bool:
    is_kind = bool(error.path) and error.path[-1] == "type"
    return error.validator == "type" or (is_kind and error.validator in {"enum", "const", "anyOf"})


def _rooted(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: ADDRESS + value if key == "$ref" else _rooted(value) for key, value in schema.items()}
    return [_rooted(item) for item in schema] if isinstance(schema, list) else schema


def _fits(template: list[str], parts: list[str]) -> bool:
    return len(template) == len(parts) and all(
        want == got or want.startswith("{") for want, got in zip(template, parts, strict=True)
    )
