"""Letters of a case: choose one, fill it in, see it, keep it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.rooms.casework import forms, queries
from fridhem.rooms.casework import letters as texts
from fridhem.rooms.casework.actions import letters as actions
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, status_of


@require_safe
def letters(request: StaffRequest, number: str) -> HttpResponse:
    """Which letters there are today."""
    found = case_of(request, number)
    names = [(code, one.label(_language())) for code, one in texts.valid_on(timezone.localdate()).items()]
    return render(request, "casework/letters.html", {"case": found, "letters": names})


def letter(request: StaffRequest, number: str, code: str) -> HttpResponse:
    """Fill a letter in; it's shown as it would be, and kept in the case when the writer says so."""
    found, now = case_of(request, number), timezone.now()
    today = timezone.localdate(now)
    text = texts.valid_on(today).get(code)
    if text is None:
        raise Http404
    form = forms.LetterForm(
        request.POST or None, hint=text.hint(_language()), decisions=queries.decisions(found) if text.decision else None
    )
    context = {"case": found, "form": form, "heading": text.label(_language())}
    if request.method == "POST" and form.is_valid():
        if "keep" in request.POST:
            kept = actions.keep_letter(found, text, by=request.user, at=now, **form.cleaned_data)
            messages.success(request, _("The letter is kept in the case. It leaves the house when it's disclosed."))
            return redirect("casework:document", number, kept.pk)
        context["shown"] = texts.filled(text, found, by=request.user, on=today, **form.cleaned_data)
    return render(request, "casework/letter.html", context, status=status_of(form))


def _language() -> str:
    return get_language() or "sv"
