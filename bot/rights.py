"""Who may do what: one table, a row a right. The code reads it, and a test tries every row for everybody.

A row says which roles hold the right and by which things it is asked for: commands, message menus, presses (buttons
and selects), forms, private messages, commands of the console. What stands in no row can't be done by anybody. A thing
that stands in several rows opens for whoever holds one of them; the core then asks for the one that fits the subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the thing at hand."""

    REPORTER = "reporter"  # made this report
    FLAGGED = "flagged"  # whom it is about: wrote the message at hand; never decides about it, whatever else they are
    PUPIL = "pupil"
    TEACHER = "teacher"  # first teacher of the class at hand
    SECOND = "second"  # another teacher of the class at hand
    OTHER_TEACHER = "other_teacher"  # teaches another class of this school
    OWNER = "owner"  # took the alert or leads the case at hand
    MODERATOR = "moderator"
    OTHER_MODERATOR = "other_moderator"  # moderates, but not the class at hand
    COORDINATOR = "coordinator"
    CRISIS = "crisis"  # is told when a pupil is in distress
    SUPERVISOR = "supervisor"
    ICT = "ict"
    MANAGER = "manager"  # manages the server on the platform, as long as the school names no ICT
    OPERATOR = "operator"  # has the bot's own account on the computer where it runs
    OUTSIDER = "outsider"  # no member of this school


class Verb(StrEnum):
    """Everything that can be done."""

    REPORT = "report"
    MY_MESSAGES = "my_messages"
    RULES = "rules"
    PRIVACY = "privacy"
    PICK_SCHOOL = "pick_school"
    REPLY_OWN = "reply_own"
    TELL_WHO = "tell_who"
    QUEUE = "queue"
    SHOW = "show"
    TAKE = "take"
    DISMISS = "dismiss"
    OPEN_CASE = "open_case"
    JOIN_CASE = "join_case"
    REMOVE = "remove"
    TIME_OUT = "timeout"
    PASS_ON = "pass_on"  # noqa: S105 - no password: pass it on
    REPLY = "reply"
    CLOSE_REPORT = "close_report"
    OPEN_SEAL = "open_seal"
    CASE = "case"
    CASE_STEP = "case_step"
    LETTER = "letter"
    DOSSIER = "dossier"
    POLICE_FILE = "police_file"
    DM_CHOICE = "dm_choice"
    SETUP = "setup"
    CONSENT = "consent"
    AUDIT = "audit"
    DECIDE_MEDIA = "decide_media"
    CRISIS_CARD = "crisis_card"
    STAFF_CARD = "staff_card"
    OPERATE = "operate"
    TRY_OUT = "try_out"


