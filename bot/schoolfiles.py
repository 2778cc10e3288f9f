"""What a school gives as files, before anything runs: its school files, and its own texts over the shipped ones."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SchoolFileError
from bot.school import School, read_school
from bot.settings import Settings, data_folder, own_folder
from bot.texts import Texts


def school_files(settings: Settings) -> list[School]:
    """Read the school file, or all files of a folder of them.

    Raises ``SchoolFileError``, also for a server or channel that stands in two of them: schools are strangers.
    """
    path = settings.klaswacht_school_file
    if path is None:
        return []
    read: dict[Path, School] = {}
    for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
        school = read_school(file)
        for earlier, other in read.items():
            if double := sorted({school.guild, *school.channels} & {other.guild, *other.channels}):
                problem = f"{', '.join(double)} stands in {earlier.name} too"
                raise SchoolFileError("error.school_file.wrong", file=file.name, problems=problem)
        read[file] = school
    return list(read.values())


def texts_of(settings: Settings) -> Texts:
    """Read all texts, the school's own over the shipped ones. Raises ``SetupError``."""
    return Texts.load(data_folder() / "texts", own_folder(settings, "texts"))
