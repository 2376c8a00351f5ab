"""Whatever `startocr-conformance run` is called with, and whatever a profile holds: one clear line, and status 2."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.wrong_specs import write_wrong_specs

ROOT = Path(__file__).parents[1]
NOBODY = "http://127.0.0.1:9"
ON_NOBODY = f"--base-url {NOBODY}"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A wrong call of `run`. `{}` in the arguments is a folder of the test; `says` is a pattern of the whole line."""

    name: str
    says: str
    arguments: str = "--target {}/target.yaml"
    profile: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)


def url(name: str, text: str, says: str) -> Wrong:
    return Wrong(name=name, arguments=f"--base-url {text}", says=f"--base-url {says}")


def profile(name: str, text: str, says: str, **environment: str) -> Wrong:
    """A profile, with the base URL in its first line; `says` is what comes after file and line."""
    content = f"base_url: {NOBODY}\n{text}".encode()
    return Wrong(name=name, profile=content, says=rf"\S*/target\.yaml:{says}", environment=environment)


CALLS = (
    Wrong(
        name="nothing to judge", arguments="", says="say what to judge: either --target FILE or --base-url URL.*--help."
    ),
    Wrong(name="two to judge", arguments="--target a --base-url b", says="say what to judge: .*--help."),
    Wrong(name="an unknown option", arguments="--nothing", says="No such option '--nothing'.*--help."),
    Wrong(name="an option without its value", arguments="--target", says="Option '--target' requires an argument.*"),
    Wrong(
        name="a flag of the environment",
        arguments=ON_NOBODY,
        environment={"STARTOCR_CONFORMANCE_STRICT": "maybe"},
        says="STARTOCR_CONFORMANCE_STRICT: 'maybe' is not a valid boolean.*",
    ),
    url("no scheme", "example.com", "is no base URL: write one like https://staging.example.com"),
    url("no URL at all", "''", "is no base URL: .*"),
    url("half an IPv6 address", "http://[::1", "is no URL: write one like .*"),
    url("a port that is no number", "http://localhost:http", "names a port that is no number from 1 to 65535"),
    url("a port too large", "http://localhost:99999", "names a port .*"),
    url("a host that cannot be encoded", "http://ä..b", "names a host that no name server can know: .*"),
    url("a host with an empty label", "http://a..b", "names a host that .*"),
    Wrong(
        name="nobody listens",
        arguments=ON_NOBODY,
        says="no answer to POST .*Connection refused.*is the address right.*",
    ),
    Wrong(
        name="an unknown host",
        arguments="--base-url http://host.invalid",
        says="no answer to POST http://host.invalid/.*",
    ),
    *(
        Wrong(
            name=f"a key with {name}",
            arguments=ON_NOBODY,
            environment={"STARTOCR_API_KEY": f"sk_secret{character}"},
            says="STARTOCR_API_KEY holds a character that no key has: visible ASCII only, .*",
        )
        for name, character in {"an umlaut": "ü", "a line break": "\n", "a control character": "\x01"}.items()
    ),
    Wrong(name="no such rule", arguments=f"{ON_NOBODY} --rules nothing.*", says=r"no rule matches nothing\.\*; .*"),
    Wrong(name="no such section", arguments=f"{ON_NOBODY} --section nowhere", says="no rule matches nowhere; .*"),
    Wrong(name="no rule", arguments=f"{ON_NOBODY} --rules ''", says="--rules: holds an empty name: .*"),
    Wrong(
        name="half a list of rules", arguments=f"{ON_NOBODY} --rules auth.*,", says="--rules: holds an empty name: .*"
    ),
    Wrong(name="no section name", arguments=f"{ON_NOBODY} --section ''", says="--section: holds an empty name: .*"),
    Wrong(
        name="reports that cannot be written",
        arguments=f"{ON_NOBODY} --reports /proc/x",
        says="--reports /proc/x: cannot .*",
    ),
    Wrong(
        name="reports in a file", arguments=f"{ON_NOBODY} --reports {{}}/target.yaml", says="--reports .*: cannot be .*"
    ),
    Wrong(name="an absent spec", arguments=f"{ON_NOBODY} --spec absent.yaml", says="absent.yaml cannot be read: .*"),
    Wrong(name="a folder as spec", arguments=f"{ON_NOBODY} --spec {{}}", says=".* cannot be read: Is a directory"),
    Wrong(
        name="a spec without a rule",
        arguments=f"{ON_NOBODY} --spec {{}}/lacking.yaml",
        says="--spec: .*lacking.yaml: there is no rule auth.revoked_key, and the suite judges by it",
    ),
    Wrong(
        name="a spec without a question",
        arguments=f"{ON_NOBODY} --spec {{}}/unasked.yaml",
        says="--spec: .*unasked.yaml: there is no question megabyte, and the suite judges by it",
    ),
    Wrong(
        name="a spec with an unknown need",
        arguments=f"{ON_NOBODY} --spec {{}}/needing.yaml",
        says="--spec: .*needing.yaml: auth.revoked_key needs 'magic', which is none of: key, revoked key, .*",
    ),
    Wrong(
        name="an empty spec",
        arguments=f"{ON_NOBODY} --spec /dev/null",
        says=r"/dev/null is no OpenAPI document of this project \(it has another form\): run python -m spec build",
    ),
    Wrong(name="an absent profile", arguments="--target absent.yaml", says="absent.yaml: cannot be read .*"),
    Wrong(name="a folder as profile", arguments="--target {}", says=".*: cannot be read \\(Is a directory\\): give .*"),
    Wrong(
        name="a profile in Latin-1", profile=b"name: f\xfcr", says=".*target.yaml: is not UTF-8 text: save it as UTF-8"
    ),
    Wrong(name="an empty profile", says=".*:1: a target profile is a mapping with at least the key base_url"),
    Wrong(name="a deep profile", profile=b"[" * 5000, says=".*target.yaml: is nested too deeply .*"),
    Wrong(
        name="a control character", profile=b"name: \x01", says=".*target.yaml: is not YAML: unacceptable character.*"
    ),
    profile("no YAML", "name: [", "2: is not YAML: .*"),
    profile("a list as a key", "? [a, b]\n: c", "2: a key must be a plain word"),
    profile("an alias that is none", "keys: {valid: *sk_secret}", "2: is not YAML: what begins with \\* .* quotes"),
    profile("an unknown key", "kees: {}", "2: kees is unknown; the keys here are: name, .*"),
    profile(
        "a variable that is not set",
        "keys: {valid: '${NOT_SET}'}",
        "2: keys.valid needs .* NOT_SET, which is not set.*",
    ),
    profile("half a variable", "keys: {valid: '${STARTOCR_API_KEY'}", "2: keys.valid holds a \\${ .*write \\${NAME}"),
    profile("a key with a space", "keys: {revoked: 'sk_secret and'}", "2: keys.revoked holds a character .*"),
    profile(
        "a token of the environment",
        "hooks:\n  url: http://x\n  token: ${T}",
        "4: hooks.token holds a .*",
        T="sk_secret\n",
    ),
    profile("an address of hooks", "hooks: {url: 'http://x:y'}", "2: hooks.url names a port .*"),
    profile(
        "an origin with a slash", "cors: {allowed_origin: 'https://a.test/'}", "2: cors.allowed_origin is no origin: .*"
    ),
    profile("an origin with a path", "cors: {allowed_origin: 'https://a.test/b'}", "2: cors.allowed_origin is no .*"),
    profile("any origin", "cors: {allowed_origin: '*'}", "2: cors.allowed_origin is no origin: .*"),
    profile(
        "a pointer without a slash",
        "account_api: {task_status: status}",
        "2: account_api.task_status is no JSON Pointer: .*",
    ),
    profile(
        "a pointer with a tilde", "account_api: {balance_pages: /a~b}", "2: account_api.balance_pages is no JSON .*"
    ),
    profile("a path without a slash", "account_api: {balance: api}", "2: account_api.balance is no path: .*"),
    profile("a task path without a slash", "account_api: {task: 'a/{taskId}'}", "2: account_api.task is no path: .*"),
    profile("half a page", "spend: {pages: 1.5}", "2: spend.pages must be a number from 0 to \\d+, without a fraction"),
    profile("pages beyond counting", f"spend: {{pages: {'9' * 5000}}}", "2: spend.pages must be a number .*"),
    profile(
        "no request at all", "spend: {requests_per_second: 0}", "2: spend.requests_per_second must be .* from 0.01 .*"
    ),
    profile(
        "an endless wait", f"wait: {{task_seconds: {'9' * 400}}}", "2: wait.task_seconds must be a number from 0.1 .*"
    ),
    Wrong(
        name="no such reading",
        profile=f"base_url: {NOBODY}\nelections: {{success_status: '299'}}".encode(),
        says=".*target.yaml:2: elections.success_status is '299', which is none of: 200, .*",
    ),
    Wrong(
        name="no such question",
        profile=f"base_url: {NOBODY}\nelections: {{nothing: '1'}}".encode(),
        says=".*target.yaml:2: elections.nothing is no question; they are: .*",
    ),
)


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STARTOCR_")}
    return subprocess.run(
        [sys.executable, "-m", "conformance", "run", *arguments],
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_wrong_call_is_one_line_and_status_2(call: Wrong, tmp_path: Path) -> None:
    (tmp_path / "target.yaml").write_bytes(call.profile)
    write_wrong_specs(tmp_path)
    arguments = [word.strip("'").replace("{}", str(tmp_path)) for word in call.arguments.split()]
    reports = [] if "--reports" in arguments else ["--reports", str(tmp_path / "reports")]
    done = run([*reports, *arguments], {"PYTHONIOENCODING": "ascii:strict", **call.environment})
    [line] = done.stderr.decode().splitlines()
    assert done.returncode == 2, line
    assert re.fullmatch(f"startocr-conformance: {call.says}", line), line
    assert "sk_secret" not in line + done.stdout.decode()
    assert not (tmp_path / "reports" / "report.json").exists()
