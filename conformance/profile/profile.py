"""The target profile: what a person tells the suite about a deployment, as frozen values.

Read from YAML with `${NAME}` from the environment, or made from a URL alone. Not here: whether the deployment is like
that (`preflight`).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance.profile import values
from conformance.profile.known import KnownFailure, known_failures
from conformance.profile.settings import ProfileError, Settings, read_settings
from conformance.redaction import API_KEY, EXHAUSTED_KEY, HOOKS_TOKEN, REVOKED_KEY

MOST_PAGES = 1_000_000_000
REQUESTS_PER_SECOND = 0.01, 10_000
TASK_SECONDS = 0.1, 86_400

ACCOUNT_API = {
    "task": values.task_path,
    "task_status": values.json_pointer,
    "task_result": values.json_pointer,
    "balance": values.path,
    "balance_pages": values.json_pointer,
}

WHERE = ("name", "base_url", "keys", "hooks", "account_api", "cors", "tls")
HOW = ("spend", "wait", "elections", "known_failures")


@dataclass(frozen=True, kw_only=True)
class Keys:
    """API keys of a deployment without hooks; secrets, so they never show in a representation.

    `named` is where the valid one was given.
    """

    named: str = "keys.valid"
    valid: str | None = field(default=None, repr=False)
    revoked: str | None = field(default=None, repr=False)
    exhausted: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class HooksAddress:
    """Where the hooks are mounted, without a trailing slash, and the token they ask for."""

    url: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class AccountApi:
    """Paths of the account API and JSON Pointers into its answers; `stated` tells a promise from an assumption."""

    task: str | None = "/api/tasks/{taskId}"
    task_status: str = "/status"
    task_result: str | None = "/result"
    balance: str | None = "/api/account"
    balance_pages: str = "/pages"
    stated: bool = True
    result_stated: bool = True


@dataclass(frozen=True, kw_only=True)
class Spend:
    """`pages`: the most billable pages submitted with `keys`, None for no limit; requests per second likewise."""

    pages: int | None = None
    requests_per_second: float | None = None

    def share(self, count: int) -> "Spend":
        """What each of so many processes may spend, so that together they keep to it."""
        pages = None if self.pages is None else self.pages // count
        rate = None if self.requests_per_second is None else self.requests_per_second / count
        return Spend(pages=pages, requests_per_second=rate)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A deployment to judge. `base_url` has no trailing slash; `task_seconds` bounds the wait for `done`.
    `ca_file` holds the certificates that are trusted, None for the usual ones.

    `path` is where the profile was read from, as it was given; None for one that was made from a URL. `elected_at`
    is the line of each election there.
    """

    name: str
    base_url: str
    keys: Keys = Keys()
    hooks: HooksAddress | None = None
    account_api: AccountApi | None = AccountApi(stated=False, result_stated=False)
    allowed_origin: str | None = None
    ca_file: str | None = None
    spend: Spend = Spend()
    task_seconds: float = 30.0
    elections: Mapping[str, str] = field(default_factory=dict)
    elected_at: Mapping[str, str] = field(default_factory=dict)
    known_failures: tuple[KnownFailure, ...] = ()
    path: str | None = None

    @property
    def settling_seconds(self) -> float:
        """How long a balance or the task API may take to show what was accepted: a tenth of what a task may take."""
        return self.task_seconds / 10

    @property
    def secrets(self) -> dict[str, str]:
        """Every value that must appear in no output, and the name that is shown in its place."""
        named = {
            API_KEY: self.keys.valid,
            REVOKED_KEY: self.keys.revoked,
            EXHAUSTED_KEY: self.keys.exhausted,
            HOOKS_TOKEN: self.hooks and self.hooks.token,
        }
        return {secret: name for name, secret in named.items() if secret}


def profile_from_url(
    base_url: str,
    environment: Mapping[str, str] = os.environ,
    *,
    option: str = "--base-url",
    key: str = "STARTOCR_API_KEY",
) -> Profile:
    """The profile of a URL; the variable `key` holds its valid key. Raises ProfileError, which names the option."""
    url = _value(option, values.base_url, base_url)
    given = environment.get(key)
    keys = Keys(named=key, valid=_value(key, values.key, given) if given else None)
    return Profile(name=urlsplit(url).netloc, base_url=url, keys=keys, spend=_default_spend(url))