class Kind(StrEnum):
    """The ways to ask for something."""

    COMMAND = "command"
    MENU = "menu"
    PRESS = "press"
    FORM = "form"
    MESSAGE = "message"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that somebody can do something with, as its entrance names it."""

    kind: Kind
    name: str


PRIVATE_MESSAGE = Thing(Kind.MESSAGE, "private")


@dataclass(frozen=True, slots=True)
class Right:
    """A row of the table."""

    verb: Verb
    who: frozenset[Role]
    commands: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    console: tuple[str, ...] = ()

    def things(self) -> Iterator[Thing]:
        """Return by what this right is asked for."""
        ways = (self.commands, self.menus, self.presses, self.forms, self.messages, self.console)
        for kind, names in zip(Kind, ways, strict=True):
            yield from (Thing(kind, name) for name in names)


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


STAFF = _roles(
    Role.TEACHER,
    Role.SECOND,
    Role.OTHER_TEACHER,
    Role.OWNER,
    Role.MODERATOR,
    Role.OTHER_MODERATOR,
    Role.COORDINATOR,
    Role.CRISIS,
    Role.SUPERVISOR,
    Role.ICT,
)
MEMBERS = STAFF | _roles(Role.PUPIL, Role.REPORTER, Role.FLAGGED)
CLASS = _roles(Role.TEACHER, Role.SECOND, Role.OWNER, Role.COORDINATOR)
REVIEW = CLASS | _roles(Role.MODERATOR)
ANYBODY = frozenset(Role)

_CARD = ("show", "take", "dismiss", "reopen", "open_case", "remove", "timeout", "pass_on")
_CARD_FORMS = ("dismiss", "reopen", "remove", "timeout", "pass_on")

TABLE: tuple[Right, ...] = (
    # For everybody at the school.
    Right(
        Verb.REPORT,
        MEMBERS,
        commands=("report",),
        menus=("report_message", "object_to"),
        presses=("by_name", "anonymous"),
        forms=("by_name", "anonymous"),
        messages=("private",),
    ),
    Right(Verb.MY_MESSAGES, MEMBERS, commands=("messages",), presses=("my_messages",)),
    Right(Verb.RULES, MEMBERS, commands=("rules",)),
    Right(Verb.PRIVACY, MEMBERS, commands=("privacy",)),
    Right(Verb.PICK_SCHOOL, ANYBODY, presses=("school_pick",)),
    Right(Verb.REPLY_OWN, _roles(Role.REPORTER, Role.FLAGGED), presses=("reply",), forms=("reply",)),
    Right(Verb.TELL_WHO, _roles(Role.FLAGGED), presses=("ask_consent",), forms=("ask_consent",)),
    # Alerts. Crisis and staff cards go by their own right, whatever is done with them.
    Right(Verb.QUEUE, STAFF - {Role.ICT, Role.SUPERVISOR}, commands=("queue",), presses=("queue", "alert")),
    Right(Verb.SHOW, REVIEW, presses=("show",)),
    Right(Verb.TAKE, REVIEW, presses=("take",)),
    Right(Verb.DISMISS, REVIEW, presses=("dismiss", "reopen"), forms=("dismiss", "reopen")),
    Right(Verb.OPEN_CASE, REVIEW, presses=("open_case",)),
    Right(Verb.JOIN_CASE, REVIEW, presses=("join_case", "join_pick")),
    Right(Verb.REMOVE, REVIEW, presses=("remove",), forms=("remove",)),
    Right(Verb.TIME_OUT, _roles(Role.MODERATOR, Role.COORDINATOR), presses=("timeout",), forms=("timeout",)),
    Right(Verb.PASS_ON, REVIEW, presses=("pass_on",), forms=("pass_on",)),
    Right(Verb.CRISIS_CARD, _roles(Role.CRISIS, Role.COORDINATOR), presses=_CARD, forms=_CARD_FORMS),
    Right(Verb.STAFF_CARD, _roles(Role.SUPERVISOR, Role.COORDINATOR), presses=_CARD, forms=_CARD_FORMS),
    Right(Verb.DECIDE_MEDIA, CLASS, presses=("approve", "refuse", "show"), forms=("refuse",)),
    Right(Verb.DM_CHOICE, STAFF, presses=("dm_on", "dm_off")),
    # Reports.
    Right(Verb.REPLY, CLASS, presses=("reply", "report", "report_file"), forms=("reply",)),
    Right(Verb.CLOSE_REPORT, CLASS, presses=("close_report",), forms=("close_report",)),
    Right(Verb.OPEN_SEAL, _roles(Role.COORDINATOR), presses=("open_seal",), forms=("open_seal",)),
    # Cases.
    Right(Verb.CASE, CLASS, commands=("case",), presses=("case", "case_pick", "evidence")),
    Right(
        Verb.CASE_STEP,
        CLASS,
        presses=(
            "done",
            "skip",
            "back",
            "check",
            "pupils",
            "add_evidence",
            "followup",
            "go_on",
            "close_case",
            "reopen_case",
            "hand_over",
        ),
        forms=(
            "done",
            "skip",
            "check",
            "pupils",
            "add_evidence",
            "followup",
            "close_case",
            "reopen_case",
            "hand_over",
        ),
    ),
    Right(Verb.LETTER, CLASS, presses=("letter",)),
    Right(Verb.DOSSIER, CLASS, presses=("dossier",)),
    Right(Verb.POLICE_FILE, CLASS, presses=("police_file",)),
    # The school itself.
    Right(
        Verb.SETUP,
        _roles(Role.ICT, Role.COORDINATOR, Role.MANAGER),
        commands=("setup",),
        presses=("setup",),
        forms=("setup",),
    ),
    Right(
        Verb.CONSENT,
        _roles(Role.COORDINATOR),
        commands=("consent grant", "consent withdraw", "consent list", "consent import"),
        presses=("withdraw",),
    ),
    Right(Verb.AUDIT, _roles(Role.COORDINATOR), commands=("logbook",), presses=("logbook",)),
    # The command line: what opens a school's data, and what opens none.
    Right(
        Verb.OPERATE,
        _roles(Role.OPERATOR),
        console=(
            "run",
            "backup",
            "restore",
            "status",
            "keys rotate",
            "audit verify",
            "audit show",
            "privacy report",
            "privacy export",
            "privacy erase",
            "privacy retention",
            "media sealed",
            "media hand-over",
            "thresholds propose",
        ),
    ),
    Right(
        Verb.TRY_OUT,
        ANYBODY,
        console=(
            "screen",
            "screen-media",
            "evaluate",
            "evaluate-media",
            "labels",
            "practice",
            "benchmark",
            "torture",
            "fuzz media",
            "model train",
            "model tune",
            "model fetch",
            "model trust",
            "thresholds fit",
            "keys new",
            "check",
        ),
    ),
)

_BY_VERB = {row.verb: row for row in TABLE}
_BY_THING: dict[Thing, tuple[Right, ...]] = {}
for _row in TABLE:
    for _thing in _row.things():
        _BY_THING[_thing] = (*_BY_THING.get(_thing, ()), _row)


def who(verb: Verb) -> frozenset[Role]:
    """Return the roles that may do a thing. A person has several roles at once; one that is listed is enough."""
    return _BY_VERB[verb].who


def rights_of(thing: Thing) -> tuple[Right, ...]:
    """Return the rights of which one is needed for a thing; none for a thing that is not in the table."""
    return _BY_THING.get(thing, ())


def for_members(thing: Thing) -> bool:
    """Tell whether only a member of the school can come near a thing; what is not in the table is for nobody."""
    asked = rights_of(thing)
    return not any(row.who & {Role.OUTSIDER, Role.MANAGER} for row in asked)
