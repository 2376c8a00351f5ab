"""The markers of the suite's tests."""

import pytest

verifies = pytest.mark.verifies
observes = pytest.mark.observes
is_control = pytest.mark.is_control
