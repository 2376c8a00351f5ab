"""The kinds of values that a profile holds. Each function returns a text of its kind, or raises ValueError.

The error completes the sentence that begins with the place, and says what to write. It repeats no value, which may be a
secret in the wrong place.
"""

import re
import ssl
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import SplitResult, urlsplit

import httpx

KEY = re.compile(r"[!-~]+")
JSON_POINTER = re.compile(r"(/([^/~]|~[01])*)+")
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]+")
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")


def base_url(text: str) -> str:
    """An http or https URL that can be connected to; without the slash at its end."""
    parts = _split(text)
    named = parts.scheme in ("http", "https") and parts.hostname
    if not named or _has_rest(parts):
        raise ValueError("is no base URL: write one like https://staging.example.com")
    if not _is_host(text, parts.hostname or ""):
        raise ValueError("names a host that no name server can know: write one like https://staging.example.com")
    return text.rstrip("/")


def origin(text: str) -> str:
    """The origin of a page, as browsers write it into a request (RFC 6454 section 6.2)."""
    parts = _split(text)
    if not ORIGIN.fullmatch(text) or not parts.hostname or _has_rest(parts) or parts.path:
        raise ValueError("is no origin: write one like https://app.example.com, with nothing after host and port")
    return text


def key(text: str) -> str:
    """A key or token, which travels in a header."""
    if not KEY.fullmatch(text):
        raise ValueError("holds a character that no key has: visible ASCII only, without spaces and line breaks")
    return text


def json_pointer(text: str) -> str:
    """A JSON Pointer (RFC 6901) to a part of an answer."""
    if not JSON_POINTER.fullmatch(text):
        raise ValueError("is no JSON Pointer: write one like /result, each step with a slash before it")
    return text


def path(text: str) -> str:
    """A path on the deployment, which is put behind the base URL."""
    if not text.startswith("/") or not text.isprintable() or " " in text or "#" in text:
        raise ValueError("is no path: write one like /api/account, with a slash before it")
    return text


def task_path(text: str) -> str:
    """The path of a task."""
    if "{taskId}" not in text:
        raise ValueError("must contain {taskId}")
    return path(text)


def number(least: float, most: float) -> Callable[[str], float]:
    """A number within these bounds."""

    def read(text: str) -> float:
        if not NUMBER.fullmatch(text) or not least <= float(text) <= most:
            raise ValueError(f"must be a number from {least} to {most}")
        return float(text)

    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A whole number within these bounds."""

    def read(text: str) -> int:
        if not WHOLE_NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(f"must be a number from {least} to {most}, without a fraction")
        return int(text)

    return read


def day(text: str) -> date:
    """A day of the calendar."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ValueError("must be a day like 2027-01-31") from None


def certificates(text: str) -> str:
    """The path of a PEM file with the certificates of authorities."""
    try:
        ssl.create_default_context(cafile=text)
    except OSError:  # Not to be read, or an SSLError: not PEM.
        raise ValueError("names no PEM file of certificates that can be read") from None
    return text


def _split(text: str) -> SplitResult:
    """The parts of a URL; if it names a port, one that there is."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("is no URL: write one like https://staging.example.com or http://[::1]:8000") from None
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("names a port that is no number from 1 to 65535")
    return parts


def _has_rest(parts: SplitResult) -> bool:
    return bool(parts.query or parts.fragment or parts.username or parts.password)


def _is_host(url: str, name: str) -> bool:
    """Whether the client can ask for this host: there are names that cannot be encoded (RFC 5891)."""
    try:
        httpx.URL(url)
        name.encode("idna")
    except (httpx.InvalidURL, ValueError):
        return False
    return url.isprintable() and " " not in url
