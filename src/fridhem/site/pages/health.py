"""How the house is: a page for the one who runs it, and one word for the machine that watches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from fridhem.site import health as the_house


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every check with its answer; what is wrong first."""
    answers = the_house.examine(timezone.now())
    order = (the_house.BAD, the_house.SOON, the_house.GOOD)
    worst = next(state for state in order if any(answer.state == state for answer in answers))
    answers.sort(key=lambda answer: order.index(answer.state))
    return render(request, "site/health.html", {"answers": answers, "worst": worst})


@csrf_exempt
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """`ok` with 200, or `not ok` with 503. Nothing else: anyone may ask."""
    is_well = the_house.is_well(timezone.now())
    return HttpResponse("ok\n" if is_well else "not ok\n", status=200 if is_well else 503, content_type="text/plain")
