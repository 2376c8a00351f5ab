"""Values of header fields: other schemes, other media types, and other origins."""

import string
from urllib.parse import urlsplit

from hypothesis import strategies as st

NOT_JSON = (
    *("application/problem+json", "application/vnd.api+json", "application/xml", "application/x-ndjson"),
    *("application/javascript", "application/json5", "application/pdf", "multipart/form-data"),
    *("text/json", "text/html", "image/png", "json"),
)
TOKEN_CHARACTERS = string.ascii_letters + string.digits + "-"


def other_schemes(scheme: str) -> st.SearchStrategy[str]:
    """A scheme of HTTP authentication that is not this one, however it is spelled."""
    registered = st.sampled_from(["Basic", "Digest", "Token", "ApiKey", "DPoP", "Negotiate", "OAuth", f"{scheme}s"])
    made_up = st.text(string.ascii_letters, min_size=1, max_size=12)
    return (registered | made_up).filter(lambda other: other.lower() != scheme.lower())


def other_media_types() -> st.SearchStrategy[str]:
    """A media type that is not JSON's, with or without parameters."""
    named = st.sampled_from(NOT_JSON)
    made_up = st.text(TOKEN_CHARACTERS, min_size=1, max_size=10).map(lambda name: f"application/x-{name}")
    parameters = st.sampled_from(["", "; charset=utf-8", "; boundary=json", "; type=application/json"])
    return st.builds(str.__add__, named | made_up, parameters)


@st.composite
def spellings_of(draw: st.DrawFn, media_type: str) -> str:
    """The same media type in other letter case, with a parameter or none (RFC 9110 section 8.3.1)."""
    spelled = "".join(draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in media_type)
    return spelled + draw(st.sampled_from(["", ";charset=utf-8", "; charset=UTF-8", '; charset="utf-8"', " ; v=1"]))


def origins_near(origin: str) -> st.SearchStrategy[str]:
    """An origin of another domain that shares a part of its name with this one, and is no sibling of it."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    label = st.text(string.ascii_lowercase, min_size=1, max_size=8)
    hosts = st.one_of(
        label.map(lambda name: f"{host}.{name}.example"),
        label.map(lambda name: f"{host}{name}"),
        label.map(lambda name: f"{name}.example"),
        st.just(without_a_dot(host)),
    )
    return hosts.filter(lambda name: name != host).map(lambda name: f"{parts.scheme}://{name}{port}")


def without_a_dot(host: str) -> str:
    """Another domain, with a letter in the place of the first dot, or before a name that has none."""
    return host.replace(".", "x", 1) if "." in host else f"x{host}"
