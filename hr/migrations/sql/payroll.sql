-- The payroll's invariants. References stay inside one company.
SELECT backoffice_add_company_fk('hr_payslip', 'run_id', 'hr_payroll_run');
SELECT backoffice_add_company_fk('hr_payslip', 'contract_id', 'hr_employment_contract');
SELECT backoffice_add_company_fk('hr_payslip_line', 'payslip_id', 'hr_payslip');
-- The composite keys above say all that Django's single-column ones say, and the mass insert pays for each.
DO $$
DECLARE
    twin record;
BEGIN
    FOR twin IN
        SELECT conrelid::regclass AS child, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid IN ('hr_payslip'::regclass, 'hr_payslip_line'::regclass)
          AND array_length(conkey, 1) = 1
          AND confrelid IN ('hr_payroll_run'::regclass, 'hr_employment_contract'::regclass, 'hr_payslip'::regclass,
                            'backoffice_company'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', twin.child, twin.conname);
    END LOOP;
END $$;

-- An index on the company alone helps nobody in tables where one company may own every row, and without statistics the
-- checks of the composite keys would choose it: computing a large run again took five times as long.
DO $$
DECLARE
    lone record;
BEGIN
    FOR lone IN
        SELECT indexrelid::regclass AS name FROM pg_index x
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] AND a.attname = 'company_id'
        WHERE x.indrelid IN ('hr_payslip'::regclass, 'hr_payslip_line'::regclass) AND x.indnatts = 1 AND NOT x.indisunique
    LOOP
        EXECUTE format('DROP INDEX %s', lone.name);
    END LOOP;
END $$;

-- Results may change only while their run is being computed and its month is open. Statement triggers with transition
-- tables: one look for a mass insert, not one for each row. The shared locks make closing wait, and closing makes us wait.
CREATE FUNCTION hr_require_computing(run_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    run record;
BEGIN
    FOR run IN SELECT id, company_id, competence, state FROM hr_payroll_run WHERE id = ANY (run_ids) ORDER BY id FOR SHARE
    LOOP
        IF run.state <> 'computing' THEN
            RAISE EXCEPTION 'payroll run % is %, not being computed', run.id, run.state USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM backoffice_require_open_period(run.company_id, 'payroll', run.competence);
    END LOOP;
END $$;
CREATE FUNCTION hr_payslips_changing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hr_require_computing(ARRAY(SELECT DISTINCT run_id FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION hr_payslip_lines_changing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hr_require_computing(ARRAY(SELECT DISTINCT p.run_id FROM changed c JOIN hr_payslip p ON p.id = c.payslip_id));
    RETURN NULL;
END $$;
CREATE TRIGGER computing_insert AFTER INSERT ON hr_payslip REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslips_changing();
CREATE TRIGGER computing_update AFTER UPDATE ON hr_payslip REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslips_changing();
CREATE TRIGGER computing_delete AFTER DELETE ON hr_payslip REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslips_changing();
CREATE TRIGGER computing_insert AFTER INSERT ON hr_payslip_line REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslip_lines_changing();
CREATE TRIGGER computing_update AFTER UPDATE ON hr_payslip_line REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslip_lines_changing();
CREATE TRIGGER computing_delete AFTER DELETE ON hr_payslip_line REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION hr_payslip_lines_changing();

-- A payslip never changes its run or contract, so the update trigger above may look at the old run alone.
CREATE FUNCTION hr_payslip_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payslip stays with its run and contract' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OF run_id, contract_id, company_id ON hr_payslip
    FOR EACH ROW EXECUTE FUNCTION hr_payslip_stays();

-- A run is closed only when its sums are the sums of its payslips and of their lines; then it never changes again.
CREATE FUNCTION hr_payroll_run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slips record;
BEGIN
    IF OLD.state = 'closed' THEN
        RAISE EXCEPTION 'payroll run % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.state = 'closed' THEN
        SELECT count(*) AS n, count(*) FILTER (WHERE state <> 'ok') AS failed, coalesce(sum(earnings), 0) AS earnings,
               coalesce(sum(deductions), 0) AS deductions, coalesce(sum(net), 0) AS net, coalesce(sum(inss), 0) AS inss,
               coalesce(sum(irrf), 0) AS irrf, coalesce(sum(fgts), 0) AS fgts
        INTO slips FROM hr_payslip WHERE run_id = NEW.id;
        IF slips.failed > 0 OR (slips.n, slips.earnings, slips.deductions, slips.net, slips.inss, slips.irrf, slips.fgts)
            IS DISTINCT FROM (NEW.payslip_count::bigint, NEW.earnings, NEW.deductions, NEW.net, NEW.inss, NEW.irrf, NEW.fgts) THEN
            RAISE EXCEPTION 'the sums of payroll run % are not those of its payslips', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT FROM hr_payslip p LEFT JOIN (
                SELECT l.payslip_id, sum(l.amount) FILTER (WHERE i.kind = 'earning') AS earnings,
                       sum(l.amount) FILTER (WHERE i.kind = 'deduction') AS deductions
                FROM hr_payslip_line l JOIN hr_pay_item i ON i.id = l.pay_item_id
                WHERE l.payslip_id IN (SELECT id FROM hr_payslip WHERE run_id = NEW.id) GROUP BY l.payslip_id) s
            ON s.payslip_id = p.id
            WHERE p.run_id = NEW.id AND (p.earnings, p.deductions)
                IS DISTINCT FROM (coalesce(s.earnings, 0), coalesce(s.deductions, 0))) THEN
            RAISE EXCEPTION 'a payslip of run % is not the sum of its lines', NEW.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON hr_payroll_run FOR EACH ROW EXECUTE FUNCTION hr_payroll_run_guard();
