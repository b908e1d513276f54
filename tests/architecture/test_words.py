"""What stands nowhere in the tree: secrets, addresses of registries, paths of one machine, work left undone."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, found_in, report

OWN = "tests/architecture/test_words.py"
BINARY = frozenset({".png", ".ico", ".woff2", ".mo"})
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(home|Users|root|work)/\w|[A-Z]:\\\\?Users"),
    "the address of a package registry": re.compile(
        r"registry\.npmjs|pypi\.org|pythonhosted\.org|--(extra-)?index-url|--find-links|npmjs\.org|crates\.io"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a secret": re.compile(
        r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|xox[baprs]-\w{10,}|sk-\w{20,}|eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{10,})\b"
    ),
    "work left undone": re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"),
    "a conflict of two versions": re.compile(r"^(<{7}|>{7}) ", re.MULTILINE),
}
LOCK_FILES = ("package-lock.json", "requirements.txt", "requirements-dev.txt", "requirements-node.txt")
BIGGEST_TEXT = 2_000_000


def tracked() -> list[Path]:
    """Every file of the tree that is committed, or waits to be."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return found_in("the tree", [ROOT / name for name in set(names) if (ROOT / name).is_file()])


def texts() -> Iterable[tuple[str, str]]:
    for file in tracked():
        if file.suffix not in BINARY and file.stat().st_size < BIGGEST_TEXT:
            yield file.relative_to(ROOT).as_posix(), file.read_text(errors="replace")


def forbidden(named_texts: Iterable[tuple[str, str]]) -> list[str]:
    """Where something stands that must stand nowhere."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0)}"
        for name, text in named_texts
        if name != OWN
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]


def download_addresses(named_texts: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of lock files that say from where to fetch, instead of what."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in named_texts
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"https?://|git\+|\"resolved\"|^-[ief] ", line) and '"url": "https://' not in line
    ]


def test_the_tree_holds_no_secret_no_address_and_nothing_undone():
    faults = forbidden(texts())
    assert not faults, report(faults, "Take it out; a secret that was committed is burnt: make a new one.")


def test_lock_files_hold_hashes_and_no_addresses():
    faults = download_addresses((name, (ROOT / name).read_text()) for name in LOCK_FILES)
    assert not faults, report(faults, "Write the lock files with `make lock`; .npmrc omits what npm would add.")


def test_everything_that_is_locked_carries_a_hash():
    for name in LOCK_FILES[1:]:
        pins = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.IGNORECASE)
        bare = [pin.split()[0] for pin in pins if re.match(r"[\w.\[\]-]+==", pin) and "--hash=sha256:" not in pin]
        assert not bare, report(bare, "Write the lock files with `make lock`.")
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in entry for path, entry in packages.items() if path)


VIOLATIONS = (
    "see /home/ana/cvms",
    "see /work/x",
    "https://pypi.org/simple",
    "--index-url x",
    "-----BEGIN RSA PRIVATE KEY-----",
    "AKIA" + "A" * 16,
    "# TODO later",
    "<<<<<<< HEAD",
)


@pytest.mark.parametrize("text", VIOLATIONS)
def test_violations_are_noticed(text: str):
    assert len(forbidden([("docs/x.md", f"a line\n{text}\n")])) == 1


def test_what_only_looks_like_one_is_let_be():
    assert forbidden([("a.py", "url_for('/homework') + '/static/work.css' + 'network/x'")]) == []


@pytest.mark.parametrize("line", ['"resolved": "x"', "x @ https://host/x.whl", "x @ git+ssh://host", "-e ."])
def test_an_address_in_a_lock_file_is_noticed(line: str):
    assert download_addresses([("requirements.txt", line)])
