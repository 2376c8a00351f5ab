"""All variants by name; importing their modules declares them."""

from tests.variants.combined import MODULES
from tests.variants.varying import VARIANTS, Variant, add

__all__ = ["MODULES", "VARIANTS", "Variant"]

add(Variant(name="reference", says="The reference server as it is.", readings={}))
