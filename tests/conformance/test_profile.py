"""The target profile: what it may hold, and the one line that says what is wrong with it."""

from pathlib import Path

import pytest

from conformance.profile.profile import Profile, profile_from_file, profile_from_url
from conformance.profile.settings import ProfileError

ENVIRONMENT = {"STARTOCR_API_KEY": "sk_valid_0123456789", "HOOKS_TOKEN": "token-0123456789"}

WHOLE = """
name: staging
base_url: https://staging.example.com/
keys:
  valid: ${STARTOCR_API_KEY}
hooks:
  url: https://staging.example.com/_conformance/
  token: ${HOOKS_TOKEN}
account_api:
  task: /v2/jobs/{taskId}
  task_status: /state
cors:
  allowed_origin: https://app.example.com
spend:
  pages: 200
  requests_per_second: 20
wait:
  task_seconds: 12.5
elections:
  success_status: "202"
"""


def read(tmp_path: Path, text: str) -> Profile:
    path = tmp_path / "target.yaml"
    path.write_text(text, encoding="utf-8")
    return profile_from_file(path, ENVIRONMENT)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_reads_a_whole_profile(tmp_path: Path) -> None:
    profile = read(tmp_path, WHOLE)
    assert (profile.name, profile.base_url) == ("staging", "https://staging.example.com")
    assert profile.keys.valid == "sk_valid_0123456789"
    assert profile.hooks is not None
    assert (profile.hooks.url, profile.hooks.token) == ("https://staging.example.com/_conformance", "token-0123456789")
    assert profile.allowed_origin == "https://app.example.com"
    assert (profile.spend.pages, profile.spend.requests_per_second) == (200, 20)
    assert profile.task_seconds == 12.5
    assert profile.elections == {"success_status": "202"}


def test_a_stated_account_api_offers_what_it_names(tmp_path: Path) -> None:
    api = read(tmp_path, WHOLE).account_api
    assert api is not None
    assert (api.task, api.task_status, api.task_result) == ("/v2/jobs/{taskId}", "/state", "/result")
    assert (api.balance, api.stated) == (None, True)


def test_an_absent_account_api_is_only_assumed(tmp_path: Path) -> None:
    api = read(tmp_path, "base_url: http://localhost:1").account_api
    assert api is not None
    assert (api.task, api.balance, api.stated) == ("/api/tasks/{taskId}", "/api/account", False)


def test_a_null_account_api_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, "base_url: http://localhost:1\naccount_api: null").account_api is None


def test_a_null_allowed_origin_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, "base_url: http://localhost:1\ncors: {allowed_origin: null}").allowed_origin is None


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
def test_pages_on_this_machine_are_free(tmp_path: Path, url: str) -> None:
    assert profile_from_url(url, {}).spend.pages is None


@pytest.mark.parametrize(
    "text", ["base_url: https://ocr.example.com", "base_url: https://ocr.example.com\nspend: null"]
)
def test_elsewhere_nothing_is_spent_unless_said(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).spend.pages == 0


def test_takes_the_key_from_the_environment_beside_a_url() -> None:
    assert profile_from_url("http://localhost:1/", ENVIRONMENT).keys.valid == "sk_valid_0123456789"


def test_shows_no_secret_in_its_representation(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, WHOLE))
    assert "sk_valid" not in shown
    assert "token-0123456789" not in shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: x", "target.yaml:1: base_url is missing"),
        ("base_url: example.com", "target.yaml:1: base_url is no base URL"),
        ("base_url: http://localhost:1\nkeyz: {}", "target.yaml:2: keyz is unknown; the keys here are: name, base_url"),
        ("base_url: http://localhost:1\nkeys:\n  walid: x", "target.yaml:3: keys.walid is unknown"),
        (
            "base_url: http://localhost:1\nkeys:\n  valid: ${NOWHERE}",
            "keys.valid needs the environment variable NOWHERE",
        ),
        ("base_url: http://localhost:1\nspend: {pages: many}", "target.yaml:2: spend.pages must be a number"),
        ("base_url: http://localhost:1\nspend: {pages: -1}", "target.yaml:2: spend.pages must be a number"),
        ("base_url: http://localhost:1\nkeys: [a]", "target.yaml:2: keys must be a mapping"),
        ("base_url: http://localhost:1\nkeys: {valid: [a]}", "target.yaml:2: keys.valid must be a text"),
        ("base_url: http://localhost:1\nbase_url: http://localhost:2", "target.yaml:2: base_url stands here twice"),
        ("base_url: http://localhost:1\naccount_api: {task: /jobs}", "account_api.task must contain {taskId}"),
        ("base_url: http://localhost:1\nhooks: {token: x}", "target.yaml:2: hooks.url is missing"),
        ("base_url: [", "target.yaml:1: is not YAML"),
        ("base_url: https://user:secret@host.example", "target.yaml:1: base_url is no base URL"),
        ("just text", "target.yaml:1: a target profile is a mapping"),
        ("", "target.yaml:1: a target profile is a mapping"),
    ],
)
def test_says_what_is_wrong_and_where(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(tmp_path, text)


def test_a_profile_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"absent\.yaml: cannot be read"):
        profile_from_file(tmp_path / "absent.yaml", {})


def test_an_error_shows_no_secret(tmp_path: Path) -> None:
    assert "sk_valid" not in refusal(tmp_path, "base_url: http://localhost:1\nspend: {pages: '${STARTOCR_API_KEY}'}")
    assert "sk_valid" not in refusal(tmp_path, "base_url: ${STARTOCR_API_KEY}")
