"""The kinds of values that options have beside the usual ones, and what is said of a wrong one."""

from urllib.parse import urlsplit

from click import BadParameter


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
    if parts.scheme not in ("http", "https") or not parts.hostname or "*" in parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{number}" if number not in (None, usual) else "")
