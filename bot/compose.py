"""The composition root: every service of the core with exactly what it needs; ``build`` is read top to bottom."""

from __future__ import annotations

from bot.alerts.choices import DmChoices
from bot.alerts.config import AlertRules, read_rules
from bot.alerts.ladder import Ladder
from bot.alerts.opening import Alerts
from bot.alerts.outage import Outage
from bot.alerts.outbox import Outbox
from bot.alerts.refusals import Refusals
from bot.alerts.sending import Sender
from bot.cases.desk import Cases
from bot.cases.protocol import read_protocols
from bot.clock import Busy, Ids
from bot.core import Core, Ports
from bot.daily import DAILY, Daily
from bot.findings.evidence import EvidenceStore
from bot.findings.measures import Measures
from bot.findings.patterns import Patterns
from bot.findings.recording import Recorder
from bot.findings.review import Review
from bot.judging import open_judging
from bot.marks import Marks
from bot.media.entrance import MediaEntrance
from bot.media.inspector import MediaInspector
from bot.media.patience import Onlooker
from bot.media.road import photo_road
from bot.people import People
from bot.privacy.logbook import Logbook
from bot.privacy.nightly import nightly
from bot.readback import ReadBack
from bot.recheck import Recheck
from bot.reports.desk import DRAFT_TIMER, SENT_LOOK, Reports
from bot.reports.kept import Kept
from bot.runner import Runner
from bot.schoolbook import SchoolBook
from bot.schoolfiles import school_files
from bot.settings import Settings, data_file, data_folder, own_folder
from bot.setup import Setup
from bot.storage.audit import Audit
from bot.storage.opening import Storage
from bot.storage.rotation import KEYS, Rotation
from bot.texts import Texts
from bot.timers import Timers
from bot.watch import Watch


