from fridhem.foundation.accounts.pages import page
from fridhem.rooms.processes import views
from fridhem.rooms.processes.permissions import may_read, owns, publishes

staff = (
    [
        page("", views.processes, name="processes", open_to=may_read),
        page("ladda-upp/", views.upload, name="upload", open_to=owns),
        page("<slug:key>/", views.process, name="process", open_to=may_read),
        page("<slug:key>/<int:version>/", views.one_version, name="version", open_to=may_read),
        page("<slug:key>/<int:version>/fil/", views.file, name="file", open_to=may_read),
        page("<slug:key>/<int:version>/prova/", views.trial, name="trial", open_to=owns),
        page("<slug:key>/<int:version>/foresla/", views.propose, name="propose", open_to=owns),
        page("<slug:key>/<int:version>/publicera/", views.publish, name="publish", open_to=publishes),
        page("<slug:key>/<int:version>/tillbaka/", views.send_back, name="send-back", open_to=publishes),
        page("<slug:key>/<int:version>/kasta/", views.discard, name="discard", open_to=owns),
    ],
    "processes",
)
