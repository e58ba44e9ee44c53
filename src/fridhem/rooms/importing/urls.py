from fridhem.foundation.accounts.pages import page
from fridhem.rooms.importing import views
from fridhem.rooms.importing.permissions import imports

staff = (
    [
        page("", views.extracts, name="extracts", open_to=imports),
        page("schema/", views.schema, name="schema", open_to=imports),
        page("ny/", views.upload, name="upload", open_to=imports),
        page("<uuid:id>/", views.extract, name="extract", open_to=imports),
        page("<uuid:id>/kolumner/", views.columns, name="columns", open_to=imports),
        page("<uuid:id>/koder/", views.codes, name="codes", open_to=imports),
        page("<uuid:id>/fel/", views.faults, name="faults", open_to=imports),
        page("<uuid:id>/kasta/", views.throw_away, name="throw-away", open_to=imports),
    ],
    "importing",
)
