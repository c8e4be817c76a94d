"""What came of handing something over. 送达结果."""

from dataclasses import dataclass, replace

from ..core.masks import keepable
from .enums import Outcome

LARGEST_CODE = 2**31 - 1


@dataclass(frozen=True)
class Answer:
    """The outcome, the receiver's code if it gave one, and its words, already masked."""

    outcome: Outcome
    code: int | None = None
    words: str = ""

    def __post_init__(self) -> None:
        """A receiver says whatever it likes; of its words and numbers what can be written down is kept."""
        if self.code is not None and abs(self.code) > LARGEST_CODE:
            object.__setattr__(self, "code", None)
        object.__setattr__(self, "words", keepable(self.words))

    @property
    def is_final(self) -> bool:
        """Whether another attempt would be of no use."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.REFUSED)

    def without(self, *secrets: str) -> "Answer":
        """The same, its words without these: a receiver may say back what it was given."""
        words = self.words
        for secret in filter(None, secrets):
            words = words.replace(secret, "***")
        return replace(self, words=words)
