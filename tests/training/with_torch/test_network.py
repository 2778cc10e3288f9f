"""The network and its files, on a tiny vocabulary: needs ``klaswacht[train]``, run by a command of its own."""

from pathlib import Path

import numpy as np
import pytest
import torch

from bot.training.batches import Batch, make_batches, padded
from bot.training.calibrate import Calibration
from bot.training.data import UNKNOWN, Example, targets
from bot.training.export import fold, round_weights, write_checkpoint, write_onnx
from bot.training.learn import Stage, learn, masked_loss
from bot.training.names import CLASSES, Places
from bot.training.network import empty_network, some_layers
from bot.training.verify import NetworkUsedError, agreement, no_network
from bot.training.vocabulary import SPECIAL, build_tokenizer

PIECES = [
    *((piece, 0.0) for piece in SPECIAL),
    *((f"▁{word}", -2.0) for word in ("jij", "bent", "dom", "lief")),
    *((letter, -6.0) for letter in "▁abcdefghijklmnopqrstuvwxyz"),
]
TEXTS = ("jij bent dom", "Jij bent LIEF", "lief", "dom dom dom", "", "xyz 😂")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "corpus", tmp_path / "model", tmp_path / "work", tmp_path / "shared")
    made.base.mkdir(parents=True)
    build_tokenizer(PIECES).save(str(made.tokenizer))
    return made


def a_network(layers: int = 2) -> object:
    torch.manual_seed(4)
    return empty_network(len(PIECES), layers)


def batches() -> list[Batch]:
    examples = [Example(text, targets(0.0, toxicity=float("dom" in text))) for text in TEXTS[:4]]
    plain = [example.text for example in examples]
    return list(make_batches(examples, plain, build_tokenizer(PIECES), budget=16, longest=8, seed=1))


def test_capitals_and_invisible_signs_do_not_change_the_pieces() -> None:
    tokenizer = build_tokenizer(PIECES)
    assert tokenizer.encode("JIJ b\u200bent do\u0336m").tokens == ["<s>", "▁jij", "▁bent", "▁dom", "</s>"]


def test_an_unknown_class_stays_out_of_the_loss() -> None:
    ids, mask = padded([[0, 2]])
    rows = [torch.tensor([targets(UNKNOWN, toxicity=1.0)]), torch.tensor([targets(1.0)])]
    logits = torch.tensor([[9.0] + [-9.0] * 7])
    given = [Batch(ids, mask, row, torch.ones(1), ids, mask) for row in rows]
    loss = [float(masked_loss(logits, batch, Stage("x", 1, 1e-4))) for batch in given]
    assert loss[0] < 0.5 < loss[1]


def test_a_stage_that_was_broken_off_ends_where_an_unbroken_one_ends(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(_: int) -> None:
        raise StoppedError

    stage, work = Stage("s", 2, 1e-3), [tmp_path / "a", tmp_path / "b"]
    networks = [a_network(1), a_network(1), a_network(1)]
    for folder in work:
        folder.mkdir()
    learn(stage, networks[0], lambda _: batches(), work[0])
    with pytest.raises(StoppedError):
        learn(stage, networks[1], lambda _: batches(), work[1], after_epoch=stop)
    learn(stage, networks[2], lambda _: batches(), work[1])
    for one, other in zip(networks[0].parameters(), networks[2].parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_a_student_starts_with_the_layers_that_were_chosen() -> None:
    teacher = a_network(4)
    student = some_layers(teacher, (1, 3))
    assert torch.equal(
        student.bert.encoder.layer[1].output.dense.weight,
        teacher.bert.encoder.layer[3].output.dense.weight,
    )


def test_folding_the_calibration_gives_the_calibrated_scores() -> None:
    network, given = a_network(1).eval(), torch.tensor([[0, 4, 5, 2]])
    calibration = Calibration((0.5,) * len(CLASSES), (0.25,) * len(CLASSES))
    before = network(input_ids=given).logits.detach().double().numpy()
    fold(network, calibration)
    after = network(input_ids=given).logits.detach().double().numpy()
    assert np.allclose(1 / (1 + np.exp(-after)), calibration.apply(before), atol=1e-6)


def test_checkpoint_through_detoxify_and_onnx_file_agree_without_network(places: Places) -> None:
    network = a_network().eval()
    places.model.mkdir()
    round_weights(network)
    write_checkpoint(network, places)
    write_onnx(network, places.model / "klaswacht.onnx")
    found = agreement(places.model, TEXTS, [0.5] * len(CLASSES))
    assert found.mean_difference < 0.001
    assert found.same_decisions == 1.0


def test_forbidding_the_network_forbids_connections() -> None:
    import socket  # noqa: PLC0415  only here

    with no_network(), socket.socket() as plug, pytest.raises(NetworkUsedError):
        plug.connect(("127.0.0.1", 9))
