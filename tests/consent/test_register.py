"""The consent register."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy, Grant, Imported, Problem
from bot.consent.year import end_of_school_year
from bot.errors import InputError, NotAllowedError, NotFoundError, WrongStateError
from bot.school import AgeGroup, ClassRoom
from bot.storage.tables import consent
from tests.builders import CLASS, CLASS_CHANNEL, COORDINATOR, OTHER_SCHOOL, PUPIL, TARGET, TEACHER, a_school
from tests.media.road import Road, a_road

PHOTO, CLASS_ONLY, GUARDIAN = ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN


@pytest_asyncio.fixture
async def road() -> AsyncIterator[Road]:
    async with a_road() as made:
        yield made


def a_grant(pupil: str = PUPIL, **changes: object) -> Grant:
    facts: dict[str, object] = {"kind": PHOTO, "place": CLASS_ONLY, "given_by": GUARDIAN, "name": "M. de Boer"}
    return Grant(pupil, **{**facts, "proof": "formulier 2026-09-01, map 3", **changes})  # type: ignore[arg-type]


async def test_a_consent_is_recorded_with_who_what_where_until_and_proof(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    await road.road.consents.grant(coordinator, a_grant())
    (line,) = await road.road.consents.list(coordinator, PUPIL)
    assert (line.name, line.proof, line.kind, line.place) == (
        "M. de Boer",
        "formulier 2026-09-01, map 3",
        PHOTO,
        CLASS_ONLY,
    )
    assert (line.until, line.recorded_by, line.withdrawn_at) == (date(2027, 7, 31), COORDINATOR, None)


async def test_names_and_proof_stand_sealed(road: Road) -> None:
    await road.road.consents.grant(await road.core.actor(COORDINATOR), a_grant())
    assert b"Boer" not in repr(await road.core.rows(consent)).encode()


@pytest.mark.parametrize("who", [PUPIL, TEACHER])
async def test_only_the_coordinator_keeps_the_register(road: Road, who: str) -> None:
    actor = await road.core.actor(who)
    with pytest.raises(NotAllowedError):
        await road.road.consents.grant(actor, a_grant())
    with pytest.raises(NotAllowedError):
        await road.road.consents.list(actor)


async def test_everything_is_audited(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    row = await road.road.consents.grant(coordinator, a_grant())
    await road.road.consents.list(coordinator)
    await road.road.consents.withdraw(coordinator, row)
    lines = await road.core.audit.lines(road.school.guild)
    assert [line.verb for line in lines] == ["consent_withdraw", "consent_list", "consent_grant"]


async def test_a_consent_is_withdrawn_once(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    row = await road.road.consents.grant(coordinator, a_grant())
    assert await road.road.consents.withdraw(coordinator, row) == ()
    with pytest.raises(WrongStateError):
        await road.road.consents.withdraw(coordinator, row)


async def test_another_schools_consent_does_not_exist(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    row = await road.road.consents.grant(coordinator, a_grant())
    other = type(coordinator)(a_school(guild=OTHER_SCHOOL), coordinator.member)
    with pytest.raises(NotFoundError):
        await road.road.consents.withdraw(other, row)


async def test_consent_for_the_whole_school_holds_in_the_class_and_not_the_other_way(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    await road.road.consents.grant(coordinator, a_grant(place=ConsentPlace.SCHOOL))
    await road.road.consents.grant(coordinator, a_grant(TARGET))
    moment, found = road.core.clock.now(), {}
    async with road.core.database.read() as connection:
        for place in ConsentPlace:
            held = await road.road.consents.on_record(
                connection, road.school, (PUPIL, TARGET), kind=PHOTO, place=place, moment=moment
            )
            found[place.value] = [account for account, row in held.items() if row is not None]
    assert found == {"class": [PUPIL, TARGET], "school": [PUPIL]}


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(2040, 1, 1)])
async def test_a_last_day_in_the_past_or_far_ahead_is_refused(road: Road, until: date) -> None:
    with pytest.raises(InputError):
        await road.road.consents.grant(await road.core.actor(COORDINATOR), a_grant(until=until))


async def test_a_primary_pupils_own_consent_does_not_count() -> None:
    young = ClassRoom(name=CLASS, age_group=AgeGroup.PRIMARY, channels=(CLASS_CHANNEL,), teachers=(f"user:{TEACHER}",))
    async with a_road(classes=(young,)) as road:
        with pytest.raises(InputError):
            await road.road.consents.grant(await road.core.actor(COORDINATOR), a_grant(given_by=GivenBy.PUPIL))


async def test_the_coordinator_is_warned_six_weeks_before_without_names(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    until = date(2027, 1, 29)
    for pupil in (PUPIL, TARGET):
        await road.road.consents.grant(coordinator, a_grant(pupil, until=until))
    await road.core.advance(days=20)
    assert road.core.messenger.to(COORDINATOR) == []
    await road.core.advance(days=5)
    told = [one.values for one in road.core.messenger.to(COORDINATOR)]
    assert told == [{"text": "consent.ends", "count": "2", "until": "2027-01-29"}]


async def test_what_was_given_anew_or_withdrawn_is_not_warned_of(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    until = date(2027, 1, 29)
    await road.road.consents.grant(coordinator, a_grant(until=until))
    await road.road.consents.grant(coordinator, a_grant(until=date(2027, 7, 31)))
    gone = await road.road.consents.grant(coordinator, a_grant(TARGET, until=until))
    await road.road.consents.withdraw(coordinator, gone)
    await road.core.advance(days=30)
    assert road.core.messenger.to(COORDINATOR) == []


async def test_the_schools_own_register_is_imported_and_a_second_time_adds_nothing(road: Road) -> None:
    content = (
        "account;soort;plek;gegeven door;naam;tot;bewijs\n"
        f"{PUPIL};foto;klas;ouder;M. de Boer;31-07-2027;map 3\n"
        "Noor Bakker;Film;school;verzorger;;;\n"
    ).encode("utf-8-sig")
    coordinator = await road.core.actor(COORDINATOR)
    assert await road.road.consents.import_csv(coordinator, content) == Imported(2, 0, ())
    assert await road.road.consents.import_csv(coordinator, content) == Imported(0, 2, ())
    lines = await road.road.consents.list(coordinator)
    assert {(line.pupil, line.kind.value, line.place.value) for line in lines} == {
        (PUPIL, "photo", "class"),
        (TARGET, "film", "school"),
    }


async def test_a_wrong_line_is_named_and_nothing_is_taken_over(road: Road) -> None:
    lines = ("account,kind,given by,until", "1,photo,guardian,", "2,hologram,guardian,", "Niemand Hier,photo,parent,")
    content = "\n".join((*lines, "3,photo,parent,morgen")).encode()
    coordinator = await road.core.actor(COORDINATOR)
    done = await road.road.consents.import_csv(coordinator, content)
    assert done.problems == (
        Problem(3, "consent.problem.kind"),
        Problem(4, "consent.problem.pupil"),
        Problem(5, "consent.problem.until"),
    )
    assert await road.road.consents.list(coordinator) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"naam,adres\n1,2\n", b"account,kind,given by\n" * 6000])
async def test_a_file_that_is_no_register_is_refused(road: Road, content: bytes) -> None:
    with pytest.raises(InputError):
        await road.road.consents.import_csv(await road.core.actor(COORDINATOR), content)


def test_the_school_year_ends_on_the_last_of_july() -> None:
    days = (date(2026, 7, 31), date(2026, 8, 1), date(2027, 1, 5))
    assert [end_of_school_year(day) for day in days] == [date(2026, 7, 31), date(2027, 7, 31), date(2027, 7, 31)]
