-- A closed run never changes again, but for the one step by which it is concluded.
CREATE OR REPLACE FUNCTION hr_payroll_run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slips record;
BEGIN
    IF OLD.state IN ('closed', 'reported') THEN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.state = 'closed' AND NEW.state = 'reported' AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state' THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'payroll run % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.state IN ('closed', 'reported') THEN
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

-- Payrolls that were closed before there was a conclusion still have theirs to come: their work is done, not over.
ALTER TABLE backoffice_work_item DISABLE TRIGGER guard_move;
UPDATE backoffice_work_item SET closed_at = NULL WHERE process = 'hr.payroll_run' AND state = 'closed';
ALTER TABLE backoffice_work_item ENABLE TRIGGER guard_move;
