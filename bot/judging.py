"""Settings -> screening, for everything that judges: ``run``, ``screen``, ``evaluate`` and ``check``."""

from __future__ import annotations

from pathlib import Path

from bot.screening.checkpoints import Checkpoints
from bot.screening.opening import Engine, Opened, open_screening
from bot.settings import Settings, data_folder


def checkpoints_of(settings: Settings) -> Checkpoints:
    """Return the fetched and trusted checkpoints of the state folder."""
    return Checkpoints(settings.klaswacht_state / "models")


def open_judging(settings: Settings, data: Path | None = None) -> Opened:
    """Open screening with the engine and checkpoint of the settings. Raises ``SetupError``: a data file is wrong."""
    asked = settings.klaswacht_checkpoint
    return open_screening(
        data or data_folder(),
        own=settings.klaswacht_data,
        threads=settings.klaswacht_model_threads,
        engine=Engine(settings.klaswacht_engine),
        checkpoint=(lambda: checkpoints_of(settings).find(asked, settings.klaswacht_checkpoint_sha256))
        if asked
        else None,
    )
