from fridhem.foundation.accounts.pages import page
from fridhem.rooms.casework.permissions import leads_cases, opens_cases, works_with_cases
from fridhem.rooms.casework.views import cases

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
        page("<slug:number>/person/", cases.reveal, name="reveal", open_to=opens_cases),
        page("<slug:number>/gruppen/", cases.assign, name="assign", open_to=leads_cases),
        page("<slug:number>/avsluta/", cases.close, name="close", open_to=leads_cases),
    ],
    "casework",
)
