"""Every model of ours has its history kept, or stands here with the reason why not."""

from django.apps import apps

UNTRACKED = {
    "crypto.ObjectKey": "the key service's journal says who opened which; a history of keys would outlive their destruction",
    "audit.Entry": "is the record, which only grows",
    "audit.Link": "is the record's chain, written by the database alone",
    "audit.Alert": "only grows",
    "audit.Acknowledgement": "only grows",
    "accounts.Session": "comes and goes with every visit; signing in is in the record",
    "accounts.OneTimeCode": "used once; that it was handed out and used is in the record",
    "persons.Reveal": "only grows: who saw which detail and why, beside the record",
    "persons.Handling": "ends by itself within the hour; the record says who registered or found whom",
    "files.Piece": "sealed bytes of a file, which is tracked; never changed",
    "retention.Matter": "judged anew every night",
    "retention.Line": "a history would keep which matters were destroyed; the record says who took which line out",
    "retention.Proof": "only grows",
    "casework.ProcessEvent": "only grows: what happened to the process of a case",
    "processes.Trial": "a try in the sandbox, of nobody's case",
    "casework.ContactCount": "a history would tell when each case was opened, and so whose",
    "casework.DisposedCount": "a history would tell when each case went, and so which it was",
    "intake.DisposedCount": "a history would tell when each concern went, and so which it was",
    "assessments.Assessment": "only grows: a new one is made, none is changed",
    "support.AnonymousContact": "a history would tell at what time someone called, and who answered",
    "importing.Origin": "only grows: which case of another system a case was",
    "disclosures.Disclosure": "only grows: the ledger itself",
    "disclosures.File": "only grows, with the ledger",
    "disclosures.Allowance": "only grows, with the ledger",
    "disclosures.Departure": "only grows, with the ledger",
    "council.Reference": "read out of a document, which is tracked; made anew with it",
    "council.Decision": "read out of a document, which is tracked; made anew with it",
    "council.Delivery": "what came in to be read; the record says who handed it over",
    "council.Incoming": "a file until it has been read; then it is a document, which is tracked",
}


def ours() -> set[str]:
    found = [model for model in apps.get_models() if model.__module__.startswith("fridhem.")]
    return {model._meta.label for model in found if not hasattr(model, "pgh_tracked_model")}


def tracked() -> set[str]:
    return {model.pgh_tracked_model._meta.label for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}


def test_every_model_is_tracked_or_says_why_not():
    """A new model: decorate it with `audit.history.tracked`, or write it above with a reason that an auditor would accept."""
    assert ours() - tracked() == set(UNTRACKED) & ours()
    assert tracked() & set(UNTRACKED) == set()


def test_no_reason_outlives_its_model():
    assert set(UNTRACKED) <= ours()
