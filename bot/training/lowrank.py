"""Low-rank changes of a trained network (LoRA, Hu et al. 2021, "Low-Rank Adaptation of Large Language Models").

The large matrices stay as they are; each gets the product of two thin ones on top. What is learnt fits in a few
megabytes, so a better model costs the history of the repository little.
"""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import torch
from torch.nn.functional import linear as product
from torch.nn.utils import parametrize

from bot.training.network import Network

RANK: Final = 32
"""Columns of the thin matrices. 32 makes 5 MB for twelve layers of 384."""

Change = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
"""The two thin matrices of a layer: ``down`` (rank, in) and ``up`` (out, rank)."""


class LowRank(torch.nn.Module):  # type: ignore[misc]  # torch carries no types here
    """A matrix plus the product of two thin ones; no change at first."""

    def __init__(self, rows: int, columns: int, rank: int) -> None:
        super().__init__()
        self.down = torch.nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.up = torch.nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Give the matrix with its change."""
        return weight + self.up @ self.down


def attach(network: Network, rank: int = RANK) -> None:
    """Freeze all but the classifier, and give every linear layer of encoder and pooler a change to learn."""
    for parameter in network.parameters():
        parameter.requires_grad_(requires_grad=False)
    for parameter in network.classifier.parameters():
        parameter.requires_grad_(requires_grad=True)
    for _, layer in linear(network):
        parametrize.register_parametrization(layer, "weight", LowRank(layer.out_features, layer.in_features, rank))


def linear(network: Network) -> Iterator[tuple[str, Any]]:
    """Yield names and layers that can be changed, as ``encoder.layer.0.output.dense``."""
    for name, layer in network.bert.named_modules():
        if isinstance(layer, torch.nn.Linear):
            yield name, layer


def apart(network: Network) -> None:
    """Multiply by the frozen matrix and by the thin ones apart: a sixth faster, for the large one needs no gradient.

    Everything is multiplied in bfloat16, so only under autocast and for processors that do this.
    """
    for layer in network.bert.encoder.modules():  # the pooler's result goes to a classifier in whole floats
        if isinstance(layer, torch.nn.Linear):
            layer.forward = partial(_apart, layer, layer.parametrizations.weight.original.detach().bfloat16())


def as_one(network: Network) -> None:
    """Multiply by the changed matrix again."""
    for _, layer in linear(network):
        vars(layer).pop("forward", None)


def _apart(layer: Any, frozen: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    thin, short = layer.parametrizations.weight[0], given.to(frozen.dtype)
    down, up, bias = (part.to(frozen.dtype) for part in (thin.down, thin.up, layer.bias))
    return product(short, frozen, bias) + product(product(short, down), up)


def changes(network: Network) -> dict[str, Change]:
    """Give what was learnt, per layer."""
    found = {}
    for name, layer in linear(network):
        learnt = layer.parametrizations.weight[0]
        found[name] = (learnt.down.detach().numpy().copy(), learnt.up.detach().numpy().copy())
    return found


def take(network: Network, known: Mapping[str, Change]) -> None:
    """Go on from changes that were learnt before."""
    with torch.no_grad():
        for name, layer in linear(network):
            down, up = (torch.from_numpy(np.asarray(part, np.float32)) for part in known[name])
            layer.parametrizations.weight[0].down.copy_(down)
            layer.parametrizations.weight[0].up.copy_(up)


def settle(network: Network) -> None:
    """Put the changes into the matrices for good."""
    for _, layer in linear(network):
        parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)
