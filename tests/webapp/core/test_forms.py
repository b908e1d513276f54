"""The base of every form: typed text, errors as links, and the markup of fields."""

from __future__ import annotations

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from models.domain.core.violations import RuleViolation, Violations
from webapp.core.forms.form import Form, form_page

TOKEN = "0123456789abcdef" * 2
KINDS = [SelectChoice("a", "Hospital"), SelectChoice("b", "Pharmacy")]


class Address(PlainForm):
    city = StringField("City", [InputRequired()])


class SiteForm(Form):
    name = StringField("Name", [InputRequired(), Length(max=20)])
    note = TextAreaField("Note", [Optional()])
    secret = PasswordField("Password")
    kind = RadioField(
        "Kind", choices=[SelectChoice("a", "Hospital"), SelectChoice("b", "Pharmacy")], description="Choose one"
    )
    county = SelectField("County", choices=[SelectChoice("wake", "Wake")], validators=[Optional()])
    day = DateField("Day", [Optional()])
    agreed = BooleanField("I agree")


PAGE = """{% extends "base.html" %}{% from "components/forms.html" import form_open, field, error_summary, button %}
{% set title = "Site" %}{% block content %}{{ error_summary(form) }}<h1>Site</h1>
{% call form_open(form) %}{% for f in form if f.widget.input_type | default("") != "hidden" %}
{{ field(f, hint=f.description, width="md", autocomplete="off", inputmode="text", optional=loop.first) }}{% endfor %}
{{ button("Save") }}{% endcall %}{% endblock %}"""


def filled(form_class=SiteForm, **typed):
    values = {"form_token": TOKEN, "name": "Clinic", "kind": "a", **typed}
    return form_class(MultiDict(values), meta={"csrf": False})


