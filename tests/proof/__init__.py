"""The proof of the suite: what it catches, what it blames, whom it accuses wrongly, and whether it flickers.

Run as `nox -s proof`. `docs/proof.md` is its committed summary.
"""
