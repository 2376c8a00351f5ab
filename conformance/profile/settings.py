"""YAML with line numbers: settings that know where they were written, so that a mistake can be named.

`${NAME}` in a text is taken from the environment. A secret that stands there never appears in an error.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from conformance.mistakes import NotJudgedError

Value = TypeVar("Value")

VARIABLE = re.compile(r"\$\{(\w+)\}")


class ProfileError(NotJudgedError):
    """A target profile cannot be used: names file, line and key, and says what to do."""


class Settings:
    """One mapping of a profile. Each getter raises ProfileError when the value is not of its kind."""

    def __init__(self, path: Path, node: yaml.MappingNode, environment: Mapping[str, str], prefix: str = "") -> None:
        self._path = path
        self._prefix = prefix
        self._environment = environment
        self._refuse_odd_keys(node)
        self._nodes = {key.value: value for key, value in node.value}
        self._lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        self._line = node.start_mark.line + 1

    def place(self, key: str) -> str:
        """Where a key stands: file, line and its dotted name."""
        return f"{self._path}:{self._lines.get(key, self._line)}: {self._prefix}{key}"

    def error(self, key: str, problem: str) -> ProfileError:
        return ProfileError(f"{self.place(key)} {problem}")

    def has(self, key: str) -> bool:
        return key in self._nodes

    def allow(self, *keys: str) -> None:
        """Refuse any other key."""
        for key in self._nodes:
            if key not in keys:
                raise self.error(key, f"is unknown; the keys here are: {', '.join(keys)}")

    def section(self, key: str) -> "Settings | None":
        """A nested mapping; None when it is absent or null."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self.error(key, "must be a mapping of keys to values")
        return Settings(self._path, node, self._environment, f"{self._prefix}{key}.")

    def sections(self, key: str) -> "list[Settings]":
        """A list of nested mappings; empty when it is absent or null."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return []
        entries = node.value if isinstance(node, yaml.SequenceNode) else [None]
        if not all(isinstance(entry, yaml.MappingNode) for entry in entries):
            raise self.error(key, "must be a list of mappings, each of which begins with a dash")
        prefix = f"{self._prefix}{key}[{{}}]."
        return [Settings(self._path, entry, self._environment, prefix.format(at)) for at, entry in enumerate(entries)]

    def optional(self, key: str, kind: Callable[[str], Value], default: Value | None = None) -> Value | None:
        """A value of this kind (see `profile_values`): None when it is null, the default when it is absent."""
        node = self._nodes.get(key)
        if node is None:
            return default
        if _is_null(node):
            return None
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(key, "must be a text that is not empty")
        try:
            return kind(self._expand(key, node.value))
        except ValueError as problem:
            raise self.error(key, str(problem)) from None

    def required(self, key: str, kind: Callable[[str], Value]) -> Value:
        """A value of this kind that must be there."""
        value = self.optional(key, kind)
        if value is None:
            raise self.error(key, "is missing")
        return value

    def texts(self, key: str) -> dict[str, str]:
        """A nested mapping of texts; empty when it is absent."""
        section = self.section(key)
        return {} if section is None else {name: section.required(name, str) for name in section._nodes}

    def places(self, key: str) -> dict[str, str]:
        """Where each member of a nested mapping stands; empty when it is absent."""
        section = self.section(key)
        return {} if section is None else {name: section.place(name) for name in section._nodes}

    def _expand(self, key: str, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            found = self._environment.get(match[1])
            if not found:
                problem = f"needs the environment variable {match[1]}, which is not set: set it, or take the key out"
                raise self.error(key, problem)
            return found

        if "${" in VARIABLE.sub("", text):
            raise self.error(key, "holds a ${ that begins no name of an environment variable: write ${NAME}")
        return VARIABLE.sub(value, text)

    def _refuse_odd_keys(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ProfileError(f"{self._path}:{key.start_mark.line + 1}: a key must be a plain word")
            if key.value in seen:
                raise ProfileError(
                    f"{self._path}:{key.start_mark.line + 1}: {self._prefix}{key.value} stands here twice"
                )
            seen.add(key.value)


def read_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of a YAML file. Raises ProfileError if it cannot be read as one mapping."""
    try:
        node: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as problem:
        raise ProfileError(f"{path}: cannot be read ({problem.strerror}): give the path of a target profile") from None
    except UnicodeDecodeError:
        raise ProfileError(f"{path}: is not UTF-8 text: save it as UTF-8") from None
    except RecursionError:
        raise ProfileError(f"{path}: is nested too deeply for a target profile") from None
    except yaml.YAMLError as problem:
        raise ProfileError(_no_yaml(path, problem)) from None
    if not isinstance(node, yaml.MappingNode):
        raise ProfileError(f"{path}:1: a target profile is a mapping with at least the key base_url")
    return Settings(path, node, environment)


def _no_yaml(path: Path, problem: yaml.YAMLError) -> str:
    if not isinstance(problem, yaml.MarkedYAMLError):
        return f"{path}: is not YAML: {str(problem).splitlines()[0]}"
    line = problem.problem_mark.line + 1 if problem.problem_mark else 1
    if "alias" in (problem.problem or ""):
        # It quotes the alias, which may be a key that begins with an asterisk.
        return f"{path}:{line}: is not YAML: what begins with * is taken for an alias: put it in quotes"
    return f"{path}:{line}: is not YAML: {problem.problem}"


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
