"""What a defect or a variant is made of: a digest of its own functions, however they are laid out."""

import inspect
from hashlib import sha256

from tests.defects.catalogue import Defect
from tests.variants.catalogue import Variant

LENGTH = 12


def source_of(subject: Defect | Variant) -> str:
    """A digest of the source of the functions that were declared, without its spaces. What they call is not in it."""
    return digest("".join(inspect.getsource(function) for function in subject.made_of))


def digest(text: str) -> str:
    return sha256("".join(text.split()).encode()).hexdigest()[:LENGTH]
