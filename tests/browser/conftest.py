"""A browser, and the report of a run with failures, whose server still answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conformance.judge import judge
from conformance.profile.profile import Keys
from conformance.report.view import Report
from conformance.report.write import write
from tests.browser.chromium import chromium
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

BROKEN = ("revoked_key_accepted", "missing_field_misspelt", "default_is_another_provider")
KEYS = Keys(valid="sk_test_works", revoked="sk_test_revoked", exhausted="sk_test_no_pages")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The folder of a report, what is in it, and what its curl lines read from the environment."""

    folder: Path
    report: Report
    environment: dict[str, str]

    @property
    def page(self) -> str:
        return (self.folder / "index.html").as_uri()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """A server with three defects, judged with the keys that it has from the start; it serves until the end."""
    folder = tmp_path_factory.mktemp("report")
    server = reference(small_contract())
    for name in BROKEN:
        server = DEFECTS[name].change(server)
    with served(server) as profile:
        keyed = replace(profile, hooks=None, keys=KEYS)
        judgement = judge(small_contract(), keyed)
        write(folder, judgement.report, judgement.beside)
        environment = {
            "STARTOCR_API_KEY": KEYS.valid or "",
            "STARTOCR_REVOKED_KEY": KEYS.revoked or "",
            "STARTOCR_EXHAUSTED_KEY": KEYS.exhausted or "",
        }
        yield Judged(folder=folder, report=judgement.report, environment=environment)
