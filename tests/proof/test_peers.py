"""What a peer made of a defect is told by its report, and not by its exit status alone."""

import pytest

from tests.proof.peers import ending


@pytest.mark.parametrize(
    ("status", "report", "said"),
    [
        (0, "", "passed"),
        (1, '{"failures": [{"code": "ST203"}]}', "caught"),
        (1, '{"failures": []}', "error"),
        (1, "", "error"),
        (2, "", "error"),
    ],
)
def test_a_peer_that_breaks_has_caught_nothing(status: int, report: str, said: str) -> None:
    assert ending(status, report) == said
