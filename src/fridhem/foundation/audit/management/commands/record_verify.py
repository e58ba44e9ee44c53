import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fridhem.foundation.audit import anchors
from fridhem.foundation.audit.chain import Fault, Kind
from fridhem.foundation.keys.client import KeyMissing, KeysAway

SHOWN = 20
WHAT = {
    Kind.ALTERED: "line {seq} ({entry}) isn't what it was when it was written",
    Kind.MISSING: "line {seq} has been taken away",
    Kind.MOVED: "line {seq} doesn't follow the one before it",
    Kind.INSERTED: "a line ({entry}) was put in beside the chain",
    Kind.CUT: "the end is cut off: the key service knows of line {seq}",
    Kind.REWRITTEN: "the chain was written anew at or before line {seq}: the key service knows it otherwise",
}


class Command(BaseCommand):
    help = "Recompute the chain of the record and hold it against the anchors in the key service's journal."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            report = anchors.verify()
        except (KeysAway, KeyMissing) as error:
            raise CommandError(f"The anchors can't be read: {error}") from error
        seconds = time.monotonic() - began
        self.stdout.write(f"{report.links} lines, {report.anchors} anchors, {seconds:.1f} s.")
        if report.holds:
            self.stdout.write("The record holds together.")
            return
        for fault in report.faults[:SHOWN]:
            self.stderr.write(f"  {_said(fault)}")
        raise CommandError(f"The record doesn't hold together: {len(report.faults)} faults, the first ones above.")


def _said(fault: Fault) -> str:
    return WHAT[fault.kind].format(seq=fault.seq, entry=fault.entry)
