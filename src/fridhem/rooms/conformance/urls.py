from fridhem.foundation.accounts.pages import page
from fridhem.rooms.conformance import views
from fridhem.rooms.conformance.permissions import measures

staff = (
    [
        page("", views.measurements, name="measurements", open_to=measures),
        page("bestall/", views.order, name="order", open_to=measures),
        page("logg/", views.upload, name="upload", open_to=measures),
        page("<uuid:id>/", views.measurement, name="measurement", open_to=measures),
    ],
    "conformance",
)
