-- What lists of employees sort and join by. Only these triggers write it; they run as the owner, the role `app` reads.
SELECT backoffice_add_company_fk('hr_employee_listing', 'employee_id', 'hr_employee');
ALTER TABLE hr_employee_listing ADD CONSTRAINT hr_employee_listing_contract_id_same_company
    FOREIGN KEY (company_id, contract_id) REFERENCES hr_employment_contract (company_id, id) ON DELETE SET NULL (contract_id);

-- A name without regard to case and accents: by code points "Ícaro" would come last.
CREATE FUNCTION hr_sort_name(name text) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT unaccent(lower(name))
$$;

CREATE FUNCTION hr_list_new_employees() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO hr_employee_listing (employee_id, company_id, sort_name)
    SELECT employee.id, employee.company_id, hr_sort_name(party.name)
    FROM new_rows employee JOIN backoffice_party party ON party.id = employee.party_id;
    RETURN NULL;
END $$;
CREATE TRIGGER listed AFTER INSERT ON hr_employee REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION hr_list_new_employees();

CREATE FUNCTION hr_list_employee_under_other_party() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE hr_employee_listing SET sort_name = (SELECT hr_sort_name(name) FROM backoffice_party WHERE id = NEW.party_id)
    WHERE employee_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER listed_again AFTER UPDATE OF party_id ON hr_employee
    FOR EACH ROW WHEN (OLD.party_id IS DISTINCT FROM NEW.party_id) EXECUTE FUNCTION hr_list_employee_under_other_party();

CREATE FUNCTION hr_list_party_under_new_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE hr_employee_listing SET sort_name = hr_sort_name(NEW.name)
    WHERE employee_id IN (SELECT id FROM hr_employee WHERE party_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER listed_as_employee AFTER UPDATE OF name ON backoffice_party
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION hr_list_party_under_new_name();

-- The rows are locked by a statement of their own: the next one then sees what another transaction did meanwhile.
CREATE FUNCTION hr_list_latest_contract() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM hr_employee_listing WHERE employee_id IN (SELECT employee_id FROM changed)
    ORDER BY employee_id FOR UPDATE;
    UPDATE hr_employee_listing listing SET contract_id = latest.id
    FROM (
        SELECT DISTINCT ON (employee.employee_id) employee.employee_id, contract.id
        FROM (SELECT DISTINCT employee_id FROM changed) employee
        LEFT JOIN hr_employment_contract contract ON contract.employee_id = employee.employee_id
        ORDER BY employee.employee_id, contract.admitted_on DESC, contract.id DESC
    ) latest
    WHERE latest.employee_id = listing.employee_id AND listing.contract_id IS DISTINCT FROM latest.id;
    RETURN NULL;
END $$;
CREATE TRIGGER listed_new AFTER INSERT ON hr_employment_contract REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_list_latest_contract();
CREATE TRIGGER listed_changed AFTER UPDATE ON hr_employment_contract REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_list_latest_contract();
CREATE TRIGGER listed_gone AFTER DELETE ON hr_employment_contract REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_list_latest_contract();

INSERT INTO hr_employee_listing (employee_id, company_id, sort_name, contract_id)
SELECT employee.id, employee.company_id, hr_sort_name(party.name),
       (SELECT id FROM hr_employment_contract WHERE employee_id = employee.id ORDER BY admitted_on DESC, id DESC LIMIT 1)
FROM hr_employee employee JOIN backoffice_party party ON party.id = employee.party_id;
