"""How gunicorn serves the portal, on a laptop and behind a proxy."""

import os

wsgi_app = "aipbi.wsgi:application"
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Of its threads, half wait for slow senders at most.
worker_class = "aipbi.patience.Worker"
threads = 4
# The code is loaded once and shared, so that a start is quick and memory small.
preload_app = True
timeout = 60
graceful_timeout = 10
# Heartbeats of the workers must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - a folder in memory, not in /tmp
control_socket_disable = True
# No proxy moves the portal below another address, so no header of a request may say so.
forwarder_headers = ""
