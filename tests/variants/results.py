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


@varies_replies()
def lines_are_boxes_themselves(reply: Reply) -> None:
    """The words stand in lines, which have left, top, width and height as a page has width and height."""

    def in_lines(page: Json) -> Json:
        tops = sorted({word["box"]["top"] for word in page["words"]})
        lines = [[word for word in page["words"] if word["box"]["top"] == top] for top in tops]
        return {**page, "words": [], "lines": [{**around(line), "words": line} for line in lines]}

    reshape(reply, lambda result: {**result, "pages": list(map(in_lines, result["pages"]))})


def around(line: list[Json]) -> Json:
    """The box of some words that stand side by side."""
    first, last = line[0]["box"], line[-1]["box"]
    return {**first, "width": last["left"] + last["width"] - first["left"]}


@varies_replies()
def headings_between_pages(reply: Reply) -> None:
    """The text as a whole says where each page begins."""

    def told(result: Json) -> str:
        return "\n".join(f"--- Page {page['page']} ---\n{page['text']}" for page in result["pages"])

    reshape(reply, lambda result: {**result, "text": told(result)})


@varies_replies()
def texts_without_spaces(reply: Reply) -> None:
    """The text is that of its words, one behind the other, as it is in Chinese."""

    def closed(part: Json) -> Json:
        return {**part, "text": "".join(part["text"].split())}

    reshape(reply, lambda result: {**closed(result), "pages": list(map(closed, result["pages"]))})


@varies_replies()
def boxes_by_their_edges(reply: Reply) -> None:
    """A box has the edges that a browser's engine tells: x0, y0, x1 and y1."""

    def edges(word: Json) -> Json:
        (left, top), _, (right, bottom), _ = corners(word["box"])
        return {"text": word["text"], "bbox": {"x0": left, "y0": top, "x1": right, "y1": bottom}}

    rewrite_words(reply, edges)


@varies_replies()
def corners_in_one_list(reply: Reply) -> None:
    """A word has `content`, and eight numbers in place of four points."""

    def listed(word: Json) -> Json:
        return {"content": word["text"], "polygon": [number for point in corners(word["box"]) for number in point]}

    rewrite_words(reply, listed)


@varies_replies()
def last_word_is_misread(reply: Reply) -> None:
    """The last word of a page is taken for another one of the page."""

    def misread(page: Json) -> Json:
        if not page["words"]:
            return page
        *words, last = page["words"]
        read = [*words, {**last, "text": page["words"][0]["text"]}]
        return {**page, "words": read, "text": " ".join(word["text"] for word in read)}

    reshape(reply, lambda result: {"pages": list(map(misread, result["pages"]))})


@varies_replies()
def result_is_a_list_of_words(reply: Reply) -> None:
    """A result is the list of its words, which is empty where an engine places none."""
    reshape(reply, lambda result: [word for page in result["pages"] for word in page["words"]])


@varies_replies()
def letters_within_words(reply: Reply) -> None:
    """A word has a box, and so has each of its letters within it."""

    def spelt(word: Json) -> Json:
        width = word["box"]["width"] / len(word["text"])
        boxes = ({**word["box"], "left": word["box"]["left"] + at * width, "width": width} for at in range(99))
        letters = [{"text": letter, "box": box} for letter, box in zip(word["text"], boxes, strict=False)]
        return {**word, "letters": letters}

    rewrite_words(reply, spelt)


@varies_replies()
def untidy_engine(reply: Reply) -> None:
    """A frame is read as a bar, a box stands out of its page, one word is read twice, and another one wrong."""

    def untidy(page: Json) -> Json:
        if not page["words"]:
            return page
        first, *words = page["words"]
        bar = {"text": "|", "box": {"left": 5, "top": 5, "width": 0, "height": 90}}
        edge = {"text": "x", "box": {"left": -3, "top": 5, "width": 9, "height": 9}}
        read = {**words[-1], "text": words[-1]["text"].replace("e", "c").replace("R", "P")}
        return {**page, "words": [bar, edge, first, first, *words[:-1], read]}

    reshape(reply, lambda result: {**result, "pages": list(map(untidy, result["pages"]))})
