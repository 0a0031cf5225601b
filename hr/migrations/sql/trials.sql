-- A trial begins with its contract, is extended once and later, and has 90 days in all (CLT arts. 445 and 451).
ALTER TABLE hr_employment_contract ADD CONSTRAINT contract_trial_lawful CHECK (
    (trial_until IS NULL AND trial_extended_until IS NULL)
    OR (trial_until IS NOT NULL AND trial_until >= admitted_on
        AND coalesce(trial_extended_until > trial_until, true)
        AND greatest(trial_until, trial_extended_until) - admitted_on < 90));
