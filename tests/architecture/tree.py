"""The files of the product, read once: what every rule about the code looks at."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("models", "activities", "workflows", "webapp", "deploy")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the top of the tree, with slashes."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, self.path)

    @property
    def name(self) -> str:
        return Path(self.path).stem

    @property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @property
    def classes(self) -> list[ast.ClassDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    def within(self, *folders: str) -> bool:
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)

    @property
    def dotted_name(self) -> str:
        """`models.store.core.tasks`, or `models.store` for the package itself."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache
def product() -> tuple[Module, ...]:
    """Every Python file of the product, without the tests; a room without any is not looked at rightly."""
    files = [file for room in ROOMS for file in found_in(room, (ROOT / room).rglob("*.py"))]
    files += found_in("worker.py", [file for file in [ROOT / "worker.py"] if file.exists()])
    return tuple(Module(file.relative_to(ROOT).as_posix(), file.read_text()) for file in files)


def found_in(place: str, files: Iterable[Path]) -> list[Path]:
    """The same files in order; raises `LookupError` when there is none, for then a rule would hold of nothing."""
    found = sorted(files)
    if not found:
        raise LookupError(f"nothing is found in {place}: has it moved?")
    return found


def room(*folders: str) -> list[Module]:
    """The product's files below some folders (or some files themselves); each of them must have one."""
    for folder in folders:
        found_in(folder, [Path(module.path) for module in product() if module.within(folder)])
    return [module for module in product() if module.within(*folders)]


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call below a node."""
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a name or a chain of attributes; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Each name that a module imports, with where it comes from: `{"uuid4": "uuid.uuid4", "os": "os"}`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def full_name(node: ast.expr, imported: dict[str, str]) -> str:
    """Where a name or a chain of attributes leads: `datetime.datetime.now` for `datetime.now`."""
    first, _, rest = dotted(node).partition(".")
    origin = imported.get(first, first)
    return f"{origin}.{rest}" if rest else origin


def report(faults: list[str], advice: str) -> str:
    """What a failing rule says: every fault, then what to do."""
    return "\n".join([*faults, "", advice])
