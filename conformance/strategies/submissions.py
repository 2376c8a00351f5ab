"""Submissions: valid ones, and those that are broken in one thing for which a rule refuses them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from conformance.strategies.headers import other_media_types, other_schemes
from conformance.strategies.images import images
from conformance.strategies.keys import resembling
from conformance.strategies.pdfs import pdfs
from conformance.strategies.texts import broken_base64, file_names, json_spellings, no_base64
from conformance.target.documents import Document
from conformance.target.submissions import Submission
from spec import Contract

# What must be refused, by the rule that says so; each differs from the plain submission in that one thing.
FAULTS: dict[str, Callable[[Submission, Contract], st.SearchStrategy[Submission]]] = {
    "auth.missing_key": lambda plain, contract: st.just(plain.faulty(authorization=None)),
    "auth.other_scheme": lambda plain, contract: other_schemes(contract.endpoint.auth_scheme).map(
        lambda scheme: plain.faulty(authorization=f"{scheme} {plain.api_key}")
    ),
    "auth.unknown_key": lambda plain, contract: resembling(plain.api_key).map(
        lambda key: plain.faulty(authorization=f"{contract.endpoint.auth_scheme} {key}")
    ),
    "submit.media_type": lambda plain, contract: (st.none() | other_media_types()).map(
        lambda media_type: plain.faulty(content_type=media_type)
    ),
    "body.required_field": lambda plain, contract: _without_image(plain, contract),
    "body.invalid_image": lambda plain, contract: (
        no_base64()
        | no_base64().map(lambda text: f"data:image/png;base64,{re.sub('[#%]', '*', text)}")
        | broken_base64(str(plain.members["imageBase64"]))
        | broken_base64(str(plain.members["imageBase64"])).map("data:image/png;base64,{}".format)
    ).map(lambda text: plain.with_members(imageBase64=text).faulty()),
}


def broken_in(rule: str, plain: Submission, contract: Contract) -> st.SearchStrategy[Submission]:
    """The plain submission with one fault, for which this rule refuses it."""
    return FAULTS[rule](plain, contract)


def documents() -> st.SearchStrategy[Document]:
    """A file that every target takes: an image or a PDF."""
    return images() | pdfs()


def some_optional_fields(contract: Contract) -> st.SearchStrategy[frozenset[str]]:
    """The names of any of the fields that may be left out."""
    names = [field.name for field in contract.optional_fields]
    return st.frozensets(st.sampled_from(names)) if names else st.just(frozenset())


@dataclass(frozen=True, kw_only=True)
class Combination:
    """A valid submission that differs from the plain one in several things, and each of these differences alone."""

    whole: Submission
    is_image: bool
    parts: tuple[Submission, ...]


@st.composite
def combinations(draw: st.DrawFn, plain: Submission, contract: Contract) -> Combination:
    """Any document, in a data URI if it is an image, any provider and name, each optional field there or not."""
    file = draw(documents())
    text = draw(st.sampled_from([file.base64, file.data_uri])) if file.is_image else file.base64
    name = draw(file_names(file.suffix))
    provider = draw(st.sampled_from(sorted(contract.providers)))
    left_out = draw(some_optional_fields(contract))
    of_file = plain.of(file).with_members(imageBase64=text)
    whole = of_file.with_members(filename=name, provider=provider).without(*left_out)
    spelled = replace(whole, content=draw(json_spellings(whole.members)))
    stem, dot, _ = name.rpartition(".")
    named = plain.with_members(filename=f"{stem}.png" if dot else name)
    parts = (of_file, named, plain.with_members(provider=provider), plain.without(*left_out))
    return Combination(whole=spelled, is_image=file.is_image, parts=parts)


def _without_image(plain: Submission, contract: Contract) -> st.SearchStrategy[Submission]:
    return some_optional_fields(contract).map(lambda names: plain.without("imageBase64", *names).faulty())
