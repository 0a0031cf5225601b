-- An employee whose hire is taken back leaves the list as well; only the owner's functions write it.
CREATE FUNCTION hr_unlist_employee() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM hr_employee_listing WHERE employee_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER unlisted BEFORE DELETE ON hr_employee FOR EACH ROW EXECUTE FUNCTION hr_unlist_employee();
