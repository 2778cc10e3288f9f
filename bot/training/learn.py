"""The loop that all stages share: masked multi-label loss, a teacher where there is one, checkpoints, resuming."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn.functional import binary_cross_entropy_with_logits

from bot.training.batches import Batch
from bot.training.network import Network, save_state

_SAVE_EVERY: Final = 200
_CLIP: Final = 1.0
EpochOfBatches = Callable[[int], Sequence[Batch]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the training: how long, how fast, how soft."""

    name: str
    epochs: int
    rate: float
    layer_decay: float = 0.93
    warm_up: float = 0.08
    smoothing: float = 0.03
    positive_weight: float = 1.0
    budget: int = 512
    longest: int = 48
    teach: float = 0.0
    """Share of the loss that comes from the teacher's opinion."""
    hidden: float = 0.0
    """Weight of the distance between the student's and the teacher's hidden states."""


def learn(
    stage: Stage,
    network: Network,
    epoch_of: EpochOfBatches,
    work: Path,
    *,
    teacher: Network | None = None,
    after_epoch: Callable[[int], None] = lambda _: None,
) -> None:
    """Train ``network`` in place; a stage that was broken off goes on from its last checkpoint."""
    finished, state_file = work / f"{stage.name}.pt", work / f"{stage.name}.state"
    if finished.exists():
        network.load_state_dict(torch.load(finished, weights_only=True))
        return
    optimizer = torch.optim.AdamW(_groups(network, stage), weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    done = _resume(state_file, network, optimizer)
    with _progress() as progress:
        task = progress.add_task(stage.name, total=None, loss=0.0)
        step = 0
        for epoch in range(stage.epochs):
            batches = epoch_of(epoch)
            total = len(batches) * stage.epochs
            progress.update(task, total=total)
            for batch in batches:
                step += 1
                if step <= done:
                    continue
                for group, rate in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = rate * _share(step / total, stage.warm_up)
                torch.manual_seed(step)
                loss = _step(stage, network, teacher, optimizer, batch)
                progress.update(task, completed=step, loss=loss)
                if step % _SAVE_EVERY == 0:
                    _save(state_file, network, optimizer, step)
            if step > done:
                _save(state_file, network, optimizer, step)
                after_epoch(epoch)
    save_state(network, finished)
    state_file.unlink(missing_ok=True)


def _step(stage: Stage, network: Network, teacher: Network | None, optimizer: Any, batch: Batch) -> float:
    network.train()
    deep = stage.hidden > 0
    with _short_floats():
        result = network(input_ids=batch.ids, attention_mask=batch.mask, output_hidden_states=deep)
    result.logits = result.logits.float()
    loss = masked_loss(result.logits, batch, stage)
    if teacher is not None:
        with torch.no_grad(), _short_floats():
            opinion = teacher(
                input_ids=batch.plain_ids,
                attention_mask=batch.plain_mask,
                output_hidden_states=deep,
            )
        taught = binary_cross_entropy_with_logits(result.logits, opinion.logits.float().sigmoid(), reduction="none")
        taught = (taught.mean(1) * batch.weights).sum() / batch.weights.sum()
        loss = (1 - stage.teach) * loss + stage.teach * taught
        if deep:
            loss = loss + stage.hidden * hidden_distance(result.hidden_states, opinion.hidden_states, batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach())


def _short_floats() -> torch.autocast:
    """Multiply in bfloat16 where the processor can: twice as fast; weights and sums stay whole."""
    return torch.autocast("cpu", torch.bfloat16, enabled=short_floats())


def short_floats() -> bool:
    """Tell whether this processor multiplies in bfloat16."""
    able: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001  torch has no public question for it
    return able


def masked_loss(logits: torch.Tensor, batch: Batch, stage: Stage) -> torch.Tensor:
    """Cross entropy over the known classes, smoothed, weighted by example."""
    known = (batch.targets >= 0).float()
    wanted = batch.targets.clamp(min=0) * (1 - 2 * stage.smoothing) + stage.smoothing
    weight = known * (1 + (stage.positive_weight - 1) * batch.targets.clamp(min=0)) * batch.weights[:, None]
    each = binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    whole: torch.Tensor = (each * weight).sum() / weight.sum().clamp(min=1)
    return whole


def hidden_distance(student: Sequence[Any], teacher: Sequence[Any], batch: Batch) -> torch.Tensor:
    """Mean squared distance between matching layers, where both read the very same pieces."""
    every = (len(teacher) - 1) // (len(student) - 1)
    width = min(batch.ids.shape[1], batch.plain_ids.shape[1])
    same = (batch.ids[:, :width] == batch.plain_ids[:, :width]).all(1)
    same &= batch.mask.sum(1) == batch.plain_mask.sum(1)
    read = same[:, None] & (batch.mask[:, :width] > 0)
    if not read.any():
        return torch.zeros(())
    pairs = zip(student, teacher[::every], strict=True)
    total = sum(((a[:, :width] - b[:, :width])[read] ** 2).mean() for a, b in pairs)
    return torch.as_tensor(total) / len(student)


def _groups(network: Network, stage: Stage) -> list[dict[str, Any]]:
    depth = network.config.num_hidden_layers
    groups: dict[int, list[Any]] = {}
    for name, parameter in network.named_parameters():
        level = depth if ".layer." not in name else int(name.split(".layer.")[1].split(".")[0])
        groups.setdefault(-1 if "embeddings" in name else level, []).append(parameter)
    return [
        {"params": parameters, "lr": stage.rate * stage.layer_decay ** (depth - level)}
        for level, parameters in sorted(groups.items())
    ]


def _share(progress: float, warm_up: float) -> float:
    return progress / warm_up if progress < warm_up else max(0.01, (1.02 - progress) / (1.02 - warm_up))


def _resume(path: Path, network: Network, optimizer: Any) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _save(path: Path, network: Network, optimizer: Any, step: int) -> None:
    partial = path.with_suffix(".partial")
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, partial)
    partial.replace(path)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("loss {task.fields[loss]:.4f}"),
    )  # fmt: skip


def scores(network: Network, rows: Iterator[tuple[torch.Tensor, torch.Tensor]]) -> Iterator[torch.Tensor]:
    """Logits batch by batch, without learning."""
    network.eval()
    with torch.no_grad():
        for ids, mask in rows:
            yield network(input_ids=ids, attention_mask=mask).logits
