"""Facts in, decision out."""

from dataclasses import replace

import pytest

from bot.consent.facts import ConsentKind
from bot.media.config import Action, MediaConfig
from bot.media.decide import NOTHING, Decision, Known, Why, consents_needed, decide, signals
from bot.media.facts import MediaFacts, MediaKind, People
from bot.screening.verdict import Severity

DRAWING = MediaFacts("tekening.png", MediaKind.IMAGE)
PHOTO = MediaFacts("foto.jpg", MediaKind.IMAGE, faces=2, people=People.YES)
MAYBE = MediaFacts("bos.jpg", MediaKind.IMAGE, people=People.MAYBE, photo_like=True)
FILM = MediaFacts("film.mp4", MediaKind.FILM, people=People.MAYBE)
SOUND = MediaFacts("stem.ogg", MediaKind.SOUND, people=People.MAYBE)
BROKEN = MediaFacts("foto.jpg", MediaKind.IMAGE, people=People.MAYBE, error="unreadable: broken")
NUDE = replace(PHOTO, nudity=0.95)
HOLD, FLAG = Action.HOLD, Action.FLAG


@pytest.mark.parametrize(
    ("facts", "known", "decision"),
    [
        (DRAWING, Known(), NOTHING),
        (DRAWING, Known(named=True), NOTHING),
        (PHOTO, Known(), Decision(HOLD, Severity.ALERT, (Why.PEOPLE,))),
        (PHOTO, Known(covered=True), NOTHING),
        (PHOTO, Known(covered=True, named=True), Decision(FLAG, Severity.ALERT, (Why.CAPTION_NAMES,))),
        (MAYBE, Known(), Decision(FLAG, Severity.NOTICE, (Why.MAYBE,))),
        (FILM, Known(), Decision(HOLD, Severity.ALERT, (Why.FILM,))),
        (SOUND, Known(), Decision(HOLD, Severity.ALERT, (Why.SOUND,))),
        (BROKEN, Known(), Decision(HOLD, Severity.ALERT, (Why.UNREADABLE,))),
        (DRAWING, Known(copy=True), Decision(HOLD, Severity.ALERT, (Why.COPY,))),
        (DRAWING, Known(objected=True), Decision(HOLD, Severity.ALERT, (Why.OBJECTION,))),
        (DRAWING, Known(links=1), Decision(FLAG, Severity.NOTICE, (Why.LINK,))),
        (NUDE, Known(covered=True), Decision(HOLD, Severity.URGENT, (Why.NUDITY,), private=True)),
        (NUDE, Known(by_staff=True), Decision(HOLD, Severity.URGENT, (Why.NUDITY, Why.PEOPLE), private=True)),
        (PHOTO, Known(by_staff=True), Decision(FLAG, Severity.NOTICE, (Why.PEOPLE,))),
    ],
)
def test_what_happens_to_a_message(facts: MediaFacts, known: Known, decision: Decision, config: MediaConfig) -> None:
    assert decide([facts], known, config) == decision


def test_a_school_may_hold_every_photo(config: MediaConfig) -> None:
    strict = config.model_copy(update={"road": config.road.model_copy(update={"maybe": Action.HOLD})})
    assert decide([MAYBE], Known(), strict).action is Action.HOLD


def test_a_school_may_let_photos_without_faces_pass(config: MediaConfig) -> None:
    loose = config.model_copy(update={"road": config.road.model_copy(update={"maybe": Action.PASS})})
    assert decide([MAYBE], Known(), loose) == NOTHING


def test_consent_is_needed_for_each_kind() -> None:
    assert consents_needed([PHOTO, FILM, SOUND]) == {ConsentKind.PHOTO, ConsentKind.FILM, ConsentKind.SOUND}


def test_each_reason_is_a_signal_with_its_rule(config: MediaConfig) -> None:
    told = signals(decide([PHOTO], Known(named=True), config), [PHOTO])
    assert [(one.signal.value, one.rule, one.reason) for one in told] == [
        ("media", "P4", "media.reason.people"),
        ("caption_names", "T8", "media.reason.caption_names"),
    ]
