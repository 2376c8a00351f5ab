"""What wrk says is read right, and a load that went wrong is no result."""

from functools import partial
from pathlib import Path

import pytest

from bench import load
from bench.load import Load, LoadError, parse

OUTPUT = """\
Running 2s test @ http://127.0.0.1:8000/api/ocr
  1 threads and 16 connections
{"requests": 1000, "microseconds": 2000000, "p99": 1500, "other": %d, "errors": %d}
"""


def test_reads_what_came_back() -> None:
    assert parse(OUTPUT % (0, 0)) == Load(requests=1000, seconds=2.0, p99=0.0015)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (OUTPUT % (1, 0), "1000 answers, 1 with another status, 0 errors"),
        (OUTPUT % (0, 2), "1000 answers, 0 with another status, 2 errors"),
        (OUTPUT.replace("1000", "0") % (0, 0), "no answer came in time"),
        ("Running 2s test\n", "wrk printed no result"),
        ("", "wrk printed no result"),
    ],
)
def test_anything_else_is_an_error(output: str, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        parse(output)


@pytest.mark.skipif(not load.is_installed(), reason=load.INSTALL)
def test_a_server_that_refuses_is_noticed(tmp_path: Path) -> None:
    from mockserver import Settings, build_server, serve_in_thread
    from spec import load_contract

    body = tmp_path / "body"
    body.write_bytes(b"{}")
    with serve_in_thread(build_server(Settings(), load_contract())) as url:
        submit = partial(load.put, f"{url}/api/ocr", body=body, headers={}, seconds=1, core=0)
        assert submit(status=401).requests > 10
        with pytest.raises(LoadError, match="with another status, 0 errors"):
            submit(status=200)
