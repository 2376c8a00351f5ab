"""Before anything is spent: a target that cannot be judged is told in one sentence, with what to do about it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conformance.cli import cli
from mockserver.server import Server
from tests.rewriting import answering_instead
from tests.servers import ORIGIN, reference, served, small_contract

JSON, HTML = "application/json", "text/html; charset=utf-8"


@contextmanager
def answering(status: int, content_type: str = JSON, *, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that gives every POST the same answer; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def self_signed(folder: Path, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate for that address which nobody has signed, and how to serve with it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "staging")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    certificate = builder.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    pem, private = folder / "ca.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return pem, context


def doctor(folder: Path, profile: str) -> Result:
    path = folder / "target.yaml"
    path.write_text(profile, encoding="utf-8")
    return CliRunner().invoke(cli, ["doctor", "--target", str(path)])


def complaint(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output.strip()


@pytest.mark.parametrize(
    ("status", "content_type", "hint"),
    [
        (404, JSON, "there is no such endpoint, check base_url"),
        (200, HTML, "answered with a web page: that is no API of StartOCR, check base_url"),
        (503, JSON, "nobody serves it now, try again when it is up"),
    ],
)
def test_what_is_no_such_api_is_told(status: int, content_type: str, hint: str, tmp_path: Path) -> None:
    with answering(status, content_type) as url:
        assert hint in complaint(doctor(tmp_path, f"base_url: {url}"))


@pytest.mark.parametrize(("status", "content_type"), [(200, JSON), (401, HTML), (400, JSON), (500, JSON)])
def test_what_may_be_an_api_that_breaks_rules_is_judged(status: int, content_type: str, tmp_path: Path) -> None:
    with answering(status, content_type) as url:
        assert doctor(tmp_path, f"base_url: {url}").exit_code == 0


def test_a_name_that_does_not_resolve_is_told(tmp_path: Path) -> None:
    for profile in (
        "base_url: http://host.invalid",
        "base_url: http://127.0.0.1:9\nhooks: {url: 'http://host.invalid'}",
    ):
        assert "The name does not resolve" in complaint(doctor(tmp_path, profile))


def test_a_port_where_nobody_listens_is_told(tmp_path: Path) -> None:
    assert "Is the server running" in complaint(doctor(tmp_path, "base_url: http://127.0.0.1:9"))


def test_a_server_that_waits_while_tls_is_spoken_to_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.wire.client.CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = complaint(doctor(tmp_path, f"base_url: https://127.0.0.1:{silent.getsockname()[1]}"))
    assert "No TLS connection comes about: check whether it is http or https, and the port" in told


def test_a_certificate_that_nobody_signed_is_told_and_can_be_trusted(tmp_path: Path) -> None:
    pem, context = self_signed(tmp_path)
    with answering(401, tls=context) as url:
        told = complaint(doctor(tmp_path, f"base_url: {url}"))
        assert "The certificate is not trusted: name the file of its authority in tls.ca_file" in told
        assert doctor(tmp_path, f"base_url: {url}\ntls: {{ca_file: {pem}}}").exit_code == 0


def test_a_certificate_of_another_host_is_told(tmp_path: Path) -> None:
    pem, context = self_signed(tmp_path, "127.0.0.2")
    with answering(401, tls=context) as url:
        told = complaint(doctor(tmp_path, f"base_url: {url}\ntls: {{ca_file: {pem}}}"))
    assert "The certificate is that of another host: check how the host is spelt in base_url" in told


def test_http_where_https_is_spoken_is_told(tmp_path: Path) -> None:
    _, context = self_signed(tmp_path)
    with answering(401, tls=context) as url:
        told = complaint(doctor(tmp_path, f"base_url: {url.replace('https', 'http')}"))
    assert ". That is no answer in HTTP: check whether it is http or https" in told


@pytest.mark.parametrize(("path", "pointer"), [("/api/account", "/credits"), ("/api/nowhere", "/pages")])
def test_a_balance_that_is_promised_and_not_told_is_missed_before_anything_is_spent(
    path: str, pointer: str, tmp_path: Path
) -> None:
    server = reference(small_contract())
    valid = server.open_account(10)
    with served(server) as profile:
        lines = f"base_url: {profile.base_url}\nkeys: {{valid: {valid.api_key}}}\naccount_api:\n  balance: "
        told = complaint(doctor(tmp_path, f"{lines}{path}\n  balance_pages: {pointer}\n"))
        assert f"check account_api.balance and account_api.balance_pages, which is {pointer}" in told
        assert doctor(tmp_path, f"{lines}/api/account").exit_code == 0
    assert valid.api_key not in told


def test_https_where_http_is_spoken_is_told(tmp_path: Path) -> None:
    with answering(401) as url:
        told = complaint(doctor(tmp_path, f"base_url: {url.replace('http', 'https')}"))
    assert "check whether it is http or https" in told


@pytest.mark.parametrize("name", ["absent.pem", "target.yaml"])
def test_a_file_that_holds_no_certificates_is_told(name: str, tmp_path: Path) -> None:
    told = complaint(doctor(tmp_path, f"base_url: http://localhost:1\ntls:\n  ca_file: {tmp_path / name}"))
    assert "target.yaml:3: tls.ca_file names no PEM file of certificates that can be read" in told


@pytest.fixture
def mock() -> Iterator[tuple[Server, str]]:
    server = reference(small_contract())
    with served(server) as profile:
        yield server, profile.base_url


def test_a_key_that_is_refused_is_told(mock: tuple[Server, str], tmp_path: Path) -> None:
    told = complaint(doctor(tmp_path, f"base_url: {mock[1]}\nkeys: {{valid: sk_wrong_0123456789}}"))
    assert "check keys.valid" in told
    assert "sk_wrong" not in told


KEYED = "base_url: {url}\nkeys: {{valid: {valid}, revoked: {revoked}, exhausted: {exhausted}}}"


@pytest.mark.parametrize(
    ("revoked", "exhausted", "told"),
    [
        ("{exhausted}", "{revoked}", "the exhausted key is refused with"),
        ("{exhausted}", "{other}", "the account of keys.exhausted has 7 pages left: take one that has none"),
        ("{revoked}", "sk_wrong_0123456789", "check keys.exhausted"),
        ("{valid}", "{exhausted}", "target.yaml:2: keys.revoked is the same key as another one here"),
        ("{revoked}", "{valid}", "target.yaml:2: keys.exhausted is the same key as another one here"),
    ],
)
def test_keys_that_are_mixed_up_are_told_before_anybody_is_accused(
    mock: tuple[Server, str], tmp_path: Path, revoked: str, exhausted: str, told: str
) -> None:
    server, url = mock
    gone = server.open_account(5)
    server.keys.revoke(gone.account_id, gone.key_id)
    keys = {
        "valid": server.open_account(5).api_key,
        "revoked": gone.api_key,
        "exhausted": server.open_account(0).api_key,
        "other": server.open_account(7).api_key,
    }
    named = {"valid": keys["valid"], "revoked": revoked.format(**keys), "exhausted": exhausted.format(**keys)}
    complained = complaint(doctor(tmp_path, KEYED.format(url=url, **named)))
    assert told in complained
    assert not any(key in complained for key in keys.values())


def test_a_revoked_key_of_an_account_without_pages_is_told(tmp_path: Path) -> None:
    """Which of two faults such a server tells is not documented, so nothing could be held against it."""
    body, told = b'{"error": "insufficient_pages"}', {"content-type": "application/json"}
    balance_first = answering_instead(lambda request: "Bearer sk_gone" in request.headers.values(), 402, body, told)
    server = reference(small_contract())
    with served(server, balance_first) as profile:
        keys = f"{{valid: {server.open_account(5).api_key}, revoked: sk_gone}}"
        complained = complaint(doctor(tmp_path, f"base_url: {profile.base_url}\nkeys: {keys}"))
    assert "check keys.revoked, which has to be of an account with pages left" in complained
    assert "sk_gone" not in complained


def test_keys_that_are_what_they_are_called_are_taken(mock: tuple[Server, str], tmp_path: Path) -> None:
    server, url = mock
    gone = server.open_account(5)
    server.keys.revoke(gone.account_id, gone.key_id)
    exhausted = server.open_account(0).api_key
    named = {"valid": server.open_account(5).api_key, "revoked": gone.api_key, "exhausted": exhausted}
    result = doctor(tmp_path, KEYED.format(url=url, **named))
    assert result.exit_code == 0, result.output


def test_with_everything_every_rule_can_be_seen(mock: tuple[Server, str], tmp_path: Path) -> None:
    _, url = mock
    result = doctor(tmp_path, f"base_url: {url}\nhooks: {{url: '{url}/_mock'}}\ncors: {{allowed_origin: '{ORIGIN}'}}")
    rules = len(small_contract().rules)
    assert result.exit_code == 0, result.output
    assert f"{rules} of {rules} rules can be seen." in result.output


def test_what_would_open_more_is_told_and_nothing_is_spent(mock: tuple[Server, str], tmp_path: Path) -> None:
    server, url = mock
    account = server.open_account(5)
    result = doctor(tmp_path, f"base_url: {url}\nkeys: {{valid: {account.api_key}}}")
    assert result.exit_code == 0, result.output
    assert "cors.allowed_origin" in result.output
    assert "The account API is only assumed" in result.output
    seen = int(result.output.split(" of ")[0].split()[-1])
    assert 0 < seen < len(small_contract().rules)
    assert server.ledger.balance(account.account_id) == 5
