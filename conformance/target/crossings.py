"""Crossings: an image or a PDF, as Base64 or in a data URI, with a name or without, to some provider or to none named.

A fault often sits where two of these meet: each form alone is tested in the section that it belongs to.
"""

from dataclasses import dataclass, replace
from itertools import cycle, product

from conformance.target.documents import document
from conformance.target.submissions import Submission
from spec import Contract

FILES = ("page.png", "page.jpg", "three-pages.pdf")


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A file, and how it is submitted; `provider` None names none."""

    file: str
    in_uri: bool
    named: bool
    provider: str | None

    @property
    def name(self) -> str:
        form = "data URI" if self.in_uri else "Base64"
        named = "with a name" if self.named else "without a name"
        return f"{self.file} as {form}, {named}, to {self.provider or 'none named'}"

    def of(self, plain: Submission) -> Submission:
        """The submission, in everything else like the plain one."""
        file = document(self.file)
        submission = plain.of(file)
        if self.in_uri:
            submission = submission.with_members(imageBase64=file.data_uri)
        if not self.named:
            submission = submission.without("filename")
        return submission.with_members(provider=self.provider) if self.provider else submission.without("provider")

    def parts(self, contract: Contract) -> list["Crossing"]:
        """The crossings that are more plain in one thing."""
        plainer = (
            replace(self, file=FILES[0]),
            replace(self, in_uri=False),
            replace(self, named=True),
            replace(self, provider=contract.default_provider.name),
        )
        return [part for part in plainer if part != self]

    def rule(self, contract: Contract) -> str:
        """The rule that is broken if this one is refused, and nothing that is more plain."""
        if not self.named or self.provider is None:
            return "body.optional_field"
        if self.in_uri:
            return "body.data_uri"
        if self.file == FILES[0] and self.provider != contract.default_provider.name:
            return "body.provider"
        return "body.image_file" if document(self.file).is_image else "body.pdf_file"


def crossings(contract: Contract) -> list[Crossing]:
    """Each file in each form, with a name and without, to two of the providers or to none named, in turn."""
    optional = {field.name for field in contract.optional_fields}
    providers = cycle([*contract.providers, *([None] if "provider" in optional else [])])
    names = (True, False) if "filename" in optional else (True,)
    images = [form for form in product(FILES, (False, True), names) if document(form[0]).is_image]
    # In this order, one PDF comes with neither name nor provider.
    pdfs = [(file, False, named) for file, named in product(FILES, names[::-1]) if not document(file).is_image]
    return [
        Crossing(file=file, in_uri=in_uri, named=named, provider=next(providers))
        for file, in_uri, named in [*images, *pdfs]
        for _ in range(2)
    ]
