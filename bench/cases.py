"""The requests that are measured: submissions of three sizes, and three requests that are refused early."""

import json
from dataclasses import dataclass
from pathlib import Path

from conformance.target.documents import noise


@dataclass(frozen=True, kw_only=True)
class Case:
    """`size` is that of the body in bytes, `status` what the reference server answers.

    A turn is `weight` times as long as usual. One that is answered `early` has its answer before it is sent.
    """

    name: str
    size: int
    status: int = 200
    weight: int = 1
    early: bool = False
    with_key: bool = True
    content_type: str = "application/json"

    def headers(self, key: str) -> dict[str, str]:
        return {"Content-Type": self.content_type, **({"Authorization": f"Bearer {key}"} if self.with_key else {})}

    def body(self) -> bytes:
        """A submission of exactly that size: a PNG of noise in Base64, and spaces for what is left."""
        image = noise((self.size - 100) * 3 // 4)
        return json.dumps({"imageBase64": image.base64, "filename": image.name}).encode().ljust(self.size)

    def write(self, folder: Path) -> Path:
        """The body as a file."""
        path = folder / f"{self.name}.json"
        path.write_bytes(self.body())
        return path


SUBMISSIONS = (
    Case(name="1 KB", size=1_000),
    Case(name="100 KB", size=100_000),
    Case(name="9.9 MB", size=9_900_000, weight=3),
)
REFUSALS = (
    Case(name="401", size=1_000, status=401, with_key=False),
    Case(name="415", size=1_000, status=415, content_type="text/plain"),
    Case(name="413", size=10 * 2**20 + 1, status=413, weight=3, early=True),
)
