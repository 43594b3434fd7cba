"""How gunicorn serves the hub; `hub serve` hands it the listening socket."""

from typing import Any

from app import composition, log
from app.settings import Settings
from app.store.process import die_with
from app.web.changes import STOPPING

_settings = Settings.from_env()
compose = composition.compose
"""Imported in the master, so that a worker that is started anew has all its code at once."""

worker_class = "app.serving.gunicorn_worker.Worker"
workers = _settings.workers
threads = _settings.threads
timeout = 60
graceful_timeout = _settings.grace_seconds
keepalive = 15
limit_request_line = 8190
"""The most gunicorn takes: page links and lists of ids are long."""
forwarded_allow_ips = ""
control_socket_disable = True
logger_class = "app.serving.gunicorn_log.Quiet"
logconfig_dict = {
    **log.CONFIG,
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}


def post_fork(_arbiter: Any, worker: Any) -> None:
    """Let a worker end at once when the master is killed, so that the port is free again.

    It also learns how many requests may wait in it.
    """
    bind = die_with(worker.ppid)
    if bind:
        bind()
    worker.prepare(_settings)


def post_worker_init(worker: Any) -> None:
    """Let requests that wait for changes end as soon as the worker is asked to."""
    worker.wsgi.extensions[STOPPING] = lambda: not worker.alive
