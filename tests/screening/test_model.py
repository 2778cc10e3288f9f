"""The embedded model: what is checked before use, and that any string gets a score."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.screening.manifest import ModelFileError, read_manifest
from bot.screening.model import EmbeddedModel, load_model
from bot.screening.opening import open_screening
from tests.screening.conftest import CLASSES, DATA

MODEL = DATA / "model"


@pytest.fixture(scope="module")
def model() -> EmbeddedModel:
    return load_model(MODEL)


def copied(folder: Path, **changes: Any) -> Path:
    """Copy the model's folder by links, with changes in its manifest."""
    target = folder / "model"
    target.mkdir()
    for name in ("klaswacht.onnx", "tokenizer.json", "adapter.npz", "serving.onnx"):
        (target / name).symlink_to(MODEL / name)
    manifest = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))
    (target / "model.json").write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
    return target


def refused(folder: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        load_model(folder)
    return caught.value.key


def test_the_shipped_model_knows_its_classes_and_canaries(model: EmbeddedModel) -> None:
    assert model.classes == CLASSES
    assert len(read_manifest(MODEL).canaries) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "hoi",
        "😂😂😂",
        "https://x.nl",
        "a" * 10_000,
        "\ud800\udfff",
        "\x00\x07",
        "привет",
        "мама " * 900,
        "\u200b",
        "\n\n",
    ],
)
def test_any_string_gets_a_score(model: EmbeddedModel, text: str) -> None:
    (scores,) = model.score([text])
    assert set(scores) == set(CLASSES)
    assert all(0.0 <= score <= 1.0 for score in scores.values())


def test_an_empty_text_scores_nothing(model: EmbeddedModel) -> None:
    assert model.score(["", "  "]) == [dict.fromkeys(CLASSES, 0.0)] * 2


def test_no_texts_give_no_scores(model: EmbeddedModel) -> None:
    assert model.score([]) == []


def test_a_batch_scores_about_as_one_by_one(model: EmbeddedModel) -> None:  # the texts of a batch share a rounding
    texts = ["hoi", "wat moeten we morgen meenemen voor gym?", "jij bent echt een ontzettend grote sukkel"]
    apart = [model.score([text])[0]["toxicity"] for text in texts]
    assert [scores["toxicity"] for scores in model.score(texts)] == pytest.approx(apart, abs=0.05)


def test_the_worst_window_of_a_long_text_counts(model: EmbeddedModel) -> None:
    bad = "jij bent een vieze lelijke sukkel en niemand wil jou"
    long = f"{'dit is gewoon huiswerk voor morgen. ' * 30}{bad}{' en dan nog een som. ' * 30}"
    quiet = "dit is gewoon huiswerk voor morgen. " * 60
    assert model.score([long])[0]["toxicity"] > model.score([quiet])[0]["toxicity"]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "tokenizer.json").unlink()
    shutil.copy(MODEL / "model.json", folder / "tokenizer.json")
    assert refused(folder) == "error.screening.model_hash"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "klaswacht.onnx").unlink()
    assert refused(folder) == "error.screening.model_missing"


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == "error.screening.model_missing"


def test_a_manifest_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("[1, 2]", encoding="utf-8")
    assert refused(tmp_path) == "error.screening.model_unusable"


def test_wrong_answers_are_refused(tmp_path: Path) -> None:
    canary = {"text": "hoi", "scores": {"toxicity": 0.999}, "tolerance": 0.02}
    assert refused(copied(tmp_path, canaries=[canary])) == "error.screening.model_canary"


def test_inputs_that_the_file_lacks_are_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path, inputs=["input_ids", "attention_mask", "token_type_ids"], files={})
    assert refused(folder) == "error.screening.model_missing"


def truncated(folder: Path) -> None:
    (folder / "klaswacht.onnx").unlink()
    (folder / "klaswacht.onnx").write_bytes((MODEL / "klaswacht.onnx").read_bytes()[:1000])


def another(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")


def lying(folder: Path) -> None:
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest["canaries"] = [{"text": "hoi", "scores": {"toxicity": 0.999}}]
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (truncated, "error.screening.model_hash"),
        (another, "error.screening.model_hash"),
        (lying, "error.screening.model_canary"),
    ],
)
async def test_a_wrong_model_is_told_and_the_words_judge(
    tmp_path: Path, spoil: Callable[[Path], None], key: str
) -> None:
    spoil(copied(tmp_path))
    opened = open_screening(DATA, own=tmp_path)
    verdict = await opened.screening.judge_text("je moeder is een hoer")
    opened.screening.close()
    assert opened.trouble is not None
    assert (opened.trouble.key, verdict.engine, verdict.flagged) == (key, "words", True)


async def test_without_a_usable_model_the_words_judge_and_say_so(tmp_path: Path) -> None:
    (copied(tmp_path) / "klaswacht.onnx").unlink()
    opened = open_screening(DATA, own=tmp_path)
    verdict = await opened.screening.judge_text("je moeder is een hoer")
    opened.screening.close()
    assert opened.trouble is not None
    assert (opened.trouble.key, verdict.engine, verdict.flagged) == ("error.screening.model_missing", "words", True)
