-- Numbers of documents.

ALTER TABLE backoffice_number_counter ADD CONSTRAINT number_counter_company FOREIGN KEY (company_id) REFERENCES backoffice_company (id);
ALTER TABLE backoffice_issued_number ADD CONSTRAINT issued_number_company FOREIGN KEY (company_id) REFERENCES backoffice_company (id);
ALTER TABLE backoffice_number_format ADD CONSTRAINT number_format_company FOREIGN KEY (company_id) REFERENCES backoffice_company (id);

-- A counter goes up by one, from one, and never away.
CREATE FUNCTION backoffice_counter_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a counter stays' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'INSERT' AND NEW.last <> 1 THEN
        RAISE EXCEPTION 'a counter begins with 1' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (NEW.last <> OLD.last + 1 OR (NEW.company_id, NEW.series, NEW.branch_id, NEW.year)
                                <> (OLD.company_id, OLD.series, OLD.branch_id, OLD.year)) THEN
        RAISE EXCEPTION 'a counter goes up by one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE OR DELETE ON backoffice_number_counter
    FOR EACH ROW EXECUTE FUNCTION backoffice_counter_steps();

-- Every step of a counter ends as a number that a record has: checked when the transaction is about to commit.
CREATE FUNCTION backoffice_counter_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM backoffice_issued_number WHERE company_id = NEW.company_id AND series = NEW.series
                   AND branch_id = NEW.branch_id AND year = NEW.year AND number = NEW.last) THEN
        RAISE EXCEPTION 'number % of % was taken and not given', NEW.last, NEW.series USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER used AFTER INSERT OR UPDATE ON backoffice_number_counter
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION backoffice_counter_used();

CREATE FUNCTION backoffice_issued_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM backoffice_number_counter WHERE company_id = NEW.company_id AND series = NEW.series
                   AND branch_id = NEW.branch_id AND year = NEW.year AND last = NEW.number) THEN
        RAISE EXCEPTION 'number % of % does not come from its counter', NEW.number, NEW.series USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counted BEFORE INSERT ON backoffice_issued_number
    FOR EACH ROW EXECUTE FUNCTION backoffice_issued_is_counted();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON backoffice_issued_number
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();

-- Plain numbers come from a sequence for each series; the role `app` may make no sequences, so this does, when the first
-- number is asked for. The name is made of numbers and a hash alone.
CREATE FUNCTION backoffice_next_plain_number(company bigint, series text, branch bigint, year integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('backoffice_plain_%s_%s_%s_%s', company, substr(md5(series), 1, 10), branch, year);
BEGIN
    IF to_regclass(quote_ident(name)) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        IF NOT EXISTS (SELECT FROM backoffice_company WHERE id = company) THEN
            RAISE EXCEPTION 'no company %', company USING ERRCODE = 'foreign_key_violation';
        END IF;
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
    END IF;
    RETURN nextval(quote_ident(name));
END $$;
