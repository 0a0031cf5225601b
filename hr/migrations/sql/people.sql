-- References between people's records stay inside one company.
SELECT backoffice_add_company_fk('hr_dependent', 'employee_id', 'hr_employee');
SELECT backoffice_add_company_fk('hr_employment_contract', 'employee_id', 'hr_employee');
SELECT backoffice_add_company_fk('hr_contract_terms', 'contract_id', 'hr_employment_contract');
SELECT backoffice_add_company_fk('hr_contract_terms', 'job_title_id', 'hr_job_title');
SELECT backoffice_add_company_fk('hr_salary_floor', 'job_title_id', 'hr_job_title');
SELECT backoffice_add_company_fk('hr_late_fact', 'contract_id', 'hr_employment_contract');
SELECT backoffice_add_company_fk('backoffice_placement', 'employment_id', 'hr_employment_contract');

-- Terms lie inside the life of their contract.
CREATE FUNCTION hr_terms_inside_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    admitted date;
    ended date;
BEGIN
    SELECT admitted_on, ended_on INTO admitted, ended FROM hr_employment_contract WHERE id = NEW.contract_id FOR SHARE;
    IF NEW.valid_from < admitted OR NEW.valid_from > coalesce(ended, 'infinity') THEN
        RAISE EXCEPTION 'terms from % lie outside contract %', NEW.valid_from, NEW.contract_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inside_contract BEFORE INSERT OR UPDATE ON hr_contract_terms
    FOR EACH ROW EXECUTE FUNCTION hr_terms_inside_contract();
