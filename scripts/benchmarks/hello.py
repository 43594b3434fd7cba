"""The ceiling: what Flask under this gunicorn costs when it does nothing."""

from flask import Flask


def create_app() -> Flask:
    """Return an application that says hello at every address."""
    app = Flask(__name__, static_folder=None)

    @app.get("/<path:_path>")
    def hello(_path: str) -> str:
        return "hello"

    return app
