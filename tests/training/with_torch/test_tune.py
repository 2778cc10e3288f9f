"""Learning in thin matrices, and serving what was learnt: on a tiny vocabulary, needs ``klaswacht[train]``."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bot.screening.adapter import Adapter, read_adapter, write_adapter
from bot.screening.manifest import ADAPTER, GRAPH
from bot.training.adapting import factors, layout_of
from bot.training.export import ONNX, round_weights, write_checkpoint, write_onnx
from bot.training.graph import Graph
from bot.training.lowrank import apart, as_one, attach, changes, linear, settle, take
from bot.training.names import CLASSES, Places
from bot.training.network import network_of
from bot.training.rounding import peaks, round_along, round_no_more
from bot.training.verify import agreement, served_logits
from bot.training.vocabulary import build_tokenizer
from tests.training.with_torch.test_network import PIECES, TEXTS, a_network

GIVEN = torch.tensor([[0, 4, 5, 2], [0, 6, 2, 1]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])


def logits(network: Any) -> torch.Tensor:
    with torch.no_grad():
        return network.eval()(input_ids=GIVEN, attention_mask=MASK).logits


def learnt(network: Any) -> None:
    """Stand in for training: some change in every matrix."""
    torch.manual_seed(5)
    with torch.no_grad():
        for _, layer in linear(network):
            layer.parametrizations.weight[0].up.normal_(std=0.02)


def test_nothing_changes_before_something_is_learnt() -> None:
    network = a_network()
    before = logits(network)
    attach(network)
    assert torch.allclose(logits(network), before, atol=1e-6)


def test_only_thin_matrices_and_the_classifier_learn() -> None:
    network = a_network()
    attach(network)
    named = {name for name, parameter in network.named_parameters() if parameter.requires_grad}
    assert all(name.startswith("classifier.") or name.endswith((".up", ".down")) for name in named)
    assert len(named) == 2 + 2 * len(list(linear(network)))


def test_multiplying_apart_gives_the_same_answer_in_short_floats() -> None:
    network = a_network()
    attach(network)
    untouched = logits(network)
    learnt(network)
    whole = logits(network)
    apart(network)
    beside = logits(network)
    as_one(network)
    assert 0 < float((beside - whole).abs().max()) < float((whole - untouched).abs().max()) / 5
    assert torch.equal(logits(network), whole)


def test_what_was_learnt_is_taken_over_and_settled() -> None:
    one, other = a_network(), a_network()
    for network in (one, other):
        attach(network)
    learnt(one)
    take(other, changes(one))
    expected = logits(one)
    assert torch.allclose(logits(other), expected, atol=1e-5)
    settle(other)
    assert torch.allclose(logits(other), expected, atol=1e-5)


def test_rounding_is_felt_while_it_lasts() -> None:
    network = a_network()
    attach(network)
    learnt(network)
    before = logits(network)
    round_along(network, peaks(network, build_tokenizer(PIECES), TEXTS))
    during = logits(network)
    round_no_more(network)
    assert 0 < float((during - before).abs().max()) < 0.2
    assert torch.equal(logits(network), before)


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A model's folder with a checkpoint, its ONNX file, and an adapter with the graph that serves it."""
    places = Places(tmp_path / "corpus", tmp_path / "model", tmp_path / "work", tmp_path / "shared")
    places.base.mkdir(parents=True)
    places.model.mkdir()
    build_tokenizer(PIECES).save(str(places.tokenizer))
    network = a_network().eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:  # equal tensors would be written once
                parameter.add_(torch.randn_like(parameter) * 0.02)
    round_weights(network)
    write_checkpoint(network, places)
    write_onnx(network, places.model / ONNX)
    attach(network)
    learnt(network)
    known = changes(network)
    settle(network)
    smooth = factors(network, peaks(network, build_tokenizer(PIECES), TEXTS))
    last = (network.classifier.weight.detach().numpy(), network.classifier.bias.detach().numpy())
    layout = layout_of(places.model / ONNX)
    write_adapter(places.model / ADAPTER, Adapter(layout, known, smooth, last))
    Graph(384, 1536, len(PIECES), layout.layers).write(places.model / GRAPH)
    return places.model


def test_the_served_graph_and_the_checkpoint_with_its_adapter_agree(served: Path) -> None:
    found = agreement(served, TEXTS, [0.5] * len(CLASSES))
    assert found.mean_difference < 0.005
    assert found.same_decisions == 1.0


def test_the_adapter_makes_the_difference(served: Path) -> None:
    adapted = served_logits(served, TEXTS)
    (served / ADAPTER).unlink()
    assert float(np.abs(served_logits(served, TEXTS) - adapted).max()) > 0.01


def test_an_adapter_leads_back_to_the_network_it_came_from(served: Path) -> None:
    state = torch.load(served / "klaswacht.ckpt", weights_only=True)["state_dict"]
    network = network_of({name: value.float() for name, value in state.items()})
    attach(network)
    take(network, read_adapter(served / ADAPTER).changes)
    said = served_logits(served, ["jij bent dom"])
    encoded = build_tokenizer(PIECES).encode("jij bent dom").ids
    network.classifier.load_state_dict(
        dict(zip(("weight", "bias"), map(torch.from_numpy, read_adapter(served / ADAPTER).classifier), strict=True))
    )
    with torch.no_grad():
        again = network.eval()(input_ids=torch.tensor([encoded])).logits.numpy()
    assert float(np.abs(said - again).max()) == pytest.approx(0.0, abs=0.05)
