"""Sound: whether it is a recording, and how long; what is said in it is never listened to."""

from __future__ import annotations

import io

from tinytag import TinyTag

ENDS = {"ogg": ".ogg", "mp3": ".mp3", "wav": ".wav", "flac": ".flac", "m4a": ".m4a", "aiff": ".aiff", "mp4": ".m4a"}


def length(content: bytes, form: str) -> float | None:
    """Return the seconds of a recording, or None when its head does not say; any broken file gives None."""
    try:
        tag = TinyTag.get(f"sound{ENDS.get(form, '')}", file_obj=io.BytesIO(content), tags=False)
    except Exception:  # noqa: BLE001 - a border: the parser raises whatever struct and Unicode raise
        return None
    return float(tag.duration) if tag.duration and tag.duration > 0 else None
