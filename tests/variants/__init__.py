"""Conforming servers that differ from the reference server: where the suite must fail nothing."""
