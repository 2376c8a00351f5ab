"""The markers of the suite's tests.

`verifies("auth.missing_key")` names the rule that a test judges, or several for a test that walks through them: that
one notes which it came by, and what fails there names the rule that is broken (`walk`). `costs` says what a test sends
at worst, before it is sent.
"""

import pytest

verifies = pytest.mark.verifies
observes = pytest.mark.observes
is_control = pytest.mark.is_control
looks_back = pytest.mark.looks_back


def costs(*, requests: int, pages: int = 0, each: bool = False) -> pytest.MarkDecorator:
    """At most so many submissions; where somebody pays for them, of so many pages that a target may accept.

    `each`: for each example that the test draws. Looking tasks and balances up, and hooks, come on top.
    """
    return pytest.mark.costs(requests=requests, pages=pages, each=each)
