"""Accounts: that they exist, and what the hooks set on them. Their pages stand in the ledger."""

from mockserver.contents import Contents
from mockserver.identifiers import new_name
from mockserver.store import Store


class Accounts:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._contents = Contents(store)

    def create(self) -> str:
        """The id of a new account."""
        account_id = new_name(self._store, "acct_", 16)
        self.add(account_id)
        return account_id

    def add(self, account_id: str) -> None:
        """An account with that id."""
        self._store.run("INSERT INTO accounts (id) VALUES (?)", account_id)

    def exists(self, account_id: str) -> bool:
        return self._store.row("SELECT 1 FROM accounts WHERE id = ?", account_id) is not None

    def delete(self, account_id: str) -> bool:
        """Delete the account with its keys, pages, tasks and their documents; False if there is none."""
        unfinished = "SELECT id FROM tasks WHERE account_id = ? AND status IN ('queued', 'processing')"
        with self._store.transaction():
            for task in self._store.rows(unfinished, account_id):
                self._contents.drop(task["id"])
            return self._store.run("DELETE FROM accounts WHERE id = ?", account_id) == 1

    def fail_tasks(self, account_id: str, count: int) -> None:
        """Let the next `count` task creations fail, in place of what was set before."""
        self._store.run("UPDATE accounts SET failures = ? WHERE id = ?", count, account_id)

    def take_failure(self, account_id: str) -> bool:
        """Whether the task creation that asks now is to fail; uses up one of the failures."""
        statement = "UPDATE accounts SET failures = failures - 1 WHERE id = ? AND failures > 0"
        return self._store.run(statement, account_id) == 1

    def pause(self, account_id: str, paused: bool) -> None:
        self._store.run("UPDATE accounts SET paused = ? WHERE id = ?", paused, account_id)

    def is_paused(self, account_id: str) -> bool:
        return self._store.row("SELECT 1 FROM accounts WHERE id = ? AND paused", account_id) is not None
