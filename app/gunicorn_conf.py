"""How gunicorn serves the hub; `hub serve` hands it the listening socket."""

from typing import Any

from app import log
from app.settings import Settings
from app.store.process import die_with

_settings = Settings.from_env()

worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
timeout = 60
graceful_timeout = _settings.grace_seconds
keepalive = 15
forwarded_allow_ips = ""
control_socket_disable = True
logger_class = "app.gunicorn_log.Quiet"
logconfig_dict = {
    **log.CONFIG,
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}


def post_fork(_arbiter: Any, worker: Any) -> None:
    """Let a worker end at once when the master is killed, so that the port is free again."""
    bind = die_with(worker.ppid)
    if bind:
        bind()
