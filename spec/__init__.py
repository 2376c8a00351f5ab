"""What is true of the StartOCR HTTP API: the documentation, its questions, and the OpenAPI document built from them.

Server and suite import only the `Contract` and its parts from here.
"""

from spec.contract import SpecError, load_contract
from spec.model import Contract, Error, Field, Limit, Provider, Question, Rule

__all__ = ["Contract", "Error", "Field", "Limit", "Provider", "Question", "Rule", "SpecError", "load_contract"]
