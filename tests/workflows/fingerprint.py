"""The fingerprint of a workflow: what it awaits, in which order, read from its source.

`python -m tests.workflows.fingerprint` writes the baseline anew.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILE = Path(__file__).parent / "fingerprints.json"
BASELINE: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def workflow_files() -> list[Path]:
    """The processes, and what they share: every file of the room that awaits anything, but for the engine."""
    files = sorted((ROOT / "workflows").rglob("*.py"))
    found = [file for file in files if "engine" not in file.relative_to(ROOT).parts and fingerprint(file)]
    if not found:
        raise LookupError("no process is found in workflows: has it moved?")
    return found


def fingerprint(file: Path) -> list[str]:
    """Every await of every coroutine, with the conditions and loops around it, in the order of the source."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    coroutines = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    return [line for coroutine in coroutines for line in _lines(coroutine)]


def _lines(coroutine: ast.AsyncFunctionDef) -> list[str]:
    return [f"{coroutine.name}: {line}" for statement in coroutine.body for line in _steps(statement, "")]


def _steps(node: ast.AST, around: str) -> list[str]:
    if isinstance(node, ast.While | ast.If):
        word = "while" if isinstance(node, ast.While) else "if"
        inner = f"{around}{word} {ast.unparse(node.test)} > "
        here = _steps(node.test, around)
        body = [line for child in node.body for line in _steps(child, inner)]
        rest = [line for child in node.orelse for line in _steps(child, f"{around}else > ")]
        return here + body + rest
    below = [line for child in ast.iter_child_nodes(node) for line in _steps(child, around)]
    if isinstance(node, ast.Await) or _is_continue_as_new(node):
        return [*below, around + ast.unparse(node)]
    return below


def _is_continue_as_new(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "workflow.continue_as_new"


if __name__ == "__main__":
    found = {file.stem: fingerprint(file) for file in workflow_files()}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
