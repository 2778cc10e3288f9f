"""The engine in a process of its own: what it is asked, what happens when it dies, what it may open."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.screening.detoxify import Both, DetoxifyModel, Source, own_checkpoint
from bot.screening.judge import Screening
from bot.screening.lexicon import Lexicon
from bot.screening.manifest import Canary, ModelFileError
from bot.screening.model import Scores
from bot.screening.opening import Engine, open_screening
from bot.screening.queue import ClassifierQueue
from tests.screening.conftest import DATA, FakeClassifier, with_queue

CHILD = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "texts" not in asked:
        answer = {"classes": ["toxic", "insult"]}
    elif "die" in asked["texts"]:
        sys.exit(1)
    else:
        answer = {"scores": [[len(text) / 100, 0.5] for text in asked["texts"]]}
    print(json.dumps(answer), flush=True)
"""


def child(folder: Path, program: str = CHILD) -> Sequence[str]:
    (folder / "child.py").write_text(program, encoding="utf-8")
    return [sys.executable, str(folder / "child.py")]


def a_source(folder: Path, sha256: str = hashlib.sha256(b"weights").hexdigest()) -> Source:
    (folder / "some.ckpt").write_bytes(b"weights")
    return Source(folder / "some.ckpt", folder, sha256)


def test_it_scores_under_our_names(tmp_path: Path) -> None:
    model = DetoxifyModel(a_source(tmp_path), command=child(tmp_path))
    found = model.score(["abcde", "\ud800"])
    model.close()
    assert (model.classes, found[0]) == (("toxicity", "insult"), {"toxicity": 0.05, "insult": 0.5})
    assert model.score([]) == []


def test_a_child_that_dies_is_an_error_once_and_then_started_again(tmp_path: Path) -> None:
    model = DetoxifyModel(a_source(tmp_path), command=child(tmp_path))
    with pytest.raises(ModelFileError):
        model.score(["die"])
    assert model.score(["ab"]) == [{"toxicity": 0.02, "insult": 0.5}]
    model.close()


def test_a_checkpoint_with_another_hash_is_never_opened(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(a_source(tmp_path, "0" * 64), command=child(tmp_path, "raise SystemExit(3)"))
    assert caught.value.key == "error.engine.hash"


def test_a_missing_checkpoint_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(Source(tmp_path / "none.ckpt", tmp_path, "0" * 64), command=child(tmp_path))
    assert caught.value.key == "error.engine.missing"


def test_a_child_that_can_not_load_says_why(tmp_path: Path) -> None:
    program = 'import sys; sys.stdin.readline(); print(\'{"error": "ModuleNotFoundError"}\', flush=True)'
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(a_source(tmp_path), command=child(tmp_path, program))
    assert caught.value.values == {"file": "some.ckpt", "reason": "ModuleNotFoundError"}


def test_the_projects_own_checkpoint_is_pinned() -> None:
    own = own_checkpoint(DATA / "model")
    assert (len(own.sha256), set(own.files), len(own.canaries) > 0) == (
        64,
        {"config.json", "tokenizer.json", "tokenizer_config.json", "../adapter.npz"},
        True,
    )


def test_a_changed_file_in_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    source = replace(a_source(tmp_path), files={"config.json": "0" * 64})
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(source, command=child(tmp_path))
    assert caught.value.key == "error.engine.hash"


def test_a_checkpoint_that_says_something_else_is_refused(tmp_path: Path) -> None:
    source = replace(a_source(tmp_path), canaries=(Canary(text="hoi", scores={"insult": 0.9}),))
    with pytest.raises(ModelFileError) as caught:
        DetoxifyModel(source, command=child(tmp_path))
    assert caught.value.key == "error.screening.model_canary"


@pytest.mark.parametrize(("engine", "present"), [(Engine.DETOXIFY, False), (Engine.BOTH, True)])
def test_without_the_extra_that_is_said_and_what_is_left_judges(
    engine: Engine, present: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.screening.opening.installed", lambda: False)
    opened = open_screening(DATA, engine=engine)
    found = opened.screening.model_present
    opened.screening.close()
    assert opened.trouble is not None
    assert (opened.trouble.key, found) == ("error.engine.no_extra", present)


class Fixed:
    """Gives one score to every text."""

    def __init__(self, **scores: float) -> None:
        self.scores, self.classes = scores, tuple(scores)

    def score(self, texts: Sequence[str]) -> list[Scores]:
        return [dict(self.scores) for _ in texts]


def test_of_both_engines_the_higher_score_counts() -> None:
    both = Both(Fixed(toxicity=0.2, crisis=0.3), Fixed(toxicity=0.9, obscene=1.0))
    assert (both.classes, both.score(["x"])) == (("toxicity", "crisis"), [{"toxicity": 0.9, "crisis": 0.3}])


async def test_with_both_a_foreign_language_is_asked_too(lexicon: Lexicon, classifier: FakeClassifier) -> None:
    both: Screening = with_queue(lexicon, ClassifierQueue(Both(classifier, classifier), budget=30.0))
    verdict = await both.judge_text("Bugün hava çok güzel ama ben evde")
    both.close()
    assert (verdict.notes, len(classifier.asked) > 0) == (("note.language",), True)
