"""Schemathesis alone, from our openapi.yaml, on the same defects: what it catches, takes and spends."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import schemathesis

from spec.contract import OPENAPI
from tests.defects.catalogue import DEFECTS
from tests.proof.running import side_by_side
from tests.servers import reference, served, small_contract

# What is Base64 in a schema need not be an image, so this check fails the reference server.
LEFT_OUT = "positive_data_acceptance"
PAGES = 1_000_000
NO_DEFECT = ""
OPTIONS = ("--max-examples", "25", "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color")


@dataclass(frozen=True, kw_only=True)
class Tried:
    defect: str
    caught: bool
    seconds: float
    pages: int


def tried(name: str) -> Tried:
    """Schemathesis against a defective server, with a key of an account that has pages; without a name, no defect."""
    contract, defect = small_contract(), DEFECTS.get(name)
    server = defect.change(reference(contract)) if defect else reference(contract)
    account = server.open_account(PAGES)
    with served(server, defect.wrap if defect else lambda app: app) as profile, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(OPENAPI), "--url", profile.base_url]
        command += ["--header", f"Authorization: Bearer {account.api_key}", "--exclude-checks", LEFT_OUT, *OPTIONS]
        started = time.monotonic()
        done = subprocess.run(command, capture_output=True, cwd=folder, timeout=300, check=False)
    return Tried(
        defect=name,
        caught=done.returncode != 0,
        seconds=time.monotonic() - started,
        pages=PAGES - server.ledger.balance(account.account_id),
    )


def compared(names: list[str], processes: int) -> dict[str, Any]:
    """What Schemathesis makes of these defects. Raises LookupError if it finds the reference server defective."""
    if tried(NO_DEFECT).caught:
        raise LookupError("Schemathesis finds something in the reference server, too, so nothing is proved")
    results = list(side_by_side(tried, names, processes))
    return {
        "tool": f"Schemathesis {schemathesis.__version__}",
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "left_out": f"its check {LEFT_OUT}, since what is Base64 in a schema need not be an image",
        "tried": len(names),
        "caught": sorted(result.defect for result in results if result.caught),
        "seconds": round(sum(result.seconds for result in results) / len(results)),
        "pages": round(sum(result.pages for result in results) / len(results)),
    }


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
