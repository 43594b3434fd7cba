"""`hub schema`: a version of a contract, from its draft to its end, as staff handle it."""

import click

from app.cli.schema.checking import check
from app.cli.schema.drafting import edit, new
from app.cli.schema.reading import diff, list_versions, status
from app.cli.schema.release import deprecate, publish, retire
from app.cli.schema.review import approve, reject, revise, submit

ORDER = (
    *(new, edit, check, submit, revise, approve, reject, publish),
    *(deprecate, retire, diff, status, list_versions),
)


class InOrder(click.Group):
    """A group whose help lists the commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands."""
        return list(self.commands)


@click.group(cls=InOrder)
def schema() -> None:
    """Publish versions of the schemas, on the hub that runs, as a staff client.

    Ends with 0 when done, 1 when gates are shut, a rule refuses the move or versions are
    incompatible, 2 for wrong use or no hub, 3 when the hub refused. NO_COLOR takes the colour away.
    """


for each in ORDER:
    schema.add_command(each)
