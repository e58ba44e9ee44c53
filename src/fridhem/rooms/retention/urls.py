from fridhem.foundation.accounts.pages import page
from fridhem.rooms.retention import views
from fridhem.rooms.retention.permissions import (
    may_approve,
    may_exclude,
    may_hold,
    may_lift,
    may_propose,
    may_see,
    may_see_proof,
)

staff = (
    [
        page("", views.overview, name="overview", open_to=may_see),
        page("bedom/", views.assess, name="assess", open_to=may_see),
        page("regler/", views.rule_table, name="rules", open_to=may_see_proof),
        page("stopp/", views.holds, name="holds", open_to=may_see),
        page("stopp/<uuid:id>/hav/", views.lift, name="lift", open_to=may_lift),
        page("listor/", views.lists, name="lists", open_to=may_see),
        page("listor/ny/", views.propose, name="propose", open_to=may_propose),
        page("listor/<uuid:id>/", views.disposal_list, name="list", open_to=may_see),
        page("listor/<uuid:id>/godkann/", views.approve, name="approve", open_to=may_approve),
        page("listor/<uuid:id>/fortsatt/", views.resume, name="resume", open_to=may_see),
        page("listor/<uuid:id>/dra-tillbaka/", views.withdraw, name="withdraw", open_to=may_exclude),
        page("listor/<uuid:id>/rad/<uuid:line_id>/", views.exclude, name="exclude", open_to=may_exclude),
        page("bevis/", views.proofs, name="proofs", open_to=may_see_proof),
        page("bevis/gallrat.csv", views.proof_file, name="proof-file", open_to=may_see_proof),
        page("<uuid:id>/", views.matter, name="matter", open_to=may_see),
        page("<uuid:id>/stopp/", views.hold, name="hold", open_to=may_hold),
    ],
    "retention",
)
