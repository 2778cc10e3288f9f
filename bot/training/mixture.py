"""What one epoch of the second stage reads: the corpus in many voices and disguises, pairs, and some wide data."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.training import counterfactual
from bot.training.augment import DISGUISES, disguised, mistyped, renamed, revoiced
from bot.training.corpus import Message
from bot.training.counterfactual import Frames
from bot.training.data import Example
from bot.training.names import SEED


@dataclass(frozen=True, slots=True)
class Rates:
    """How often something happens to a message, and how much of the rest comes with it."""

    renamed: float = 0.6
    revoiced: float = 0.3
    mistyped: float = 0.12
    joined: float = 0.08
    disguised: float = 0.25
    wide: float = 0.12
    pairs: float = 0.08


@dataclass(frozen=True, slots=True)
class Mixture:
    """The sources of the second stage."""

    messages: Sequence[Message]
    wide: Sequence[Example]
    frames: Frames
    rates: Rates = Rates()

    def epoch(self, number: int) -> tuple[list[Example], list[str]]:
        """Give the examples of an epoch and each one's text before it was disguised."""
        chance = random.Random(SEED * 1000 + number)  # noqa: S311  repeats with the seed, no secret
        examples = [*self._voiced(chance), *self._beside(chance)]
        chance.shuffle(examples)
        plain = [example.text for example in examples]
        return [self._disguised(example, chance) for example in examples], plain

    def _voiced(self, chance: random.Random) -> Iterator[Example]:
        names = frozenset(self.frames.names)
        for message in self.messages:
            text, targets = message.text, message.targets
            if chance.random() < self.rates.joined:
                other = chance.choice(self.messages)
                text = f"{text}{chance.choice((' ', '. ', ', ', ' en '))}{other.text}"
                targets = tuple(map(max, targets, other.targets))
            if chance.random() < self.rates.renamed:
                text = renamed(text, names, self.frames.names, chance)
            if chance.random() < self.rates.revoiced:
                text = revoiced(text, self.frames.voices, chance)
            if chance.random() < self.rates.mistyped:
                text = mistyped(text, chance)
            yield Example(text, targets)

    def _beside(self, chance: random.Random) -> Iterator[Example]:
        size = len(self.messages)
        pairs = int(self.rates.pairs * size)
        hurtful = [message for message in self.messages if message.label]
        yield from counterfactual.quotes(self.frames, hurtful, pairs // 2, chance)
        yield from counterfactual.negations(self.frames, pairs // 4, chance)
        yield from counterfactual.identities(self.frames, pairs // 4, chance)
        yield from chance.sample(list(self.wide), min(len(self.wide), int(self.rates.wide * size)))

    def _disguised(self, example: Example, chance: random.Random) -> Example:
        if chance.random() >= self.rates.disguised:
            return example
        kind = chance.choice(sorted(DISGUISES))
        return replace(example, text=disguised(example.text, kind, chance, chance.choice((0.0, 0.3, 0.6, 1.0))))
