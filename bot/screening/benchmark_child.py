"""The rivals of ``klaswacht benchmark model``, in a process of their own; reads one JSON line, writes one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bot.screening.benchmark import WARM_UP, median_ms
from bot.screening.detoxify import CHECKPOINT, FOLDER
from bot.screening.detoxify_child import load
from bot.screening.manifest import ADAPTER

XLM_R_BASE: Final = {
    "vocab_size": 250_002, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
    "intermediate_size": 3072, "max_position_embeddings": 514, "type_vocab_size": 1, "num_labels": 16,
}  # fmt: skip
"""The size of ``xlm-roberta-base``, on which Detoxify's multilingual model stands."""


def main() -> None:
    """Measure both rivals and write their figures."""
    asked = json.loads(sys.stdin.readline())
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    model = Path(asked["model"])
    adapter = model / ADAPTER
    own = load(str(model / CHECKPOINT), str(model / FOLDER), "1", str(adapter) if adapter.exists() else "")
    rivals = {"XLM-R-base through Detoxify": random_xlm_r(own), "our checkpoint through Detoxify": own}
    out.write(json.dumps({name: measured(rival, asked["texts"]) for name, rival in rivals.items()}) + "\n")
    out.flush()


def random_xlm_r(like: Any) -> Any:
    """Return a Detoxify whose network has the size of XLM-R-base and random weights, with another's tokenizer."""
    from detoxify import Detoxify  # noqa: PLC0415 - only this process needs it
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification  # noqa: PLC0415 - as above

    rival = Detoxify.__new__(Detoxify)
    for name, value in vars(like).items():
        setattr(rival, name, value)
    rival.model = XLMRobertaForSequenceClassification(XLMRobertaConfig(**XLM_R_BASE)).eval()
    rival.class_names = [str(number) for number in range(XLM_R_BASE["num_labels"])]
    return rival


def measured(rival: Any, texts: Sequence[str]) -> dict[str, float]:
    """Return messages a second with two threads and the median milliseconds with one, a message at a time."""
    import torch  # noqa: PLC0415 - only this process needs it

    torch.set_num_threads(1)
    latency = median_ms(rival.predict, texts)
    torch.set_num_threads(2)
    for text in texts[:WARM_UP]:
        rival.predict(text)
    begun = perf_counter()
    for text in texts:
        rival.predict(text)
    return {"throughput": len(texts) / (perf_counter() - begun), "latency_ms": latency}


if __name__ == "__main__":
    main()
