"""The figures in the model's card: ``python -m bot.training.figures FILE`` with a file of the corpus.

It scores the text as it stands, without the normalising and the lexicon that a school's server adds around the model,
with the served ONNX file and the thresholds in ``thresholds_suggestion.json``. HateCheck and evasion on request.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bot.training.augment import DISGUISES, disguised
from bot.training.corpus import Message, read
from bot.training.data import hatecheck
from bot.training.measure import Flags, Scores, auc, by_group, macro_f1, recall, summary, threshold_at
from bot.training.names import CATEGORIES, CLASSES, SEED
from bot.training.verify import agreement, served_logits

_NEGATIVE_SHOWN: Final = 30


def probabilities(model: Path, texts: Sequence[str]) -> Scores:
    """Calibrated scores of the served file."""
    result: Scores = 1 / (1 + np.exp(-served_logits(model, texts, threads=2)))
    return result


def limits(model: Path) -> Scores:
    """Alert thresholds in the order of the classes."""
    stored = json.loads((model / "thresholds_suggestion.json").read_text("utf-8"))["alert"]
    return np.array([stored[name] for name in CLASSES])


def corpus_figures(model: Path, messages: Sequence[Message]) -> list[str]:
    """Lines about a part of the corpus: the whole, categories, groups with the weakest first."""
    scores = probabilities(model, [message.text for message in messages])
    positive: Flags = np.array([message.label for message in messages], bool)
    flagged: Flags = np.any(scores >= limits(model), axis=1)
    highest: Scores = scores.max(axis=1)
    lines = [
        f"any category, highest score: {summary(highest, positive)}",
        f"decision at the thresholds: recall {flagged[positive].mean():.3f}",
        f"  false alarms {flagged[~positive].mean():.3f}, macro-F1 {macro_f1(flagged, positive):.3f}",
    ]
    for name in CATEGORIES:
        own: Flags = np.array([name in message.category.split(",") for message in messages])
        score = scores[:, CLASSES.index(name)]
        at = threshold_at(score, own, 0.02)
        lines.append(
            f"  {name}: {own.sum()} messages, AUC {auc(score, own):.3f}, "
            f"own recall at 2% {recall(score, own, at):.3f}, flagged by any class {flagged[own].mean():.3f}",
        )
    groups = np.array([message.group for message in messages])
    harmless = by_group(flagged[~positive], list(groups[~positive]))[::-1][:_NEGATIVE_SHOWN]
    lines += ["harmless groups, most flagged first:", *(f"  {g} ({n}): {share:.3f}" for g, n, share in harmless)]
    hurtful = by_group(flagged[positive], list(groups[positive]))
    return [*lines, "hurtful groups, least found first:", *(f"  {g} ({n}): {share:.3f}" for g, n, share in hurtful)]


def evasion_figures(model: Path, messages: Sequence[Message]) -> list[str]:
    """Recall when every hurtful message is disguised in each of eight ways, without any normalising."""
    hurtful = [message.text for message in messages if message.label]
    at = limits(model)
    lines = [f"plain: found {np.any(probabilities(model, hurtful) >= at, axis=1).mean():.3f}"]
    for kind in sorted(DISGUISES):
        chance = random.Random(SEED)  # noqa: S311  repeats with the seed, no secret
        texts = [disguised(text, kind, chance, 0.5) for text in hurtful]
        lines.append(f"  {kind}: found {np.any(probabilities(model, texts) >= at, axis=1).mean():.3f}")
    return lines


def hatecheck_figures(model: Path, shared: Path) -> list[str]:
    """English functional tests, validation only."""
    cases = hatecheck(shared)
    scores = probabilities(model, [case.text for case in cases])
    hateful: Flags = np.array([case.hateful for case in cases])
    flagged: Flags = np.any(scores >= limits(model), axis=1)
    half: Flags = scores.max(axis=1) >= 0.5  # noqa: PLR2004  the usual decision
    names = [case.functionality for case in cases]
    lines = [f"HateCheck: AUC {auc(scores.max(axis=1), hateful):.3f}"]
    for words, said in (("at the thresholds", flagged), ("at one half", half)):
        share = said[~hateful].mean()
        lines.append(f"  {words}: macro-F1 {macro_f1(said, hateful):.3f}, harmless flagged {share:.3f}")
    return [*lines, *(f"  {name} ({n}): flagged {share:.2f}" for name, n, share in by_group(half, names))]


def main() -> None:
    """Print the figures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--part", default="", help="only this part of a training file, e.g. validation")
    parser.add_argument("--model", type=Path, default=Path("data/model"))
    parser.add_argument("--shared", type=Path, help="folder with the public sets, for HateCheck")
    parser.add_argument("--evasion", action="store_true", help="also every message disguised")
    parser.add_argument("--engines", action="store_true", help="also the checkpoint through Detoxify (needs torch)")
    asked = parser.parse_args()
    messages = [message for message in read(asked.file) if not asked.part or message.part == asked.part]
    lines = corpus_figures(asked.model, messages)
    if asked.evasion:
        lines += evasion_figures(asked.model, messages)
    if asked.shared:
        lines += hatecheck_figures(asked.model, asked.shared)
    if asked.engines:
        texts = [message.text for message in messages]
        lines.append(f"engines: {agreement(asked.model, texts, list(limits(asked.model)))}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
