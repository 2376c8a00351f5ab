"""Bodies that Schemathesis makes from the OpenAPI document: some that follow its schema, and some that do not.

What follows the schema need not be accepted (Base64 of no image does), and what does not may be: they show that a
server keeps its answers in order whatever comes.
"""

import json

from hypothesis import strategies as st

from spec import Contract
from spec.building import build_openapi


def schema_bodies(contract: Contract) -> st.SearchStrategy[bytes]:
    """A request body, from the schema or against it."""
    import schemathesis  # it takes half a second, and most selections of rules do without

    document = schemathesis.openapi.from_dict(build_openapi(contract))
    operation = document[contract.endpoint.path][contract.endpoint.method]
    return st.one_of(
        *(
            operation.as_strategy(generation_mode=mode).map(lambda case: _content(case.body))
            for mode in schemathesis.GenerationMode
        )
    )


def _content(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    try:
        return json.dumps(body).encode()
    except TypeError:  # Schemathesis has a value of its own for no body at all.
        return b""
