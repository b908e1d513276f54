"""The page of a mailed link: from its token to whom it is for and what it shows. Opening it changes nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.core.actors import link_holder
from models.store.core.act import Act
from models.store.core.links import FoundLink, LinkState, find_link, use_link
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import Form
from webapp.core.forms.submission import submit_form
from webapp.extensions import db

GONE = 410
NOT_FOUND = 404
About = TypeVar("About")
"""What a link leads to, as its page reads it."""
SomeForm = TypeVar("SomeForm", bound=Form)


class LinkPage(ABC, Generic[About, SomeForm]):
    """One kind of mailed link. `brake` counts the fresh links that somebody asks for.

    `home` names the view where somebody with an account goes on when the link is over; None where there is none.
    `moved_on` says why a live link leads nowhere any more.
    """

    purpose: str
    brake: str
    home: str | None = None
    moved_on: str

    @abstractmethod
    def read(self, session: Session, link: FoundLink) -> About | None:
        """What the link leads to; None where that is gone, which is answered like an unknown link."""

    @abstractmethod
    def form(self, link: FoundLink, about: About) -> SomeForm:
        """The form of whoever opened it: what a new person, the right one or a wrong one has to do."""

    @abstractmethod
    def show(self, link: FoundLink, about: About, form: SomeForm) -> ResponseReturnValue:
        """The page of a live link."""

    @abstractmethod
    def do(self, act: Act, link: FoundLink, about: About, form: SomeForm, token: str) -> str:
        """What the form asks for, by the holder of the link, which is used up; returns the address to go on to."""

    def after(self, link: FoundLink, about: About) -> ResponseReturnValue | None:
        """A page in place of all others, such as a receipt for who opens the link again."""
        return None

    def leads_on(self, about: About) -> bool:
        """Whether what the link is for can still be done."""
        return True

    @abstractmethod
    def renewable(self, link: FoundLink, about: About) -> bool:
        """Whether a fresh link would lead anywhere."""

    @abstractmethod
    def send(self, act: Act, link: FoundLink, about: About) -> None:
        """Send a fresh link to the address of the old one."""

    @abstractmethod
    def fresh_address(self, token: str) -> str:
        """Where the button for a fresh link leads."""


def link_page(page: LinkPage[About, SomeForm], token: str) -> ResponseReturnValue:
    """Show the page of a token, or do what its form says. Only that uses the link up, in the same transaction."""
    found = open_link(page, token)
    if found is None:
        return unknown_link()
    link, about = found
    form = page.form(link, about)

    def do(act: Act) -> str:
        used = use_link(act.session, token=token, purpose=page.purpose)
        return page.do(act.by_actor(link_holder(used.link_id)), link, about, form, token)

    answer = submit_form(form, do) if form.validate_on_submit() else None
    return answer or _as_it_stands(page, token, form, *(open_link(page, token) or found))


def open_link(page: LinkPage[About, SomeForm], token: str) -> tuple[FoundLink, About] | None:
    """The link of a token and what it leads to, whatever became of it; None for an unknown one."""
    link = find_link(db.session(), token, page.purpose)
    about = page.read(db.session(), link) if link else None
    return None if link is None or about is None else (link, about)


def unknown_link() -> Response:
    """The link is none of ours: mostly cut off by a mail program."""
    return make_response(render_template("links/unknown.html"), NOT_FOUND)


def _as_it_stands(
    page: LinkPage[About, SomeForm], token: str, form: SomeForm, link: FoundLink, about: About
) -> ResponseReturnValue:
    instead = page.after(link, about)
    if instead is not None:
        return instead
    if link.state is LinkState.USABLE and page.leads_on(about):
        return page.show(link, about, form)
    return _over(page, token, link, about)


def _over(page: LinkPage[About, SomeForm], token: str, link: FoundLink, about: About) -> Response:
    """What became of the link, with the offer to send a fresh one to the same address where that helps."""
    fresh = page.fresh_address(token) if page.renewable(link, about) else None
    shown = {"state": link.state.value, "fresh": fresh, "form": PressForm(), "home": page.home}
    return make_response(render_template("links/over.html", moved_on=page.moved_on, **shown), GONE)
