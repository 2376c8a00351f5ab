"""What a server prints when it is ready: for people, with a command to paste, or as one line of JSON for programs."""

import json
import os
import shlex
from dataclasses import dataclass, field

from mockserver.cors import CONTROL_PLANE
from mockserver.wellknown import WELL_KNOWN
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What a user needs for the first request."""

    url: str
    api_key: str = field(repr=False)
    pages: int
    contract: Contract

    @property
    def hooks(self) -> str:
        return self.url + CONTROL_PLANE

    def as_json(self) -> str:
        test_keys = {known.name: known.secret for known in WELL_KNOWN}
        facts = {"url": self.url, "hooks": self.hooks, "apiKey": self.api_key, "pid": os.getpid()}
        return json.dumps({**facts, "testKeys": test_keys})

    def as_text(self) -> str:
        return "\n".join(
            (
                f"Serving {self.contract.title} at {self.url}",
                f"API key with {self.pages} pages: {self.api_key}",
                f"Hooks: {self.hooks}",
                "Try it:",
                f"  {self.curl()}",
                "Test keys:",
                *(f"  {known.secret:<20} {known.says}" for known in WELL_KNOWN),
            )
        )

    def curl(self) -> str:
        """A command for the shell that submits the documented example."""
        endpoint = self.contract.endpoint
        command = (
            "curl",
            "--request",
            endpoint.method,
            self.url + endpoint.path,
            "--header",
            f"{endpoint.auth_header}: {endpoint.auth_scheme} {self.api_key}",
            "--header",
            f"Content-Type: {endpoint.media_type}",
            "--data",
            json.dumps(self.contract.request_example),
        )
        return shlex.join(command)
