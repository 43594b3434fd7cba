"""The WIOA Hub: the headless system behind a state's no wrong door."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the WSGI application of the production tenant; made once in each worker.

    Without `settings` they are read from the environment. Raises ValueError for a wrong one.
    """
    # Here, so that a command or a word of `app.model` does not bring in the web and the database.
    from app.sandbox.serving import created  # noqa: PLC0415

    return created(settings)
