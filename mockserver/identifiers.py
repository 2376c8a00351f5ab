"""Names that nobody can guess, made of lower-case letters and digits, or of all letters and digits."""

import secrets
import string

LOWER = string.ascii_lowercase + string.digits
LETTERS = string.ascii_letters + string.digits


def unguessable(prefix: str, length: int, alphabet: str = LOWER) -> str:
    """The prefix and that many random characters; 25 of `LOWER` are 129 bits, 32 of `LETTERS` are 190."""
    return prefix + "".join(secrets.choice(alphabet) for _ in range(length))
