"""The test keys that are there from the start, and the keys and ids that a seed makes."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from fixtures import fixture
from mockserver import Server, Settings, build_server
from mockserver.wellknown import WELL_KNOWN
from spec import Contract

Submit = Callable[..., Awaitable[httpx.Response]]

README = Path(__file__).parents[2] / "README.md"
THREE_PAGES = b64encode(fixture("three-pages.pdf").content).decode()


def test_the_readme_lists_exactly_these_keys() -> None:
    rows = re.findall(
        r"^\| `(sk_test_\w+)` \| `(acct_test_\w+)` \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == [(known.secret, known.account_id, known.says) for known in WELL_KNOWN]


def test_the_keys_are_constants() -> None:
    assert [known.secret for known in WELL_KNOWN] == [
        "sk_test_works",
        "sk_test_revoked",
        "sk_test_no_pages",
        "sk_test_three_pages",
        "sk_test_task_fails",
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("sk_test_works", [(200, None), (200, None)]),
        ("sk_test_revoked", [(401, "invalid_api_key")]),
        ("sk_test_no_pages", [(402, "insufficient_pages")]),
        ("sk_test_three_pages", [(200, None), (402, "insufficient_pages")]),
        ("sk_test_task_fails", [(500, "task_creation_failed"), (200, None)]),
    ],
)
async def test_a_test_key_does_what_it_is_for(submit: Submit, key: str, answers: list[tuple[int, str | None]]) -> None:
    got = [await submit(key=key, imageBase64=THREE_PAGES) for _ in answers]
    assert [(answer.status_code, answer.json().get("error")) for answer in got] == answers


def test_a_restart_gives_nothing_back_but_what_was_deleted(
    settings: Settings, contract: Contract, tmp_path: Path
) -> None:
    kept = replace(settings, database=tmp_path / "mock.db")
    first = build_server(kept, contract)
    first.ledger.deduct("acct_test_three_pages", 2)
    first.accounts.delete("acct_test_works")
    first.store.close()
    second = build_server(kept, contract)
    assert second.ledger.entries("acct_test_three_pages") == [("grant", 3), ("deduct", -2)]
    assert second.ledger.entries("acct_test_works") == [("grant", 1_000_000)]
    second.store.close()


def names(server: Server) -> list[str]:
    """What a run makes: two accounts, their keys, and two tasks."""
    opened = [server.open_account(1) for _ in range(2)]
    ids = [server.tasks.new_id() for _ in range(2)]
    return [*ids, *(name for one in opened for name in (one.account_id, one.key_id, one.api_key))]


def test_a_seed_makes_the_same_names_again(settings: Settings, contract: Contract) -> None:
    first, second, other = (names(build_server(replace(settings, seed=seed), contract)) for seed in (7, 7, 8))
    assert first == second
    assert len({*first, *other}) == len(first) + len(other)
    assert re.fullmatch("cl[a-z0-9]{23}", first[0])
    assert re.fullmatch("sk_[A-Za-z0-9]{32}", first[-1])


def test_without_a_seed_no_name_comes_again(settings: Settings, contract: Contract) -> None:
    first, second = (names(build_server(settings, contract)) for _ in range(2))
    assert not {*first} & {*second}


def test_a_seed_goes_on_where_the_database_is(settings: Settings, contract: Contract, tmp_path: Path) -> None:
    made = []
    for database in ("one.db", "one.db", "two.db"):
        server = build_server(replace(settings, seed=7, database=tmp_path / database), contract)
        made.append(names(server))
        server.store.close()
    assert made[0] == made[2]
    assert not {*made[0]} & {*made[1]}
