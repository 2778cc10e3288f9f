"""``klaswacht model tune``: teach the shipped model more, in an adapter of a few megabytes instead of new large files.

Checkpoint and ONNX file stay as they are. The network reads the corpus again, with whatever authors have added since
the checkpoint was made. Only thin matrices on top learn (``lowrank``), in the last epoch with the rounding of the
served graph in the loop (``rounding``).
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch

from bot.screening.adapter import read_adapter
from bot.screening.manifest import ADAPTER
from bot.training.adapting import LOOKED_AT, finish
from bot.training.batches import Batch, make_batches
from bot.training.learn import Stage, learn, short_floats
from bot.training.lowrank import apart, as_one, attach, take
from bot.training.manifest import hardware
from bot.training.names import SEED, Places
from bot.training.network import Network, base_network
from bot.training.rounding import peaks, round_along, round_no_more
from bot.training.train import Material, material, report

TUNE: Final = Stage(
    "tune", epochs=4, rate=6e-4, layer_decay=1.0, warm_up=0.06, positive_weight=1.3, budget=1536, longest=56,
)  # fmt: skip
ROUNDED: Final = replace(TUNE, name="rounded", epochs=1, rate=1.5e-4)
"""The last epoch, in which the rounding of the served graph is felt."""

_FIRST_DRAW: Final = 300
"""Other draws of voices and disguises than those that the checkpoint was made with."""

Say = Callable[[str], None]


def tune(
    *,
    corpus: Path,
    model: Path,
    shared: Path,
    work: Path,
    threads: int = 2,
    epochs: int = TUNE.epochs,
    say: Say = print,
) -> None:
    """Learn an adapter for the checkpoint in ``model`` and write it there, with the graph that serves it.

    Parameters
    ----------
    corpus: the folder with ``train.tsv`` and ``frames.toml``.
    model: the folder of the checkpoint; an adapter that is there already is gone on from.
    shared: the folder with the public sets.
    work: where half-done training is kept; may be deleted afterwards.
    threads: processor threads.
    epochs: how often the corpus is read before the last time, which is with rounding.
    say: where sentences about the progress go.
    """
    places = Places(corpus, model, work, shared)
    work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    started = time.monotonic()
    given = material(places, model)
    network = base_network(places)
    _prepare(network, model)
    stage = replace(TUNE, epochs=epochs)
    told = report(network, given, say)
    quicker = apart if short_floats() else as_one
    quicker(network)

    def between(epoch: int) -> None:
        as_one(network)
        told(epoch)
        quicker(network)

    learn(stage, network, _epochs(given, stage, 0), work, after_epoch=between)
    as_one(network)
    round_along(network, peaks(network, given.tokenizer, given.looked_at(LOOKED_AT)))
    learn(ROUNDED, network, _epochs(given, ROUNDED, epochs), work, after_epoch=told)
    round_no_more(network)
    seconds = int(time.monotonic() - started)
    trained_on = f"{hardware()}; {len(given.mixture.messages)} corpus messages; {seconds} s in this run"
    finish(network, given, places, trained_on, say)


def _prepare(network: Network, model: Path) -> None:
    network.set_attn_implementation("eager")  # the other one is slow beside a mask in short floats
    for part in network.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0  # thin matrices forget little, and drawing the zeros takes a sixth of the time
    attach(network)
    if (model / ADAPTER).exists():
        adapter = read_adapter(model / ADAPTER)
        take(network, adapter.changes)
        with torch.no_grad():
            network.classifier.weight.copy_(torch.from_numpy(adapter.classifier[0]))
            network.classifier.bias.copy_(torch.from_numpy(adapter.classifier[1]))


def _epochs(given: Material, stage: Stage, first: int) -> Callable[[int], list[Batch]]:
    def epoch(number: int) -> list[Batch]:
        examples, plain = given.mixture.epoch(_FIRST_DRAW + first + number)
        return list(make_batches(
            examples, plain, given.tokenizer, budget=stage.budget, longest=stage.longest, seed=SEED + first + number,
        ))  # fmt: skip

    return epoch
