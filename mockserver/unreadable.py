"""What is raised when a document is not what it should be: the client's fault, never the server's."""


class UnreadableDocument(Exception):  # noqa: N818 - says what the document is
    """The document cannot be read."""


class EncryptedDocument(UnreadableDocument):
    """The document cannot be read without a password."""


class SlowDocument(UnreadableDocument):
    """The document takes longer to be read than it may."""
