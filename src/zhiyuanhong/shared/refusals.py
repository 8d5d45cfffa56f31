"""A refusal: what the user may not do, and why, with a code that never changes."""


class RuleBroken(Exception):
    """A clear refusal.

    `code` is stable English snake_case for the api and for tests; `message` is one Chinese
    sentence (or a few lines) that says what is wrong and what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
