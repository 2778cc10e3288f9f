"""Discord's limits on what a message carries, checked as Discord checks them (50035 with the field's path)."""

from collections.abc import Sequence

from cogs.practice.errors import ApiError, invalid_form
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.component_limits import check_components
from cogs.practice.world.records import COMPONENTS_V2, Upload

CONTENT, EMBEDS, FILES, FILE_BYTES, REQUEST_BYTES = 2000, 10, 10, 10 * 1024 * 1024, 25 * 1024 * 1024
EMBED_TOTAL, EMBED_FIELDS = 6000, 25
EMBED_TEXTS = {"title": 256, "description": 4096}
TOO_LONG, REQUIRED = "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_REQUIRED"
EMPTY_MESSAGE = ApiError(400, 50006, "Cannot send an empty message")


def check_body(body: Json, *, uses_v2: bool) -> None:
    """Check content, embeds and components of a message that is being made or changed."""
    check_length("content", body.get("content"), CONTENT)
    embeds = body.get("embeds") or []
    components = body.get("components") or []
    if uses_v2 and (body.get("content") or embeds or body.get("poll")):
        raise invalid_form("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "No content or embeds here")
    check_embeds(embeds)
    check_components(components, uses_v2=uses_v2)


def check_not_empty(body: Json, files: Sequence[object], *, kept: bool = False) -> None:
    """Raise 50006 for a message without anything in it."""
    carried = ("content", "embeds", "components", "poll", "sticker_ids")
    if not files and not kept and not any(body.get(key) for key in carried):
        raise EMPTY_MESSAGE


def check_embeds(embeds: JsonList) -> None:
    """Check every length in the embeds, and the 6000 characters over all of them."""
    if len(embeds) > EMBEDS:
        raise invalid_form("embeds", TOO_LONG, f"Must be {EMBEDS} or fewer in length.")
    total = sum(_check_embed(f"embeds.{index}", embed) for index, embed in enumerate(embeds))
    if total > EMBED_TOTAL:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_embed(path: str, embed: Json) -> int:
    total = 0
    for key, most in EMBED_TEXTS.items():
        total += check_length(f"{path}.{key}", embed.get(key), most)
    total += check_length(f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    total += check_length(f"{path}.author.name", (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    if len(fields) > EMBED_FIELDS:
        raise invalid_form(f"{path}.fields", TOO_LONG, f"Must be {EMBED_FIELDS} or fewer in length.")
    for index, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            at = f"{path}.fields.{index}.{key}"
            if not str(field.get(key) or "").strip():
                raise invalid_form(at, REQUIRED, "This field is required")
            total += check_length(at, field.get(key), most)
    if not total and not any(embed.get(key) for key in ("image", "thumbnail", "url", "color", "video", "timestamp")):
        raise invalid_form(path, REQUIRED, "This field is required")
    return total


def check_length(path: str, text: object, most: int) -> int:
    """Raise 50035 when a text is too long; return its length."""
    if text is None:
        return 0
    if not isinstance(text, str):
        raise invalid_form(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    if len(text) > most:
        raise invalid_form(path, TOO_LONG, f"Must be {most} or fewer in length.")
    return len(text)


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Raise for more than ten files, or for a file that is too large (40005, as Discord answers)."""
    if len(uploads) > FILES:
        raise invalid_form("attachments", TOO_LONG, f"Must be {FILES} or fewer in length.")
    too_large = any(len(upload.data) > FILE_BYTES for upload in uploads)
    if too_large or sum(len(upload.data) for upload in uploads) > REQUEST_BYTES:
        raise ApiError(413, 40005, "Request entity too large")


def uses_components_v2(flags: object) -> bool:
    """Return whether the flags ask for components of the second kind."""
    return isinstance(flags, int) and bool(flags & COMPONENTS_V2)
