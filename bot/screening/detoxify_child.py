"""The child process of the engine ``detoxify``: opens the checkpoint, answers one JSON line with another, no network.

Started as ``python -m bot.screening.detoxify_child CHECKPOINT FOLDER THREADS [ADAPTER]``; ends when its input ends.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NoReturn

from bot.screening.adapter import Adapter, read_adapter

ARGUMENTS: Final = 4
BATCH: Final = 32
LONGEST: Final = 512
"""Tokens at most; a tokenizer that names no limit would let a long message break the model."""

FIRST_PLACES: Final = 2
"""Places that models of RoBERTa's kind keep free in front."""

NOT_LEARNT: Final = ("position_ids", "token_type_ids")
"""Buffers that older checkpoints hold and newer libraries make anew, or the other way round."""


class RefusedError(Exception):
    """The file is no checkpoint that can be used; the message says why in a word or two."""


def main() -> None:
    """Load and answer until the input ends; a failure to load is told as an answer."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the libraries print must not stand between the answers
    try:
        model = load(*sys.argv[1 : ARGUMENTS + 1])
    except RefusedError as error:
        tell(out, {"error": str(error)})
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it in words
        tell(out, {"error": type(error).__name__})
        return
    for line in sys.stdin:
        question = json.loads(line)
        texts = question.get("texts")
        tell(out, {"classes": list(model.class_names)} if texts is None else {"scores": scores(model, texts)})


def load(checkpoint: str, folder: str, threads: str, adapter: str = "") -> Any:
    """Load a checkpoint as Detoxify does, from files alone; ``adapter`` names what it learnt afterwards.

    Detoxify 0.5.4 looks the model's type up on a hub before it uses the folder, so the type is set to the folder; it
    takes the number of classes from the folder's ``config.json``, so a copy of that names them; wrong weights it loads
    silently as random ones, so they are compared; half precision is widened.
    """
    _forbid_network()
    import torch  # noqa: PLC0415 - only this process needs it
    from detoxify import Detoxify  # noqa: PLC0415 - as above

    torch.set_num_threads(int(threads))
    loaded = torch.load(Path(checkpoint), map_location="cpu", weights_only=True)
    if adapter:
        adapt(torch, loaded["state_dict"], read_adapter(Path(adapter)))
    with tempfile.TemporaryDirectory() as place:
        known = _arguments(loaded)
        _prepare(Path(folder), Path(place), known["num_classes"])
        known["model_type"] = place
        buffer = io.BytesIO()
        torch.save(loaded, buffer)
        buffer.seek(0)
        model = Detoxify(checkpoint=buffer, huggingface_config_path=place)
    _compare(torch, model.model.state_dict(), loaded["state_dict"])
    model.model.float()
    _limit(model)
    return model


def adapt(torch: Any, state: dict[str, Any], adapter: Adapter) -> None:
    """Put an adapter's changes into a checkpoint's weights; all get single precision, for a mixture loads as half."""
    state |= {name: value.float() if value.is_floating_point() else value for name, value in state.items()}
    for layer in adapter.changes:
        name = f"bert.{layer}.weight"
        state[name] = state[name] + torch.from_numpy(adapter.change(layer))
    for name, value in zip(("weight", "bias"), adapter.classifier, strict=True):
        state[f"classifier.{name}"] = torch.from_numpy(value)


def _arguments(loaded: Any) -> dict[str, Any]:
    try:
        known, classes = loaded["config"]["arch"]["args"], loaded["config"]["dataset"]["args"]["classes"]
        fits = isinstance(known, dict) and known["num_classes"] >= len(classes) > 0 and bool(loaded["state_dict"])
    except (KeyError, TypeError) as error:
        raise RefusedError("no Detoxify checkpoint") from error
    if not fits:
        raise RefusedError("no Detoxify checkpoint")
    arguments: dict[str, Any] = known
    return arguments


def _prepare(folder: Path, place: Path, classes: int) -> None:
    """Copy configuration and tokenizer, and name as many labels as the checkpoint has outputs."""
    for file in folder.iterdir():
        if file.is_file() and file.suffix != ".ckpt":
            shutil.copy(file, place / file.name)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if len(config.get("id2label") or ()) != classes:
        config["id2label"] = {str(number): f"LABEL_{number}" for number in range(classes)}
        config["label2id"] = {name: int(number) for number, name in config["id2label"].items()}
    (place / "config.json").write_text(json.dumps(config), encoding="utf-8")


def _compare(torch: Any, used: dict[str, Any], given: dict[str, Any]) -> None:
    learnt = {name for name in used if not name.endswith(NOT_LEARNT)}
    if not learnt <= set(given):
        raise RefusedError("other weights than the configuration asks for")
    if any(not torch.equal(used[name].float(), given[name].float()) for name in learnt):
        raise RefusedError("weights were not taken over")


def _limit(model: Any) -> None:
    places = int(getattr(model.model.config, "max_position_embeddings", LONGEST))
    model.tokenizer.model_max_length = min(model.tokenizer.model_max_length, LONGEST, places - _reserved(model))


def _reserved(model: Any) -> int:
    return FIRST_PLACES if "roberta" in str(model.model.config.model_type) else 0


def scores(model: Any, texts: list[str]) -> list[list[float]]:
    """Return the scores of each text in the order of the classes; an empty text scores nothing."""
    rows: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        part = [text if text.strip() else " . " for text in texts[start : start + BATCH]]
        said = model.predict(part)
        columns = [column if isinstance(column, list) else [column] for column in said.values()]
        rows += [list(map(float, row)) for row in zip(*columns, strict=True)]
    return [row if text.strip() else [0.0] * len(row) for row, text in zip(rows, texts, strict=True)]


def tell(out: io.TextIOBase | Any, answer: dict[str, Any]) -> None:
    """Write one answer."""
    out.write(json.dumps(answer) + "\n")
    out.flush()


def _forbid_network() -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("no network here")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TRANSFORMERS_VERBOSITY="error")


if __name__ == "__main__":
    main()
