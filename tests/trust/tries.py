"""What can be tried, for every thing of the table of rights: what it is tried on, and what the core asks of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.rights import PRIVATE_MESSAGE, Kind, Role, Thing, Verb
from tests.builders import CLASS_CHANNEL, COORDINATOR, PUPIL, SCHOOL, TARGET, TEACHER, THIRD
from tests.trust.entrances import TEXTS, Answer, Entrances
from tests.trust.scene import OPENER, OTHER_TEACHER, REPORTER, RISEN, Things

CSV = "https://cdn.example/toestemming.csv"
FLAGGED, OWNER, MADE_IT = frozenset({Role.FLAGGED}), frozenset({Role.OWNER}), frozenset({Role.REPORTER})
Extra = Mapping[str, frozenset[Role]]
"""What people are to the subject, besides what they are to its class; by user."""


@dataclass(frozen=True)
class Need:
    """One thing that the core asks: a right, or one of several; and the sentence for who lacks it.

    ``of_it``: it is asked about the subject, so that it matters who that is about.
    """

    verbs: tuple[Verb, ...]
    sentence: str = ""
    of_it: bool = True


@dataclass(frozen=True)
class Try:
    """One thing tried on one subject. ``then``: the sentence that even those get who may, where it can't be done.

    ``only``: whom it is about and others to compare with; empty for everybody.
    """

    thing: Thing
    name: str
    needs: tuple[Need, ...]
    custom_id: str = ""
    values: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)
    private: bool = False
    only: tuple[str, ...] = ()
    then: str = ""

    async def by(self, bot: Entrances, user: str) -> Answer:
        """Let somebody try it by its real entrance."""
        place = None if self.private else SCHOOL
        if self.thing.kind is Kind.PRESS:
            return await bot.press(user, self.custom_id, place, self.values)
        if self.thing.kind is Kind.FORM:
            return await bot.fill_in(user, self.custom_id, self.fields, place)
        if self.thing.kind is Kind.MESSAGE:
            return Answer(tuple(await bot.message(user, "ik word gepest")))
        return await bot.command(user, guild=place, **self.given)


def tries(things: Things) -> list[Try]:
    """Return everything that can be tried."""
    return [*_for_all(things), *_alerts(things), *_media(things), *_reports(things), *_cases(things), *_school(things)]


def _press(name: str, custom: str, *verbs: Verb, about: str = "", **facts: Any) -> Try:
    needs = facts.pop("needs", (Need(verbs),))
    title = f"press {name} {about}".strip()
    return Try(Thing(Kind.PRESS, name), title, needs, f"kw:{name}:{custom}", **facts)


def _form(name: str, custom: str, *verbs: Verb, about: str = "", **facts: Any) -> Try:
    needs = facts.pop("needs", (Need(verbs),))
    title = f"form {name} {about}".strip()
    return Try(Thing(Kind.FORM, name), title, needs, f"kw:form:{name}:{custom}", **facts)


def _command(name: str, verb: Verb, *options: Mapping[str, Any], **facts: Any) -> Try:
    first, _, second = name.partition(" ")
    told: list[Any] = [{"type": 1, "name": second, "options": list(options)}] if second else []
    given = {"name": TEXTS.get(f"command.{first}.name", "en"), "options": told, **facts.pop("given", {})}
    needs = facts.pop("needs", (Need((verb,)),))
    return Try(Thing(Kind.COMMAND, name), f"command {name}", needs, given=given, **facts)


def _menu(name: str, label: str, verb: Verb, **facts: Any) -> Try:
    author = {"id": PUPIL, "username": "Daan"}
    picked = {"id": "1500000000000000999", "channel_id": CLASS_CHANNEL, "author": author, "content": "sukkel"}
    picked["timestamp"] = "2026-11-24T09:00:00+00:00"
    resolved = {"messages": {"1500000000000000999": picked}}
    given = {"name": label, "type": 3, "target_id": "1500000000000000999", "resolved": resolved}
    return Try(Thing(Kind.MENU, name), f"menu {name}", (Need((verb,)),), given=given, **facts)


def _for_all(things: Things) -> Sequence[Try]:
    told = {"what": "Iemand scheldt mij uit."}
    return [
        *(_command(name, verb, private=private) for name, verb in _OPEN.items() for private in (False, True)),
        *(_command("case", Verb.CASE, needs=(), private=private) for private in (False, True)),  # a list may be empty
        _menu("report_message", "Report this message", Verb.REPORT),
        _menu("object_to", "That's me, I don't want this", Verb.REPORT, then="error.media.nothing"),
        *(_press(way, f"{things.draft}", Verb.REPORT) for way in ("by_name", "anonymous")),
        *(_form(way, f"{things.draft}", Verb.REPORT, fields=told) for way in ("by_name", "anonymous")),
        _press("my_messages", "0", Verb.MY_MESSAGES),
        _press("school_pick", "0:rules", Verb.RULES, values=(SCHOOL,), private=True, about="in private"),
        _press("school_pick", "0:queue", Verb.QUEUE, values=(SCHOOL,), private=True, about="for the queue"),
        _press("school_pick", "0:setup", Verb.SETUP, values=(SCHOOL,), private=True, then="error.setup.in_server"),
        Try(PRIVATE_MESSAGE, "private message", (Need((Verb.REPORT,)),), private=True),
    ]


_OPEN = {
    "report": Verb.REPORT,
    "messages": Verb.MY_MESSAGES,
    "rules": Verb.RULES,
    "privacy": Verb.PRIVACY,
    "queue": Verb.QUEUE,
}


def _alerts(things: Things) -> Sequence[Try]:
    flagged: Extra = {PUPIL: FLAGGED}
    listed = (Need((Verb.QUEUE,), of_it=False), Need((Verb.SHOW,), "error.discord.gone"))
    return [
        _press("queue", "0", Verb.QUEUE),
        _press("alert", "0", needs=listed, values=(f"{things.open}",), extra=flagged),
        _press("alert", "0", needs=listed, values=(f"{things.of_risen}",), extra={RISEN: FLAGGED}, about="of risen"),
        *_decisions(things.open, things.dismissed, flagged, ""),
        *(
            replace(one, only=(RISEN, COORDINATOR, TEACHER))
            for one in _decisions(things.of_risen, 0, {RISEN: FLAGGED}, "of risen")[:-2]
        ),
        *_looks(things),
        *_private_cards(things),
        _press("join_case", f"{things.open}", needs=(Need((Verb.OPEN_CASE,)), Need((Verb.JOIN_CASE,))), extra=flagged),
        _press(
            "join_pick",
            f"{things.open}",
            needs=(Need((Verb.JOIN_CASE,)), Need((Verb.OPEN_CASE,))),
            values=(f"{things.cases['S1']}",),
            extra={PUPIL: FLAGGED, TARGET: FLAGGED, OPENER: OWNER},
        ),
        _press("dm_on", "0", Verb.DM_CHOICE),
        _press("dm_off", "0", Verb.DM_CHOICE),
    ]


def _decisions(number: int, dismissed: int, extra: Extra, about: str) -> list[Try]:
    facts: dict[str, Any] = {"extra": extra, "about": about}
    why = {"fields": {"reason": "grapje"}, **facts}
    note = {"fields": {"note": "kijk jij?"}, **facts}
    minutes = {"fields": {"minutes": "60", "reason": "te druk"}, **facts}
    return [
        _press("take", f"{number}", Verb.TAKE, **facts),
        _press("open_case", f"{number}", Verb.OPEN_CASE, **facts),
        *(_press(one, f"{number}", verb, **facts) for one, verb in _CARD.items()),
        _form("dismiss", f"{number}", Verb.DISMISS, **why),
        _form("remove", f"{number}", Verb.REMOVE, **facts),
        _form("timeout", f"{number}", Verb.TIME_OUT, **minutes),
        _form("pass_on", f"{number}", Verb.PASS_ON, **note),
        _press("reopen", f"{dismissed}", Verb.DISMISS, **facts),
        _form("reopen", f"{dismissed}", Verb.DISMISS, **why),
    ]


_CARD = {
    "dismiss": Verb.DISMISS,
    "remove": Verb.REMOVE,
    "timeout": Verb.TIME_OUT,
    "pass_on": Verb.PASS_ON,
}


def _looks(things: Things) -> list[Try]:
    return [
        _press("show", f"{things.open}", Verb.SHOW, extra={PUPIL: FLAGGED}),
        _press("show", f"{things.of_risen}", Verb.SHOW, extra={RISEN: FLAGGED}, about="of risen"),
        _press("show", f"{things.of_former}", Verb.SHOW, extra={PUPIL: FLAGGED}, about="taken by a former moderator"),
        _press("show", f"{things.crisis}", Verb.CRISIS_CARD, extra={PUPIL: FLAGGED}, about="of a crisis"),
        _press("show", f"{things.staff}", Verb.STAFF_CARD, extra={OTHER_TEACHER: FLAGGED}, about="about staff"),
    ]


def _private_cards(things: Things) -> list[Try]:
    made: list[Try] = []
    cards = (
        ("crisis", things.crisis, Verb.CRISIS_CARD, PUPIL, "error.case.crisis"),
        ("staff", things.staff, Verb.STAFF_CARD, OTHER_TEACHER, "error.case.staff"),
    )
    for about, number, verb, author, other_road in cards:
        facts: dict[str, Any] = {"extra": {author: FLAGGED}, "about": f"of {about}"}
        slow = {"fields": {"minutes": "60", "reason": "te druk"}, **facts}
        both = (Need((verb,)), Need((Verb.TIME_OUT,)))
        made += [
            _press("take", f"{number}", verb, **facts),
            _press("dismiss", f"{number}", verb, **facts),
            _form("dismiss", f"{number}", verb, fields={"reason": "gesproken"}, **facts),
            _form("pass_on", f"{number}", verb, fields={"note": "kijk jij?"}, **facts),
            _press("open_case", f"{number}", verb, then=other_road, **facts),
            _press("timeout", f"{number}", needs=both, **facts),
            _form("timeout", f"{number}", needs=both, **slow),
        ]
    return made


def _media(things: Things) -> Sequence[Try]:
    posted: Extra = {PUPIL: FLAGGED}
    told = {"fields": {"reason": "niet gevraagd"}, "extra": posted}
    return [
        _press("show", f"{things.photo}", Verb.DECIDE_MEDIA, extra=posted, about="a photo"),
        _press("approve", f"{things.hold}", Verb.DECIDE_MEDIA, extra=posted),
        _press("refuse", f"{things.hold}", Verb.DECIDE_MEDIA, extra=posted),
        _form("refuse", f"{things.hold}", Verb.DECIDE_MEDIA, **told),
        _press("ask_consent", f"{things.hold}", Verb.TELL_WHO, extra=posted),
        _form("ask_consent", f"{things.hold}", Verb.TELL_WHO, fields={"who": "Noor"}, extra=posted),
    ]


def _reports(things: Things) -> Sequence[Try]:
    made: Extra = {REPORTER: MADE_IT}
    reply = (Need((Verb.REPLY_OWN, Verb.REPLY), "error.rights.reply"),)
    words = {"note": "Dank je wel."}
    chosen = (Need((Verb.REPLY,)), Need((Verb.OPEN_SEAL,), "error.report.not_yours"))
    return [
        _press("report", f"{things.report}", Verb.REPLY),
        _press("report", f"{things.sealed}", Verb.REPLY, about="anonymous"),
        _press("report", f"{things.to_coordinator}", needs=chosen, about="to the coordinator"),
        _press("report_file", f"{things.report}:{things.file}", Verb.REPLY),
        _press("reply", f"{things.report}", needs=reply, extra=made),
        _form("reply", f"{things.report}", needs=reply, fields=words, extra=made),
        _form("reply", f"{things.to_coordinator}", needs=_own_or(chosen), fields=words, extra=made, about="private"),
        _press("close_report", f"{things.report}", needs=(Need((Verb.CLOSE_REPORT,), "error.rights.reply"),)),
        _form("close_report", f"{things.report}", Verb.CLOSE_REPORT, fields=words),
        _press("open_seal", f"{things.sealed}", Verb.OPEN_SEAL),
        _form("open_seal", f"{things.sealed}", Verb.OPEN_SEAL, fields={"reason": "gevaar"}),
    ]  # fmt: skip


def _own_or(needs: Sequence[Need]) -> tuple[Need, ...]:
    told = ("error.rights.reply", "error.report.not_yours")
    return tuple(Need((Verb.REPLY_OWN, *need.verbs), sentence) for need, sentence in zip(needs, told, strict=True))


def _cases(things: Things) -> Sequence[Try]:
    at, named = things.cases, {PUPIL: FLAGGED, TARGET: FLAGGED, OPENER: OWNER}
    facts: dict[str, Any] = {"extra": named}
    step, seen = (Verb.CASE_STEP,), (Need((Verb.CASE,)),)
    look = (Need((Verb.CASE,)),)
    words = {"note": "gepraat", "date": "over 2 weken"}
    s1, s2, s5 = at["S1"], at["S2"], at["S5"]
    return [
        _press("case", f"{s1}", Verb.CASE, **facts),
        _press("case_pick", "0", Verb.CASE, values=(f"{s1}",), **facts),
        _press("evidence", f"{s1}", Verb.CASE, **facts),
        _press("done", f"{s1}:S1", needs=look, **facts),
        _form("done", f"{s2}:S2", *step, fields=words, **facts),
        _press("skip", f"{s1}:S1", needs=seen, **facts),
        _form("skip", f"{s1}:S1", *step, fields={"reason": "niet nodig"}, **facts),
        _press("back", f"{s2}:S2", *step, **facts),
        _press("check", f"{s5}:S5:told_hurt", needs=seen, then="error.discord.button", **facts),
        _form("check", f"{s5}:S5:told_hurt", *step, fields=words, then="error.case.no_check", **facts),
        _press("pupils", f"{s1}", needs=seen, **facts),
        _form("pupils", f"{s1}", *step, fields={"hurt": (TARGET,), "did": (THIRD,)}, **facts),
        _press("add_evidence", f"{s1}", needs=seen, **facts),
        _form("add_evidence", f"{s1}", needs=(Need(step),), fields={"note": "gevonden"}, **facts),
        _press("followup", f"{things.look}:stopped", needs=seen, **facts),
        _form("followup", f"{things.look}:stopped", *step, fields={"note": "rustig"}, **facts),
        _press("go_on", f"{at['goes on']}:S7:S6", *step, **facts),
        _press("close_case", f"{s1}:S1", needs=seen, **facts),
        _form("close_case", f"{s1}:S1", *step, fields={"reason": "opgelost"}, **facts),
        _press("reopen_case", f"{at['closed']}", needs=seen, **facts),
        _form("reopen_case", f"{at['closed']}", *step, fields={"reason": "toch weer"}, **facts),
        _press("hand_over", f"{s1}", *step, **facts),
        _form("hand_over", f"{s1}", *step, fields={"owner": (COORDINATOR,), "reason": "op reis"}, **facts),
        _press("letter", f"{s1}", Verb.LETTER, values=("hurt.docx",), **facts),
        _press("dossier", f"{s1}", Verb.DOSSIER, **facts),
        _press("police_file", f"{at['police']}", Verb.POLICE_FILE, **facts),
    ]


def _school(things: Things) -> Sequence[Try]:
    pupil = {"type": 6, "name": "pupil", "value": TARGET}
    users = {"users": {TARGET: {"id": TARGET, "username": "noor"}}}
    kinds = [{"type": 3, "name": "kind", "value": "photo"}, {"type": 3, "name": "given_by", "value": "guardian"}]
    file = {"type": 11, "name": "file", "value": "5"}
    attached = {"attachments": {"5": {"id": "5", "filename": "t.csv", "size": 9, "url": CSV, "proxy_url": CSV}}}
    who = {"given": {"resolved": users}}
    return [
        _command("setup", Verb.SETUP),
        _press("setup", "0:again", Verb.SETUP),
        _press("setup", "0:people", Verb.SETUP, about="people", then="error.setup.file"),
        _form("setup", "0:school", Verb.SETUP, fields={"name": "Mijn school"}, then="error.setup.file"),
        _command("consent grant", Verb.CONSENT, pupil, *kinds, **who),
        _command("consent withdraw", Verb.CONSENT, pupil, **who),
        _command("consent list", Verb.CONSENT, pupil, **who),
        _command("consent import", Verb.CONSENT, file, given={"resolved": attached}),
        _command("logbook", Verb.AUDIT),
        _press("logbook", "0", Verb.AUDIT),
        _press("withdraw", "0", Verb.CONSENT, values=(f"{things.consent}",)),
    ]
