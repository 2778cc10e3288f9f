"""What could run somebody else's code, or lead a text of somebody into a shell, a query or a log, stands nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for folder in ("bot", "cogs") for path in (ROOT / folder).rglob("*.py"))
MODULES = frozenset(
    (
        "pickle",
        "cPickle",
        "_pickle",
        "cloudpickle",
        "dill",
        "joblib",
        "shelve",
        "marshal",
        "yaml",
        "ruamel",
        "pty",
        "code",
    )
)
CALLS = frozenset(("eval", "exec", "compile", "__import__", "breakpoint", "input"))
METHODS = frozenset(
    ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "create_subprocess_shell")
)


def dotted(node: ast.expr) -> str:
    """Return the name of what is called, as written."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def dangers(source: str) -> Iterator[str]:
    """Give what is dangerous in a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from in_call(node)


def in_call(node: ast.Call) -> Iterator[str]:
    name = dotted(node.func)
    if name in CALLS or any(name == method or name.endswith(f".{method}") for method in METHODS):
        yield name
    words = {word.arg: word.value for word in node.keywords}
    if "shell" in words and not (isinstance(words["shell"], ast.Constant) and words["shell"].value is False):
        yield f"{name}(shell)"
    if name.endswith("torch.load") and not is_true(words.get("weights_only")):
        yield f"{name} without weights_only"
    if is_true(words.get("allow_pickle")):
        yield f"{name}(allow_pickle)"
    if name.endswith(("literal_column", "sqlalchemy.text")) or (name == "text" and is_built(node)):
        yield f"{name} of a built text"


def is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def is_built(node: ast.Call) -> bool:
    return bool(node.args) and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_runs_nobody_elses_code(path: Path) -> None:
    assert list(dangers(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from yaml import load",
        "import torch\ntorch.load(x)",
        "import torch\ntorch.load(x, weights_only=False)",
        "numpy.load(x, allow_pickle=True)",
        "eval(x)",
        "exec(x)",
        "os.system(x)",
        "subprocess.run(x, shell=True)",
        "subprocess.run(x, shell=flag)",
        "asyncio.create_subprocess_shell(x)",
        "text(f'select {x}')",
    ],
)
def test_what_is_dangerous_is_seen(source: str) -> None:
    assert list(dangers(source)) != []


@pytest.mark.parametrize(
    "source", ["model.eval()", "re.compile(x)", "ast.literal_eval(x)", "subprocess.run([x], shell=False)", "text('x')"]
)
def test_what_only_looks_like_it_is_not(source: str) -> None:
    assert list(dangers(source)) == []


def test_every_package_is_pinned_with_a_hash() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line.strip() and not line.startswith(("#", " "))]
    assert len(packages) > 40
    assert [line for line in packages if "==" not in line.split(";")[0] or "--hash=sha256:" not in line] == []
