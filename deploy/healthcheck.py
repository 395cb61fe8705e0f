"""Ask the portal in this container how it is, under the name it answers to."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
try:
    print(urllib.request.urlopen(request, timeout=8).read().decode())  # noqa: S310, T201 - our own address; docker shows it
except OSError as fault:
    sys.exit(f"{fault}")
