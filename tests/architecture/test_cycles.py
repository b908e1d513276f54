"""No file of the web app imports itself through others, imports within functions included."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.architecture.tree import Module, report, room


def imports(module: Module, known: Collection[str]) -> Iterator[str]:
    """Which of the known files a file imports anywhere; not what only a type checker reads."""
    for node in _read(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in known else node.module for name in names)


def _read(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from _read(child)


def graph(modules: Iterable[Module]) -> Mapping[str, set[str]]:
    """Each file with those that it imports, of the same room; a package counts as its `__init__.py`."""
    found = {module.dotted_name: module for module in modules}
    return {
        name: {other for other in imports(module, found) if other in found} - {name} for name, module in found.items()
    }


def cycle(modules: Iterable[Module]) -> list[str]:
    """The files of one circle; none where there is none."""
    try:
        TopologicalSorter(graph(modules)).prepare()
    except CycleError as circle:
        return list(reversed(circle.args[1]))
    return []


def test_no_circle_of_imports_in_the_web_app():
    found = cycle(room("webapp"))
    assert not found, report([" -> ".join(found)], "Move what both need into a file that imports neither.")


def test_a_circle_is_noticed_also_where_it_is_imported_late():
    modules = [
        Module("webapp/a.py", "from webapp import b\n"),
        Module("webapp/b.py", "def late():\n    from webapp.a import x\n"),
    ]
    assert set(cycle(modules)) == {"webapp.a", "webapp.b"}


def test_what_only_a_type_checker_reads_is_no_circle():
    modules = [
        Module("webapp/a.py", "import webapp.b\n"),
        Module("webapp/b.py", "if TYPE_CHECKING:\n    import webapp.a\n"),
    ]
    assert cycle(modules) == []
