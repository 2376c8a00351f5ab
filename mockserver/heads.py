"""What is wrong with a head that can be parsed. How large it may be, and how many may wait, is not known here."""

import re

from mockserver.complaints import BAD_HOST, NO_HOST, UNKNOWN_CODING
from spec import Error

# uri-host [ ":" port ] (RFC 9110 section 7.2): an address in brackets, or a name or an address, which may be empty
# (RFC 3986 section 3.2.2).
ADDRESS = rb"\[([0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+)\]"
NAME = rb"([\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
HOST = re.compile(rb"[ \t]*(" + ADDRESS + rb"|" + NAME + rb")(:[0-9]*)?[ \t]*")


def fault(version: str, headers: list[tuple[bytes, bytes]]) -> Error | None:
    """Why a request with these headers, whose names are in lower case, is not served; None if it may be."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        return NO_HOST
    if hosts and HOST.fullmatch(hosts[0]) is None:
        return BAD_HOST
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    return UNKNOWN_CODING if codings and _is_coded(codings) else None


def _is_coded(lines: list[bytes]) -> bool:
    """Whether what comes in chunks is in another coding inside (RFC 9112 section 6.1), which the parser overlooks.

    Chunks that come last are what tells the length of a body: one without them is malformed to the parser.
    """
    *codings, last = (coding.strip().lower() for coding in b",".join(lines).split(b","))
    return last == b"chunked" and any(codings) and b"chunked" not in codings
