"""Word positions are found in every shape in which engines report them."""

from typing import Any

import pytest

from conformance.verdicts.positions import PlacedWord, are_crowded, pages_of, placed_words, text_of, unique_words

BOX = {"left": 10, "top": 20, "width": 30, "height": 8}
PAGE = {"page": 1, "width": 100, "height": 50, "text": "Total"}
CORNERS = ((10, 20), (40, 20), (40, 28), (10, 28))


@pytest.mark.parametrize(
    "result",
    [
        {"text": "Total", "pages": [{**PAGE, "words": [{"text": "Total", "confidence": 0.9, "box": BOX}]}]},
        {"words_result": [{"words": "Total", "location": BOX}]},
        {"data": [{"word": "Total", "polygon": list(map(list, CORNERS))}]},
        {"data": [{"word": "Total", "boundingBox": {"vertices": [{"x": x, "y": y} for x, y in CORNERS]}}]},
        {"x": {"y": [{"text": "Total", "points": [{"x": x, "y": y} for x, y in CORNERS]}]}},
        {"words": [{"text": "Total", **BOX}]},
        {"words": [{"content": "Total", "box": {"x": 10, "y": 20, "width": 30, "height": 8}}]},
        {"words": [{"text": "Total", "bbox": {"x0": 10, "y0": 20, "x1": 40, "y1": 28}}]},
        {"words": [{"text": "Total", "box": {"left": 10, "top": 20, "right": 40, "bottom": 28}}]},
        {"words": [{"text": "Total", "polygon": [number for corner in CORNERS for number in corner]}]},
        {"words": [{"text": "Total", "polygon": list(map(list, (*CORNERS, CORNERS[0])))}]},
    ],
)
def test_finds_the_word_and_its_box(result: Any) -> None:
    [word] = placed_words(result)
    assert (word.text, word.left, word.top, word.width, word.height) == ("Total", 10, 20, 30, 8)
    assert word.has_area
    assert word.is_on_page


def test_prefers_the_words_inside_a_line_with_a_box() -> None:
    line = {"text": "Total 42", "box": BOX, "words": [{"text": "Total", "box": BOX}, {"text": "42", "box": BOX}]}
    assert [word.text for word in placed_words({"lines": [line]})] == ["Total", "42"]


def test_prefers_a_word_to_the_letters_inside() -> None:
    letters = [{"text": letter, "box": {**BOX, "width": 6}} for letter in "Total"]
    [word] = placed_words({"words": [{"text": "Total", "box": BOX, "letters": letters}]})
    assert (word.text, word.width) == ("Total", 30)


def test_takes_words_in_a_list_for_no_corners() -> None:
    words = [{"text": letter, "x": 10 * at, "y": 5, "w": 8, "h": 8} for at, letter in enumerate("abcd")]
    assert [word.text for word in placed_words({"text": "abcd", "words": words})] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("left", "is_on_page"), [(-3, True), (73, True), (-4, False), (74, False)])
def test_a_word_may_stand_out_by_a_fiftieth_of_its_page(left: int, is_on_page: bool) -> None:
    [word] = placed_words({"pages": [{**PAGE, "words": [{"text": "Total", "box": {**BOX, "left": left}}]}]})
    assert word.is_on_page is is_on_page


def test_knows_the_size_of_the_page_around_a_word() -> None:
    outside = {**BOX, "left": 90}
    [word] = placed_words({"pages": [{**PAGE, "words": [{"text": "Total", "box": outside}]}]})
    assert not word.is_on_page


def test_takes_the_box_of_a_line_for_no_page() -> None:
    line = {**BOX, "words": [{"text": "Total", "box": BOX}]}
    [word] = placed_words({"pages": [{**PAGE, "lines": [line]}]})
    assert word.page == (100, 50)


@pytest.mark.parametrize("box", [{**BOX, "width": 0}, {**BOX, "height": 0}])
def test_sees_a_box_without_area(box: dict[str, int]) -> None:
    [word] = placed_words([{"text": "Total", "box": box}])
    assert not word.has_area


@pytest.mark.parametrize(
    "result",
    [
        None,
        {"text": "Total"},
        {"text": "Total", "box": {**BOX, "left": "10"}},
        {"text": "Total", "box": {**BOX, "left": True}},
        {"box": BOX},
        {"text": "Total", "polygon": [[10, 20], [40, 20], [40, 28]]},
    ],
)
def test_finds_no_word_without_a_place(result: Any) -> None:
    assert placed_words(result) == []


def test_reads_the_text_of_pages_where_there_is_no_whole() -> None:
    assert text_of({"pages": [{"text": "a"}, {"text": "b"}]}) == "a\nb"


def test_reads_the_text_of_pages_where_the_whole_has_more() -> None:
    assert text_of({"text": "Page 1: a, Page 2: b", "pages": [{"text": "a"}, {"text": "b"}]}) == "a\nb"
    assert text_of({"text": "a", "pages": [{"page": 1}]}) == "a"


@pytest.mark.parametrize(("share", "crowded"), [(0.01, True), (0.5, False)])
def test_sees_shares_that_are_taken_for_pixels(share: float, crowded: bool) -> None:
    words = [
        PlacedWord(text="a", left=n * 200 * share, top=5, width=9 * share, height=8 * share, page=(1000, 500))
        for n in range(5)
    ]
    assert are_crowded(words) is crowded
    assert not are_crowded(words[:4])


@pytest.mark.parametrize(
    ("result", "count", "parts"), [({"pages": [1, 2]}, 2, [1, 2]), ({"text": ""}, 1, [{"text": ""}])]
)
def test_tells_the_pages_of_a_result_apart(result: Any, count: int, parts: list[Any]) -> None:
    assert pages_of(result, count) == parts


@pytest.mark.parametrize("result", [{"pages": [1]}, {"words_result": []}, [], None])
def test_a_result_of_several_pages_need_not_tell_them_apart(result: Any) -> None:
    assert pages_of(result, 2) == []


def test_knows_the_words_that_a_document_has_once_by_page() -> None:
    first, second, third = unique_words("three-pages.pdf")
    assert {"Minutes", "1"} <= first.keys()
    assert {"budget", "2"} <= second.keys()
    assert {"meeting", "16:45."} <= third.keys()
    assert not {"Page", "of", "The"} & (first.keys() | second.keys() | third.keys())


@pytest.mark.parametrize(("width", "height", "alike"), [(30, 8, True), (60, 4, True), (1, 8, False), (30, 1, False)])
def test_a_box_is_about_as_large_as_another_readers(width: float, height: float, alike: bool) -> None:
    [word] = placed_words({"pages": [{**PAGE, "words": [{"text": "Total", "box": BOX}]}]})
    other = PlacedWord(text="Total", left=10, top=20, width=width, height=height, page=(100, 50))
    assert word.is_as_large(other) is alike
