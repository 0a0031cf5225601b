"""Named reads of the payroll, by what they are about."""
