"""Cases in a list, a look that came by itself, the evidence of a case."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.facts import CaseLine, CaseState, EvidenceLine, FollowUpView
from bot.reports.facts import Fate, FileTold
from bot.reports.kept import WITHHELD
from cogs.cards.case_buttons import followup_items
from cogs.cards.words import CALM, agreement_title, moment
from cogs.items import Action
from cogs.pages import Choice, Page, embed
from cogs.plain import block, inline, person, place
from cogs.widgets import MAIN, Kit

EVIDENCE_SHOWN = 10


def cases_page(kit: Kit, cases: Sequence[CaseLine], *, action: Action = Action.CASE_PICK, subject: int = 0) -> Page:
    """Return a list of cases with a select to open one (or to join)."""
    if not cases:
        return Page(embeds=(embed(kit.say("card.cases.title"), kit.say("card.cases.empty"), colour=CALM),))
    fields = [(_case_head(kit, line), _case_body(kit, line)) for line in cases[:20]]
    shown = embed(kit.say("card.cases.title"), "", fields, colour=CALM)
    choices = [
        Choice(_case_choice(kit, line), str(line.id), kit.say("card.cases.same") if line.same_pair else "")
        for line in cases
    ]
    hint = "command.join.pick" if action is Action.JOIN_PICK else "command.case.pick"
    return Page(embeds=(shown,), items=(kit.select(action, subject, choices=choices, hint=hint),))


def _case_head(kit: Kit, line: CaseLine) -> str:
    mark = "📁" if line.state is CaseState.OPEN else "🗄️"
    return f"{mark} {kit.say('card.cases.head', number=line.number, class_name=inline(line.class_name or '–'))}"


def _case_body(kit: Kit, line: CaseLine) -> str:
    hurt, did = (" ".join(map(person, side)) or kit.say("card.case.nobody") for side in (line.hurt, line.did))
    state = f"{line.step} · {line.title}" if line.state is CaseState.OPEN else kit.say("card.cases.closed")
    look = kit.say("card.cases.next", when=moment(line.next_look, "day")) if line.next_look else ""
    return "\n".join(part for part in (state, kit.say("card.cases.people", hurt=hurt, did=did), look) if part)


def _case_choice(kit: Kit, line: CaseLine) -> str:
    return kit.say("card.cases.choice", number=line.number, step=line.step, title=line.title)


def followup_page(kit: Kit, look: FollowUpView) -> Page:
    """Return a look that came by itself: the agreement, and what was seen since."""
    seen = (
        kit.say("card.followup.seen_none") if not look.seen_now else kit.say("card.followup.seen", count=look.seen_now)
    )
    people = kit.say(
        "card.cases.people", hurt=" ".join(map(person, look.hurt)) or "–", did=" ".join(map(person, look.did)) or "–"
    )
    since = kit.say("card.followup.since", when=moment(look.followup.seen_from, "day"))
    fields = [(kit.say("card.followup.seen_title"), f"{since} {seen}")]
    if look.agreement:
        fields.append((agreement_title(kit, look.agreement_date), block(look.agreement, 600)))
    fields.append(
        (kit.say("card.followup.do"), kit.say("card.followup.do_last" if look.last else "card.followup.do_more"))
    )
    answered = look.followup.outcome is not None
    if answered:
        fields.append(
            (
                kit.say("card.alert.now"),
                kit.say(
                    f"card.look_at.{look.followup.outcome}",
                    when=moment(look.followup.due_at, "day"),
                    seen=look.seen_now,
                ),
            )
        )
    shown = embed(kit.say("card.followup.title", number=look.number), people, fields, colour=CALM)
    opened = kit.button(Action.CASE, look.case)
    return Page(embeds=(shown,), items=(*([] if answered else followup_items(kit, look.followup.id)), opened))


def evidence_page(kit: Kit, case: int, number: int, kept: Sequence[EvidenceLine], readers: Sequence[str]) -> Page:
    """Return what is kept, in order of time, and who may have seen it."""
    fields = [_evidence(kit, line) for line in kept[-EVIDENCE_SHOWN:]]
    if len(kept) > EVIDENCE_SHOWN:
        fields.insert(0, ("…", kit.say("card.evidence.more", count=len(kept) - EVIDENCE_SHOWN)))
    if readers:
        names = ", ".join(inline(name, 40) for name in readers[:30])
        fields.append((kit.say("card.evidence.readers"), names))
    title = kit.say("card.evidence.title", number=number)
    shown = embed(title, kit.say("card.evidence.lead" if kept else "card.evidence.none"), fields, colour=CALM)
    return Page(embeds=(shown,), items=(kit.button(Action.ADD_EVIDENCE, case, style=MAIN),))


def added_files(kit: Kit, told: Sequence[FileTold]) -> str:
    """Return what whoever added files to a case should know of those that were not simply kept."""
    lines = []
    for one in told:
        if one.fate is not Fate.KEPT:
            reason = {"reason": kit.say(f"media.unreadable.{one.unread}")} if one.fate is Fate.UNREAD else {}
            lines.append(kit.say(f"card.evidence.file_{one.fate}", number=one.number, **reason))
        if one.copy and not one.fate.away:
            lines.append(kit.say("card.evidence.file_copy", number=one.number))
    if any(one.fate.away for one in told):
        lines += [kit.say("media.card.private"), kit.say("media.card.private_help")]
    return "\n".join(lines)


def _evidence(kit: Kit, line: EvidenceLine) -> tuple[str, str]:
    kind = kit.either(f"evidence.{line.kind}", "evidence.other")
    who = f"{person(line.author)} · " if line.author else ""
    spot = f" · {place(line.channel)}" if line.channel else ""
    said = block(line.text or line.file or "–", 300)
    if line.kind == WITHHELD:
        said = kit.say("card.evidence.withheld")
    elif line.unread:
        said = f"{said}\n{kit.say(f'media.unreadable.{line.unread}')}"
    mark = f"\n-# SHA-256 {line.fingerprint[:16]}…" if line.fingerprint else ""
    return kind, f"{who}{moment(line.at or line.kept_at)}{spot}\n{said}{mark}"
