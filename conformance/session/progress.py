"""Told how a run gets on. This one keeps it to itself; a command shows it."""

from collections.abc import Sequence

from conformance.session.declared import Declared
from conformance.verdicts.checks import Verdict


class Progress:
    """`begin` comes first, then an `ended` for each test; a note may come at any time."""

    def begin(self, tests: Sequence[Declared]) -> None:
        """These tests are going to run."""

    def ended(self, test: Declared, verdict: Verdict) -> None:
        """One of them has ended."""

    def note(self, sentence: str) -> None:
        """Something that the caller may want to know."""
