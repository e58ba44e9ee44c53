from django.db import migrations

from fridhem.foundation.database import walls


def of(*roles: str) -> str:
    """Those who act in one of the roles."""
    named = ", ".join(f"'{role}'" for role in roles)
    return f"(SELECT acting_user() IS NOT NULL AND acting_role() IN ({named}))"


ADMINISTRATOR, LEADER, OFFICER, AUDITOR = "administrator", "team_leader", "privacy_officer", "auditor"
SEES = of(ADMINISTRATOR, LEADER, OFFICER)


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("database", "0001_acting")]

    operations = [
        walls.close("retention_matter", "retention_hold", "retention_list", "retention_line", "retention_proof"),
        walls.let("sees", "retention_matter", may="SELECT", where=SEES),
        walls.let("holds", "retention_matter", may="UPDATE", where=of(LEADER, OFFICER)),
        walls.let("sees", "retention_hold", may="SELECT", where=SEES),
        walls.let("holds", "retention_hold", may="INSERT", where=of(LEADER, OFFICER)),
        walls.let("lifts", "retention_hold", may="UPDATE", where=of(LEADER)),
        walls.let("sees", "retention_list", may="SELECT", where=SEES),
        walls.let("proposes", "retention_list", may="INSERT", where=of(ADMINISTRATOR)),
        walls.let("decides", "retention_list", may="UPDATE", where=of(ADMINISTRATOR, LEADER)),
        walls.let("sees", "retention_line", may="SELECT", where=SEES),
        walls.let("proposes", "retention_line", may="INSERT", where=of(ADMINISTRATOR)),
        walls.let("excludes", "retention_line", may="UPDATE", where=of(ADMINISTRATOR, LEADER)),
        walls.let("sees", "retention_proof", may="SELECT", where=of(ADMINISTRATOR, LEADER, OFFICER, AUDITOR)),
        walls.let_house("retention_matter", walls.EVERYTHING),
        walls.let_house("retention_hold", "SELECT, DELETE"),
        walls.let_house("retention_list", "SELECT, UPDATE"),
        walls.let_house("retention_line", "SELECT, UPDATE"),
        walls.let_house("retention_proof", "SELECT, INSERT"),
    ]
