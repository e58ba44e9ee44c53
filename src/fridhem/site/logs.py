"""What may be written to a log: what happened in which piece of code; never who, never what was sent."""

import logging


class WithoutPeople(logging.Filter):
    """Strips requests, addresses and messages of errors down to what a mender needs.

    Django's own line for a failed request holds the path, and an exception's text can hold what was typed: both go. The kind
    of error and the place in the code stay.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.request") or record.name.startswith("django.security"):
            status = getattr(record, "status_code", "")
            record.msg, record.args = f"request answered {status}".strip(), ()
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            place = ""
            while trace is not None:
                code = trace.tb_frame.f_code
                if "fridhem" in code.co_filename:
                    place = f" in {code.co_name}, line {trace.tb_lineno}"
                trace = trace.tb_next
            record.msg, record.args = f"{record.getMessage()}: {kind.__name__}{place}", ()
            record.exc_info = record.exc_text = None
        return True
