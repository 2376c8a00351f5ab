"""All defects by name; importing their modules declares them."""

from tests.defects import answers, authentication, billing, submission
from tests.defects.breaking import DEFECTS, Defect

__all__ = ["DEFECTS", "Defect", "answers", "authentication", "billing", "submission"]
