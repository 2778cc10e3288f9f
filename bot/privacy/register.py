"""The register of processing (AVG art. 30), made from ``data/retention.toml``."""

from __future__ import annotations

from bot.privacy.rules import RetentionRules, Rule
from bot.texts import Texts


def register(rules: RetentionRules, school: str, name: str, texts: Texts, language: str = "nl") -> str:
    """Return the register of one school as Markdown; every kind of data is one row of its table."""
    about = rules.register
    head = texts.get(
        "privacy.register.head",
        language,
        school=name,
        controller=about.controller.get(language),
        processors=about.processors.get(language),
        transfers=about.transfers.get(language),
        security=about.security.get(language),
    )
    titles = [texts.get(f"privacy.register.{name}", language) for name in ("what", "why", "ground", "who", "term")]
    lines = [_row(titles), _row(["---"] * len(titles))]
    for each in rules.rules:
        rule = rules.of(school, each)
        ground = rules.grounds[rule.ground].get(language)
        facts = [rule.what.get(language), rule.why.get(language), ground, rule.who.get(language)]
        lines.append(_row([*facts, term(rule, texts, language)]))
    return "\n".join([head, "", *lines, "", texts.get("privacy.register.foot", language), ""])


def term(rule: Rule, texts: Texts, language: str) -> str:
    """Return how long something is kept, in words."""
    then = texts.get(f"privacy.then.{rule.then}", language)
    unit, number = ("days", rule.days) if rule.days is not None else ("school_years", rule.school_years)
    key = f"privacy.term.{unit}_one" if number == 1 else f"privacy.term.{unit}"
    return texts.get(key, language, number=number, since=rule.from_.get(language), then=then)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"
