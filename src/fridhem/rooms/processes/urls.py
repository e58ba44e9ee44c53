from functools import partial

from fridhem.foundation.accounts.pages import page
from fridhem.rooms.processes.enums import Kind
from fridhem.rooms.processes.permissions import may_read, owns, publishes
from fridhem.rooms.processes.views import agreeing, processes, tables

TABLE = "tabeller/<slug:key>/<int:version>"

staff = (
    [
        page("", processes.processes, name="processes", open_to=may_read),
        page("ladda-upp/", processes.upload, name="upload", open_to=owns),
        page("tabeller/", tables.tables, name="tables", open_to=may_read),
        page("tabeller/ladda-upp/", tables.upload, name="upload-table", open_to=owns),
        page("tabeller/<slug:key>/", tables.table, name="table", open_to=may_read),
        page(f"{TABLE}/", tables.one_version, name="table-version", open_to=may_read),
        page(f"{TABLE}/fil/", tables.file, name="table-file", open_to=may_read),
        page(f"{TABLE}/prova/", tables.trial, name="try-table", open_to=may_read),
        page(f"{TABLE}/foresla/", partial(agreeing.propose, kind=Kind.TABLE), name="propose-table", open_to=owns),
        page(f"{TABLE}/publicera/", partial(agreeing.publish, kind=Kind.TABLE), name="publish-table", open_to=publishes),
        page(f"{TABLE}/tillbaka/", partial(agreeing.send_back, kind=Kind.TABLE), name="send-table-back", open_to=publishes),
        page(f"{TABLE}/kasta/", partial(agreeing.discard, kind=Kind.TABLE), name="discard-table", open_to=owns),
        page("<slug:key>/", processes.process, name="process", open_to=may_read),
        page("<slug:key>/<int:version>/", processes.one_version, name="version", open_to=may_read),
        page("<slug:key>/<int:version>/fil/", processes.file, name="file", open_to=may_read),
        page("<slug:key>/<int:version>/prova/", processes.trial, name="trial", open_to=owns),
        page("<slug:key>/<int:version>/foresla/", agreeing.propose, name="propose", open_to=owns),
        page("<slug:key>/<int:version>/publicera/", agreeing.publish, name="publish", open_to=publishes),
        page("<slug:key>/<int:version>/tillbaka/", agreeing.send_back, name="send-back", open_to=publishes),
        page("<slug:key>/<int:version>/kasta/", agreeing.discard, name="discard", open_to=owns),
    ],
    "processes",
)
