"""Builds the world of a school: roles, members, channels, and who sees which channel."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

from cogs.practice.school.facts import (
    CHANNEL_FORMS,
    COORDINATOR,
    MODERATOR,
    PUPIL,
    STAFF_ROLES,
    TEACHER,
    Person,
    Ref,
    School,
    SchoolChannel,
    SchoolClass,
)
from cogs.practice.world import permissions
from cogs.practice.world.clock import Clock, Snowflakes
from cogs.practice.world.permissions import P
from cogs.practice.world.records import Channel, Member, Overwrite, Role, User
from cogs.practice.world.state import World

FIRST_MADE_ID, MADE_APART = 1_200_000_000_000_000_001, 10_000
GENERAL_ROLES = (
    (PUPIL, "Leerling", P(0)),
    (TEACHER, "Docent", P(0)),
    (MODERATOR, "Moderator", permissions.MODERATOR),
    (COORDINATOR, "Coördinator", permissions.COORDINATOR),
)
BOT_IN_CHANNEL = permissions.BOT & ~(P.MODERATE_MEMBERS | P.CHANGE_NICKNAME | P.USE_APPLICATION_COMMANDS)


def build(school: School, clock: Clock, beside: World | None = None) -> World:
    """Return the world of ``school``, with everybody in it and nothing said; ``beside``: one with the same bot."""
    made = _free_ids(school, len(beside.all) if beside else 0)
    bot = beside.bot if beside else User(next(made), "Klaswacht", "Klaswacht", bot=True)
    owner = next((person.id for person in school.people if person.owner), 0) or next(made)
    world = World(school=school, clock=clock, ids=Snowflakes(clock), guild_id=school.guild, owner_id=owner, bot=bot)
    roles = _roles(world, made)
    _people(world, roles)
    if owner not in world.members:
        _add(world, User(owner, "schoolserver", "Schoolserver"), [])
    _channels(world, roles)
    if beside is not None:
        world.ids, world.changed = beside.ids, beside.changed
        beside.neighbours.append(world)
    return world


def _free_ids(school: School, place: int) -> Iterator[int]:
    taken = {school.guild, *(person.id for person in school.people), *(item.id for item in school.channels)}
    taken |= {ref.id for ref in _all_refs(school)}
    return (number for number in itertools.count(FIRST_MADE_ID + place * MADE_APART) if number not in taken)


def _all_refs(school: School) -> list[Ref]:
    teachers = [ref for group in school.classes for ref in group.teachers]
    return [*school.coordinators, *school.moderators, *school.designated, *teachers]


def _roles(world: World, made: Iterator[int]) -> dict[str, list[int]]:
    """Make all roles; return their ids by the name of a class or the word for a kind of person."""
    school, found = world.school, {}
    world.roles[school.guild] = Role(school.guild, "@everyone", permissions.EVERYONE, 0)
    position = itertools.count(1)
    for group in school.classes:
        found[group.name] = [_role(world, next(made), group.name, P(0), next(position))]
    for word, name, rights in GENERAL_ROLES:
        given = _given_roles(school, word)
        ids = list(dict.fromkeys(given)) or [next(made)]
        found[word] = [_role(world, number, name, rights, next(position)) for number in ids]
    bot_role = _role(world, next(made), "Klaswacht", permissions.BOT, next(position))
    world.roles[bot_role].managed_by = world.bot.id
    _add(world, world.bot, [bot_role])
    return found


def _role(world: World, number: int, name: str, rights: int, position: int) -> int:
    if number not in world.roles:
        world.roles[number] = Role(number, name, int(rights), position)
    else:
        world.roles[number].permissions |= int(rights)
    return number


def _given_roles(school: School, word: str) -> list[int]:
    refs: tuple[Ref, ...] = ()
    if word == MODERATOR:
        refs = school.moderators
    elif word == COORDINATOR:
        refs = (*school.coordinators, *school.designated)
    elif word == TEACHER:
        refs = tuple(ref for group in school.classes for ref in group.teachers)
    return [ref.id for ref in refs if ref.kind == "role"]


def _people(world: World, roles: dict[str, list[int]]) -> None:
    for person in world.school.people:
        member = _add(
            world, User(person.id, account_name(person), person.name, locale=client_locale(person.locale)), []
        )
        member.roles = roles_of(world.school, person, roles)


def roles_of(school: School, person: Person, roles: dict[str, list[int]]) -> list[int]:
    """Return the roles that the school file gives a person."""
    held = [number for name in person.classes for number in roles[name]]
    for word in sorted(person.roles & set(roles)):
        held += roles[word] if word != TEACHER else _teacher_roles(school, person, roles[word])
    return list(dict.fromkeys(held))


def _teacher_roles(school: School, person: Person, general: list[int]) -> list[int]:
    given = set(_given_roles(school, TEACHER))
    if not given:
        return general
    mine = [group for group in school.classes if group.name in person.classes]
    return [ref.id for group in mine for ref in group.teachers if ref.kind == "role"]


def client_locale(locale: str) -> str:
    """Return a locale as Discord names it."""
    return {"en": "en-US", "es": "es-ES", "pt": "pt-BR", "sv": "sv-SE", "zh": "zh-CN"}.get(locale, locale)


def account_name(person: Person) -> str:
    """Return a name for the account, as Discord allows them: small letters, digits, dots, underscores."""
    plain = unicodedata.normalize("NFKD", person.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or f"user_{person.id}"


def _add(world: World, user: User, roles: list[int]) -> Member:
    world.members[user.id] = Member(user, roles, world.clock.now())
    return world.members[user.id]


def _channels(world: World, roles: dict[str, list[int]]) -> None:
    for position, item in enumerate(world.school.channels):
        channel = Channel(
            id=item.id,
            kind=CHANNEL_FORMS[item.form],
            name=item.name,
            position=position,
            topic=item.topic or None,
        )
        if item.kind != "other":
            _close(world, channel, _readers(world.school, item, roles))
        world.channels[item.id] = channel


def _close(world: World, channel: Channel, readers: list[tuple[int, int]]) -> None:
    everyone = world.guild_id
    channel.overwrites[everyone] = Overwrite(everyone, 0, 0, int(P.VIEW_CHANNEL))
    for number, kind in readers:
        channel.overwrites[number] = Overwrite(number, kind, int(P.VIEW_CHANNEL), 0)
    for number in world.bot_member.roles:
        channel.overwrites[number] = Overwrite(number, 0, int(BOT_IN_CHANNEL), 0)


def _readers(school: School, item: SchoolChannel, roles: dict[str, list[int]]) -> list[tuple[int, int]]:
    """Return who sees a closed channel: ids with 0 for a role, 1 for a person."""
    words = [MODERATOR, COORDINATOR]
    group = school.class_of_channel(item.id)
    if item.kind == "staff":
        people = [person.id for person in school.people if school.is_staff(person)]
        words.append(TEACHER)
    else:
        people = _named_in_class(school, group) if group else []
        people += [person.id for person in school.people if person.roles & (STAFF_ROLES - {TEACHER})]
    held = [(number, 0) for word in words for number in roles[word]]
    held += [(number, 0) for number in (roles[group.name] if group and item.kind == "class" else [])]
    return [*held, *((number, 1) for number in people)]


def _named_in_class(school: School, group: SchoolClass) -> list[int]:
    in_file = [ref.id for ref in group.teachers if ref.kind == "user"]
    return [*in_file, *(person.id for person in school.people if group.name in person.classes)]
