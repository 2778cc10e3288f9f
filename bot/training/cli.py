"""``klaswacht model train``: the whole road, from the public encoder to the files in ``data/model``.

The command may be stopped at any time and goes on from its last checkpoint. On two cores without a GPU it takes
between two and three hours.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch

from bot.training.calibrate import alert_thresholds, calibrate
from bot.training.corpus import Message
from bot.training.export import ONNX, fold, round_weights, write_checkpoint, write_json, write_onnx
from bot.training.manifest import hardware, write_manifest
from bot.training.measure import Flags, Scores
from bot.training.names import CLASSES, SEED, Places
from bot.training.network import Network
from bot.training.train import Material, logits_of, material, train_network
from bot.training.verify import agreement

LEVELS: Final = {"urgent": 0.004, "alert": 0.02, "notice": 0.05}
"""Share of the harmless validation messages that may be flagged at each level, the strictest first."""

Say = Callable[[str], None]


def train(
    *,
    corpus: Path,
    model: Path,
    shared: Path,
    work: Path,
    threads: int = 2,
    small: bool = False,
    onward: Path | None = None,
    say: Say = print,
) -> None:
    """Train, calibrate, export and verify.

    Parameters
    ----------
    corpus: the folder with ``train.tsv`` and ``frames.toml``.
    model: where checkpoint, ONNX file and the rest are written.
    shared: the folder with the public sets (``davidson``, ``germeval2018``, ``surge_toxicity``, ``toxic_spans``).
    work: where checkpoints of the stages are kept; may be deleted afterwards.
    threads: processor threads; on a busy machine one is often faster than two.
    small: also train a student of six layers, and export that one: twice as fast, a little less sharp.
    onward: the folder of a model to go on from; it reads the corpus as it is now. None: from the encoder.
    say: where sentences about the progress go.
    """
    places = Places(corpus, model, work, shared)
    for folder in (model, work):
        folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    started = time.monotonic()
    given = material(places, onward)
    network = train_network(places, given, say, small=small, onward=onward is not None)
    seconds = int(time.monotonic() - started)
    trained_on = f"{hardware()}; {len(given.mixture.messages)} corpus messages; {seconds} s in this run"
    finish(network, given, places, trained_on, say)


def finish(network: Network, given: Material, places: Places, trained_on: str, say: Say) -> None:
    """Calibrate on the validation part, fold, round, write all files, compare both engines."""
    texts = [message.text for message in given.validation]
    wanted = np.array([message.targets for message in given.validation])
    calibration = calibrate(logits_of(network, given.tokenizer, texts), wanted)
    fold(network, calibration)
    round_weights(network)
    write_checkpoint(network, places)
    write_onnx(network, places.model / ONNX)
    write_manifest(places.model, calibration, trained_on)
    limits = suggest(network, given, places)
    say(f"checkpoint through Detoxify against ONNX: {agreement(places.model, texts, limits)}")


def suggest(network: Network, given: Material, places: Places) -> tuple[float, ...]:
    """Write thresholds for three levels from the validation part, with the figures they reach there."""
    texts = [message.text for message in given.validation]
    wanted = np.array([message.targets for message in given.validation])
    scores: Scores = 1 / (1 + np.exp(-logits_of(network, given.tokenizer, texts)))
    levels: dict[str, tuple[float, ...]] = {}
    stricter: tuple[float, ...] = ()
    for level, share in LEVELS.items():
        stricter = levels[level] = alert_thresholds(scores, wanted, share, stricter)
    content: dict[str, object] = {level: dict(zip(CLASSES, limits, strict=True)) for level, limits in levels.items()}
    content["validation"] = {
        level: _reached(scores, wanted, limits, given.validation) for level, limits in levels.items()
    }
    write_json(places.model / "thresholds_suggestion.json", content)
    return levels["alert"]


def _reached(
    scores: Scores,
    wanted: Scores,
    limits: tuple[float, ...],
    messages: Sequence[Message],
) -> Mapping[str, float | None]:
    flagged: Flags = np.any(scores >= np.array(limits), axis=1)
    positive: Flags = np.any(wanted > 0, axis=1)
    young: Flags = np.array([message.age == "primary" for message in messages])
    found = {"recall": positive, "false_alarms": ~positive}
    ages = {"": np.ones_like(young), "_primary": young, "_secondary": ~young}
    return {
        name + age: round(float(flagged[side & whose].mean()), 4) if (side & whose).any() else None
        for name, side in found.items()
        for age, whose in ages.items()
    } | {name: round(float(flagged[wanted[:, i] > 0].mean()), 4) for i, name in enumerate(CLASSES)}
