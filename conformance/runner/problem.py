"""What keeps a run from going on, in words that help; nothing of this is held against a product."""


class Misconfigured(Exception):
    """Something is set up wrongly here; `fix` says what to change. Exit code 3."""

    def __init__(self, sentence: str, fix: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix


class HubTrouble(Exception):
    """The hub or the suite does not do its part; trying later may help. Exit code 4."""


class BrokenRun(HubTrouble):
    """The hub failed in its own part of a run, which is over; the text is a sentence."""
