"""Bad habits about consent and the six questions."""

from typing import Any

from conformance.client.hub import Body, Hub
from conformance.client.product import CaseTrack, Outcome
from conformance.client.steps.assessment import ASSESSMENT
from conformance.mutants import mutant


@mutant("shares-without-consent", breaks=("L1-17",))
class SharesWithoutConsent(Hub):
    """Keeps the signed form in a drawer and refers."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create anything but a consent."""
        return {"id": "drawer"} if kind == "Consent" else super().create(kind, body, key)


@mutant("ignores-withdrawal", breaks=("L1-17",))
class IgnoresWithdrawal(CaseTrack):
    """Records that a consent is withdrawn, and goes on as before."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Do a step, having forgotten who withdrew."""
        for key in [each for each in self.memory if each.startswith("withdrawn/")]:
            del self.memory[key]
        return super().do(name, data)


@mutant("leaves-answers-out", breaks=("L1-19",))
class LeavesAnswersOut(Hub):
    """Sends the answers it has, and does not say why the others are missing."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create an assessment without its extensions."""
        if kind == ASSESSMENT:
            body = {name: value for name, value in body.items() if name != "extension"}
        return super().create(kind, body, key)


@mutant("asks-again", breaks=("L1-20",))
class AsksAgain(Hub):
    """Never looks whether another agency has asked the six questions."""

    def search(self, kind: str, **criteria: Any) -> list[Body]:
        """Find anything but assessments."""
        return [] if kind == ASSESSMENT else super().search(kind, **criteria)
