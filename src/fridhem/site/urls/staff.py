"""The map of the staff face: one line per room. Each page says for whom it is."""

from django.urls import include, path

from fridhem.design.styleguide import styleguide
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import anyone, has_role, signed_in
from fridhem.rooms.assessments import urls as assessments
from fridhem.rooms.casework import urls as casework
from fridhem.rooms.conformance import urls as conformance
from fridhem.rooms.council import urls as council
from fridhem.rooms.disclosures import urls as disclosures
from fridhem.rooms.importing import urls as importing
from fridhem.rooms.intake import urls as intake
from fridhem.rooms.oversight import urls as oversight
from fridhem.rooms.processes import urls as processes
from fridhem.rooms.retention import urls as retention
from fridhem.rooms.reviews import urls as reviews
from fridhem.rooms.statistics import urls as statistics
from fridhem.rooms.support import urls as support
from fridhem.site.pages import health, signing_in, start
from fridhem.site.urls import sign_in

urlpatterns = [
    page("", start.start, name="start", open_to=anyone),
    path("", include(sign_in.entrance)),
    path("konto/", include(sign_in.mine)),
    path("intern/medarbetare/", include(sign_in.staff)),
    page("sprak/", signing_in.choose_language, name="language", open_to=anyone),
    page("halsa", health.alive, name="alive", open_to=anyone),
    page("intern/halsa/", health.health, name="health", open_to=has_role(Role.ADMINISTRATOR)),
    page("intern/design/", styleguide, name="styleguide", open_to=signed_in),
    path("intern/inkorg/", include(intake.staff)),
    path("intern/arenden/", include(casework.staff)),
    path("intern/bedomningar/", include(assessments.staff)),
    path("intern/inlasning/", include(importing.staff)),
    path("intern/stod/", include(support.staff)),
    path("intern/processer/", include(processes.staff)),
    path("intern/foljsamhet/", include(conformance.staff)),
    path("intern/egenkontroll/", include(reviews.staff)),
    path("intern/utlamnanden/", include(disclosures.staff)),
    path("intern/namnd/", include(council)),
    path("intern/granskning/", include(oversight)),
    path("intern/statistik/", include(statistics.staff)),
    path("intern/gallring/", include(retention.staff)),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
