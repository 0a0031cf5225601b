"""Payrolls that were opened before they had numbers get them, in the order of their opening."""

from typing import ClassVar

from django.db import migrations

# One number after another, because the counter goes up by one; closed payrolls change in nothing else.
GIVE = """
ALTER TABLE hr_payroll_run DISABLE TRIGGER USER;
DO $$
DECLARE
    run record;
    next integer;
    written text;
BEGIN
    FOR run IN SELECT id, company_id, extract(year FROM competence)::integer AS year FROM hr_payroll_run
               WHERE number = '' ORDER BY company_id, id LOOP
        INSERT INTO backoffice_number_counter (company_id, series, branch_id, year, last)
        VALUES (run.company_id, 'hr.payroll_run', 0, run.year, 1)
        ON CONFLICT (company_id, series, branch_id, year) DO UPDATE SET last = backoffice_number_counter.last + 1
        RETURNING last INTO next;
        written := format('FP-%s/%s', run.year, lpad(next::text, 3, '0'));
        INSERT INTO backoffice_issued_number
            (company_id, series, branch_id, year, number, text, target_type, target_id, at)
        VALUES (run.company_id, 'hr.payroll_run', 0, run.year, next, written, 'hr.payrollrun', run.id, now());
        UPDATE hr_payroll_run SET number = written WHERE id = run.id;
    END LOOP;
END $$;
ALTER TABLE hr_payroll_run ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Numbers of payrolls."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("hr", "0008_payroll_number"),
        ("backoffice", "0012_numbering_guards"),
    ]
    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL(GIVE, migrations.RunSQL.noop)
    ]
