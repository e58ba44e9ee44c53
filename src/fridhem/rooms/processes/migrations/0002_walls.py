from django.db import migrations

from fridhem.foundation.database import walls

OWNER = "(SELECT acting_role()) = 'process_owner'"
AGREES = "(SELECT acting_role()) IN ('process_owner', 'team_leader')"


class Migration(migrations.Migration):
    dependencies = [("processes", "0001_initial"), ("database", "0001_acting")]

    operations = [
        walls.close("processes_version", "processes_trial"),
        walls.let(
            "published", "processes_version", may="SELECT", where="status = 'published' AND (SELECT acting_user()) IS NOT NULL"
        ),
        walls.let("agreed", "processes_version", may="SELECT, UPDATE", where=AGREES),
        walls.let("owned", "processes_version", may="INSERT", where=f"{OWNER} AND status = 'draft'"),
        walls.let("discarded", "processes_version", may="DELETE", where=f"{OWNER} AND status = 'draft'"),
        walls.let(
            "owned", "processes_trial", may=walls.EVERYTHING, where=OWNER, check=f"{OWNER} AND user_id = (SELECT acting_user())"
        ),
        walls.let_house("processes_version", "SELECT"),
    ]
