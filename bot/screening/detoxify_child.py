"""The child process of the engine ``detoxify``: opens the checkpoint, answers one JSON line with another, no network.

Started as ``python -m bot.screening.detoxify_child CHECKPOINT FOLDER THREADS``; ends when its input ends.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

ARGUMENTS: Final = 3
BATCH: Final = 32


def main() -> None:
    """Load and answer until the input ends; a failure to load is told as an answer."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the libraries print must not stand between the answers
    try:
        model = load(*sys.argv[1 : ARGUMENTS + 1])
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it in words
        tell(out, {"error": type(error).__name__})
        return
    for line in sys.stdin:
        question = json.loads(line)
        texts = question.get("texts")
        tell(out, {"classes": list(model.class_names)} if texts is None else {"scores": scores(model, texts)})


def load(checkpoint: str, folder: str, threads: str) -> Any:
    """Load a checkpoint as Detoxify does, from files alone.

    Detoxify 0.5.4 looks the model's type up on a hub before it uses the folder, so the type is set to the folder; half
    precision is widened.
    """
    _forbid_network()
    import torch  # noqa: PLC0415 - only this process needs it
    from detoxify import Detoxify  # noqa: PLC0415 - as above

    torch.set_num_threads(int(threads))
    loaded = torch.load(Path(checkpoint), map_location="cpu", weights_only=True)
    loaded["config"]["arch"]["args"]["model_type"] = folder
    buffer = io.BytesIO()
    torch.save(loaded, buffer)
    buffer.seek(0)
    model = Detoxify(checkpoint=buffer, huggingface_config_path=folder)
    model.model.float()
    return model


def scores(model: Any, texts: list[str]) -> list[list[float]]:
    """Return the scores of each text in the order of the classes; an empty text scores nothing."""
    rows: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        part = [text if text.strip() else " . " for text in texts[start : start + BATCH]]
        said = model.predict(part)
        rows += [list(map(float, row)) for row in zip(*(said[name] for name in said), strict=True)]
    return [row if text.strip() else [0.0] * len(row) for row, text in zip(rows, texts, strict=True)]


def tell(out: io.TextIOBase | Any, answer: dict[str, Any]) -> None:
    """Write one answer."""
    out.write(json.dumps(answer) + "\n")
    out.flush()


def _forbid_network() -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("no network here")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    os.environ["HF_HUB_OFFLINE"] = "1"


if __name__ == "__main__":
    main()
