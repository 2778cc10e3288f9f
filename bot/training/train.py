"""The training from beginning to end: wide data, school chat, and on request a student of half the depth.

1. ``wide``: the whole encoder (12 layers) reads public English and German comments, classes unknown to a set masked.
2. ``school``: the same network reads the Dutch corpus in many voices and disguises, pairs, and some wide data.
   This network is the one that is shipped.
3. ``heal`` (on request): six layers of the network of stage 1 learn the same while copying its hidden states.
4. ``student``: these six layers learn on, half from the labels, half from the opinions of the network of stage 2,
   which reads every message before it is disguised and lends its word table.

With ``onward`` a model that was trained before reads the corpus as it is now, instead of stages 1 and 2.
Every stage keeps a checkpoint in the work folder; a run that was broken off goes on where it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.training.batches import Batch, make_batches, padded
from bot.training.corpus import Message, read
from bot.training.counterfactual import read_frames
from bot.training.data import wide_examples
from bot.training.learn import Stage, learn
from bot.training.measure import Scores, summary
from bot.training.mixture import Mixture
from bot.training.names import SEED, Places
from bot.training.network import (
    Network,
    base_network,
    base_tokenizer,
    prepare_base,
    prepare_onward,
    some_layers,
    take_words,
)

WIDE: Final = Stage("wide", epochs=1, rate=1e-4, budget=1536, longest=40)
SCHOOL: Final = Stage("school", epochs=5, rate=1e-4, budget=1024, positive_weight=1.3)
ONWARD: Final = Stage("onward", epochs=4, rate=8e-5, budget=1024, positive_weight=1.3)
HEAL: Final = Stage("heal", epochs=2, rate=1.6e-4, layer_decay=0.97, positive_weight=1.3, hidden=2.0)
STUDENT: Final = Stage(
    "student",
    epochs=7,
    rate=1.5e-4,
    layer_decay=0.97,
    smoothing=0.02,
    positive_weight=1.3,
    teach=0.5,
    hidden=1.0,
)
STUDENT_LAYERS: Final = (0, 2, 4, 6, 8, 11)
_BATCH: Final = 64
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """What the stages read."""

    tokenizer: Tokenizer
    mixture: Mixture
    validation: Sequence[Message]

    @property
    def authors(self) -> list[str]:
        """Give the authors whose messages are learnt from."""
        return sorted({message.author for message in self.mixture.messages})

    def looked_at(self, size: int) -> list[str]:
        """Give about ``size`` texts of the training part, evenly from all authors."""
        messages = self.mixture.messages
        return [message.text for message in messages[:: max(1, len(messages) // size)]]


def material(places: Places, onward: Path | None = None) -> Material:
    """Gather corpus, wide data, frames and the tokenizer (converting the encoder, or ``onward``, on the first run)."""
    wide = wide_examples(places.shared)
    if onward is None:
        prepare_base(places, [example.text for example in wide])
    else:
        prepare_onward(places, onward)
    messages = read(places.corpus / "train.tsv")
    return Material(
        base_tokenizer(places),
        Mixture([m for m in messages if m.part == "train"], wide, read_frames(places.corpus)),
        [m for m in messages if m.part == "validation"],
    )


def train_network(
    places: Places,
    given: Material,
    say: Say = print,
    *,
    small: bool = False,
    onward: bool = False,
) -> Network:
    """Run the stages, as far as they are not done yet; gives the whole network, or the student if ``small``."""
    wide, stage = base_network(places), ONWARD if onward else SCHOOL
    if not onward:
        learn(WIDE, wide, lambda _: _wide_batches(given), places.work)
    school = some_layers(wide, range(wide.config.num_hidden_layers))
    learn(stage, school, _epochs(stage, given, 0), places.work, after_epoch=report(school, given, say))
    if not small:
        return school
    student = some_layers(wide, STUDENT_LAYERS)
    told = report(student, given, say)
    learn(HEAL, student, _epochs(HEAL, given, 50), places.work, teacher=wide.eval(), after_epoch=told)
    take_words(student, school)
    learn(STUDENT, student, _epochs(STUDENT, given, 100), places.work, teacher=school.eval(), after_epoch=told)
    return student


def logits_of(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> Scores:
    """Raw outputs for texts, in their order."""
    rows = [encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))]
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    result: Scores = np.zeros((len(rows), network.config.num_labels))
    network.eval()
    with torch.no_grad():
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            ids, mask = padded([rows[place] for place in places])
            result[places] = network(input_ids=ids, attention_mask=mask).logits.float().numpy()
    return result


def _wide_batches(given: Material) -> list[Batch]:
    examples = given.mixture.wide
    return list(make_batches(
        examples, [example.text for example in examples], given.tokenizer,
        budget=WIDE.budget, longest=WIDE.longest, seed=1,
    ))  # fmt: skip


def _epochs(stage: Stage, given: Material, first: int) -> Callable[[int], list[Batch]]:
    def epoch(number: int) -> list[Batch]:
        examples, plain = given.mixture.epoch(first + number)
        return list(make_batches(
            examples, plain, given.tokenizer, budget=stage.budget, longest=stage.longest, seed=SEED + number,
        ))  # fmt: skip

    return epoch


def report(network: Network, given: Material, say: Say) -> Callable[[int], None]:
    """Give what an epoch ends with: a sentence about the validation part."""
    wanted = np.array([message.label for message in given.validation], bool)

    def told(epoch: int) -> None:
        logits = logits_of(network, given.tokenizer, [message.text for message in given.validation])
        say(f"after epoch {epoch + 1}: {summary(1 / (1 + np.exp(-logits.max(axis=1))), wanted)}")

    return told
