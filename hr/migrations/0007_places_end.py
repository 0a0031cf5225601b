"""A place ends with its contract, also where the contract had ended before this was so."""

from typing import ClassVar

from django.db import migrations

END = """
DELETE FROM backoffice_placement p USING hr_employment_contract c
WHERE p.employment_id = c.id AND p.valid_from > c.ended_on;
UPDATE backoffice_placement p SET valid_to = c.ended_on FROM hr_employment_contract c
WHERE p.employment_id = c.id AND c.ended_on < coalesce(p.valid_to, 'infinity')
"""


class Migration(migrations.Migration):
    """Places of people who left."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("hr", "0006_employee_listing")]
    operations: ClassVar[list[migrations.RunSQL]] = [migrations.RunSQL(END, migrations.RunSQL.noop)]
