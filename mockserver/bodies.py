"""The body of a request, up to a limit. What stands in it is not looked at here."""

from starlette.requests import ClientDisconnect, Request

from mockserver.headers import first


async def read_body(request: Request, limit: int) -> bytes | None:
    """The body, or None if it has more than `limit` bytes; never holds more than those and one chunk.

    What is still to come after None is left to the HTTP server: it reads and forgets it, so that a client which
    sends first and listens later gets its answer.
    """
    if _declared_length(request) > limit:
        return None
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            return None
        more = message.get("more_body", False)
    return b"".join(chunks)


def _declared_length(request: Request) -> int:
    length = first(request.scope, b"content-length") or ""
    return int(length) if length.isdecimal() else 0
