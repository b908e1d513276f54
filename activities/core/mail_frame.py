"""What stands around the words of every mail: whose mail it is, why it came, where to get help, its number."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from models.domain.core.agency import Agency, in_language


@dataclass(frozen=True, slots=True)
class Frame:
    """Lines above the words of a mail and paragraphs below them."""

    head: tuple[str, ...]
    foot: tuple[str, ...]


def frame_of(
    agency: Agency, layout: Mapping[str, str], language: str, *, why: str, number: str, help_page: str, demo: bool
) -> Frame:
    """The frame of one mail in its language."""
    name, state = in_language(agency.name, language), in_language(agency.state, language)
    phone = _fill(layout["option"], phone=agency.phone, option=agency.option) if agency.option else agency.phone
    foot = (
        why,
        _fill(layout["help"], phone=phone, help=help_page),
        layout["no_reply"],
        _fill(layout["number"], number=number),
        f"{name}, {state}",
    )
    return Frame((name, layout["product"]), (*foot, layout["demo"]) if demo else foot)


def text_head(frame: Frame) -> str:
    """The lines above, as plain text."""
    return "\n".join(frame.head)


def text_foot(frame: Frame) -> str:
    """The paragraphs below, as plain text under the dashes that mail programs know."""
    return "-- \n" + "\n\n".join(frame.foot)


def html_head(frame: Frame) -> str:
    """The head in the look of the site: the state's blue, the agency's name."""
    first, *others = frame.head
    lines = "".join(f'<br>\n<span style="font-size:14px">{html.escape(line)}</span>' for line in others)
    return (
        '<div style="max-width:600px;margin:0 auto;padding:16px 24px;background:#162e51;color:#fff">'
        f"<strong>{html.escape(first)}</strong>{lines}</div>"
    )


def html_foot(frame: Frame) -> str:
    """The foot: small, dark enough to read."""
    lines = "\n".join(f'<p style="margin:0 0 8px">{html.escape(line)}</p>' for line in frame.foot)
    return (
        f'<div style="max-width:600px;margin:16px auto;padding:0 24px;font-size:14px;color:#3d4551">\n{lines}\n</div>'
    )


def _fill(text: str, **values: str) -> str:
    return Template(text).substitute(values)
