"""The pages of the mail catcher: plain HTML, no script."""

from __future__ import annotations

import re
from html import escape

from deploy.local.mail.authenticator import Code
from deploy.local.mail.mailbox import Mail

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
STYLE = """
:root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #f7f9fa; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: 1.5rem; }
a { color: #005ea2; }
a:focus-visible, input:focus-visible, button:focus-visible { outline: .25rem solid #2491ff; outline-offset: .1rem; }
table { border-collapse: collapse; width: 100%; background: #fff; }
th, td { text-align: left; padding: .5rem .75rem; border-bottom: 1px solid #dfe1e2; vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dd { margin: 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; padding: 1rem; border: 1px solid #dfe1e2; }
.code { font: 600 1.5rem/1.2 ui-monospace, monospace; letter-spacing: .1em; }
iframe { width: 100%; height: 30rem; border: 1px solid #dfe1e2; background: #fff; }
input, button { font: inherit; padding: .4rem .6rem; min-height: 2.5rem; }
"""


def inbox_page(mails: list[Mail], *, to: str) -> str:
    """Every mail, or those to one address."""
    rows = "".join(_row(mail) for mail in mails)
    table = f"<table><thead><tr><th>Received (UTC)<th>To<th>Subject<tbody>{rows}</table>"
    empty = "<p>No mail yet. Every mail that the product sends shows up here; nothing leaves this machine.</p>"
    search = (
        '<form action="/"><p><label for="to">To</label> '
        f'<input id="to" name="to" type="email" value="{escape(to)}"> <button>Show</button></p></form>'
    )
    return _page("Caught mail", search + (table if mails else empty))


def mail_page(mail: Mail) -> str:
    """One mail: who, what, and its parts."""
    facts = {"To": mail.recipient, "From": mail.sender, "Received": _time(mail), "Message ID": mail.message_id}
    listed = "".join(f"<dt>{name}<dd>{escape(value)}" for name, value in facts.items())
    parts = f'<h2>Text</h2><div class="text">{_with_links(mail.text)}</div>'
    if mail.html:
        parts += f'<h2>As sent in HTML</h2><iframe src="/mail/{mail.id}/html" title="The mail in HTML"></iframe>'
    return _page(mail.subject or "(no subject)", f"<dl>{listed}</dl>{parts}")


def authenticator_page(shown: list[Code]) -> str:
    """The second factor of the demo accounts."""
    rows = "".join(
        f'<tr><td>{escape(code.role)}<td>{escape(code.email)}<td class="code">{code.code}<td>{code.seconds_left} s'
        for code in shown
    )
    table = f"<table><thead><tr><th>Role<th>Account<th>Code now<th>Changes in<tbody>{rows}</table>"
    empty = "<p>No demo account has a second factor.</p>"
    note = "<p>A code works once. This page loads itself again every 10 seconds.</p>"
    return _page("Authenticator of the demo accounts", note + (table if shown else empty), refresh=True)


def missing_page() -> str:
    return _page("Not found", '<p><a href="/">All mails</a></p>')


def _row(mail: Mail) -> str:
    subject = escape(mail.subject or "(no subject)")
    return f'<tr><td>{_time(mail)}<td>{escape(mail.recipient)}<td><a href="/mail/{mail.id}">{subject}</a>'


def _time(mail: Mail) -> str:
    return escape(mail.received_at[:19].replace("T", " "))


def _with_links(text: str) -> str:
    """The text for a page, its addresses as links."""
    done, shown = 0, ""
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        shown += f'{escape(text[done : found.start()])}<a href="{address}">{address}</a>'
        done = found.end()
    return shown + escape(text[done:])


def _page(title: str, body: str, *, refresh: bool = False) -> str:
    again = '<meta http-equiv="refresh" content="10">' if refresh else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{again}'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head><body>'
        '<nav aria-label="Mail catcher"><a href="/">Mails</a><a href="/authenticator">Authenticator</a></nav>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
