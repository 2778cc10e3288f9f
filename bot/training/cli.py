"""``klaswacht model train``: the whole road, from the public encoder to the files in ``data/model``.

The command may be stopped at any time and goes on from its last checkpoint. On two cores without a GPU it takes
between two and three hours.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from bot.screening.manifest import ADAPTED
from bot.training.calibrate import calibrate
from bot.training.export import ONNX, fold, round_weights, write_checkpoint, write_onnx
from bot.training.manifest import hardware, write_manifest
from bot.training.names import SEED, Places
from bot.training.network import Network
from bot.training.suggest import suggest
from bot.training.train import Material, logits_of, material, train_network
from bot.training.verify import agreement

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
    for name in ADAPTED:  # what an earlier checkpoint learnt does not fit this one
        (places.model / name).unlink(missing_ok=True)
    write_manifest(places.model, calibration, trained_on, given.authors)
    limits = suggest(logits_of(network, given.tokenizer, texts), given.validation, places.model)
    say(f"checkpoint through Detoxify against ONNX: {agreement(places.model, texts, limits)}")