async def build(
    settings: Settings, storage: Storage, *, texts: Texts, book: SchoolBook, ports: Ports, busy: Busy
) -> Core:
    """Put the core together. Raises ``SetupError`` when a data file or school file is wrong."""
    database, vault, files, clock = storage.database, storage.vault, storage.files, storage.clock
    ids, schools = Ids(clock), book.current
    rules: AlertRules = read_rules(data_file(settings, "alerts.toml"))
    protocols = read_protocols(data_folder() / "protocol", own_folder(settings, "protocol"))
    from_files = school_files(settings)

    people = People(schools, ports.roster)
    audit = Audit(database=database, vault=vault, clock=clock)
    outbox, timers = Outbox(clock=clock, ids=ids), Timers(clock=clock, ids=ids)
    setup = Setup(
        database=database,
        clock=clock,
        audit=audit,
        book=book,
        outbox=outbox,
        files=[school.guild for school in from_files],
        add_key=storage.add_key,
        begin=lambda: daily.begin(),  # noqa: PLW0108 - made below
    )
    for school in from_files:
        await storage.add_key(school.guild)
        book.put(school)

    # Alerts: who must look, and whether the word arrived.
    alerts = Alerts(clock=clock, ids=ids, outbox=outbox, timers=timers, schools=schools, rules=rules)
    refusals = Refusals(clock=clock, outbox=outbox, schools=schools)
    sender = Sender(database=database, clock=clock, schools=schools, messenger=ports.messenger, refusals=refusals)
    outage = Outage(ids=ids, schools=schools, messenger=ports.messenger)
    runner = Runner(database=database, clock=clock, sender=sender, outage=outage, busy=busy)
    ladder = Ladder(
        database=database, clock=clock, alerts=alerts, outbox=outbox, timers=timers, schools=schools, rules=rules
    )
    choices = DmChoices(database=database, clock=clock, audit=audit)

    # The road of a message.
    judging = open_judging(settings)
    screening = judging.screening
    evidence = EvidenceStore(clock=clock, ids=ids, vault=vault)
    recorder = Recorder(
        clock=clock,
        ids=ids,
        vault=vault,
        alerts=alerts,
        outbox=outbox,
        evidence=evidence,
        rules=rules,
        reported=Kept(vault=vault, clock=clock, ids=ids, files=files),
    )
    inspector = MediaInspector(data_file(settings, "media/media.toml"), data_folder() / "media")
    onlooker = Onlooker(inspector)
    media = photo_road(
        database=database,
        vault=vault,
        clock=clock,
        ids=ids,
        schools=schools,
        audit=audit,
        timers=timers,
        outbox=outbox,
        alerts=alerts,
        evidence=evidence,
        files=files,
        gateway=ports.media,
        onlooker=onlooker,
        history=ports.history,
        config=inspector.config,
    )
    entrance = MediaEntrance(
        onlooker=onlooker,
        fetch=ports.history.download,
        intake=media.intake,
        desk=media.desk,
        config=inspector.config,
    )
    marks = Marks(database=database, clock=clock, busy=busy)
    recheck = Recheck(
        database=database, clock=clock, outbox=outbox, timers=timers, schools=schools, history=ports.history
    )
    watch = Watch(
        database=database,
        clock=clock,
        schools=schools,
        people=people,
        screening=screening,
        patterns=Patterns(rules),
        recorder=recorder,
        marks=marks,
        recheck=recheck,
        outage=outage,
        media=entrance,
        hurried=screening.hurried,
        busy=busy,
    )
    readback = ReadBack(
        database=database,
        clock=clock,
        schools=schools,
        history=ports.history,
        watch=watch,
        marks=marks,
        outbox=outbox,
        id_at=ports.id_at,
        busy=busy,
    )

    # What people do with it.
    reports = Reports(
        database=database,
        vault=vault,
        clock=clock,
        ids=ids,
        roster=ports.roster,
        alerts=alerts,
        outbox=outbox,
        timers=timers,
        audit=audit,
        files=files,
        sieve=media.sent,
        judge=screening.judge_text,
    )
    measures = Measures(
        database=database,
        clock=clock,
        vault=vault,
        audit=audit,
        alerts=alerts,
        evidence=evidence,
        messenger=ports.messenger,
        pictures=media.by_hand,
    )
    review = Review(
        database=database,
        clock=clock,
        vault=vault,
        audit=audit,
        alerts=alerts,
        evidence=evidence,
        history=ports.history,
        measures=measures,
        report_taken=reports.taken,
    )
    cases = Cases(
        database=database,
        vault=vault,
        clock=clock,
        ids=ids,
        schools=schools,
        people=people,
        roster=ports.roster,
        review=review,
        reports=reports.of_cases,
        outbox=outbox,
        timers=timers,
        audit=audit,
        files=files,
        sieve=media.sent,
        texts=texts,
        papers=data_file(settings, "papers"),
        protocols=lambda: protocols,
        history=ports.history,
    )
    media.register(runner)
    runner.on("ladder", ladder.due)
    runner.on("recheck", watch.recheck_due)
    runner.on(DRAFT_TIMER, reports.on_draft)
    runner.on(SENT_LOOK, reports.on_look)
    runner.on("followup", cases.on_followup)
    rotation = Rotation(
        database=database, clock=clock, vault=vault, files=files, audit=audit, wrapping=storage.wrapping
    )
    runner.on(KEYS, rotation.due)

    # Every night: erase what was kept long enough, post the head of the audit log.
    jobs = nightly(settings, storage, audit=audit, outbox=outbox, messenger=ports.messenger)
    daily = Daily(database=database, clock=clock, timers=timers, schools=schools, jobs=jobs)
    runner.on(DAILY, daily.due)
    await setup.load()
    await daily.begin()
    return Core(
        settings=settings,
        clock=clock,
        texts=texts,
        book=book,
        people=people,
        screening=screening,
        watch=watch,
        readback=readback,
        review=review,
        choices=choices,
        reports=reports,
        cases=cases,
        media=media.desk,
        intake=media.intake,
        entrance=entrance,
        consents=media.consents,
        setup=setup,
        audit=audit,
        logbook=Logbook(database=database, audit=audit),
        runner=runner,
        busy=busy,
        inspector=inspector,
        onlooker=onlooker,
        model_trouble=judging.trouble,
    )
