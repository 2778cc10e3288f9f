"""The road of one message: surfaces, model and words together, reasons, and the fallback that says so."""

from __future__ import annotations

import dataclasses

import pytest

from bot.ports import Person, Surface, SurfaceKind
from bot.school import AgeGroup
from bot.screening.combine import RULES
from bot.screening.excuse import Excuse
from bot.screening.judge import Screening, TextItem
from bot.screening.patterns import KINDS
from bot.screening.thresholds import SCORED
from bot.screening.verdict import Severity, SignalName
from bot.texts import Texts
from tests.builders import CLASS_CHANNEL, PUPIL, TEACHER, a_file, a_message, a_person, a_school
from tests.screening.conftest import DATA, FakeClassifier

SCHOOL = a_school()
ROOM = SCHOOL.class_of_channel(CLASS_CHANNEL)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("jij bent echt een dikke loser, niemand vindt je leuk", Severity.ALERT),
        ("je moeder is een hoer", Severity.ALERT),
        ("kk homo", Severity.ALERT),
        ("wacht maar na school dan sla ik je in elkaar", Severity.URGENT),
        ("ik maak je dood", Severity.URGENT),
        ("ik wil niet meer leven", Severity.URGENT),
        ("maak jezelf af", Severity.URGENT),
        ("wat is het huiswerk voor wiskunde?", Severity.QUIET),
        ("kutweer vandaag", Severity.QUIET),
        ("je bent niet dom", Severity.QUIET),
        ("ik ga dood van het lachen", Severity.QUIET),
        ("we maken ze in zaterdag", Severity.QUIET),
        ("hij zei dat ik dom ben", Severity.QUIET),
    ],
)
async def test_the_words_alone_judge_plain_cases(words_only: Screening, text: str, severity: Severity) -> None:
    verdict = await words_only.judge_text(text)
    assert (verdict.severity, verdict.engine) == (severity, "words")


