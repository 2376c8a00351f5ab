"""Makes the sample report again: `python -m tests.sample` judges a server with three defects into reports/sample.

The profile names no origin, so that the sample shows what would open a rule, too. The traffic is left out: it is long,
and another one in every run.
"""

from dataclasses import replace
from pathlib import Path

from conformance.judge import judge
from conformance.profile.profile import Profile
from conformance.report.write import prepare, write
from mockserver.server import Server, build_server
from mockserver.settings import Settings
from spec import load_contract
from tests.defects.catalogue import DEFECTS
from tests.servers import served

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "reports" / "sample"
BROKEN = ("revoked_key_accepted", "missing_field_misspelt", "pdf_costs_one")
PORT = 8042


def make_sample(folder: Path, *, port: int = 0) -> None:
    """Judge the server with the three defects and write the report into a folder."""
    with served(_broken_server(), port=port) as profile:
        judgement = judge(load_contract(), _staging(profile))
    prepare(folder)
    write(folder, judgement.report, judgement.bodies)


def _broken_server() -> Server:
    server = build_server(Settings(seed=1), load_contract())
    for name in BROKEN:
        server = DEFECTS[name].change(server)
    return server


def _staging(profile: Profile) -> Profile:
    return replace(profile, name="staging", path="staging.yaml", allowed_origin=None)


if __name__ == "__main__":
    make_sample(SAMPLE, port=PORT)
    print(f"written: {SAMPLE.relative_to(ROOT)}")
