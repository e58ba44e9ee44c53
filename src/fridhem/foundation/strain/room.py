"""Whether what someone writes can be kept. Asked before they begin to write."""

import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error, connection


@dataclass
class Room:
    """Looks at the disk that holds `folder` and at the database, at most every `seconds`.

    `spare`: bytes that must be free. `largest`: bytes that the database may grow to, 0 for as large as it likes.
    """

    folder: Path
    spare: int
    largest: int = 0
    seconds: float = 5.0
    _said: bool = True
    _at: float = -1e9
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_there(self) -> bool:
        """Whether a concern can be taken in now."""
        with self._lock:
            if time.monotonic() - self._at > self.seconds:
                self._said, self._at = self._look(), time.monotonic()
            return self._said

    def _look(self) -> bool:
        try:
            if shutil.disk_usage(self.folder).free < self.spare:
                return False
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_database_size(current_database()), current_setting('transaction_read_only') = 'on'")
                size, is_closed = cursor.fetchone()
        except (OSError, Error):
            return False
        return not is_closed and (not self.largest or size < self.largest)
