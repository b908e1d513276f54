"""Injection (S25): return addresses of other sites, templates, paths, headers and methods, each from a fixed list."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from markupsafe import escape
from sqlalchemy import select

from models.domain.core.permissions import Role
from models.tables.identity.accounts import Account
from tests.attacks.test_forgery_every_form import live_tokens
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in
from webapp.core.return_address import own_page

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://localhost@evil.example/",
    "//localhost@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nSet-Cookie: a=b",
    "/%09/evil.example",
    "/%0d%0aSet-Cookie:a=b",
    "/%5cevil.example",
    "/%2fevil.example",
    "%2f%2fevil.example",
    "/\u2028/evil.example",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "/" + "x" * 3_000,
]
TEMPLATES = ["{{7*7}}", "${7*7}", "%(name)s", "{0.__class__}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "%s%n", "$name"]
OUTSIDE = [
    "../configuration.py",
    "..%2fconfiguration.py",
    "%2e%2e/configuration.py",
    "..%5cconfiguration.py",
    "..\\configuration.py",
    "/etc/passwd",
    "%2fetc/passwd",
    "....//configuration.py",
    "..%252fconfiguration.py",
    "cvms.css/../../configuration.py",
    "cvms.css%00.py",
]
METHODS = ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DELETE", "PUT", "PATCH", "BREW", "A" * 300]
HUGE = {
    "100 headers": {"headers": [(f"X-Header-{number}", "x" * 100) for number in range(100)]},
    "cookie of 64 kB": {"headers": {"Cookie": "a=" + "x" * 65_536}},
    "cookies without number": {"headers": {"Cookie": "; ".join(f"cvms={n}" for n in range(3_000))}},
    "cookie that is none": {"headers": {"Cookie": 'cvms="\\000\\377; cvms_language=../../etc; =;;='}},
    "query of 100 kB": {"query_string": "q=" + "x" * 100_000},
    "10,000 parameters": {"query_string": "&".join(f"p{n}={n}" for n in range(10_000))},
    "parameters twice": {"query_string": "next=/help&next=//evil.example&lang=es&lang=xx&page=1&page=-1"},
    "language as a path": {"query_string": "lang=../../etc/passwd"},
    "language as a list": {"query_string": "lang[]=es&lang[x]=y"},
    "languages of 10 kB": {"headers": {"Accept-Language": "es;q=0.1," * 1_100}},
    "languages that are none": {"headers": {"Accept-Language": "../../etc;q=nan, *;q=-1, ;;, e\u0301s;q=1e999"}},
    "a size that is none": {"headers": {"Accept": "text/html;q=x", "Range": "bytes=9-1", "If-Modified-Since": "x"}},
}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture
def person(database, client):
    make_account(database.app_engine)
    sign_in(client)
    return client


def assert_stays(answer, wanted):
    """Refused as a form, or led to a page of ours."""
    assert 300 <= answer.status_code < 500
    if answer.status_code >= 400:
        assert "Location" not in answer.headers
        return
    place = answer.headers.get("Location", "")
    assert not urlsplit(place).netloc, (wanted, place)
    assert place.startswith("/"), (wanted, place)
    assert "evil" not in urlsplit(place).path, (wanted, place)
    assert "Set-Cookie: a" not in str(answer.headers)


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_no_address_of_another_site_is_a_page_of_ours(wanted):
    assert own_page(wanted) is None


def test_signing_in_never_leads_elsewhere(database, app):
    make_account(database.app_engine)
    for wanted in ELSEWHERE[::6]:
        assert_stays(sign_in(app.test_client(), next_page=wanted), wanted)


@pytest.mark.parametrize(
    "page", ["/sign-in", "/account/second-factor", "/account/second-factor/recovery", "/account/confirm"]
)
def test_whoever_is_signed_in_is_never_led_elsewhere(person, page):
    for wanted in ELSEWHERE:
        answer = person.get(page, query_string={"next": wanted})
        if answer.status_code != 200:
            assert_stays(answer, wanted)


def test_confirming_and_the_language_never_lead_elsewhere(person):
    for wanted in ELSEWHERE[:25]:
        form = {**live_tokens(person), "next": wanted, "password": PASSWORD}
        assert_stays(person.post("/account/confirm", data=form), wanted)
        form = {**live_tokens(person), "page": wanted, "language": "en"}
        assert_stays(person.post("/language", data=form), wanted)


def test_the_second_step_never_leads_elsewhere(database, app):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    for wanted in ELSEWHERE[:3]:
        client = app.test_client()
        post(client, "/sign-in", email="ana@example.org", password=PASSWORD, next=wanted)
        page = client.get("/account/second-factor", query_string={"next": wanted}).get_data(as_text=True)
        assert 'href="//evil' not in page
        assert 'href="https:' not in page


@pytest.mark.parametrize("page", ["/", "/help", "/sign-in"])
def test_the_switch_of_languages_never_leads_elsewhere(client, page):
    for path in ("//evil.example", "/\\evil.example", "/%2fevil.example", page):
        text = client.get(path, query_string={"next": "//evil.example"}).get_data(as_text=True)
        assert 'href="//' not in text
        assert 'href="/\\' not in text


def test_a_template_is_shown_and_kept_as_it_was_typed(database, person):
    for typed in TEMPLATES:
        assert post(person, "/account", name=f"Ana {typed}", language="en").status_code == 303
        assert f'value="Ana {escape(typed)}"' in person.get("/account").get_data(as_text=True)
        with database.owner_engine.connect() as connection:
            assert connection.scalar(select(Account.name)) == f"Ana {typed}"


def test_a_template_in_an_address_is_not_filled_in(client):
    for typed in TEMPLATES:
        page = client.get(f"/{quote(typed)}", query_string={"q": typed, "next": f"/{typed}"}).get_data(as_text=True)
        assert "<title>Page not found" in page
        assert "/49" not in page
        assert "class &#39;" not in page


@pytest.mark.parametrize("outside", OUTSIDE)
def test_no_file_outside_is_served(client, outside):
    answer = client.get(f"/static/{outside}", follow_redirects=True)
    assert answer.status_code in {400, 404}
    assert b"root:" not in answer.data
    assert b"def " not in answer.data


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method[:8])
def test_an_unknown_method_is_refused(client, method):
    for address in ("/", "/sign-in", "/healthz/live", "/static/cvms.css"):
        answer = client.open(address, method=method, headers={"X-Canary": "Zzcanary"})
        assert answer.status_code == 405
        assert b"Zzcanary" not in answer.data
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/%00", {400}),
        ("/help%00", {400}),
        ("/help?q=%00", {400}),
        ("/help?q=%ff", {400}),
        ("/help//", {404}),
        ("/account//password", {404}),
        ("/static//cvms.css", {404}),
        ("/enrollment//begin?x=//y", {404}),
        ("/help?x=//y", {200}),
        ("/./help", {200, 404}),
        ("/HELP", {404}),
        ("/Sign-In", {404}),
        ("/help%0d%0aSet-Cookie:%20a=b", {404}),
        ("/help;jsessionid=1", {404}),
        ("/.git/config", {404}),
        ("/.env", {404}),
        ("/static/", {404}),
        ("/static", {404}),
        ("/console", {404}),
        ("/metrics", {404}),
    ],
)
def test_a_strange_address_is_refused_plainly(client, address, codes):
    answer = client.get(address)
    assert answer.status_code in codes
    assert "a" not in answer.headers.get("Set-Cookie", "").partition("=")[0].split(":")


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_path_of_two_slashes_is_none_whoever_asks(database, client, signed_in):
    make_account(database.app_engine)
    if signed_in:
        sign_in(client)
    for path in ("//", "//help", "//account", "//evil.example/help", "//evil.example/..", "///evil"):
        for host in ("localhost", "evil.example"):
            answer = client.get("/", environ_overrides={"PATH_INFO": path}, headers={"Host": host})
            assert answer.status_code == 404, path
            assert not [mark for mark in ('href="//', 'action="//') if mark in answer.get_data(as_text=True)]


@pytest.mark.parametrize("path", ["/help/", "/account/", "/help//", "/account/second-factor/", "/static"])
def test_no_address_is_put_right_by_a_redirect_to_the_host_that_was_asked(client, path):
    answer = client.get(path, headers={"Host": "evil.example"})
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("sent", HUGE.values(), ids=HUGE)
def test_nothing_too_big_or_too_odd_is_a_failure(client, sent):
    for address in ("/", "/sign-in", "/account", "/tasks", "/no-such-page"):
        answer = client.get(address, **sent)
        assert answer.status_code < 500, address
        if "Location" in answer.headers:
            assert_stays(answer, address)


def test_a_header_is_never_split(person):
    for mark in ("\r\n", "\n", "\r", "%0d%0a", "\u560a\u560d"):
        wanted = f"/help{mark}Set-Cookie: a=b"
        assert_stays(person.get("/sign-in", query_string={"next": wanted, "lang": f"es{mark}x"}), wanted)
