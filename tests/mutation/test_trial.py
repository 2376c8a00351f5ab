"""A mutant whose hooks are broken, too, is judged by the test keys; that alone lets nothing count as killed."""

import pytest

from conformance.profile.profile import HooksAddress, Profile
from tests.mutation.trial import Ending, Outcome, by_hooks_or_keys

PROFILE = Profile(name="mutant", base_url="http://mutant.test", hooks=HooksAddress(url="http://mutant.test/_mock"))


@pytest.mark.parametrize(
    ("with_hooks", "with_keys", "ending"),
    [
        ("killed", "survived", "killed"),
        ("survived", "killed", "survived"),
        ("unverified", "killed", "unverified"),
        ("error", "killed", "killed"),
        ("error", "unverified", "error"),
        ("incompetent", "killed", "killed"),
        ("incompetent", "survived", "incompetent"),
    ],
)
def test_is_judged_by_hooks_and_where_these_break_by_keys(
    with_hooks: Ending, with_keys: Ending, ending: Ending
) -> None:
    def judged(profile: Profile) -> Outcome:
        assert (profile.hooks is None) == (profile.keys.valid is not None)
        return Outcome(ending=with_hooks if profile.hooks else with_keys)

    assert by_hooks_or_keys(PROFILE, judged).ending == ending
