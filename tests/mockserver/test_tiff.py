"""The walk along the directories of a TIFF: classic and large files, both byte orders, and chains that mislead."""

import struct

import pytest

from mockserver.tiff import MOST_FRAMES, count_frames
from mockserver.unreadable import UnreadableDocument


def classic(order: str, links: list[int]) -> bytes:
    """Directories without entries, one every six bytes from byte 8 on, with these links to the next one."""
    signature = b"II*\0" if order == "<" else b"MM\0*"
    directories = (struct.pack(f"{order}HI", 0, link) for link in links)
    return signature + struct.pack(f"{order}I", 8) + b"".join(directories)


@pytest.mark.parametrize("order", ["<", ">"])
def test_counts_the_directories(order: str) -> None:
    assert count_frames(classic(order, [14, 20, 0])) == 3


@pytest.mark.parametrize(("order", "signature"), [("<", b"II+\0"), (">", b"MM\0+")])
def test_counts_those_of_a_large_file(order: str, signature: bytes) -> None:
    start = signature + struct.pack(f"{order}HHQ", 8, 0, 16)
    first = struct.pack(f"{order}Q20sQ", 1, bytes(20), 52)
    assert count_frames(start + first + struct.pack(f"{order}QQ", 0, 0)) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (classic("<", [8]), "the frames of the TIFF have no end"),
        (classic("<", [14, 8]), "the frames of the TIFF have no end"),
        (classic("<", [1000]), "the TIFF ends before its directories"),
        (classic("<", [])[:6], "the TIFF ends before its directories"),
        (b"II*\0" + bytes(4), "the TIFF has no frame"),
        (b"Hello", "the document is no TIFF"),
    ],
    ids=["itself", "circle", "beyond the end", "cut off", "no frame", "no TIFF"],
)
def test_refuses_a_chain_that_misleads(content: bytes, problem: str) -> None:
    with pytest.raises(UnreadableDocument, match=problem):
        count_frames(content)


def test_refuses_a_chain_that_is_too_long() -> None:
    links = [14 + 6 * number for number in range(MOST_FRAMES)]
    assert count_frames(classic("<", [*links[: MOST_FRAMES - 1], 0])) == MOST_FRAMES
    with pytest.raises(UnreadableDocument, match="the frames of the TIFF have no end"):
        count_frames(classic("<", [*links, 0]))
