from django.urls import path

from fridhem.rooms.casework import views

staff = (
    [
        path("", views.cases, name="cases"),
        path("att-gora/", views.work, name="work"),
        path("sok/", views.find, name="find"),
        path("nytt/", views.open_new, name="open"),
        path("<slug:number>/", views.case, name="case"),
        path("<slug:number>/steg/<uuid:id>/", views.step, name="step"),
        path("<slug:number>/anteckning/", views.note, name="note"),
        path("<slug:number>/insats/", views.grant, name="grant"),
        path("<slug:number>/insats/<uuid:id>/avsluta/", views.end, name="end"),
        path("<slug:number>/person/", views.reveal, name="reveal"),
        path("<slug:number>/gruppen/", views.assign, name="assign"),
        path("<slug:number>/avsluta/", views.close, name="close"),
    ],
    "casework",
)
