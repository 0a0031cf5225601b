-- A reference inside a company can only lead to a record of the same company.
CREATE FUNCTION backoffice_add_company_fk(child text, child_column text, parent text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key_name text := parent || '_company_key';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = key_name) THEN
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I UNIQUE (company_id, id)', parent, key_name);
    END IF;
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (company_id, %I) REFERENCES %I (company_id, id) DEFERRABLE INITIALLY IMMEDIATE',
                   child, child || '_' || child_column || '_same_company', child_column, parent);
END $$;

SELECT backoffice_add_company_fk('backoffice_department', 'parent_id', 'backoffice_department');
SELECT backoffice_add_company_fk('backoffice_placement', 'branch_id', 'backoffice_branch');
SELECT backoffice_add_company_fk('backoffice_placement', 'department_id', 'backoffice_department');
SELECT backoffice_add_company_fk('backoffice_placement', 'cost_center_id', 'backoffice_cost_center');

ALTER TABLE backoffice_period_lock ADD CONSTRAINT period_lock_company FOREIGN KEY (company_id) REFERENCES backoffice_company (id);
ALTER TABLE backoffice_placement ADD CONSTRAINT placement_person FOREIGN KEY (person_id) REFERENCES backoffice_party (id);
ALTER TABLE backoffice_placement ADD CONSTRAINT placement_manager_person FOREIGN KEY (manager_person_id) REFERENCES backoffice_party (id);

-- A payroll, ledger, stock or fiscal trigger calls this before a row of a month may change.
CREATE FUNCTION backoffice_require_open_period(company bigint, area text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    closed timestamptz;
BEGIN
    SELECT closed_at INTO closed FROM backoffice_period_lock
    WHERE company_id = company AND domain = area AND month = date_trunc('month', day)::date FOR SHARE;
    IF NOT FOUND THEN  -- without the row there is nothing to hold, and closing could slip in between
        RAISE EXCEPTION 'month % of % was never opened', to_char(day, 'MM/YYYY'), area USING ERRCODE = 'restrict_violation';
    ELSIF closed IS NOT NULL THEN
        RAISE EXCEPTION 'month % of % is closed', to_char(day, 'MM/YYYY'), area USING ERRCODE = 'restrict_violation';
    END IF;
END $$;
