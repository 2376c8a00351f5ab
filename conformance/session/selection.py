"""Which rules are to be judged: by patterns of their ids, by sections, or all of them."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from conformance.mistakes import NotJudgedError
from spec import Contract


class EmptySelectionError(NotJudgedError):
    """Nothing is selected, so nothing could be judged."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Patterns such as `auth.*` and ids of sections; a rule must meet both, where they are given."""

    rules: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.rules and not self.sections

    def of(self, contract: Contract) -> list[str]:
        """The ids of the selected rules, in the order of the documentation. Raises EmptySelectionError."""
        self._refuse_unknown(contract)
        selected = [
            rule.id
            for rule in contract.rules.values()
            if (not self.sections or rule.section in self.sections)
            and (not self.rules or any(fnmatchcase(rule.id, pattern) for pattern in self.rules))
        ]
        if not selected:
            raise EmptySelectionError(f"no rule matches {' '.join((*self.rules, *self.sections))}")
        return selected

    def _refuse_unknown(self, contract: Contract) -> None:
        """Each pattern and each section is to match something: a misspelt one would leave out what was meant."""
        ids = {rule.section for rule in contract.rules.values()}
        unknown = [pattern for pattern in self.rules if not any(fnmatchcase(rule, pattern) for rule in contract.rules)]
        unknown += [section for section in self.sections if section not in ids]
        if unknown:
            sections = ", ".join(section.id for section in contract.sections)
            raise EmptySelectionError(f"no rule matches {' '.join(unknown)}; the sections are: {sections}")
