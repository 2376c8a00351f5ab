"""The parts of a server, and how they are put together.

Nothing here decides anything. No part holds another one: whatever needs several of them is handed the server, so
`dataclasses.replace(server, ledger=…)` changes the ledger for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver.accounts import Accounts
from mockserver.answers import Answers
from mockserver.charging import Charging
from mockserver.cors import CorsPolicy
from mockserver.decisions import Decision, decisions
from mockserver.documents import Documents
from mockserver.engines import Engine
from mockserver.engines.recorded import RecordedEngine
from mockserver.keys import Keys
from mockserver.ledger import Ledger
from mockserver.memory import Memory
from mockserver.pdf import PdfReader
from mockserver.providers import MODES, Handover
from mockserver.queue import Queue
from mockserver.settings import Settings
from mockserver.store import Store
from mockserver.tasks import Tasks
from mockserver.wellknown import WELL_KNOWN, WellKnown
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class OpenedAccount:
    """A new account and its first key, which is readable here and nowhere else."""

    account_id: str
    key_id: str
    api_key: str = field(repr=False)
    pages: int


@dataclass(frozen=True, kw_only=True)
class Server:
    """`decisions` and `answers` were made from `contract`: for another contract, build another server."""

    contract: Contract
    settings: Settings
    decisions: tuple[Decision, ...]
    answers: Answers
    cors: CorsPolicy
    store: Store
    pdfs: PdfReader
    accounts: Accounts
    keys: Keys
    ledger: Ledger
    charging: Charging
    tasks: Tasks
    documents: Documents
    engine: Engine
    modes: Mapping[str, Handover]
    queue: Queue
    memory: Memory

    def open_account(self, pages: int) -> OpenedAccount:
        """A new account with that balance and one key."""
        with self.store.transaction():
            account_id = self.accounts.create()
            self.ledger.grant(account_id, pages)
            key = self.keys.issue(account_id)
        return OpenedAccount(account_id=account_id, key_id=key.id, api_key=key.secret, pages=pages)


def build_server(settings: Settings, contract: Contract, *, worker: int = 0) -> Server:
    """A server for which every rule of the contract holds; `worker` tells the processes apart that share a database."""
    store = Store(settings.database, seed=settings.seed, worker=worker, busy_seconds=settings.busy_seconds)
    pdfs = PdfReader(settings)
    server = Server(
        contract=contract,
        settings=settings,
        decisions=decisions(contract),
        answers=Answers(contract=contract),
        cors=CorsPolicy(allowed_origins=settings.allowed_origins, methods=(contract.endpoint.method, "GET")),
        store=store,
        pdfs=pdfs,
        accounts=Accounts(store),
        keys=Keys(store),
        ledger=Ledger(store),
        charging=Charging(store),
        tasks=Tasks(store),
        documents=Documents(pdfs),
        engine=RecordedEngine(pdfs),
        modes=MODES,
        queue=Queue(),
        memory=Memory(),
    )
    for known in WELL_KNOWN:
        if not server.accounts.exists(known.account_id):
            _add(server, known)
    return server


def _add(server: Server, known: WellKnown) -> None:
    """Create that account with its key, in the state that it stands for."""
    with server.store.transaction():
        server.accounts.add(known.account_id)
        server.ledger.grant(known.account_id, known.pages)
        server.accounts.fail_tasks(known.account_id, known.failures)
        server.keys.add(known.account_id, known.key_id, known.secret)
        if known.revoked:
            server.keys.revoke(known.account_id, known.key_id)
