"""Schemathesis alone, from our openapi.yaml, on the same defects: what it catches, takes and spends."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import schemathesis

from spec.contract import OPENAPI
from tests.defects.catalogue import DEFECTS
from tests.proof.commit import commit
from tests.proof.running import side_by_side
from tests.servers import reference, served, small_contract

# What is Base64 in a schema need not be an image, so this check fails the reference server.
LEFT_OUT = "positive_data_acceptance"
PAGES = 1_000_000
NO_DEFECT = ""
LONGEST = 300
OPTIONS = ("--max-examples", "25", "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color")

Ending = Literal["caught", "passed", "error", "timeout"]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """`ending`: `caught` where a check failed; `error` where it could not do its work, which catches nothing."""

    defect: str
    ending: Ending
    seconds: float
    pages: int


def tried(name: str) -> Tried:
    """Schemathesis against a defective server, with a key of an account that has pages; without a name, no defect."""
    contract, defect = small_contract(), DEFECTS.get(name)
    server = defect.change(reference(contract)) if defect else reference(contract)
    account = server.open_account(PAGES)
    started = time.monotonic()
    with served(server, defect.wrap if defect else lambda app: app) as profile:
        ending = _ending(profile.base_url, account.api_key)
    return Tried(
        defect=name,
        ending=ending,
        seconds=time.monotonic() - started,
        pages=PAGES - server.ledger.balance(account.account_id),
    )


def _ending(url: str, key: str) -> Ending:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(OPENAPI), "--url", url, *OPTIONS]
        command += ["--header", f"Authorization: Bearer {key}", "--exclude-checks", LEFT_OUT]
        command += ["--report", "json", "--report-json-path", str(report)]
        try:
            status = subprocess.run(command, capture_output=True, cwd=folder, timeout=LONGEST, check=False).returncode
        except subprocess.TimeoutExpired:
            return "timeout"
        return ending(status, report.read_text(encoding="utf-8") if report.exists() else "")


def ending(status: int, report: str) -> Ending:
    """What an exit status and the JSON report say. A crash and an error at one operation end in 1, too."""
    if status == 0:
        return "passed"
    return "caught" if report and json.loads(report)["failures"] else "error"


def compared(names: list[str], processes: int) -> dict[str, Any]:
    """What Schemathesis makes of these defects. Raises LookupError if it does not pass the reference server."""
    unchanged = tried(NO_DEFECT)
    if unchanged.ending != "passed":
        raise LookupError(f"on the reference server, too, Schemathesis ends as {unchanged.ending}: nothing is proved")
    results = list(side_by_side(tried, names, processes))
    return {
        "tool": f"Schemathesis {schemathesis.__version__}",
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "left_out": f"its check {LEFT_OUT}, since what is Base64 in a schema need not be an image",
        "tried": len(names),
        "caught": sorted(result.defect for result in results if result.ending == "caught"),
        "errors": sorted(result.defect for result in results if result.ending == "error"),
        "timeouts": sorted(result.defect for result in results if result.ending == "timeout"),
        "seconds": round(sum(result.seconds for result in results) / len(results), 1),
        "pages": round(sum(result.pages for result in results) / len(results), 1),
    }
