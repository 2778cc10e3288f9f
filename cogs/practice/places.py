"""Where the practice room's own data files lie: in a checkout, and inside ``bot/_data`` of an installed wheel."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = next(
    (folder for folder in (ROOT / "data" / "practice", ROOT / "bot" / "_data" / "practice") if folder.is_dir()),
    ROOT / "data" / "practice",
)
DEFAULT_SCHOOL = DATA / "school.toml"
TEXTS = DATA / "texts.toml"
OPENAPI = DATA / "openapi.json"
PAGE = Path(__file__).resolve().parent / "page"
