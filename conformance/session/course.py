"""How a run goes: what it draws its generated inputs from, how many of them, and in which order its tests come.

One set of Hypothesis settings for every test and every surrounding: over HTTP a deadline or the explain phase only cost
requests, and a database of earlier failures would make two runs of one seed differ.
"""

from dataclasses import dataclass

PROFILE = "conformance"


@dataclass(frozen=True, kw_only=True)
class Course:
    """`examples`: the inputs drawn for each generated test. The same `seed` sends the same requests.

    `shuffled`: the tests come in an order drawn from the seed, otherwise in that of the documentation. `processes`: so
    many share the tests, where no two of these share an account. `stop_at_first`: a process runs no test after one in
    which a rule failed, and nothing is known of the rules that are left. `tidy`: the accounts that the run created are
    deleted in the end, which is for nothing where the target ends with the run.
    """

    seed: int = 1
    examples: int = 8
    shuffled: bool = False
    processes: int = 1
    stop_at_first: bool = False
    tidy: bool = True

    def register(self, *, shrink: bool) -> str:
        """Register the Hypothesis profile of this course, and return its name. Shrinking a failure costs requests."""
        # It takes a while, and a command line is to be quick.
        from hypothesis import HealthCheck, Phase, Verbosity, settings

        settings.register_profile(
            PROFILE,
            settings.get_profile("default"),
            max_examples=self.examples,
            verbosity=Verbosity.quiet,  # What a failure needs to be seen again is in its evidence.
            phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])],
            stateful_step_count=12,
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        return PROFILE
