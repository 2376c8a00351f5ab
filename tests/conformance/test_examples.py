"""The steps of a test that draws its inputs are those of the example that shows its failure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.session.examples import telling_examples
from conformance.wire.exchange import Answer, Request
from conformance.wire.trail import Trail


def send(trail: Trail, name: object) -> None:
    request = Request(method="POST", url=f"http://target.test/{name}")
    trail.record(request, Answer(request=request, status=200, headers={}, content=b"", seconds=0))


def test_each_example_begins_anew() -> None:
    trail = Trail()

    @given(number=st.integers(0, 9))
    def refuses_no_number(number: int) -> None:
        send(trail, number)
        assert number < 4

    inner = refuses_no_number.hypothesis.inner_test  # type: ignore[attr-defined]
    send(trail, "prepared")
    trail.prepared()
    with pytest.raises(AssertionError), telling_examples(refuses_no_number, trail.begin_example):
        refuses_no_number()
    assert [step.request.url for step in trail.steps()] == ["http://target.test/prepared", "http://target.test/4"]
    assert refuses_no_number.hypothesis.inner_test is inner  # type: ignore[attr-defined]


def test_a_test_that_draws_nothing_is_left_alone() -> None:
    with telling_examples(send, lambda: pytest.fail("it has no examples")):
        send(Trail(), "one")
