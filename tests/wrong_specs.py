"""OpenAPI documents of this project with one thing in them that neither server nor suite can work with."""

from pathlib import Path

from spec.contract import OPENAPI

CHANGES = {
    "lacking.yaml": ("id: auth.revoked_key\n", "id: auth.other\n"),
    "unasked.yaml": ("id: megabyte\n", "id: other\n"),
    "needing.yaml": ("error: invalid_api_key\n  needs:\n  - revoked key\n", "needs:\n  - magic\n"),
}


def write_wrong_specs(folder: Path) -> None:
    text = OPENAPI.read_text(encoding="utf-8")
    for name, (right, wrong) in CHANGES.items():
        assert text.count(right) == 1
        (folder / name).write_text(text.replace(right, wrong), encoding="utf-8")
