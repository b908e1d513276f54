"""Modules are compiled at set-up, also where Python is told to write none of them itself."""

from __future__ import annotations

from deploy.setup.modules import compile_folders


def test_modules_are_compiled_even_where_python_writes_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "good.py").write_text("answer = 42\n")
    (tmp_path / "other_python.py").write_text("print 'hello'\n")
    compile_folders([tmp_path])
    assert [file.name.split(".")[0] for file in (tmp_path / "__pycache__").iterdir()] == ["good"]
