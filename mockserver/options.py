"""The kinds of values that options have beside the usual ones, and what is said of a wrong one."""

import re
from urllib.parse import urlsplit

from click import BadParameter

# A name, or an address; those of IPv6 come here without their brackets.
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f.:]+")


def port(text: str) -> int:
    """The value of --port."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise BadParameter(f"{text!r} is no port: give a number from 0 to 65535 (0 takes a free one)")
    return int(text)


def workers(text: str) -> int:
    """The value of --workers."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 64):
        raise BadParameter(f"{text!r} is no number of processes: give a number from 1 to 64")
    return int(text)


def seed(text: str) -> int:
    """The value of --seed."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadParameter(f"{text!r} is no seed: give a whole number from 0 on, of 18 digits at most")
    return int(text)


def origin(text: str) -> str:
    """A value of --allowed-origin: written as browsers send it, since it is compared letter by letter."""
    if not text.isascii():
        raise BadParameter(f"{text!r} is not as browsers send it: write its host in the ASCII form (xn--…)")
    if text != _as_sent(text):
        raise BadParameter(
            f"{text!r} is no origin as browsers send it: write scheme://host or "
            "scheme://host:port in lower case, without a path or the usual port, like https://app.example.com"
        )
    return text


def token(text: str) -> str:
    """The value of --hooks-token; it is a secret, so no complaint repeats it."""
    if not (text.isascii() and text.isprintable() and text and " " not in text):
        raise BadParameter("it is sent in a header: give visible ASCII characters, without spaces")
    return text


def _as_sent(text: str) -> str | None:
    """How a browser writes the origin of this URL; None if it is none."""
    try:
        parts = urlsplit(text)
        number = parts.port
    except ValueError:
        return None
    name = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(name):
        return None
    host = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{number}" if number not in (None, usual) else "")
