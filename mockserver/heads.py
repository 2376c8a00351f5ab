"""What is wrong with a head that can be parsed. How large it may be, and how many may wait, is not known here."""

from mockserver.complaints import NO_HOST
from spec import Error


def fault(version: str, headers: list[tuple[bytes, bytes]]) -> Error | None:
    """Why a request with these headers, whose names are in lower case, is not served; None if it may be."""
    hosts = [name for name, _ in headers].count(b"host")
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return NO_HOST
    return None
