"""What the clock does for files."""

from django.utils import timezone
from procrastinate.contrib.django import app

from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.files import keeping


@app.periodic(cron="*/5 * * * *")
@app.task(name="files.examine_again", queueing_lock="files.examine_again")
@as_the_house("files.examine_again")
def examine_again(timestamp: int) -> int:
    """Every five minutes: ask the scanner again about what it didn't answer for. How many were settled."""
    today = timezone.localdate()
    return sum(keeping.examine_again(file, on=today) for file in keeping.unscanned())
