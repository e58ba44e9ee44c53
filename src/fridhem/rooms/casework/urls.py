from django.urls import path

from fridhem.rooms.casework.views import cases

staff = (
    [
        path("", cases.cases, name="cases"),
        path("att-gora/", cases.work, name="work"),
        path("sok/", cases.find, name="find"),
        path("nytt/", cases.open_new, name="open"),
        path("<slug:number>/", cases.case, name="case"),
        path("<slug:number>/steg/<uuid:id>/", cases.step, name="step"),
        path("<slug:number>/anteckning/", cases.note, name="note"),
        path("<slug:number>/insats/", cases.grant, name="grant"),
        path("<slug:number>/insats/<uuid:id>/avsluta/", cases.end, name="end"),
        path("<slug:number>/person/", cases.reveal, name="reveal"),
        path("<slug:number>/gruppen/", cases.assign, name="assign"),
        path("<slug:number>/avsluta/", cases.close, name="close"),
    ],
    "casework",
)
