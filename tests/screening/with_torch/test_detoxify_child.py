"""The real Detoxify in the child process: the project's checkpoint, and any other one. Needs klaswacht[detoxify]."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from bot.screening.detoxify import DetoxifyModel, Source, own_checkpoint
from bot.screening.manifest import ModelFileError, file_hash
from bot.screening.model import load_model
from tests.screening.conftest import CLASSES, DATA

TEXTS = ["jij bent een sukkel", "wat eten we vandaag?", "wacht maar tot na school", "", "\ud800 hoi", "😂"]
LETTERS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "aeiou")]
THEIRS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]


def test_both_engines_agree() -> None:
    detoxify, embedded = DetoxifyModel(own_checkpoint(DATA / "model")), load_model(DATA / "model")
    pairs = zip(detoxify.score(TEXTS), embedded.score(TEXTS), strict=True)
    apart = [abs(one[name] - other[name]) for one, other in pairs for name in CLASSES]
    detoxify.close()
    assert sum(apart) / len(apart) == pytest.approx(0.0, abs=0.03)


def a_checkpoint(folder: Path, **changes: Any) -> Source:
    """Write a small model of random weights as Unitary writes its own: the folder is as a hub has it."""
    torch.manual_seed(1)
    size: dict[str, Any] = {"vocab_size": len(LETTERS), "hidden_size": 16, "num_hidden_layers": 1}
    config = BertConfig(**size, num_attention_heads=2, intermediate_size=16, max_position_embeddings=64, num_labels=6)
    state = {**BertForSequenceClassification(config).state_dict(), **changes.pop("state", {})}
    arguments = {
        "num_classes": 6, "model_type": "bert-base-uncased", "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }  # fmt: skip
    for name in changes.pop("without", ()):
        del state[name]
    classes = {"dataset": {"args": {"classes": THEIRS}}, "arch": {"args": arguments}}
    torch.save(changes.pop("whole", {"config": classes, "state_dict": state}), folder / "model.ckpt")
    plain = {name: value for name, value in config.to_dict().items() if name not in {"id2label", "label2id"}}
    (folder / "config.json").write_text(json.dumps(plain), encoding="utf-8")
    (folder / "vocab.txt").write_text("\n".join(LETTERS), encoding="utf-8")
    return Source(folder / "model.ckpt", folder, file_hash(folder / "model.ckpt"))


def test_any_checkpoint_scores_under_our_names_also_long_texts(tmp_path: Path) -> None:
    model = DetoxifyModel(a_checkpoint(tmp_path))
    found = model.score(["abc", "x y z " * 600, "", "\ud800"])
    one = model.score(["abc"])
    model.close()
    assert model.classes == ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
    assert all(0 <= score <= 1 for scores in found for score in scores.values())
    assert found[2] == dict.fromkeys(model.classes, 0.0)
    assert one[0] == pytest.approx(found[0], abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"without": ["classifier.weight"]}, "other weights than the configuration asks for"),
        ({"whole": {"state_dict": {}}}, "no Detoxify checkpoint"),
        ({"whole": [1, 2]}, "no Detoxify checkpoint"),
        ({"whole": {"config": Path("x")}}, "UnpicklingError"),
    ],
)
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(a_checkpoint(tmp_path, **changes))
    assert caught.value.values["reason"] == reason


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    source = a_checkpoint(tmp_path)
    source.checkpoint.write_bytes(source.checkpoint.read_bytes()[:2000])
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(Source(source.checkpoint, source.folder, file_hash(source.checkpoint)))
    assert caught.value.key == "error.engine.unusable"
