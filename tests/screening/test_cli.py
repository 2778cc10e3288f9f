"""``klaswacht screen`` and ``evaluate``: one JSON object a line, errors told per line, honest figures."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InputError
from bot.screening.cli import Asked, run_evaluate, screen
from bot.screening.evaluate import evaluate
from bot.screening.judge import Screening
from bot.screening.showing import as_dict, as_lines
from bot.texts import Texts
from tests.screening.conftest import DATA

TEXTS = Texts.load(DATA / "texts")


def lines(screening: Screening, path: Path, content: str | bytes, form: str = "text") -> tuple[int, list[Any]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    code = screen(screening, TEXTS, str(path), form, out=out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_text_gives_an_object_a_line_with_line_numbers(words_only: Screening, tmp_path: Path) -> None:
    code, found = lines(words_only, tmp_path / "in.txt", "kutweer\n\nje moeder is een hoer\r\n")
    assert (code, [(row["id"], row["flagged"], row["severity"]) for row in found]) == (
        0,
        [(1, False, "quiet"), (2, False, "quiet"), (3, True, "alert")],
    )
    assert found[2]["text"] == "je moeder is een hoer"
    assert set(found[2]["signals"][0]) == {"signal", "score", "rule", "source", "reason"}


def test_json_lines_keep_their_ids_and_a_bad_line_is_told(words_only: Screening, tmp_path: Path) -> None:
    content = (
        '{"id":"a","text":"hoi","age_group":"primary"}\n{"id":7,"text":5}\n\nnope\n[1]\n{"text":"maak jezelf af"}\n'
    )
    code, found = lines(words_only, tmp_path / "in.jsonl", content, "jsonl")
    assert (code, [row["id"] for row in found]) == (2, ["a", 7, 4, 5, 6])
    assert [row.get("error") for row in found] == [None, "no text", "no JSON object", "no JSON object", None]
    assert found[4]["severity"] == "urgent"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00bad\n", b'{"id":1,"text":"\\ud800 hoi"}\n', b"\x00\n", b"no newline"]
)
def test_no_input_breaks_it(words_only: Screening, tmp_path: Path, content: bytes) -> None:
    for form in ("text", "jsonl"):
        _, found = lines(words_only, tmp_path / "in", content, form)
        assert len(found) == 1


ODD = [
    "",
    "   ",
    "je bent dom " * 333,
    "😂😂🤡💀",
    "https://example.nl/a",
    "a" * 10_000,
    "\x00\x01\x07 hoi \x1b[31m",
    "\ud800 hoi \udfff",
    "مرحبا كيف حالك",
    "你今天好吗",
    "Привет как дела",
    "Bugün hava çok güzel ama",
    "Je ne veux pas aller à l'école",
    "Nie chcę dzisiaj iść do szkoły",
    "\u202e" * 50,
    "\u0301" * 3000,
    "*" * 5000,
    "k*" * 2000,
    "a.b." * 1000,
    "bnt " * 1000,
    "1" * 5000,
]


def test_whatever_is_written_gets_a_verdict_of_the_model_and_no_error(screening: Screening, tmp_path: Path) -> None:
    content = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(ODD))
    code, found = lines(screening, tmp_path / "in.jsonl", content, "jsonl")
    assert (code, [row["id"] for row in found]) == (0, list(range(len(ODD))))
    assert [row for row in found if "error" in row or "engine" in row] == []
    assert [row["text"] for row in found] == ODD


def test_more_lines_than_a_batch_come_back_in_order(words_only: Screening, tmp_path: Path) -> None:
    _, found = lines(words_only, tmp_path / "in.txt", "".join(f"bericht {n}\n" for n in range(1, 301)))
    assert [row["id"] for row in found] == list(range(1, 301))


def test_a_missing_file_and_an_unknown_form_are_told(words_only: Screening, tmp_path: Path) -> None:
    for file, form in ((tmp_path / "nothing", "text"), (tmp_path, "text"), (tmp_path, "xml")):
        with pytest.raises(InputError):
            screen(words_only, TEXTS, str(file), form, out=io.StringIO())


CORPUS = """id,text,label,category,group,lang
1,je moeder is een hoer,1,insult,direct_insult,nl
2,ik maak je dood,1,threat,threat_direct,nl
3,mooi hoor zo'n plekje alleen,1,exclusion,mock_praise,nl
4,kutweer,0,,thing_swearing,nl
5,"wat, is het huiswerk",0,,homework,nl
"""


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
async def test_a_labelled_file_gives_figures(words_only: Screening, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"corpus.{form}"
    path.write_text(_as(form), encoding="utf-8")
    report = await evaluate(words_only, path)
    shown = as_dict(report)
    assert (report.recall.hits, report.recall.total, report.false_alarms.hits, report.false_alarms.total) == (
        2,
        3,
        0,
        2,
    )
    assert shown["engine"] == "words"
    assert report.auc is not None
    assert report.auc > 0.8
    assert [row.message.id for row in report.wrong(1)] == ["3"]
    assert next(iter(report.groups(1))) == "mock_praise"
    assert any("missed" in line for line in as_lines(report))


def _as(form: str) -> str:
    rows = list(csv.DictReader(CORPUS.splitlines()))
    if form == "csv":
        return CORPUS
    if form == "jsonl":
        return "\n".join(json.dumps({**row, "label": int(row["label"])}) for row in rows)
    return "\n".join(["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)])


@pytest.mark.parametrize(
    "content", ["", "id,text\n1,hoi\n", "id,text,label\n1,hoi,5\n", '{"id":1}\n', "id,text,label\n", "{bad\n"]
)
def test_a_file_that_is_no_corpus_is_refused(words_only: Screening, tmp_path: Path, content: str) -> None:
    path = tmp_path / "corpus.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        asyncio.run(evaluate(words_only, path))


def test_evaluate_prints_text_or_json(words_only: Screening, tmp_path: Path) -> None:
    path = tmp_path / "corpus.csv"
    path.write_text(CORPUS, encoding="utf-8")
    text, data = io.StringIO(), io.StringIO()
    assert [run_evaluate(words_only, Asked(path), as_json=form is data, out=form) for form in (text, data)] == [0, 0]
    assert "recall" in text.getvalue()
    assert json.loads(data.getvalue())["messages"] == 5
