"""How a run gets on, for whoever waits: a bar for each section on a terminal, a line for each section elsewhere."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from conformance.report.view import VERDICTS
from conformance.session.declared import Declared
from conformance.session.progress import Progress
from conformance.verdicts.checks import Verdict
from spec import Contract

QUESTIONS, SEVERAL = "Open questions", "Across the sections"
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"))


@contextmanager
def shown(console: Console, contract: Contract, *, quiet: bool) -> Iterator[Progress]:
    """What a run is to tell; nothing of it is shown to whoever wants quiet."""
    if quiet:
        yield Progress()
    elif console.is_terminal:
        # What pytest catches of the standard streams is not to be mixed with this.
        with Bars(*COLUMNS, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bars:
            yield Live(console, contract, bars)
    else:
        yield Lines(console, contract)
        console.print()


class Sections(Progress):
    """Counts the tests of each section as they end."""

    def __init__(self, console: Console, contract: Contract) -> None:
        self._console = console
        titles = {section.id: section.title for section in contract.sections}
        self._titles = {rule.id: titles[rule.section] for rule in contract.rules.values()}
        self.tests: Counter[str] = Counter()
        self._ended: dict[str, Counter[str]] = {}

    def begin(self, tests: Sequence[Declared]) -> None:
        self.tests = Counter(self._section(test) for test in tests)
        self._ended = {section: Counter() for section in self.tests}

    def ended(self, test: Declared, verdict: Verdict) -> None:
        section = self._section(test)
        self._ended[section][verdict] += 1
        self.show(section, self._ended[section].total())

    def note(self, sentence: str) -> None:
        self._console.print(escape(sentence))

    @abstractmethod
    def show(self, section: str, ended: int) -> None:
        """So many tests of this section have ended now."""

    def told(self, section: str) -> str:
        """The verdicts of a section so far, in words."""
        ended = self._ended[section]
        return ", ".join(f"{ended[verdict]} {verdict}" for verdict in VERDICTS if ended[verdict])

    def _section(self, test: Declared) -> str:
        titles = {self._titles.get(subject, QUESTIONS) for subject in test.subjects}
        return titles.pop() if len(titles) == 1 else SEVERAL


class Lines(Sections):
    """A line for each section, once all of its tests have ended."""

    def show(self, section: str, ended: int) -> None:
        if ended == self.tests[section]:
            self._console.print(f"{escape(section)}: {ended} test{'' if ended == 1 else 's'}, {self.told(section)}")


class Live(Sections):
    """A bar for each section, which grows with its tests."""

    def __init__(self, console: Console, contract: Contract, bars: Bars) -> None:
        super().__init__(console, contract)
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def begin(self, tests: Sequence[Declared]) -> None:
        super().begin(tests)
        for section, total in self.tests.items():
            self._tasks[section] = self._bars.add_task(escape(section), total=total, told="")

    def show(self, section: str, ended: int) -> None:
        self._bars.update(self._tasks[section], completed=ended, told=self.told(section))
