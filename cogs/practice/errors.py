"""Everything that can go wrong in the practice room, on one page. Each error carries a text key.

The sentences stand in ``data/practice/texts.toml``; ``phrases.Phrases`` turns a key and its values into words.
"""

from typing import Any

from cogs.practice.jsontypes import Json


class PracticeError(Exception):
    """An error with a text key and the values that belong in the sentence."""

    def __init__(self, key: str, /, **values: object) -> None:
        """Keep ``key`` (see data/practice/texts.toml) and its values."""
        super().__init__(key, values)
        self.key = key
        self.values: dict[str, Any] = values


class SchoolFileError(PracticeError):
    """The school file cannot be used. Exit code 2."""

    def __init__(self, line: int, key: str, /, **values: object) -> None:
        """Name the line (1 is the first; 0 when the whole file is meant)."""
        super().__init__(key, **values)
        self.line = line


class ScriptError(PracticeError):
    """The scenario itself is wrong: no bot could play it. Exit code 2."""


class ActError(PracticeError):
    """A person could not do what the scenario asks, or did not see what it expects. Exit code 1."""


class BotStartError(PracticeError):
    """The bot process did not come up. Exit code 3."""


class ApiError(Exception):
    """An answer of Discord's REST API that is not a success, in Discord's JSON form."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        """Keep the HTTP status, Discord's code and sentence, and the tree of form errors."""
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """Return the JSON body that Discord would send."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def invalid_form(path: str, code: str, message: str) -> ApiError:
    """Return Discord's 50035 for one field; ``path`` is dotted, as in ``embeds.0.title``."""
    leaf: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed([part for part in path.split(".") if part]):
        leaf = {part: leaf}
    return ApiError(400, INVALID_FORM, "Invalid Form Body", leaf)


INVALID_FORM = 50035


def unknown(what: str) -> ApiError:
    """Return Discord's 404 for a thing that does not exist, such as ``Message``."""
    return ApiError(404, UNKNOWN_CODES[what], f"Unknown {what}")


UNKNOWN_CODES = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Overwrite": 10009,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "Ban": 10026,
    "Interaction": 10062,
    "application command": 10063,
}


def missing_access() -> ApiError:
    """Return Discord's 50001: the channel cannot be seen."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return Discord's 50013: the channel is seen, the right is not there."""
    return ApiError(403, 50013, "Missing Permissions")


def closed_dms() -> ApiError:
    """Return Discord's 50007: this person does not take direct messages."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def no_mutual_guilds() -> ApiError:
    """Return Discord's 50278: this person left the server."""
    return ApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
