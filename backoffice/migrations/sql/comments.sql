-- Comments: references stay inside one company.
SELECT backoffice_add_company_fk('backoffice_comment_version', 'comment_id', 'backoffice_comment');
SELECT backoffice_add_company_fk('backoffice_mention', 'comment_id', 'backoffice_comment');

-- Who said something where and when never changes; a deleted comment stays deleted, and none goes without a trace.
CREATE FUNCTION backoffice_comment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.deleted_at IS NOT NULL
        OR to_jsonb(OLD) - 'text' - 'edited_at' - 'deleted_at' <> to_jsonb(NEW) - 'text' - 'edited_at' - 'deleted_at' THEN
        RAISE EXCEPTION 'comment % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    -- Words change only together with the moment at which they did, so that no correction is silent.
    IF NEW.deleted_at IS NULL AND NEW.text <> OLD.text AND NEW.edited_at IS NOT DISTINCT FROM OLD.edited_at THEN
        RAISE EXCEPTION 'comment % says when it was edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON backoffice_comment FOR EACH ROW EXECUTE FUNCTION backoffice_comment_guard();

-- Earlier texts never change; they go only with the words of a deleted comment.
CREATE FUNCTION backoffice_comment_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM backoffice_comment WHERE id = OLD.comment_id AND deleted_at IS NULL) THEN
        RAISE EXCEPTION 'earlier text % of a comment stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON backoffice_comment_version
    FOR EACH ROW EXECUTE FUNCTION backoffice_comment_version_guard();
