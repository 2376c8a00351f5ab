"""API keys: issued once, kept as a hash, found again by it, revoked for good."""

from dataclasses import dataclass, field
from hashlib import sha256

from mockserver.identifiers import LETTERS, new_name
from mockserver.store import Store


@dataclass(frozen=True, kw_only=True)
class IssuedKey:
    """A key at the only moment when it can be read."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Key:
    id: str
    account_id: str
    revoked: bool


class Keys:
    def __init__(self, store: Store) -> None:
        self._store = store
        # What was found stays known until anything about keys changes, if that cannot happen in another process.
        self._known: dict[str, Key] | None = None
        if store.held is not None:
            self._known = {}
            store.watch("keys", self._known.clear)

    def issue(self, account_id: str) -> IssuedKey:
        """A new key of that account."""
        key = IssuedKey(id=new_name(self._store, "key_", 16), secret=new_name(self._store, "sk_", 32, LETTERS))
        self.add(account_id, key.id, key.secret)
        return key

    def add(self, account_id: str, key_id: str, secret: str) -> None:
        """That account has this key."""
        statement = "INSERT INTO keys (id, account_id, sha256) VALUES (?, ?, ?)"
        self._store.run(statement, key_id, account_id, _hash(secret))

    def find(self, secret: str) -> Key | None:
        """The key that was issued with this text, be it revoked or not."""
        digest = _hash(secret)
        key = self._known.get(digest) if self._known else None
        return key or self._look_up(digest)

    def _look_up(self, digest: str) -> Key | None:
        row = self._store.row("SELECT id, account_id, revoked FROM keys WHERE sha256 = ?", digest)
        if row is None:
            return None
        key = Key(id=row["id"], account_id=row["account_id"], revoked=bool(row["revoked"]))
        if self._known is not None:
            self._known[digest] = key
        return key

    def revoke(self, account_id: str, key_id: str) -> bool:
        """Revoke a key of that account, again if need be; False if it has no such key."""
        return self._store.run("UPDATE keys SET revoked = 1 WHERE id = ? AND account_id = ?", key_id, account_id) == 1


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