async def test_the_model_decides(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("trui", insult=0.9, toxicity=0.9)
    verdict = await screening.judge_text("wat een bijzondere trui heb jij weer aan")
    (signal,) = verdict.signals
    assert (signal.signal, signal.source, signal.rule, signal.reason) == (
        SignalName.INSULT,
        "model",
        "F1",
        "reason.insult.model",
    )
    assert signal.words == ("trui",)


async def test_words_alone_alert_only_when_unmistakable(screening: Screening) -> None:
    verdicts = await screening.texts(["je bent een kankerhoer", "je bent een sukkel"])
    assert [verdict.flagged for verdict in verdicts] == [True, False]


async def test_model_and_words_alert_together(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("sukkel", insult=0.4)
    verdict = await screening.judge_text("je bent een sukkel")
    assert [(s.signal, s.severity, s.reason) for s in verdict.signals] == [
        (SignalName.INSULT, Severity.ALERT, "reason.insult.both")
    ]


async def test_a_threat_that_the_model_is_sure_of_is_urgent(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("tram", threat=0.97)
    assert (await screening.judge_text("volgende keer lig je onder de tram")).severity is Severity.URGENT


async def test_overall_toxicity_raises_the_strongest_signal(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("zoiets", toxicity=0.98, exclusion=0.3)
    verdict = await screening.judge_text("zoiets hoort niet in onze groep thuis")
    assert [(s.signal, s.severity) for s in verdict.signals] == [(SignalName.EXCLUSION, Severity.ALERT)]


async def test_the_plain_form_is_scored_too_and_the_worse_counts(
    screening: Screening, classifier: FakeClassifier
) -> None:
    classifier.teach("sukkel", insult=0.95)
    assert (await screening.judge_text("jij s u k k e l")).flagged


async def test_a_despairing_writer_is_a_crisis(words_only: Screening) -> None:
    verdict = await words_only.judge_text("ik wil echt niet meer leven")
    assert (verdict.crisis, verdict.severity) == (True, Severity.URGENT)


@pytest.mark.parametrize("text", ["ik ga dood van het lachen", "ik wil dood van schaamte lol", "kill me now haha"])
async def test_figures_of_speech_are_no_crisis(words_only: Screening, text: str) -> None:
    verdict = await words_only.judge_text(text)
    assert (verdict.crisis, verdict.flagged) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "привет, как дела?",
        "Bugün hava çok güzel ama ben evde",
        "مرحبا كيف حالك",
        "你今天好吗我们去学校",
        "Je ne veux pas aller à l'école aujourd'hui parce que je suis malade",
        "Nie chcę dzisiaj iść do szkoły bo jestem chory i boli mnie głowa",
    ],
)
async def test_an_unknown_language_is_said_and_judged_by_words(
    screening: Screening, classifier: FakeClassifier, text: str
) -> None:
    verdict = await screening.judge_text(text)
    assert (verdict.notes, classifier.asked) == (("note.language",), [])


async def test_disguised_letters_are_no_foreign_language(screening: Screening, classifier: FakeClassifier) -> None:
    verdict = await screening.judge_text("𝐣𝐞 𝐛𝐞𝐧𝐭 𝐞𝐞𝐧 𝐬𝐮𝐤𝐤𝐞𝐥")
    assert (verdict.notes, "je bent een sukkel" in classifier.asked) == ((), True)


async def test_a_language_that_is_said_is_believed(screening: Screening, classifier: FakeClassifier) -> None:
    await screening.texts([TextItem("ik ben hier", AgeGroup.PRIMARY, "tr")])
    assert classifier.asked == []


@pytest.mark.parametrize("kind", list(SurfaceKind))
async def test_every_surface_is_screened(words_only: Screening, kind: SurfaceKind) -> None:
    message = a_message(surfaces=(Surface(SurfaceKind.TEXT, "hoi"), Surface(kind, "je moeder is een hoer")))
    assert (await words_only.judge(message, ROOM, SCHOOL)).flagged


async def test_surfaces_are_scored_alone(screening: Screening, classifier: FakeClassifier) -> None:
    surfaces = (Surface(SurfaceKind.TEXT, "hoi allemaal"), Surface(SurfaceKind.FORWARD, "tot morgen"))
    await screening.judge(a_message(surfaces=surfaces), ROOM, SCHOOL)
    assert sorted(classifier.asked) == ["hoi allemaal", "tot morgen"]


async def test_mentions_and_emoji_marks_are_no_words(screening: Screening, classifier: FakeClassifier) -> None:
    await screening.judge(a_message("<@123456> kijk <:leuke_poes:99> <#5>"), ROOM, SCHOOL)
    assert classifier.asked == [" kijk leuke poes "]


async def test_a_photo_is_no_matter_of_screening_but_of_the_photo_road(screening: Screening) -> None:
    photo = a_message("kijk", attachments=(a_file("foto.jpg"),))
    assert (await screening.judge(photo, ROOM, SCHOOL)).signals == ()


async def test_a_dangerous_file_is_urgent_whoever_sends_it(screening: Screening) -> None:
    verdict = await screening.judge(a_message("", attachments=(a_file("cadeau.pdf.exe"),)), ROOM, SCHOOL)
    assert verdict.severity is Severity.URGENT


async def test_personal_data_of_a_pupil_is_an_alert_and_of_a_teacher_is_not(screening: Screening) -> None:
    message = a_message("bel me op 06-12345678")
    by_teacher = dataclasses.replace(message, author=a_person(TEACHER, "juf"))
    verdicts = [await screening.judge(item, ROOM, SCHOOL) for item in (message, by_teacher)]
    assert [verdict.severity for verdict in verdicts] == [Severity.ALERT, Severity.QUIET]


async def test_calling_very_many_people_at_once_is_a_flood(screening: Screening) -> None:
    verdict = await screening.judge(a_message("kom", mention_count=12), ROOM, SCHOOL)
    assert [signal.signal for signal in verdict.signals] == [SignalName.FLOOD]


async def test_a_name_on_the_class_list_is_never_a_bad_word(words_only: Screening) -> None:
    message = a_message("de boer heeft de bal, pas op daan de boer")
    assert (await words_only.judge(message, ROOM, SCHOOL)).signals == ()


async def test_an_imitated_nickname_is_told(screening: Screening) -> None:
    verdict = await screening.judge_name(Person("9", "Nооr"), [Person("8", "Noor")])
    assert [(s.signal, s.rule) for s in verdict.signals] == [(SignalName.IMITATION, "F5")]


@pytest.mark.parametrize(
    "text",
    ["", " ", "😂😂😂", "https://example.org", "a" * 10_000, "\x00\x01", "\ud800", "שלום", "jij " * 1000, "(" * 3000],
)
async def test_hostile_input_gets_a_verdict(words_only: Screening, text: str) -> None:
    assert not (await words_only.judge(a_message(text), ROOM, SCHOOL)).flagged


async def test_a_model_that_breaks_leaves_the_words(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.taught = {"x": {"insult": "not a number"}}  # type: ignore[dict-item]
    classifier.classes = ()
    verdict = await screening.judge_text("je moeder is een hoer")
    assert verdict.flagged


async def test_every_reason_and_note_is_a_text(words_only: Screening) -> None:
    texts = Texts.load(DATA / "texts")
    everything = a_message(
        "je moeder is een hoer, bel 0612345678, bit.ly/abc, discord.gg/abc, snap: coolboy12, hij zei sukkel",
        attachments=(a_file("a.exe"), a_file("b.mp4", content_type="video/mp4"), a_file("c.zip", content_type=None)),
        mention_count=20,
        author=Person(PUPIL, "x"),
    )
    verdict = await words_only.judge(everything, ROOM, SCHOOL)
    keys = {signal.reason for signal in verdict.signals} | set(verdict.notes)
    assert {key for key in keys if not texts.has(key)} == set()
    assert len(verdict.signals) >= 7


def test_there_is_a_text_for_every_signal_pattern_and_excuse() -> None:
    texts = Texts.load(DATA / "texts")
    wanted = {f"reason.{name}.{source}" for name in SCORED for source in ("model", "words", "both")}
    wanted |= {f"reason.{signal}.{kind}" for kind, signal in KINDS.items()}
    wanted |= {f"note.{excuse}" for excuse in Excuse} | {f"signal.{name}" for name in SignalName}
    wanted |= {f"severity.{severity}" for severity in Severity}
    assert {key for key in wanted if not texts.has(key)} == set()
    assert set(RULES) == set(SignalName)
