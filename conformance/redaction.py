"""Removes secrets by their value, wherever they may stand, however they are written, and whoever put them there.

What is shown in their place are names of environment variables, from which the curl lines of a report read them again.
"""

import base64
import html
import re
from collections import defaultdict
from collections.abc import Mapping

API_KEY = "$STARTOCR_API_KEY"
REVOKED_KEY = "$STARTOCR_REVOKED_KEY"
EXHAUSTED_KEY = "$STARTOCR_EXHAUSTED_KEY"
FRESH_KEY = "$STARTOCR_FRESH_KEY"
SECOND_KEY = "$STARTOCR_SECOND_KEY"
ALMOST_KEY = "$STARTOCR_ALMOST_KEY"
HOOKS_TOKEN = "$STARTOCR_HOOKS_TOKEN"  # noqa: S105 - the name of one

NAMES = (API_KEY, REVOKED_KEY, EXHAUSTED_KEY, FRESH_KEY, SECOND_KEY, ALMOST_KEY, HOOKS_TOKEN)

# A text is looked through in steps, at each for a piece: an occurrence of PIECE + STEP - 1 characters is never missed.
PIECE, STEP = 6, 3

ESCAPE = re.compile(r"""(?:%|\\x)([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(["'/\\])|&#?\w{1,31};""", re.IGNORECASE | re.ASCII)
DEEPEST_ESCAPE = 4
# What stands between the characters of a text in UTF-16 or UTF-32 that was read as UTF-8.
BETWEEN = re.compile("[\0\ufffd]+")
TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


class Redactor:
    """Knows the secrets of a run: those of the profile, and each key that the hooks create. Keys are visible ASCII.

    `secrets` are those that it was told, and the name of each.
    """

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        self.secrets: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._short: set[str] = set()
        self._by_piece: dict[str, set[str]] = defaultdict(set)
        for secret, name in (secrets or {}).items():
            self.add(secret, name)

    def add(self, secret: str, name: str) -> None:
        """From now on `secret` is shown as `name`: itself, its hexadecimal form, its Base64 and the Base64 of that.

        In any letter case. Credentials in Base64 are what a server may encode once more.
        """
        self.secrets[secret] = name
        once = _base64_forms(secret.encode())
        twice = {form for text in once for form in _base64_forms(text.encode())}
        for form in filter(None, {secret, secret.encode().hex(), *once, *twice}):
            folded = form.translate(TO_LOWER)
            self._names[form] = name
            self._forms.setdefault(folded, form)
            self._index(folded)

    def _index(self, form: str) -> None:
        if len(form) < PIECE + STEP - 1:
            self._short.add(form)
            return
        # By its end, since keys begin alike.
        for end in range(len(form) - STEP + 1, len(form) + 1):
            self._by_piece[form[end - PIECE : end]].add(form)

    def text(self, text: str) -> str:
        """The text without any secret. If one only shows in what its escapes stand for, that is what is returned.

        A text is cut afterwards: of a secret that lies across the cut, a part would stay.
        """
        redacted = decoded = self._replaced(text)
        for _ in range(DEEPEST_ESCAPE):
            before, decoded = decoded, BETWEEN.sub("", ESCAPE.sub(_character, decoded))
            if decoded == before:
                break
            if self._found(decoded):
                redacted = decoded = self._replaced(decoded)
        return redacted

    def content(self, content: bytes) -> bytes:
        """A body without any secret, byte for byte the same if there is none."""
        text = content.decode("latin-1")
        return self.text(text).encode("latin-1", "replace")

    def _replaced(self, text: str) -> str:
        for form in self._found(text):
            text = re.sub(re.escape(form), self._name, text, flags=re.IGNORECASE | re.ASCII)
        return text

    def _found(self, text: str) -> list[str]:
        """The secret forms in a text, in lower case; the longer first, since one may contain another."""
        folded = text.translate(TO_LOWER)
        pieces = (folded[start : start + PIECE] for start in range(0, len(folded), STEP))
        # A copy of each set, since another thread may come to know a secret meanwhile.
        near = {form for piece in pieces if piece in self._by_piece for form in tuple(self._by_piece[piece])}
        return sorted((form for form in near | self._short if form in folded), key=len, reverse=True)

    def _name(self, match: re.Match[str]) -> str:
        """Two secrets may differ in letter case only: then each goes by its own name."""
        form = match[0] if match[0] in self._names else self._forms[match[0].translate(TO_LOWER)]
        return self._names[form]


def _character(escape: re.Match[str]) -> str:
    """The character that an escape stands for: of a URL, of JSON, of Python or of HTML."""
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else escape[3] or html.unescape(escape[0])


def _base64_forms(secret: bytes) -> set[str]:
    """What stays the same of a secret in any Base64 text that contains it, at each of the three alignments."""
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            encoded = encode(b"\0" * shift + secret).decode().rstrip("=")
            # The first characters depend on what stands before the secret, the last on what follows it.
            forms.add(encoded[(shift * 8 + 5) // 6 : (shift + len(secret)) * 8 // 6])
    return {form for form in forms if len(form) >= 8}
