"""Learning beside the rounding of the served graph, so that its decisions are those of the checkpoint.

The served graph multiplies whole numbers of 8 bits: every column of weights has a scale, and every tensor of
activations. Before that, each channel is divided by a factor and its weights multiplied by it, which moves large
channels from the activations, where they would spoil all others, into the weights (SmoothQuant, Xiao et al. 2023).
Most of what is lost, is lost in the second product of each feed-forward part, so that one is rounded in training too,
and the gradient passes as if it were not (straight-through, Bengio et al. 2013).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.utils import parametrize

from bot.training.batches import padded
from bot.training.lowrank import linear
from bot.training.network import Network

STRENGTH: Final = 0.8
"""How much of a channel's size moves into the weights; between .75 and .9 decisions differed least on validation."""

TOP: Final = 127
_STEPS: Final = 255
_SMALLEST: Final = 1e-5
_BATCH: Final = 32
_SECOND: Final = ".output.dense"
_ATTENTION: Final = ".attention.output.dense"

Peaks = Mapping[str, torch.Tensor]
"""Largest absolute value of each channel that enters a layer."""


def peaks(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, torch.Tensor]:
    """Measure what enters every linear layer of the encoder while it reads ``texts``."""
    found: dict[str, torch.Tensor] = {}
    mask = torch.zeros(0)

    def look(name: str) -> Any:
        def hook(_: Any, given: Any, __: Any) -> None:
            top = given[0].detach()[mask > 0].abs().amax(0)
            found[name] = torch.maximum(found[name], top) if name in found else top

        return hook

    hooks = [layer.register_forward_hook(look(name)) for name, layer in linear(network) if "encoder" in name]
    rows = sorted((encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))), key=len)
    network.eval()
    with torch.no_grad():
        for start in range(0, len(rows), _BATCH):
            ids, mask = padded(rows[start : start + _BATCH])
            network(input_ids=ids, attention_mask=mask)
    for hook in hooks:
        hook.remove()
    return found


def smoothing(peak: Any, weights: Any) -> Any:
    """Give the factors of a product's channels; ``weights`` is (out, in), ``peak`` and the result (in)."""
    largest = np.maximum(np.abs(weights).max(axis=0), _SMALLEST)
    factor = np.maximum(peak, _SMALLEST) ** STRENGTH / largest ** (1 - STRENGTH)
    return (factor / np.exp(np.log(factor).mean())).astype(np.float32)


def round_along(network: Network, known: Peaks) -> None:
    """Round the second product of every feed-forward part from now on, forward only."""
    for name, layer in _second(network):
        factor = torch.from_numpy(smoothing(known[name].numpy(), layer.weight.detach().numpy()))
        layer.register_forward_pre_hook(_rounded_input(factor))
        parametrize.register_parametrization(layer, "weight", _RoundedWeight(factor))


def round_no_more(network: Network) -> None:
    """Take the rounding away again, the last parametrization of each layer and its hook."""
    for _, layer in _second(network):
        layer._forward_pre_hooks.clear()  # noqa: SLF001  ours is the only one, and torch gives no other way by layer
        del layer.parametrizations.weight[-1]


def _second(network: Network) -> Iterator[tuple[str, Any]]:
    return ((name, layer) for name, layer in linear(network) if name.endswith(_SECOND) and _ATTENTION not in name)


class _RoundedWeight(torch.nn.Module):  # type: ignore[misc]  # torch carries no types here
    """Weights in 127 steps a column, after smoothing."""

    def __init__(self, factor: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("factor", factor, persistent=False)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        smooth = weight.float() * self.factor
        scale = smooth.detach().abs().amax(1) / TOP
        zero = torch.zeros(len(scale), dtype=torch.int32)
        return torch.fake_quantize_per_channel_affine(smooth, scale, zero, 0, -TOP, TOP) / self.factor


def _rounded_input(factor: torch.Tensor) -> Any:
    def hook(_: Any, given: Any) -> tuple[torch.Tensor]:
        (plain,) = given
        with torch.no_grad():  # the error is added as a constant: the gradient passes by at no cost
            smooth = plain.float() / factor
            low, high = torch.aminmax(smooth)
            low, high = low.clamp(max=0), high.clamp(min=0)
            scale = (high - low) / _STEPS
            rounded = torch.fake_quantize_per_tensor_affine(smooth, scale, (-low / scale).round().int(), 0, _STEPS)
            error = rounded.mul_(factor).to(plain.dtype) - plain
        return (plain + error,)

    return hook
