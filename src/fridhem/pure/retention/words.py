"""A verdict in words, in Swedish and English: what is done, by which rule, which law, until when."""

from datetime import date

from fridhem.pure.retention.rule import Rule, Status
from fridhem.pure.retention.verdict import Outcome, Reason, Verdict

_OUTCOMES = {
    "sv": {
        Outcome.HOLD: "Gallras inte",
        Outcome.ONGOING: "Pågår",
        Outcome.FOR_EVER: "Bevaras",
        Outcome.UNTIL: "Sparas till och med {kept_to}, borta senast {gone_by}",
        Outcome.DISPOSE: "Ska gallras, borta senast {gone_by}",
    },
    "en": {
        Outcome.HOLD: "Isn't disposed of",
        Outcome.ONGOING: "Goes on",
        Outcome.FOR_EVER: "Kept for ever",
        Outcome.UNTIL: "Kept until {kept_to}, gone by {gone_by}",
        Outcome.DISPOSE: "To be disposed of, gone by {gone_by}",
    },
}
_REASONS = {
    "sv": {
        Reason.LEGAL_HOLD: "Det finns ett gallringsstopp.",
        Reason.GOES_ON: "Det är inte avslutat.",
        Reason.FILE_GOES_ON: "Ett annat ärende om samma person pågår.",
        Reason.NO_RULE: "Ingen regel gäller för det den dagen.",
        Reason.NO_MUNICIPALITY: "Kommunens kod är inte angiven, och på några platser bevaras allt.",
        Reason.UNREADABLE: "Vem det gäller går inte att läsa, så ingen vet om det ska bevaras för forskning.",
        Reason.FOLLOW_UP: "Tiden räknas från den sista anteckningen i ett senare ärende om samma person.",
    },
    "en": {
        Reason.LEGAL_HOLD: "There is a legal hold.",
        Reason.GOES_ON: "It isn't closed.",
        Reason.FILE_GOES_ON: "Another case about the same person goes on.",
        Reason.NO_RULE: "No rule is in force for it on that day.",
        Reason.NO_MUNICIPALITY: "The municipality's code isn't set, and in some places everything is kept.",
        Reason.UNREADABLE: "Whom it is about can't be read, so nobody knows whether it's kept for research.",
        Reason.FOLLOW_UP: "The time is counted from the last note in a later case about the same person.",
    },
}
_STATUS = {
    "sv": {
        Status.VERIFIED: "",
        Status.SECTION: "; paragrafens nummer är inte kontrollerat",
        Status.LOCAL: "; vilar på kommunens egen plan",
        Status.UNVERIFIED: "; regeln är inte kontrollerad och används bara för att spara",
    },
    "en": {
        Status.VERIFIED: "",
        Status.SECTION: "; the number of the section isn't verified",
        Status.LOCAL: "; rests on the municipality's own plan",
        Status.UNVERIFIED: "; the rule isn't verified and is used only to keep",
    },
}


def explain(verdict: Verdict, language: str = "sv") -> str:
    """The verdict and its grounds as a few sentences."""
    known = "en" if language.startswith("en") else "sv"
    days = {"kept_to": _day(verdict.kept_to), "gone_by": _day(verdict.gone_by)}
    said = [_OUTCOMES[known][verdict.outcome].format(**days) + "."]
    said += [cite(rule, known) for rule in verdict.rules]
    said += [_REASONS[known][reason] for reason in verdict.reasons]
    return " ".join(said)


def cite(rule: Rule, language: str = "sv") -> str:
    """One rule as a sentence, with its law and how sure we are of it."""
    known = "en" if language.startswith("en") else "sv"
    return f"{rule.label(known)} ({rule.law}{_STATUS[known][rule.status]})."


def because(reason: Reason, language: str = "sv") -> str:
    """A reason that isn't a rule, as a sentence."""
    return _REASONS["en" if language.startswith("en") else "sv"][reason]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
