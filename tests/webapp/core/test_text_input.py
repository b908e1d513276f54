"""Text that is not text is answered with 400 before any view."""

from __future__ import annotations

import pytest


@pytest.fixture
def takes_forms(own_app):
    own_app.config["WTF_CSRF_ENABLED"] = False

    @own_app.route("/form", methods=["POST"])
    def form():
        from flask import request

        return "".join(request.form.values())

    return own_app.test_client()


@pytest.mark.parametrize("path", ["/%00", "/help%00", "/help?q=%00", "/help?q=%c3%28", "/static/%00"])
def test_a_broken_address_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_a_path_that_is_no_text_is_refused(client):
    assert client.get("/", environ_overrides={"PATH_INFO": "/\xff"}).status_code == 400


@pytest.mark.parametrize("body", ["name=%00", "name=%ff", "name=a%c3", "%00=a", b"name=\xff", b"name=\x00"])
def test_a_broken_form_is_refused(takes_forms, body):
    response = takes_forms.post("/form", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


@pytest.mark.parametrize("value", [b"\x00", b"\xff\xfe"])
def test_a_broken_part_is_refused(takes_forms, value):
    body = b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n' + value + b"\r\n--x--\r\n"
    assert takes_forms.post("/form", data=body, content_type="multipart/form-data; boundary=x").status_code == 400


def test_whole_text_comes_through(takes_forms):
    assert takes_forms.post("/form", data={"name": "Ñandú 👩‍⚕️"}).get_data(as_text=True) == "Ñandú 👩‍⚕️"


def test_a_form_of_very_many_fields_is_too_large(takes_forms):
    assert takes_forms.post("/form", data={f"f{n}": "" for n in range(1001)}).status_code == 413


def test_a_very_long_form_is_too_large(takes_forms):
    assert takes_forms.post("/form", data={"f": "x" * 600_000}).status_code == 413
    assert takes_forms.post("/form", data={"f": "x" * 2_000_000}).status_code == 413
