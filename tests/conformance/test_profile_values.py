"""What a profile may hold: every text of a kind is taken as it is, and no error repeats a value."""

from collections.abc import Callable

import pytest

from conformance.profile import values

Kind = Callable[[str], object]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (values.base_url, "http://localhost"),
        (values.base_url, "http://[::1]:8000"),
        (values.base_url, "https://bücher.example/api"),
        (values.base_url, "https://staging.example.com:65535"),
        (values.origin, "https://app.example.com"),
        (values.origin, "http://localhost:3000"),
        (values.origin, "capacitor://localhost"),
        (values.key, "sk_live_A-Z.a~z+0/9=="),
        (values.json_pointer, "/"),
        (values.json_pointer, "/data/0/a~1b~0c"),
        (values.path, "/api/account?fields=pages"),
        (values.task_path, "/v2/jobs/{taskId}/state"),
    ],
)
def test_takes(kind: Kind, text: str) -> None:
    assert kind(text) == text


def test_a_base_url_ends_without_a_slash() -> None:
    assert values.base_url("http://localhost:1/api/") == "http://localhost:1/api"


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (values.whole_number(0, 10), "0", 0),
        (values.whole_number(0, 10), "10", 10),
        (values.number(0.1, 10), "0.1", 0.1),
        (values.number(0.1, 10), "2.50", 2.5),
    ],
)
def test_takes_a_number_within_its_bounds(kind: Kind, text: str, number: float) -> None:
    assert kind(text) == number


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (values.base_url, "ftp://secret.example"),
        (values.base_url, "http://user:secret@host"),
        (values.base_url, "http://host/?secret"),
        (values.base_url, "http://secret host"),
        (values.base_url, "http://host:0/secret"),
        (values.base_url, "http://secret..x"),
        (values.origin, "https://secret.example/"),
        (values.origin, "https://secret:x@app.example.com"),
        (values.origin, "https://SECRET.example\n"),
        (values.origin, "secret"),
        (values.key, "secret key"),
        (values.json_pointer, "secret"),
        (values.json_pointer, "/secret~2"),
        (values.path, "secret"),
        (values.path, "/secret#"),
        (values.path, "/secret\n"),
        (values.task_path, "/secret"),
        (values.number(0, 1), "secret"),
        (values.number(0, 1), "1.1"),
        (values.number(0, 1), "٣"),
        (values.whole_number(0, 1), "2"),
        (values.whole_number(0, 1), "0.5"),
        (values.whole_number(0, 1), "1e0"),
    ],
)
def test_refuses_without_repeating(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|is no|names|holds|has) ") as caught:
        kind(text)
    assert "secret" not in str(caught.value).lower()
