"""Removes secrets by their value, wherever they may stand and whoever put them there."""

import base64
import json


class Redactor:
    """Knows the secrets of a run: those of the profile, and each key that the hooks create."""

    def __init__(self) -> None:
        self._replacements: dict[str, str] = {}

    def add(self, secret: str, name: str) -> None:
        """From now on `secret`, its Base64 and its escaped forms are shown as `name`."""
        for form in {secret, json.dumps(secret)[1:-1], *_base64_forms(secret.encode())}:
            if form:
                self._replacements[form] = name

    def text(self, text: str) -> str:
        """The text without any secret; longer ones go first, since one may contain another."""
        for secret in sorted(self._replacements, key=len, reverse=True):
            text = text.replace(secret, self._replacements[secret])
        return text


def _base64_forms(secret: bytes) -> set[str]:
    """What stays the same of a secret in any Base64 text that contains it, at each of the three alignments."""
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            encoded = encode(b"\0" * shift + secret).decode().rstrip("=")
            # The first characters depend on what stands before the secret, the last on what follows it.
            forms.add(encoded[(shift * 8 + 5) // 6 : (shift + len(secret)) * 8 // 6])
    return {form for form in forms if len(form) >= 8}
