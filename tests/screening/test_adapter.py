"""What the model learnt after its files were made: read whole or not at all, and served on any processor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.screening.adapter import read_adapter, write_adapter
from bot.screening.manifest import ADAPTER, ModelFileError, file_hash
from bot.screening.model import load_model
from bot.screening.weights import CAREFUL, FULL, Weights, steps_here
from tests.screening.conftest import DATA

MODEL = DATA / "model"
ONNX = MODEL / "klaswacht.onnx"


def refused(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        read_adapter(path)
    return caught.value.key


def test_the_shipped_adapter_belongs_to_the_shipped_file() -> None:
    assert read_adapter(MODEL / ADAPTER).layout.base == file_hash(ONNX)


def test_a_missing_adapter_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / ADAPTER) == "error.screening.model_missing"


def test_an_adapter_of_another_file_is_refused(tmp_path: Path) -> None:
    for file in MODEL.iterdir():
        (tmp_path / file.name).symlink_to(file)
    shipped = read_adapter(MODEL / ADAPTER)
    (tmp_path / ADAPTER).unlink()
    write_adapter(tmp_path / ADAPTER, replace(shipped, layout=shipped.layout.model_copy(update={"base": "0" * 64})))
    manifest = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))
    manifest["files"][ADAPTER] = file_hash(tmp_path / ADAPTER)
    (tmp_path / "model.json").unlink()
    (tmp_path / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelFileError) as caught:
        load_model(tmp_path)
    assert (caught.value.key, caught.value.values["file"]) == ("error.screening.model_hash", ADAPTER)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x80\x04K\x01."])
def test_a_file_that_is_no_adapter_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ADAPTER).write_bytes(content)
    assert refused(tmp_path / ADAPTER) == "error.screening.model_unusable"


def test_arrays_that_would_run_code_are_not_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / ADAPTER, layout=np.array([{"base": "x"}], dtype=object))
    assert refused(tmp_path / ADAPTER) == "error.screening.model_unusable"


def test_an_adapter_written_again_changes_nothing(tmp_path: Path) -> None:
    first = read_adapter(MODEL / ADAPTER)
    write_adapter(tmp_path / ADAPTER, first)
    again = read_adapter(tmp_path / ADAPTER)
    assert again.layout == first.layout
    assert all(np.array_equal(again.change(layer), first.change(layer)) for layer in first.changes)


@pytest.mark.parametrize(
    ("told", "steps"),
    [
        ("flags : sse4_2 avx2 avx512_4vnniw", CAREFUL),
        ("flags : sse4_2 avx2 avx_vnni", FULL),
        ("Features : fp asimd asimddp", FULL),
        ("flags : sse4_2 avx2", CAREFUL),
    ],
)
def test_a_processor_that_would_overflow_gets_fewer_steps(tmp_path: Path, told: str, steps: int) -> None:
    (tmp_path / "cpuinfo").write_text(told, encoding="ascii")
    assert steps_here(tmp_path / "cpuinfo") == steps


def test_an_unknown_processor_gets_fewer_steps(tmp_path: Path) -> None:
    assert steps_here(tmp_path / "cpuinfo") == CAREFUL


def test_no_weight_takes_more_steps_than_allowed() -> None:
    weights = Weights(ONNX, read_adapter(MODEL / ADAPTER), CAREFUL)
    largest = {name: int(np.abs(value).max()) for name, value in weights.initializers() if value.dtype == np.int8}
    assert {top for name, top in largest.items() if name != "words"} == {CAREFUL}
