"""The law on disposal read a second time, by counting on the calendar. Shares no code with the engine, on purpose.

Socialtjänstlagen (2001:453) 12 kap. 1–2 §§ and what took its place on 1 July 2025: notes in a person's file are disposed of
five years after the last one was made in the file, and the disposal is finished the calendar year after the duty arose. Not when
paternity, adoption or the placement of a child is in it; not for those born on the 5th, 15th or 25th; not where all is kept.
Lag (2021:890): two years after the matter was closed at most. From 15 January 2026, prudently: children's papers for 30 years.
"""

import datetime as dt


def of(matter, on):
    """(what to do, first day, last day) for a matter on a day."""
    nothing = (None, None)
    if matter.is_held:
        return ("hold", *nothing)
    if matter.closed_on is None or matter.file_is_open:
        return ("ongoing", *nothing)
    social = matter.kind in ("case", "concern")
    if social and matter.municipality == "":
        return ("hold", *nothing)
    if social and (matter.municipality == "1480" or matter.municipality[:2] in {"05", "09", "22"}):
        return ("for_ever", *nothing)
    if matter.kind == "case" and (len(matter.circumstances) > 0 or (matter.born_on and matter.born_on.day % 10 == 5)):
        return ("for_ever", *nothing)
    if matter.kind == "whistle" and on < dt.date(2021, 12, 17):  # the law wasn't in force
        return ("hold", *nothing)
    if matter.kind == "whistle":
        last = anniversary(matter.closed_on, 2)
        return ("until" if on < last else "dispose", last, last)
    last_note = matter.last_note_on
    if matter.file_last_note_on and matter.file_last_note_on > last_note:
        last_note = matter.file_last_note_on
    over = anniversary(last_note, 5)
    if matter.is_about_child and on.isoformat() >= "2026-01-15":
        grown = anniversary(matter.born_on if matter.born_on else last_note, 30)
        if grown > over:
            over = grown
    end_of_next_year = dt.date(over.year + 2, 1, 1) - dt.timedelta(days=1)
    return ("until" if on <= over else "dispose", over + dt.timedelta(days=1), end_of_next_year)


def anniversary(day, years):
    """The same date so many years later, found by walking forward to that month and stopping at its number or its end."""
    walked = dt.date(day.year + years, day.month, 1)
    while walked.day < day.day and (walked + dt.timedelta(days=1)).month == day.month:
        walked += dt.timedelta(days=1)
    return walked