def _value(place: str, kind: Callable[[str], str], text: str) -> str:
    try:
        return kind(text)
    except ValueError as problem:
        raise ProfileError(f"{place} {problem}") from None


def profile_from_file(path: Path, environment: Mapping[str, str] = os.environ) -> Profile:
    """Read a target profile. Raises ProfileError, which names the file, the line and the key, if it cannot be used."""
    settings = read_settings(path, environment)
    settings.allow(*WHERE, *HOW)
    base_url = settings.required("base_url", values.base_url)
    return Profile(
        name=settings.optional("name", str) or urlsplit(base_url).netloc,
        base_url=base_url,
        keys=_keys(settings.section("keys")),
        hooks=_hooks(settings.section("hooks")),
        account_api=_account_api(settings),
        allowed_origin=_allowed_origin(settings.section("cors")),
        ca_file=_ca_file(settings.section("tls")),
        spend=_spend(settings.section("spend"), _default_spend(base_url)),
        task_seconds=_task_seconds(settings.section("wait")),
        elections=settings.texts("elections"),
        elected_at=settings.places("elections"),
        known_failures=known_failures(settings),
        path=str(path),
    )


def is_local(url: str) -> bool:
    """Whether a URL leads to this machine, where pages cost nothing."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _default_spend(base_url: str) -> Spend:
    """On another machine nothing is spent and nobody is hurried unless the profile says so."""
    return Spend() if is_local(base_url) else Spend(pages=0, requests_per_second=20)


def _keys(settings: Settings | None) -> Keys:
    if settings is None:
        return Keys()
    names = ("valid", "revoked", "exhausted")
    settings.allow(*names)
    keys: dict[str, str] = {}
    for name in names:
        key = settings.optional(name, values.key)
        if key is not None and key in keys.values():
            raise settings.error(name, "is the same key as another one here: each stands for a state of its own")
        keys |= {name: key} if key is not None else {}
    return Keys(**keys)


def _hooks(settings: Settings | None) -> HooksAddress | None:
    if settings is None:
        return None
    settings.allow("url", "token")
    return HooksAddress(url=settings.required("url", values.base_url), token=settings.optional("token", values.key))


def _account_api(settings: Settings) -> AccountApi | None:
    if not settings.has("account_api"):
        return AccountApi(stated=False, result_stated=False)
    section = settings.section("account_api")
    if section is None:
        return None
    section.allow(*ACCOUNT_API)
    given: dict[str, Any] = {
        name: section.optional(name, kind) for name, kind in ACCOUNT_API.items() if section.has(name)
    }
    for name in ("task_status", "balance_pages"):
        if name in given and given[name] is None:
            raise section.error(name, "is a JSON Pointer and cannot be null")
    return AccountApi(**{"task": None, "balance": None, **given}, result_stated="task_result" in given)


def _allowed_origin(settings: Settings | None) -> str | None:
    if settings is None:
        return None
    settings.allow("allowed_origin")
    return settings.optional("allowed_origin", values.origin)


def _spend(settings: Settings | None, default: Spend) -> Spend:
    if settings is None:
        return default
    settings.allow("pages", "requests_per_second")
    return Spend(
        pages=settings.optional("pages", values.whole_number(0, MOST_PAGES), default.pages),
        requests_per_second=settings.optional(
            "requests_per_second", values.number(*REQUESTS_PER_SECOND), default.requests_per_second
        ),
    )


def _ca_file(settings: Settings | None) -> str | None:
    if settings is None:
        return None
    settings.allow("ca_file")
    return settings.optional("ca_file", values.certificates)


def _task_seconds(settings: Settings | None) -> float:
    if settings is None:
        return Profile.task_seconds
    settings.allow("task_seconds")
    return settings.optional("task_seconds", values.number(*TASK_SECONDS)) or Profile.task_seconds
