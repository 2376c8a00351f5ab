"""Known failures: read with the line of each mistake, and forgiven until they expire or are none any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conformance.judge import judge
from conformance.mistakes import NotJudgedError
from conformance.profile.known import KnownFailure, check_known_failures
from conformance.profile.profile import Profile, profile_from_file
from conformance.report.status import exit_status
from conformance.report.view import Report
from conformance.session.selection import Selection
from spec import load_contract
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

BROKEN, SOUND = "auth.revoked_key", "auth.missing_key"
TODAY = datetime.now(UTC).date()
KNOWN = "base_url: http://localhost:1\nknown_failures:\n  - "


def read(folder: Path, text: str) -> tuple[KnownFailure, ...]:
    path = folder / "target.yaml"
    path.write_text(text, encoding="utf-8")
    return profile_from_file(path, {}).known_failures


def test_reads_rule_reason_and_day(tmp_path: Path) -> None:
    [known] = read(tmp_path, KNOWN + "{rule: auth.revoked_key, reason: ticket 12, expires: 2027-01-31}")
    assert (known.rule, known.reason, known.expires) == (BROKEN, "ticket 12", date(2027, 1, 31))
    assert known.place == f"{tmp_path}/target.yaml:3: known_failures[0].rule"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{rule: a.b, expires: 2027-01-31}", "3: known_failures[0].reason is missing"),
        ("{reason: why, expires: 2027-01-31}", "3: known_failures[0].rule is missing"),
        ("{rule: a.b, reason: why}", "3: known_failures[0].expires is missing"),
        ("{rule: a.b, reason: why, expires: 2027-02-30}", "3: known_failures[0].expires must be a day like 2027-01-31"),
        ("{rule: a.b, reason: why, expires: soon}", "3: known_failures[0].expires must be a day like 2027-01-31"),
        ("{rule: a.b, reason: why, until: 2027-01-31}", "3: known_failures[0].until is unknown; the keys here are"),
        ("a.b", "2: known_failures must be a list of mappings"),
        (
            "{rule: a.b, reason: why, expires: 2027-01-31}\n  - rule: a.b\n    reason: why\n    expires: 2027-01-31",
            "4: known_failures[1].rule stands here twice: a.b",
        ),
    ],
)
def test_a_mistake_is_one_line_that_says_where(tmp_path: Path, entry: str, complaint: str) -> None:
    with pytest.raises(NotJudgedError) as caught:
        read(tmp_path, KNOWN + entry)
    assert str(caught.value).startswith(f"{tmp_path}/target.yaml:{complaint}")
    assert "\n" not in str(caught.value)


def test_a_mapping_in_place_of_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotJudgedError, match=r"target\.yaml:2: known_failures must be a list"):
        read(tmp_path, "base_url: http://localhost:1\nknown_failures: {rule: a.b}")


def test_a_rule_that_is_none_is_refused(tmp_path: Path) -> None:
    known = read(tmp_path, KNOWN + "{rule: a.b, reason: why, expires: 2027-01-31}")
    with pytest.raises(NotJudgedError, match=r"target\.yaml:3: known_failures\[0\]\.rule names no rule"):
        check_known_failures(load_contract(), known)


@pytest.fixture(scope="module")
def broken() -> Iterator[Profile]:
    """A server that accepts revoked keys."""
    with served(DEFECTS["revoked_key_accepted"].change(reference(small_contract()))) as profile:
        yield profile


def judged(profile: Profile, rule: str, *, expires: date = TODAY, **changes: Any) -> Report:
    known = KnownFailure(rule=rule, reason="ticket 12", expires=expires, place="here")
    selection = Selection(rules=(BROKEN, SOUND))
    return judge(small_contract(), replace(profile, known_failures=(known,), **changes), selection).report


def verdict_of(report: Report, rule: str) -> str:
    return str(next(row["verdict"] for row in report["rules"] if row["id"] == rule))


def test_a_known_failure_does_not_gate_and_stays_a_failure(broken: Profile) -> None:
    report = judged(broken, BROKEN)
    row = next(row for row in report["rules"] if row["id"] == BROKEN)
    assert row["verdict"] == "failed"
    assert row["known"] == {"reason": "ticket 12", "expires": TODAY.isoformat(), "expired": False}
    assert (report["verdict"], exit_status(report)) == ("passed", 0)


def test_one_that_has_expired_gates_again(broken: Profile) -> None:
    report = judged(broken, BROKEN, expires=TODAY - timedelta(days=1))
    assert next(row for row in report["rules"] if row["id"] == BROKEN)["known"]["expired"]
    assert (report["verdict"], exit_status(report)) == ("failed", 1)


def test_one_that_passes_fails_the_run_until_it_is_removed() -> None:
    with served(reference(small_contract())) as profile:
        report = judged(profile, SOUND)
        assert {row["verdict"] for row in report["rules"]} == {"passed"}
        assert (report["verdict"], exit_status(report)) == ("failed", 1)
        assert exit_status(judge(small_contract(), profile, Selection(rules=(BROKEN, SOUND))).report) == 0


def test_it_excuses_no_other_rule(broken: Profile) -> None:
    report = judged(broken, "auth.unknown_key")
    assert (report["verdict"], exit_status(report)) == ("failed", 1)


def test_one_that_nobody_could_see_is_unverified(broken: Profile) -> None:
    report = judged(broken, BROKEN, hooks=None)
    assert verdict_of(report, BROKEN) == "unverified"
    assert exit_status(report) == 3


def test_a_secret_in_the_reason_is_redacted(broken: Profile) -> None:
    secret = replace(broken.keys, valid="sk_0123456789abcdef")
    known = KnownFailure(rule=BROKEN, reason="with sk_0123456789abcdef", expires=TODAY, place="here")
    keyed = replace(broken, known_failures=(known,), keys=secret)
    report = judge(small_contract(), keyed, Selection(rules=(BROKEN,))).report
    assert report["rules"][0]["known"]["reason"] == "with $STARTOCR_API_KEY"
