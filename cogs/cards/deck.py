"""From a row of the outbox to a page: a presenter a kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.cases.desk import Cases
from bot.clock import Clock
from bot.errors import DeliveryFailedError, NotAllowedError, NotFoundError
from bot.findings.facts import AlertCard
from bot.findings.review import Review
from bot.media.desk import MediaDesk
from bot.people import Actor, People
from bot.ports import Delivery
from bot.reports.desk import Reports
from bot.schoolbook import SchoolBook
from bot.texts import Texts, language_of
from cogs.cards.alert import alert_embed, alert_page, buttons
from cogs.cards.case_lists import followup_page
from cogs.cards.media import media_page, pupil_page
from cogs.cards.notices import audit_page, bare_page, handed_page, notice_page, said_page, welcome_page
from cogs.cards.reports import crisis_page, told_page, words_for
from cogs.pages import Page
from cogs.plain import person
from cogs.widgets import Kit


class Facts(Protocol):
    """What the presenters ask of the core."""

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def texts(self) -> Texts:
        """All sentences."""
        ...

    @property
    def people(self) -> People:
        """Who somebody is."""
        ...

    @property
    def review(self) -> Review:
        """Knows alerts."""
        ...

    @property
    def reports(self) -> Reports:
        """Knows reports."""
        ...

    @property
    def cases(self) -> Cases:
        """Knows cases."""
        ...

    @property
    def media(self) -> MediaDesk:
        """Knows pictures, films and sound."""
        ...

    @property
    def book(self) -> SchoolBook:
        """The schools in use now."""
        ...


class Deck:
    """Makes pages of deliveries."""

    def __init__(
        self, core: Facts, locale: Callable[[str], str | None], name: Callable[[str, str], Awaitable[str]]
    ) -> None:
        self._core = core
        self._locale = locale
        self._name = name
        self._kinds: Mapping[str, Callable[[Kit, Delivery], Awaitable[Page]]] = {
            "alert": self._alert,
            "alert_reminder": self._alert,
            "crisis": self._alert,
            "crisis_pupil": self._crisis_pupil,
            "pupil_note": self._pupil_note,
            "report_taken": self._report_told,
            "report_answer": self._report_told,
            "report_closed": self._report_told,
            "seal_opened": self._report_told,
            "report_said": self._report_said,
            "followup": self._followup,
            "case_handed": self._handed,
            "media_held": self._media_pupil,
            "media_refused": self._media_pupil,
            "media_returned": self._media_pupil,
            "media_again": self._media_pupil,
            "notice": self._notice,
            "audit_head": self._audit_head,
            "welcome": self._welcome,
        }

    def kinds(self) -> frozenset[str]:
        """Return the kinds that can be shown."""
        return frozenset(self._kinds)

    async def page(self, delivery: Delivery) -> Page:
        """Return the page of a delivery, in its receiver's language."""
        locale = None if delivery.receiver.kind == "channel" else self._locale(await self.receiver(delivery))
        kit = Kit(self._core.texts, language_of(locale, delivery.language), delivery.school)
        return await self._kinds[delivery.kind](kit, delivery)

    async def receiver(self, delivery: Delivery) -> str:
        """Return the user or channel of a delivery; the maker of a sealed report is looked up only here."""
        if delivery.receiver.kind == "reporter":
            return await self._core.reports.reporter(delivery.school, int(delivery.receiver.id))
        return delivery.receiver.id

    async def _alert(self, kit: Kit, delivery: Delivery) -> Page:
        values, private = delivery.values, delivery.receiver.kind != "channel"
        pings, roles = tuple(values.get("ping", "").split()), tuple(values.get("ping_roles", "").split())
        told = {name: value for name, value in values.items() if name != "why"}
        why = kit.say(values["why"], **told) if "why" in values and kit.texts.has(values["why"]) else ""
        called = [*map(person, pings), *(f"<@&{role}>" for role in roles)]
        if "bare" in values:
            return bare_page(kit, delivery.subject, called, pings, roles)
        card = await self._core.review.card(delivery.school, delivery.subject)
        if private and card.report_id and not card.anonymous:
            # The pupil chose to be known to exactly the people who are told privately; the staff channel is more.
            card = replace(card, author=await self._core.reports.reporter(delivery.school, card.report_id))
        hold = await self._core.media.hold_of_alert(delivery.school, delivery.subject)
        if hold is not None:
            return await self._media(kit, card, hold, Page(" ".join([*called, why]), pings=pings, ping_roles=roles))
        reader = await self._reader(delivery)
        page = alert_page(kit, card, private=private, reader=reader)
        text = " ".join([*called, why])
        if delivery.kind == "alert_reminder":
            return Page(text, (alert_embed(kit, card),), buttons(kit, card, reader), (), pings, roles)
        return Page(text, page.embeds, page.items, (), pings, roles)

    async def _reader(self, delivery: Delivery) -> Actor | None:
        """Return whose card it is; None for a channel, and where that can't be told now."""
        if delivery.receiver.kind != "user":
            return None
        try:
            return await self._core.people.actor(delivery.school, delivery.receiver.id)
        except (DeliveryFailedError, NotAllowedError, NotFoundError):
            return None

    async def _media(self, kit: Kit, card: AlertCard, hold: int, called: Page) -> Page:
        school = self._core.book.current().get(card.school)
        if school is None:
            raise NotFoundError("error.school.unknown")
        page = media_page(kit, await self._core.media.card(school, hold), card)
        return replace(page, text=called.text, pings=called.pings, ping_roles=called.ping_roles)

    async def _media_pupil(self, kit: Kit, delivery: Delivery) -> Page:
        values = delivery.values
        if delivery.kind == "media_refused":
            values = {**values, "reason": await self._core.media.reason(delivery.school, delivery.subject)}
        return pupil_page(kit, delivery.subject, values)

    async def _crisis_pupil(self, kit: Kit, delivery: Delivery) -> Page:
        return crisis_page(kit, self._now, anonymous=delivery.receiver.kind == "reporter")

    async def _pupil_note(self, kit: Kit, delivery: Delivery) -> Page:
        return notice_page(kit, delivery.values)

    async def _report_told(self, kit: Kit, delivery: Delivery) -> Page:
        values, report = delivery.values, delivery.subject
        by = await self._name(delivery.school, values["by"]) if values.get("by") else ""
        talk = values.get("talk", "")
        text = await self._core.reports.talk_text(delivery.school, report, int(talk)) if talk.isdecimal() else ""
        number = int(values["number"]) if values.get("number", "").isdecimal() else 0
        lines = words_for(kit, self._now).told(delivery.kind, number, by, text)
        title = kit.say("card.answer.title") if delivery.kind == "report_answer" else ""
        return told_page(kit, lines, report, reply=delivery.kind in {"report_taken", "report_answer"}, title=title)

    async def _report_said(self, kit: Kit, delivery: Delivery) -> Page:
        return said_page(kit, delivery)

    async def _followup(self, kit: Kit, delivery: Delivery) -> Page:
        return followup_page(kit, await self._core.cases.reading.followup_card(delivery.school, delivery.subject))

    async def _handed(self, kit: Kit, delivery: Delivery) -> Page:
        return handed_page(kit, delivery)

    async def _notice(self, kit: Kit, delivery: Delivery) -> Page:
        return notice_page(kit, delivery.values)

    async def _audit_head(self, kit: Kit, delivery: Delivery) -> Page:
        return audit_page(kit, delivery.values)

    async def _welcome(self, kit: Kit, _delivery: Delivery) -> Page:
        return welcome_page(kit)

    @property
    def _now(self) -> datetime:
        return self._core.clock.now()
