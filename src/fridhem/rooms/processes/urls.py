from fridhem.foundation.accounts.pages import page
from fridhem.rooms.processes.enums import Kind
from fridhem.rooms.processes.permissions import may_read, owns, publishes
from fridhem.rooms.processes.views import agreeing, processes, tables

TABLE = "tabeller/<slug:key>/<int:version>"
OF_A_TABLE = {"kind": Kind.TABLE}

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
        page(f"{TABLE}/foresla/", agreeing.propose, name="propose-table", open_to=owns, given=OF_A_TABLE),
        page(f"{TABLE}/publicera/", agreeing.publish, name="publish-table", open_to=publishes, given=OF_A_TABLE),
        page(f"{TABLE}/tillbaka/", agreeing.send_back, name="send-table-back", open_to=publishes, given=OF_A_TABLE),
        page(f"{TABLE}/kasta/", agreeing.discard, name="discard-table", open_to=owns, given=OF_A_TABLE),
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
