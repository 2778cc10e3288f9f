"""Finds the route of a request: fixed words win over names in braces."""

from collections.abc import Iterable, Mapping

from cogs.practice.server.call import Route


class Router:
    """All routes, by method and number of parts."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int], list[Route]] = {}
        for route in routes:
            self._routes.setdefault((route.method, len(route.parts)), []).append(route)
        for found in self._routes.values():
            found.sort(key=lambda route: [part.startswith("{") for part in route.parts])

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """Return the route and the values of its names."""
        parts = tuple(path.strip("/").split("/"))
        for route in self._routes.get((method, len(parts)), []):
            if _fits(route.parts, parts):
                return route, _named(route.parts, parts)
        return None

    def knows(self, method: str, pattern: str) -> bool:
        """Return whether a pattern from a scenario means any route at all."""
        return any(pattern_fits(pattern, method, "/".join(route.parts)) for _, route in self._all(method))

    def _all(self, method: str) -> list[tuple[str, Route]]:
        return [(key[0], route) for key, found in self._routes.items() if key[0] == method for route in found]


def _fits(template: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return all(want == got or want.startswith("{") for want, got in zip(template, parts, strict=True))


def _named(template: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str]:
    return {want[1:-1]: got for want, got in zip(template, parts, strict=True) if want.startswith("{")}


def pattern_fits(pattern: str, method: str, path: str) -> bool:
    """Return whether ``"POST /channels/{id}/messages"`` means this request; names match anything."""
    asked_method, _, asked_path = pattern.strip().partition(" ")
    wanted = asked_path.strip().removeprefix("/api/v10").strip("/").split("/")
    parts = path.strip("/").split("/")
    if asked_method.upper() != method or len(wanted) != len(parts):
        return False
    return all(_is_name(want) or _is_name(got) or want == got for want, got in zip(wanted, parts, strict=True))


def _is_name(part: str) -> bool:
    return part.startswith("{") and part.endswith("}")
