"""Batches: messages of like length together, as many as a budget of pieces allows, in an order that repeats."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.training.data import Example

_POOL = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; ``plain_ids`` and ``plain_mask`` hold what the teacher reads, where there is one."""

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    plain_ids: torch.Tensor
    plain_mask: torch.Tensor


def padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad rows of pieces to the longest; gives ids and the attention mask."""
    ids = np.ones((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def make_batches(
    examples: Sequence[Example],
    plain: Sequence[str],
    tokenizer: Tokenizer,
    *,
    budget: int,
    longest: int,
    seed: int,
) -> Iterator[Batch]:
    """Yield the batches of one epoch. ``plain[i]`` is example ``i`` before it was disguised."""
    rows = _encode(tokenizer, [example.text for example in examples], longest)
    plain_rows = _encode(tokenizer, plain, longest)
    for places in _grouped([len(row) for row in rows], budget, seed):
        ids, mask = padded([rows[i] for i in places])
        plain_ids, plain_mask = padded([plain_rows[i] for i in places])
        yield Batch(
            ids, mask,
            torch.tensor([examples[i].targets for i in places], dtype=torch.float32),
            torch.tensor([examples[i].weight for i in places], dtype=torch.float32),
            plain_ids, plain_mask,
        )  # fmt: skip


def _encode(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> list[list[int]]:
    rows = [encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))]
    return [row if len(row) <= longest else [*row[: longest - 1], row[-1]] for row in rows]


def _grouped(lengths: Sequence[int], budget: int, seed: int) -> list[list[int]]:
    """Sort by length inside pools of many batches, cut, then mix the batches."""
    mixer = random.Random(seed)  # noqa: S311  an order that repeats, no secret
    order = list(range(len(lengths)))
    mixer.shuffle(order)
    pool = max(1, _POOL * budget // (1 + int(np.mean(lengths))))
    groups: list[list[int]] = []
    for start, end in pairwise([*range(0, len(order), pool), len(order)]):
        current: list[int] = []
        for place in sorted(order[start:end], key=lengths.__getitem__):
            if current and lengths[place] * (len(current) + 1) > budget:
                groups.append(current)
                current = []
            current.append(place)
        groups.append(current)
    mixer.shuffle(groups)
    return groups
