"""The pages of the accounts: an append-only list of grants, deductions and refunds. A balance is their sum.

Nothing here changes or removes an entry; only the deletion of its account does.
"""

from mockserver.store import Store


class Ledger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def grant(self, account_id: str, pages: int) -> None:
        self._store.run("INSERT INTO ledger (account_id, kind, pages) VALUES (?, 'grant', ?)", account_id, pages)

    def deduct(self, account_id: str, pages: int) -> int | None:
        """The number of the new entry, or None if the balance does not suffice.

        A trigger of the database checks the balance, so no two submissions spend the same page.
        """
        return self._store.insert(
            "INSERT INTO ledger (account_id, kind, pages) VALUES (?, 'deduct', ?)", account_id, -pages
        )

    def refund(self, deduction: int) -> None:
        """Give the pages of a deduction back; a second refund of the same one has no effect."""
        self._store.run(
            "INSERT INTO ledger (account_id, kind, pages, refunds) "
            "SELECT account_id, 'refund', -pages, id FROM ledger WHERE id = ? AND kind = 'deduct' "
            "ON CONFLICT (refunds) WHERE refunds IS NOT NULL DO NOTHING",
            deduction,
        )

    def balance(self, account_id: str) -> int:
        row = self._store.row("SELECT pages FROM accounts WHERE id = ?", account_id)
        return int(row["pages"]) if row else 0

    def entries(self, account_id: str) -> list[tuple[str, int]]:
        """Kind and pages of every entry, oldest first."""
        rows = self._store.rows("SELECT kind, pages FROM ledger WHERE account_id = ? ORDER BY id", account_id)
        return [(row["kind"], row["pages"]) for row in rows]
