from fridhem.foundation.accounts.pages import page
from fridhem.rooms.assessments import views
from fridhem.rooms.assessments.permissions import assesses, may_read, owns, publishes

staff = (
    [
        page("", views.reviews, name="reviews", open_to=assesses),
        page("instrument/", views.instruments, name="instruments", open_to=may_read),
        page("instrument/ladda-upp/", views.upload, name="upload", open_to=owns),
        page("instrument/<slug:key>/<int:version>/", views.version, name="version", open_to=may_read),
        page("instrument/<slug:key>/<int:version>/fil/", views.file, name="file", open_to=may_read),
        page("instrument/<slug:key>/<int:version>/prova/", views.trial, name="trial", open_to=may_read),
        page("instrument/<slug:key>/<int:version>/foresla/", views.propose, name="propose", open_to=owns),
        page("instrument/<slug:key>/<int:version>/publicera/", views.publish, name="publish", open_to=publishes),
        page("instrument/<slug:key>/<int:version>/tillbaka/", views.send_back, name="send-back", open_to=publishes),
        page("instrument/<slug:key>/<int:version>/kasta/", views.discard, name="discard", open_to=owns),
        page("arende/<slug:number>/", views.of_case, name="of-case", open_to=assesses),
        page("arende/<slug:number>/<slug:key>/<int:version>/", views.assess, name="assess", open_to=assesses),
        page("arende/<slug:number>/<slug:key>/<int:version>/inte/", views.not_done, name="not-done", open_to=assesses),
        page("<uuid:id>/", views.assessment, name="assessment", open_to=assesses),
    ],
    "assessments",
)
