"""Other shapes of a result: how words and their places are written."""

from collections.abc import Callable
from typing import Any

from tests.rewriting import Reply
from tests.variants.varying import varies_replies

Json = dict[str, Any]


def reshape(reply: Reply, change: Callable[[Json], object]) -> None:
    """Write the result of a task in another way."""
    result = reply.members.get("result") if reply.path.startswith("/api/tasks/") else None
    if result is not None:
        reply.say_with(result=change(result))


def rewrite_words(reply: Reply, change: Callable[[Json], Json]) -> None:
    """Write the words of a result in another way."""

    def pages(result: Json) -> Json:
        return {**result, "pages": [{**page, "words": list(map(change, page["words"]))} for page in result["pages"]]}

    reshape(reply, pages)


def corners(box: Json) -> list[tuple[int, int]]:
    left, top, right, bottom = box["left"], box["top"], box["left"] + box["width"], box["top"] + box["height"]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


@varies_replies()
def words_as_baidu_has_them(reply: Reply) -> None:
    """A result has `words_result`, each with `words` and `location`."""

    def words(result: Json) -> list[Json]:
        return [
            {"words": word["text"], "location": word["box"], "probability": {"average": 0.98}}
            for page in result["pages"]
            for word in page["words"]
        ]

    reshape(reply, lambda result: {"words_result": words(result), "words_result_num": len(words(result))})


@varies_replies()
def words_in_polygons_of_pairs(reply: Reply) -> None:
    """A word has four points in place of a box, each a pair."""
    rewrite_words(
        reply, lambda word: {"text": word["text"], "polygon": [list(point) for point in corners(word["box"])]}
    )


@varies_replies()
def words_in_polygons_of_points(reply: Reply) -> None:
    """A word has four points in place of a box, each with x and y."""
    rewrite_words(
        reply,
        lambda word: {
            "word": word["text"],
            "boundingBox": {"vertices": [{"x": x, "y": y} for x, y in corners(word["box"])]},
        },
    )


@varies_replies()
def words_in_lines(reply: Reply) -> None:
    """A page has a block, this a line, and the line the words; block and line have boxes, too."""

    def nested(page: Json) -> Json:
        whole = {"left": 0, "top": 0, "width": page["width"], "height": page["height"]}
        line = {"text": page["text"], "box": whole, "words": page["words"]}
        return {**page, "words": [], "blocks": [{"box": whole, "lines": [line] if page["words"] else []}]}

    reshape(reply, lambda result: {**result, "pages": list(map(nested, result["pages"]))})


@varies_replies()
def boxes_in_fractions_of_pixels(reply: Reply) -> None:
    """The numbers of a box have decimals."""
    rewrite_words(reply, lambda word: {**word, "box": {name: value + 0.25 for name, value in word["box"].items()}})


@varies_replies()
def text_by_pages_only(reply: Reply) -> None:
    """A result has no text as a whole, and no size of its pages."""
    reshape(
        reply,
        lambda result: {
            "pages": [{"page": page["page"], "text": page["text"], "words": page["words"]} for page in result["pages"]]
        },
    )
