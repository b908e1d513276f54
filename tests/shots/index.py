"""The page beside the pictures: thumbnails by role, each with its address."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, select_autoescape

from tests.shots.camera import Shot

TEMPLATE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Every page</title>
<style>
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; }
nav a { margin-right: 1rem; }
.page { border-top: 1px solid #ccc; padding: 1rem 0; }
.shots { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: .8rem; }
img { border: 1px solid #999; height: 260px; width: auto; max-width: 420px;
  object-fit: cover; object-position: top left; }
</style>
<h1>Every page</h1>
<p>{{ pages }} pages, {{ shots | length }} pictures.</p>
<nav>{% for role, _ in roles %}<a href="#{{ role }}">{{ role }}</a>{% endfor %}</nav>
{% for role, found in roles %}
<h2 id="{{ role }}">{{ role }}</h2>
{% for name, of_page in found %}
<div class="page"><h3>{{ of_page[0].title }}</h3><p><code>{{ of_page[0].address }}</code> {{ name }}</p>
<div class="shots">{% for shot in of_page %}
<figure><a href="{{ shot.file }}"><img loading="lazy" src="{{ shot.file }}" alt="{{ shot.title }}"></a>
<figcaption>{{ shot.language }}, {{ shot.width }}
{%- if shot.wider_by > 0 %}, <strong>too wide</strong>{% endif %}</figcaption>
</figure>{% endfor %}</div></div>
{% endfor %}{% endfor %}
"""


def write_index(folder: Path, shots: Sequence[Shot]) -> None:
    """Write the page for the pictures in a folder."""
    roles = [(role, _by_page(list(found))) for role, found in groupby(shots, key=lambda shot: shot.role)]
    template = Environment(autoescape=select_autoescape(default=True)).from_string(TEMPLATE)
    html = template.render(roles=roles, shots=shots, pages=count_pages(shots))
    (folder / "index.html").write_text(html, encoding="utf-8")


def count_pages(shots: Sequence[Shot]) -> int:
    """How many pages the pictures show; one page in two languages and widths is one."""
    return len({(shot.role, shot.page) for shot in shots})


def _by_page(shots: list[Shot]) -> list[tuple[str, list[Shot]]]:
    return [(name, list(found)) for name, found in groupby(shots, key=lambda shot: shot.page)]
