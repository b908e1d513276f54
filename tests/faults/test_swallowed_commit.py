"""The answer to a COMMIT is lost: the page claims neither success nor failure, and pressing again has one effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import make_url, text

from models.running.settings import Settings
from tests.faults.proxy import HOST, Harm, Proxy
from tests.site import web_app
from tests.webapp.applicants import hidden

BEGIN = "/enrollment/begin/details"
TYPED = {"organization_name": "Blue Ridge", "name": "Ana Ruiz", "email": "ana@blueridge.example"}


@pytest.fixture
def proxy(settings: Settings) -> Iterator[Proxy]:
    port = make_url(settings.database_url).port
    assert port
    with Proxy(port) as made:
        yield made


@pytest.fixture
def settings_through_proxy(settings: Settings, proxy: Proxy) -> Settings:
    url = make_url(settings.database_url).set(host=HOST, port=proxy.port)
    return replace(settings, database_url=url.render_as_string(hide_password=False))


@pytest.fixture
def client(settings_through_proxy):
    with web_app(settings_through_proxy) as app:
        yield app.test_client()


def lose_commit_of_effect(proxy: Proxy) -> None:
    """Lose the answer to the COMMIT that follows the effect, and none before."""
    effect_was_sent = False

    def swallow(sent: bytes) -> bool:
        nonlocal effect_was_sent
        effect_was_sent |= b"INSERT INTO enrollment_starts" in sent
        return effect_was_sent and sent.endswith(b"COMMIT\0")

    proxy.harm = Harm(swallow=swallow)


def test_after_a_lost_commit_the_page_promises_nothing_and_pressing_again_has_one_effect(client, database, proxy):
    form = {**hidden(client, BEGIN), **TYPED}
    lose_commit_of_effect(proxy)
    in_doubt = client.post(BEGIN, data=form)
    assert proxy.swallowed == 1
    assert in_doubt.status_code == 503
    assert in_doubt.headers["Retry-After"]
    words = in_doubt.get_data(as_text=True)
    assert "may or may not have been saved" in words
    assert "Nothing was changed" not in words
    proxy.harm = Harm()
    answers = [client.post(BEGIN, data=form) for _ in range(2)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, answers[0].location)}
    with database.owner_engine.connect() as connection:
        effects = "SELECT (SELECT count(*) FROM enrollment_starts), (SELECT count(*) FROM messages)"
        assert tuple(connection.execute(text(effects)).one()) == (1, 1)
