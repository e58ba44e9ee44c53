from fridhem.foundation.accounts.pages import page
from fridhem.rooms.casework.permissions import leads_cases, opens_cases, works_with_cases
from fridhem.rooms.casework.views import cases, documents, people

staff = (
    [
        page("", cases.cases, name="cases", open_to=works_with_cases),
        page("att-gora/", cases.work, name="work", open_to=works_with_cases),
        page("sok/", cases.find, name="find", open_to=opens_cases),
        page("nytt/", cases.open_new, name="open", open_to=opens_cases),
        page("<slug:number>/", cases.case, name="case", open_to=works_with_cases),
        page("<slug:number>/steg/<uuid:id>/", cases.step, name="step", open_to=works_with_cases),
        page("<slug:number>/anteckning/", cases.note, name="note", open_to=works_with_cases),
        page("<slug:number>/insats/", cases.grant, name="grant", open_to=leads_cases),
        page("<slug:number>/insats/<uuid:id>/avsluta/", cases.end, name="end", open_to=works_with_cases),
        page("<slug:number>/personer/", people.people, name="people", open_to=works_with_cases),
        page("<slug:number>/personer/vem/", people.identify, name="identify", open_to=opens_cases),
        page("<slug:number>/personer/ny/", people.relate, name="relate", open_to=opens_cases),
        page("<slug:number>/personer/<uuid:id>/", people.reveal, name="reveal", open_to=opens_cases),
        page("<slug:number>/personer/<uuid:id>/ta-bort/", people.unrelate, name="unrelate", open_to=opens_cases),
        page("<slug:number>/personer/<uuid:id>/skydd/", people.protect, name="protect", open_to=opens_cases),
        page("<slug:number>/personer/<uuid:id>/uppgift/", people.add_detail, name="add-detail", open_to=opens_cases),
        page("<slug:number>/skyddat/<uuid:id>/", people.reveal_detail, name="reveal-detail", open_to=opens_cases),
        page("<slug:number>/skyddat/<uuid:id>/andra/", people.change_detail, name="change-detail", open_to=opens_cases),
        page("<slug:number>/skyddat/<uuid:id>/upphor/", people.end_detail, name="end-detail", open_to=opens_cases),
        page("<slug:number>/gruppen/", cases.assign, name="assign", open_to=leads_cases),
        page("<slug:number>/handlingar/", documents.documents, name="documents", open_to=works_with_cases),
        page("<slug:number>/handlingar/ny/", documents.add, name="add-document", open_to=works_with_cases),
        page("<slug:number>/handlingar/<uuid:id>/", documents.document, name="document", open_to=works_with_cases),
        page("<slug:number>/handlingar/<uuid:id>/hamta/", documents.take_out, name="take-out", open_to=works_with_cases),
        page("<slug:number>/handlingar/<uuid:id>/granska/", documents.review, name="review", open_to=works_with_cases),
        page("<slug:number>/avsluta/", cases.close, name="close", open_to=leads_cases),
    ],
    "casework",
)