@pytest.fixture
def page_app(own_app):
    own_app.config["WTF_CSRF_ENABLED"] = False

    @own_app.route("/site", methods=["GET", "POST"])
    def site():
        form = SiteForm()
        if form.validate_on_submit():
            form.refuse(RuleViolation("late", "Too late."))
        return render_template_string(PAGE, form=form), form.status

    return own_app


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize("unseen", ["\u200b", "\u202c", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u200d", "\u2060"])
def test_A6_what_cannot_be_seen_never_comes_out_of_a_form_but_in_a_password(unseen):
    form = filled(name=f"{unseen}Cli{unseen}nic{unseen}", note=f"a{unseen}b", secret=f"a{unseen}b")
    assert form.validate()
    assert (form.name.data, form.note.data, form.secret.data) == ("Clinic", "ab", f"a{unseen}b")


def test_A6_a_field_of_nothing_but_them_is_empty():
    assert not filled(name="\u200b\u2060").validate()


def test_typed_text_is_normalized_and_trimmed():
    form = filled(name="  Nun\u0303ez  ", note="one\r\ntwo ")
    assert form.validate(), form.errors
    assert form.name.data == "Nuñez"
    assert form.note.data == "one\ntwo"


def test_a_password_keeps_its_white_space():
    assert filled(secret="  a b ").secret.data == "  a b "


@pytest.mark.parametrize("typed", ["a\x07b", "a\tb", "a\nb", "a\x1b[31m"])
def test_a_character_that_cannot_be_seen_is_refused_beside_its_field(typed):
    form = filled(name=typed)
    assert not form.validate()
    assert form.name.errors == ["We removed invisible characters, such as a tab. Check it and send it again."]
    assert form.name.data.isprintable()
    assert form.status == 422


def test_a_text_of_several_lines_may_have_several_lines():
    assert filled(note="one\ntwo").validate()


@pytest.mark.parametrize("name", ["O'Brien", "Null", "李小龍", "👩‍⚕️", "<script>", "a;--"])
def test_a_real_or_hostile_name_is_kept_as_it_is(name):
    form = filled(name=name)
    assert form.validate(), form.errors
    assert form.name.data == name


def test_a_text_without_a_limit_of_its_own_ends_somewhere():
    assert filled(note="x" * 10_001).validate() is False
    assert filled(secret="x" * 1_001).validate() is False


def test_an_error_names_its_field():
    form = filled(name="", day="tomorrow")
    form.validate()
    assert [(link.field_id, link.message) for link in form.error_links] == [
        ("name", "Fill in: Name"),
        ("day", "Enter a real date: Day"),
    ]


def test_a_long_answer_is_told_the_limit():
    form = filled(name="x" * 21)
    form.validate()
    assert form.name.errors == ["Use 20 characters or fewer: Name"]


def test_the_link_of_a_list_of_choices_leads_to_the_first():
    form = filled(kind="z")
    form.validate()
    assert [link.field_id for link in form.error_links] == ["kind-0"]


def test_a_form_within_a_form_links_to_its_own_fields():
    class Outer(Form):
        address = FormField(Address)

    form = filled(Outer)
    form.validate()
    assert [link.field_id for link in form.error_links] == ["address-city"]


@pytest.mark.parametrize("token", ["", "x" * 10_000, "0123", "Z" * 32])
def test_a_form_without_a_proper_token_is_refused_and_gets_a_new_one(token):
    form = filled(form_token=token)
    assert not form.validate()
    assert len(form.form_token.data) == 32
    assert form.form_token.data != token


def test_two_forms_have_two_tokens():
    assert SiteForm(meta={"csrf": False}).form_token.data != SiteForm(meta={"csrf": False}).form_token.data


def test_a_rule_speaks_beside_the_field_it_names_else_above_the_form():
    form = filled()
    form.validate()
    form.refuse(Violations([RuleViolation("taken", "This name is taken.", "name"), RuleViolation("x", "Too late.")]))
    assert form.name.errors == ["This name is taken."]
    assert form.form_errors == ["Too late."]
    assert form.status == 409


def test_a_page_with_errors_keeps_what_was_typed_and_says_error_in_its_title(page_app):
    response = page_app.test_client().post("/site", data={"form_token": TOKEN, "name": "x" * 30, "note": '"<b>'})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<title>Error: Site – CVMS</title>" in page
    assert 'href="#name">Use 20 characters or fewer: Name</a>' in page
    assert f'value="{"x" * 30}"' in page
    assert "&#34;&lt;b&gt;" in page
    assert 'aria-describedby="name-error"' in page
    assert 'aria-invalid="true"' in page


def test_a_password_is_never_sent_back(page_app):
    response = page_app.test_client().post("/site", data={"form_token": TOKEN, "name": "", "secret": "hunter-2-hunter"})
    assert "hunter-2-hunter" not in response.get_data(as_text=True)


def test_a_refused_act_is_a_conflict_with_a_page(page_app):
    response = page_app.test_client().post("/site", data={"form_token": TOKEN, "name": "Clinic", "kind": "a"})
    assert response.status_code == 409
    assert "Too late." in response.get_data(as_text=True)


def test_a_clean_page_has_no_error_in_its_title(page_app):
    page = page_app.test_client().get("/site").get_data(as_text=True)
    assert "<title>Site – CVMS</title>" in page
    assert 'aria-describedby="kind-hint"' in page
    assert "(optional)" in page


def test_form_page_gives_the_page_and_its_status(app):
    form = filled(name="")
    form.validate()
    app.jinja_env.cache.clear()
    page, status = form_page("errors/plain.html", form, message=MESSAGE, details=(), failure_id=None)
    assert status == 422
    assert "CVMS" in page


class MESSAGE:
    title = "Site"
    what_happened = "x"
    way_out = "y"


def test_a_choice_is_asked_for_in_fitting_words():
    class Choices(Form):
        kind = RadioField("Kind", [InputRequired()], choices=KINDS)
        agreed = BooleanField("I agree", [InputRequired()])

    form = filled(Choices, kind="")
    form.validate()
    assert {"Choose an answer: Kind", "Tick the box: I agree"} <= {link.message for link in form.error_links}
