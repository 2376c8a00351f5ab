"""What is wrong with a head that can be parsed. How large it may be, and how many may wait, is not known here."""

from mockserver.complaints import NO_HOST, UNKNOWN_CODING
from spec import Error


def fault(version: str, headers: list[tuple[bytes, bytes]]) -> Error | None:
    """Why a request with these headers, whose names are in lower case, is not served; None if it may be."""
    names = [name for name, _ in headers]
    hosts = names.count(b"host")
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return NO_HOST
    if b"transfer-encoding" in names and _is_coded(headers):
        return UNKNOWN_CODING
    return None


def _is_coded(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether what comes in chunks is in another coding inside (RFC 9112 section 6.1), which the parser overlooks.

    Chunks that come last are what tells the length of a body: one without them is malformed to the parser.
    """
    lines = b",".join(value for name, value in headers if name == b"transfer-encoding")
    *codings, last = (coding.strip().lower() for coding in lines.split(b","))
    return last == b"chunked" and any(codings) and b"chunked" not in codings
