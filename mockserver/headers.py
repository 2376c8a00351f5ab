"""The headers of a request by name, straight from its list: a request has few, and most of those asked for are missing.

Names are in lower case, as ASGI has them. What the values mean is not known here.
"""

from starlette.types import Scope


def values(scope: Scope, name: bytes) -> list[str]:
    """The values of all headers of that name, in their order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def first(scope: Scope, name: bytes) -> str | None:
    """The value of the first header of that name, if there is one."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None
