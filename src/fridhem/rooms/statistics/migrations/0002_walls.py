from django.db import migrations

from fridhem.foundation.database import walls

RELEASES = "(SELECT acting_in('statistics') AND acting_role() = 'strategist')"


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial"), ("database", "0001_acting")]

    operations = [
        walls.close("statistics_release"),
        walls.let(
            "released", "statistics_release", may="SELECT", where="status = 'released' AND (SELECT acting_user()) IS NOT NULL"
        ),
        walls.let("released_by", "statistics_release", where=RELEASES),
        walls.let_house("statistics_release", "SELECT, UPDATE"),
    ]
