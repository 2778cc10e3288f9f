"""What ``klaswacht evaluate`` measures beside recall: confusion, disguises, equal treatment of groups."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.errors import InputError, SetupError
from bot.screening.cli import Asked, run_evaluate
from bot.screening.confusion import Taken, confusion
from bot.screening.corpus import Labelled
from bot.screening.evaluate import judged
from bot.screening.evasion import evasion
from bot.screening.identities import identities, read_identities
from bot.screening.judge import Screening
from bot.training.augment import DISGUISES
from tests.screening.conftest import DATA, FakeClassifier

IDENTITIES = DATA / "identities.toml"


async def test_what_is_taken_for_something_else_is_counted(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("alpha", threat=0.99)
    messages = [
        Labelled("1", "alpha een twee drie vier vijf", 1, ("insult",)),
        Labelled("2", "alpha zes zeven acht negen tien", 1, ("insult",)),
        Labelled("3", "alpha elf twaalf dertien veertien", 1, ("threat", "insult")),
        Labelled("4", "alpha kleuren groen geel blauw rood", 0),
        Labelled("5", "niets te zien hier vandaag", 1, ("exclusion",)),
        Labelled("6", "niets te doen hier vandaag", 0),
    ]
    assert confusion(await judged(screening, messages)) == [
        Taken("insult", "threat", 2),
        Taken("harmless", "threat", 1),
        Taken("exclusion", "quiet", 1),
    ]


async def test_every_disguise_stands_beside_the_plain_figure(words_only: Screening) -> None:
    messages = [Labelled("1", "je moeder is een hoer", 1, ("insult",)), Labelled("2", "tot morgen in de klas", 0)]
    found = await evasion(words_only, await judged(words_only, messages))
    assert [one.kind for one in found] == ["plain", *DISGUISES]
    assert all(one.recall.total == 1 == one.false_alarms.total for one in found)
    assert sum(one.recall.hits for one in found) >= len(found) - 1
    assert sum(one.false_alarms.hits for one in found) == 0


async def test_a_group_that_is_treated_otherwise_shows(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("vluchtelingen", insult=0.9)
    found = await identities(screening, read_identities(IDENTITIES))
    widest = found.spreads()[0]
    assert (found.groups, len(found.said)) == (40, 40 * 16)
    assert (widest.highest.group, round(widest.width, 2) > 0.5) == ("refugees", True)
    assert {one.group for one in found.flagged} <= {"refugees"}


async def test_words_alone_flag_no_group(words_only: Screening) -> None:
    lines = [text for said in read_identities(IDENTITIES).group.values() for text in (said["nl"].many, said["en"].many)]
    verdicts = await words_only.texts([f"in onze straat wonen ook {many}" for many in lines])
    assert [verdict for verdict in verdicts if verdict.flagged] == []


@pytest.mark.parametrize("text", ["[sentences", '[sentences]\nnl = ["zonder plek"]\n[group.x]\n'])
def test_a_wrong_file_of_sentences_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "identities.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SetupError):
        read_identities(tmp_path / "identities.toml")


def test_all_measures_come_out_as_lines_and_as_json(screening: Screening, tmp_path: Path) -> None:
    path = tmp_path / "corpus.csv"
    path.write_text("id,text,label,category\n1,je moeder is een hoer,1,insult\n2,tot morgen,0,\n", encoding="utf-8")
    asked = Asked(path, evasion=True, identities=IDENTITIES)
    text, data = io.StringIO(), io.StringIO()
    assert [run_evaluate(screening, asked, as_json=form is data, out=form) for form in (text, data)] == [0, 0]
    figures = json.loads(data.getvalue())
    assert set(figures["evasion"]) == {"plain", *DISGUISES}
    assert (figures["identities"]["groups"], figures["confusion"]) == (40, [])
    assert "without_vowels" in text.getvalue()
    assert "40 groups" in text.getvalue()


def test_nothing_to_measure_is_told(words_only: Screening) -> None:
    with pytest.raises(InputError):
        run_evaluate(words_only, Asked())
