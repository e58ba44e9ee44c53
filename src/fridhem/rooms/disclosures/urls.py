from fridhem.foundation.accounts.pages import page
from fridhem.rooms.disclosures import views
from fridhem.rooms.disclosures.permissions import discloses, reads_ledger

staff = (
    [
        page("", views.ledger, name="ledger", open_to=reads_ledger),
        page("lista.csv", views.ledger_file, name="ledger-file", open_to=reads_ledger),
        page("arende/<slug:number>/", views.of_case, name="of-case", open_to=discloses),
        page("arende/<slug:number>/nytt/", views.new, name="new", open_to=discloses),
        page("arende/<slug:number>/insyn/", views.preview, name="preview", open_to=discloses),
        page("arende/<slug:number>/partsinsyn/", views.insight, name="insight", open_to=discloses),
        page("arende/<slug:number>/hela-akten/", views.order, name="order-export", open_to=discloses),
        page("akt/<uuid:id>/", views.export, name="export", open_to=discloses),
        page("<uuid:id>/", views.disclosure, name="disclosure", open_to=discloses),
        page("<uuid:id>/slapp-igenom/", views.allow, name="allow", open_to=discloses),
        page("<uuid:id>/lamnar/", views.leave, name="leave", open_to=discloses),
        page("<uuid:id>/text/", views.fetch, name="fetch-text", open_to=discloses),
        page("<uuid:id>/fil/<uuid:file>/", views.fetch, name="fetch", open_to=discloses),
    ],
    "disclosures",
)
