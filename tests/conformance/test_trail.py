"""What the running test sent is kept step by step, and nothing of the tests and examples before it."""

from conformance.wire.exchange import Answer, Request
from conformance.wire.trail import LONGEST_BODY, MOST_STEPS, Trail


def sent(trail: Trail, name: str, content: bytes = b"") -> Answer:
    request = Request(method="POST", url=f"http://target.test/{name}", content=content)
    answer = Answer(request=request, status=200, headers={"x": name}, content=b"", seconds=0)
    trail.record(request, answer)
    return answer


def names(trail: Trail, last: Answer | None = None) -> list[str]:
    return [step.request.url.rpartition("/")[2] for step in trail.steps(last=last)]


def test_a_test_begins_without_the_steps_of_the_one_before() -> None:
    trail = Trail()
    sent(trail, "before")
    trail.begin()
    sent(trail, "now")
    assert names(trail) == ["now"]


def test_an_example_has_what_prepared_its_test_and_nothing_of_the_example_before() -> None:
    trail = Trail()
    sent(trail, "prepared")
    trail.prepared()
    for name in ("one", "two"):
        trail.begin_example()
        sent(trail, name)
    assert names(trail) == ["prepared", "two"]


def test_the_steps_that_led_to_an_answer_end_with_it() -> None:
    trail = Trail()
    _, shown, _ = (sent(trail, name) for name in ("one", "two", "three"))
    assert names(trail, last=shown) == ["one", "two"]


def test_a_long_body_is_not_kept() -> None:
    trail = Trail()
    sent(trail, "long", b"x" * (LONGEST_BODY + 1))
    [step] = trail.steps()
    assert (step.request.content, step.size, step.is_cut) == (b"", LONGEST_BODY + 1, True)
    assert step.answer is not None
    assert step.answer.request.content == b""


def test_of_very_many_steps_the_last_are_kept() -> None:
    trail = Trail()
    for number in range(5 * MOST_STEPS):
        sent(trail, str(number))
    assert names(trail)[-1] == str(5 * MOST_STEPS - 1)
    assert len(names(trail)) == MOST_STEPS
