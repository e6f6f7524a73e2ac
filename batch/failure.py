"""What goes wrong and was foreseen."""


class Failure(Exception):
    """Says what happened and what to do about it; the code stays the same from version to version."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message
