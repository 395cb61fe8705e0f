"""Django's test client, reading each download to its end: one left open would close the test's own connection."""

from typing import Any

from django import test


class Client(test.Client):
    """Answers are whole: `streaming_content` is what was sent, and its file is closed."""

    def request(self, **request: Any) -> Any:
        """Return the answer to a request."""
        answer = super().request(**request)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
        return answer
