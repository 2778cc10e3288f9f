"""Labelled files as spreadsheets and programs write them are read; what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import InputError
from bot.school import AgeGroup
from bot.screening.corpus import Labelled, read_corpus

TWO = [("1", "hoi, jij", 1), ("2", 'hij zei "doei"', 0)]


def read(folder: Path, content: str | bytes, name: str = "corpus.csv", part: str | None = None) -> list[Labelled]:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_corpus(folder / name, part)


@pytest.mark.parametrize(
    "content",
    [
        'id,text,label\n1,"hoi, jij",1\n2,"hij zei ""doei""",0\n',
        'id,text,label\r\n1,"hoi, jij",1\r\n2,"hij zei ""doei""",0\r\n',
        '\ufeffid;text;label\n1;hoi, jij;1\n2;"hij zei ""doei""";0\n',
        'id\ttext\tlabel\n1\thoi, jij\t1\n2\thij zei "doei"\t0\n',
        '"id"\t"text"\t"label"\n"1"\t"hoi, jij"\t"1"\n"2"\t"hij zei ""doei"""\t"0"\n',
        'Label, ID ,Text,extra\ntrue,1,"hoi, jij",x\nFALSE,2,"hij zei ""doei""",\n',
        '{"id":1,"text":"hoi, jij","label":true}\n\n{"id":2,"text":"hij zei \\"doei\\"","label":0,"extra":[1]}\n',
        '{"ID":"1","Text":"hoi, jij","Label":"1"}\r\n{"id":"2","text":"hij zei \\"doei\\"","label":0.0}\r\n',
    ],
)
def test_every_usual_form_reads_the_same(tmp_path: Path, content: str) -> None:
    assert [(one.id, one.text, one.label) for one in read(tmp_path, content)] == TWO


def test_what_a_spreadsheet_saves_as_unicode_text_is_read(tmp_path: Path) -> None:
    content = 'id\ttext\tlabel\r\n1\thoi, jij\t1\r\n2\thij zei "doei"\t0\r\n'.encode("utf-16")
    assert [(one.id, one.text, one.label) for one in read(tmp_path, content, "corpus.txt")] == TWO


def test_a_message_may_hold_line_ends_and_odd_signs(tmp_path: Path) -> None:
    (only,) = read(tmp_path, 'id,text,label\n1,"eerst\ndan\u2028en\x0bzo",1\n')
    assert only.text == "eerst\ndan\u2028en\x0bzo"


def test_a_message_of_a_tab_separated_file_keeps_its_quotes(tmp_path: Path) -> None:
    found = read(tmp_path, 'id\ttext\tlabel\n1\t"hoi" zei ze\t0\n2\tdoei\t0\n', "corpus.tsv")
    assert [one.text for one in found] == ['"hoi" zei ze', "doei"]


def test_categories_and_age_and_more_are_read(tmp_path: Path) -> None:
    content = (
        '{"text":"x","label":1,"category":["insult","threat"],"age":"primary","lang":"nl","group":"g","author":"v"}'
    )
    (one,) = read(tmp_path, content)
    assert (one.id, one.categories, one.age) == ("1", ("insult", "threat"), AgeGroup.PRIMARY)
    assert (one.lang, one.group, one.author) == ("nl", "g", "v")


def test_only_the_part_that_was_asked_for_is_read(tmp_path: Path) -> None:
    content = "id,text,label,part\n1,a,1,train\n2,b,0,validation\n"
    assert [one.id for one in read(tmp_path, content, part="validation")] == ["2"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("id,text\n1,hoi\n", "2"),
        ("id,text,label\n1,hoi,1\n2,hoi,\n", "3"),
        ("id,text,label\n1,hoi,1\n2,hoi,maybe\n", "3"),
        ("id,text,label\n1,hoi\n", "2"),
        ('{"text":"x","label":1}\n{"text":"x"}\n', "2"),
        ('{"text":"x","label":1}\n\n{"text":null,"label":1}\n', "3"),
        ('{"text":"x","label":1}\n{"text":"x","label":2}\n', "2"),
        ('{"text":"x","label":1}\nnope\n', "2"),
    ],
)
def test_a_line_that_can_not_be_used_is_named(tmp_path: Path, content: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert (caught.value.key, caught.value.values["line"]) == ("error.screening.corpus_line", line)


@pytest.mark.parametrize("content", [b"", b"id,text,label\n", b"\xff\xfe\x00", b"id,text,label\n1,caf\xe9,1\n"])
def test_what_is_no_labelled_text_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert caught.value.key in {"error.screening.corpus_empty", "error.screening.corpus_unreadable"}
