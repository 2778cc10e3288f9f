"""How fast ``Detoxify.predict`` is, for ``klaswacht benchmark model``; a process of its own, prints one JSON line.

``python -m bot.training.speed own|base FOLDER THREADS TEXTS``: ``own`` is the project's checkpoint, ``base`` an
XLM-R-base of random weights (what such bots use today; weights change nothing about the time). Both use the project's
tokenizer, so that they read equally many pieces. Needs ``klaswacht[detoxify]``.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.screening.speed import measured

SEED = 1


def opened(kind: str, folder: Path) -> Callable[[Sequence[str]], Any]:
    """Return ``predict`` of the checkpoint, or of a Detoxify with an XLM-R-base in its place."""
    from bot.training.verify import through_detoxify  # noqa: PLC0415 - what importing takes counts as loading

    detoxify = through_detoxify(folder)
    if kind == "base":
        detoxify.model = _base(len(detoxify.class_names))
    return lambda texts: detoxify.predict(list(texts))


def _base(classes: int) -> Any:
    import torch  # noqa: PLC0415 - as above
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification  # noqa: PLC0415 - as above

    torch.manual_seed(SEED)
    # https://huggingface.co/FacebookAI/xlm-roberta-base/blob/main/config.json
    shape = XLMRobertaConfig(
        vocab_size=250_002, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, num_labels=classes
    )
    return XLMRobertaForSequenceClassification(shape).eval()


def main() -> None:
    """Measure one engine of Detoxify."""
    kind, folder, threads, file = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    import torch  # noqa: PLC0415 - it counts in the memory of both, and not in the time to load

    torch.set_num_threads(threads)
    texts = file.read_text(encoding="utf-8").splitlines()
    speed = measured(lambda: opened(kind, folder), texts, rounds=1)
    sys.stdout.write(json.dumps(asdict(speed)) + "\n")


if __name__ == "__main__":
    main()
