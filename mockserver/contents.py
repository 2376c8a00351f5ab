"""The documents of the tasks that are not finished: rows of the database file, if there is one.

Without a file they stay the bytes that they are. To copy ten megabytes into tables in memory and out of them again
takes longer than all the rest of a submission.
"""

from mockserver.store import Store


class Contents:
    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, task_id: str, content: bytes) -> None:
        """The last step of the creation of a task: bytes that are held do not go away with its transaction."""
        if self._store.held is None:
            self._store.run("INSERT INTO documents (task_id, content) VALUES (?, ?)", task_id, content)
        else:
            self._store.held[task_id] = content

    def get(self, task_id: str) -> bytes:
        """Empty if there is none (any more)."""
        if self._store.held is not None:
            return self._store.held.get(task_id, b"")
        row = self._store.row("SELECT content FROM documents WHERE task_id = ?", task_id)
        return row["content"] if row else b""

    def drop(self, task_id: str) -> None:
        """What is a row goes by a trigger, when its task is finished or goes."""
        if self._store.held is not None:
            self._store.held.pop(task_id, None)
