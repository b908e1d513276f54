"""Where a request ends, by when it must have come, and what is too large to wait for."""

from __future__ import annotations

import pytest

from webapp.edge.request_buffer import (
    BODY_BYTES_A_SECOND,
    BODY_SECONDS,
    HEADER_SECONDS,
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    RequestBuffer,
    TooLarge,
)

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
WHOLE = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"Content-Length: 5\r\n\r\nabcde",
    POST + b"content-length:0005\r\n\r\nabcde",
    POST + b"Content-Length: 0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: Chunked\r\n\r\n0\r\nX: y\r\nZ: a\r\n\r\n",
]
LEFT_TO_THE_PARSER = [
    b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"Content-Length: -5\r\n\r\n",
    b"Content-Length: five\r\n\r\n",
    b"Transfer-Encoding: gzip\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nnot a size\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 9000,
]
TOO_LARGE = {
    b"GET /" + b"a" * (MAX_HEADER_BYTES + 1): 414,
    b"GET / HTTP/1.1\r\n" + b"a" * MAX_HEADER_BYTES: 431,
    POST + b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1): 413,
    POST + b"Content-Length: %s\r\n\r\n" % (b"9" * 19): 413,
    POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n" + b"a" * MAX_BODY_BYTES: 413,
}


@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize("sent", WHOLE)
def test_a_request_is_whole_with_its_last_byte_and_not_before(sent, step):
    buffer = RequestBuffer(0)
    for at in range(0, len(sent), step):
        assert not buffer.whole
        buffer.add(sent[at : at + step], 0)
    assert buffer.whole
    assert bytes(buffer.data) == sent


@pytest.mark.parametrize("framing", LEFT_TO_THE_PARSER)
def test_a_framing_that_is_none_is_not_waited_for(framing):
    buffer = RequestBuffer(0)
    buffer.add(POST + framing, 0)
    assert buffer.whole


def add_all(buffer, sent):
    for at in range(0, len(sent), 4096):
        buffer.add(sent[at : at + 4096], 0)


@pytest.mark.parametrize(("sent", "status"), TOO_LARGE.items())
def test_what_is_too_large_is_refused_while_it_comes(sent, status):
    with pytest.raises(TooLarge) as refused:
        add_all(RequestBuffer(0), sent)
    assert refused.value.status == status


def test_a_header_has_its_time_from_the_first_byte_however_it_drips():
    buffer = RequestBuffer(0, patience=2)
    assert buffer.deadline == 2
    for second in range(5):
        buffer.add(b"a", 1 + second)
        assert buffer.deadline == 1 + HEADER_SECONDS


def test_a_body_has_its_time_and_more_as_it_comes():
    buffer = RequestBuffer(0)
    buffer.add(POST + b"Content-Length: 9000\r\n\r\n", 5)
    began = buffer.deadline
    assert began == pytest.approx(5 + BODY_SECONDS, abs=0.1)
    buffer.add(b"a" * BODY_BYTES_A_SECOND, 6)
    assert buffer.deadline == began + 1
