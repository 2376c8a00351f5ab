"""Traffic → traffic.har (HAR 1.2), which the network panel of a browser opens; without secrets."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from harfile import Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from conformance.redaction import Redactor
from conformance.wire.traffic import Body, Exchange, Received, Sent, Traffic
from spec.version import __version__

HTTP = "HTTP/1.1"
ABOUT = "Headers are those that the suite sets; the client adds its own. Long bodies are told by size and digest."

Redact = Callable[[str], str]


def har(traffic: Traffic, redactor: Redactor) -> bytes:
    """The exchanges of a run as HAR, in UTF-8. How many had no room stands in its comment."""
    left_out = f" {traffic.left_out} further exchanges are left out." if traffic.left_out else ""
    text, redact = io.StringIO(), cache(redactor.text)  # Most headers are those of the exchange before.
    creator = Creator(name="startocr-conformance", version=__version__)
    with HarFile.open(text, creator=creator, comment=ABOUT + left_out) as file:
        for exchange in sorted(traffic.exchanges, key=lambda exchange: exchange.started):
            _add(file, exchange, redact)
    return text.getvalue().encode() + b"\n"


def _add(file: HarFile, exchange: Exchange, redact: Redact) -> None:
    milliseconds = round(exchange.seconds * 1000, 3)
    file.add_entry(
        startedDateTime=exchange.started,
        time=milliseconds,
        request=_request(exchange.sent, redact),
        response=_response(exchange.received, redact),
        timings=Timings(send=0, wait=milliseconds, receive=0),
        comment=exchange.rule or None,
    )


def _request(sent: Sent, redact: Redact) -> Request:
    url = redact(sent.url)
    text = _text(sent.body, redact) or ""
    post = PostData(mimeType=redact(_media_type(sent.headers)), text=text, comment=_note(sent.body))
    return Request(
        method=sent.method,
        url=url,
        httpVersion=HTTP,
        headers=_headers(sent.headers, redact),
        queryString=[Record(name=name, value=value) for name, value in parse_qsl(urlsplit(url).query, True)],
        postData=post if sent.body.size else None,
        bodySize=sent.body.size,
    )


def _response(received: Received | None, redact: Redact) -> Response:
    """The response; status 0, as browsers write it, where no answer came."""
    if received is None:
        return Response(status=0, statusText="", httpVersion=HTTP, comment="no answer came")
    body = received.body
    return Response(
        status=received.status,
        statusText=_phrase(received.status),
        httpVersion=HTTP,
        headers=_headers(received.headers, redact),
        content=Content(
            size=body.size,
            mimeType=redact(_media_type(received.headers)),
            text=_text(body, redact),
            comment=_note(body),
        ),
        redirectURL=redact(received.headers.get("location", "")),
        bodySize=body.size,
    )


def _headers(headers: Mapping[str, str], redact: Redact) -> list[Record]:
    return [Record(name=redact(name), value=redact(value)) for name, value in headers.items()]


def _media_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _text(body: Body, redact: Redact) -> str | None:
    return None if body.content is None else redact(body.content.decode("utf-8", "replace"))


def _note(body: Body) -> str | None:
    return f"{body.size} bytes, sha256 {body.sha256}" if body.content is None else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
