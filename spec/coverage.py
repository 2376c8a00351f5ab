"""What of the contract nobody enforces or nobody looks at: the gaps that turn a build red.

Server and suite are not imported here; the caller says which rules they name.
"""

from collections.abc import Collection

from spec.model import Contract


def gaps(
    contract: Contract, *, decided: Collection[str], verified: Collection[str], observed: Collection[str]
) -> list[str]:
    """One sentence per gap; empty when all is covered.

    `decided`: the rules whose refusals the server's decisions raise. `verified`: the rules that tests judge.
    `observed`: the questions whose reading tests see.
    """
    return [
        *_errors(contract, set(decided), set(verified)),
        *(f"rule {rule}: no test verifies it" for rule in contract.rules if rule not in verified),
        *(
            f"rule {rule}: a test verifies it, but it is not documented"
            for rule in verified
            if rule not in contract.rules
        ),
        *(
            f"rule {rule}: a decision names it, but it is not documented"
            for rule in decided
            if rule not in contract.rules
        ),
        *(
            f"question {question.id}: no test observes it, and it has no 'unseen'"
            for question in contract.questions.values()
            if question.id not in observed and question.unseen is None
        ),
        *(f"question {name}: observed, but not documented" for name in observed if name not in contract.questions),
    ]


def _errors(contract: Contract, decided: set[str], verified: set[str]) -> list[str]:
    found = []
    for error in contract.errors.values():
        rules = {rule.id for rule in contract.rules.values() if rule.error == error.code}
        if not rules:
            found.append(f"error {error.code} ({error.status}): no rule says when a request is refused with it")
        if not rules & decided:
            found.append(f"error {error.code} ({error.status}): no decision of the server raises it")
        if not rules & verified:
            found.append(f"error {error.code} ({error.status}): no test verifies it")
    return found
