from django.db import migrations

from fridhem.foundation.database import walls

IN_MY_CASES = "(SELECT acting_in('case')) AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
OF_A_DISCLOSURE = "EXISTS (SELECT FROM disclosures_disclosure d WHERE d.id = disclosure_id)"
LEDGER = "(SELECT acting_in('audit') AND acting_role() = 'privacy_officer')"
MINE = "{} = (SELECT acting_user()) AND (SELECT acting_in('case'))"


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial"), ("casework", "0008_subject_of"), ("database", "0001_acting")]

    operations = [
        walls.close("disclosures_disclosure", "disclosures_file", "disclosures_allowance", "disclosures_departure"),
        walls.let(
            "team",
            "disclosures_disclosure",
            may="SELECT, INSERT",
            where=IN_MY_CASES,
            check=f"{IN_MY_CASES} AND {MINE.format('made_by_id')}",
        ),
        walls.let("team", "disclosures_file", may="SELECT, INSERT", where=IN_MY_CASES),
        walls.let(
            "team",
            "disclosures_allowance",
            may="SELECT, INSERT",
            where=IN_MY_CASES,
            check=f"{IN_MY_CASES} AND {MINE.format('by_id')}",
        ),
        walls.let("team", "disclosures_departure", may="SELECT", where=OF_A_DISCLOSURE),
        walls.let("team", "disclosures_departure", may="INSERT", where=f"{OF_A_DISCLOSURE} AND {MINE.format('by_id')}"),
        walls.let("ledger", "disclosures_disclosure", may="SELECT", where=LEDGER),
        walls.let("ledger", "disclosures_allowance", may="SELECT", where=LEDGER),
    ]
