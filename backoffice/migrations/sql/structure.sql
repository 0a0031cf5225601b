-- What the organization never does: departments and managers in circles, places in what is closed.

SELECT backoffice_add_company_fk('backoffice_branch', 'work_calendar_id', 'backoffice_work_calendar');
SELECT backoffice_add_company_fk('backoffice_department', 'merged_into_id', 'backoffice_department');
SELECT backoffice_add_company_fk('backoffice_cost_center', 'merged_into_id', 'backoffice_cost_center');
SELECT backoffice_add_company_fk('backoffice_work_window', 'calendar_id', 'backoffice_work_calendar');
SELECT backoffice_add_company_fk('backoffice_calendar_day', 'calendar_id', 'backoffice_work_calendar');

-- Changes of one tree come one after the other, so that two of them cannot close a circle together.
-- After the lock each statement of the function sees what the others have committed.
CREATE FUNCTION backoffice_department_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL OR (TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('departments:' || NEW.company_id, 0));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT d.parent_id FROM backoffice_department d JOIN above ON d.id = above.id WHERE d.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'department % would stand below itself', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'department_tree';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tree BEFORE INSERT OR UPDATE ON backoffice_department
    FOR EACH ROW EXECUTE FUNCTION backoffice_department_tree();

-- The first day on which a person would stand above themselves, if `manager` were their manager from `since` to `until`;
-- null when there is none. Each step up keeps the days that all links before it share.
CREATE FUNCTION backoffice_manager_circle(company bigint, person bigint, manager bigint, since date, until date) RETURNS date
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain(person_id, days) AS (
        SELECT manager, daterange(since, until, '[]')
        UNION
        SELECT p.manager_person_id, chain.days * daterange(p.valid_from, p.valid_to, '[]')
        FROM backoffice_placement p JOIN chain ON p.person_id = chain.person_id
        WHERE p.company_id = company AND p.manager_person_id IS NOT NULL AND chain.person_id <> person
          AND chain.days && daterange(p.valid_from, p.valid_to, '[]')
    )
    SELECT min(coalesce(lower(days), since)) FROM chain WHERE person_id = person AND NOT isempty(days)
$$;

CREATE FUNCTION backoffice_lock_managers(company bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('managers:' || company, 0))
$$;

CREATE FUNCTION backoffice_placement_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
    circle date;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.valid_from >= OLD.valid_from
       AND coalesce(NEW.valid_to, 'infinity') <= coalesce(OLD.valid_to, 'infinity')
       AND (NEW.branch_id, NEW.department_id) = (OLD.branch_id, OLD.department_id)
       AND (NEW.cost_center_id, NEW.manager_person_id) IS NOT DISTINCT FROM (OLD.cost_center_id, OLD.manager_person_id) THEN
        RETURN NEW;  -- fewer days of what was allowed
    END IF;
    -- The rows are held, so that none of them is closed before this placement is committed.
    closed := least(
        (SELECT closed_on FROM backoffice_branch WHERE id = NEW.branch_id FOR SHARE),
        (SELECT closed_on FROM backoffice_department WHERE id = NEW.department_id FOR SHARE),
        (SELECT closed_on FROM backoffice_cost_center WHERE id = NEW.cost_center_id FOR SHARE)
    );
    IF coalesce(NEW.valid_to, 'infinity') > closed THEN
        RAISE EXCEPTION 'a placement until % lies in a part that closes on %', NEW.valid_to, closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_in_open_parts';
    END IF;
    IF NEW.manager_person_id IS NOT NULL THEN
        PERFORM backoffice_lock_managers(NEW.company_id);
        circle := backoffice_manager_circle(NEW.company_id, NEW.person_id, NEW.manager_person_id, NEW.valid_from, NEW.valid_to);
        IF circle IS NOT NULL THEN
            RAISE EXCEPTION 'person % would stand above themselves on %', NEW.person_id, circle
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_manager_chain';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules AFTER INSERT OR UPDATE ON backoffice_placement
    FOR EACH ROW EXECUTE FUNCTION backoffice_placement_rules();

-- Nobody stands in a part, and no department below it is open, after its last day.
CREATE FUNCTION backoffice_part_closes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken boolean;
BEGIN
    IF NEW.closed_on IS NULL OR NEW.closed_on IS NOT DISTINCT FROM OLD.closed_on THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM backoffice_placement WHERE company_id = $1 AND %I = $2
                    AND coalesce(valid_to, ''infinity'') > $3)', TG_ARGV[0]) INTO taken USING NEW.company_id, NEW.id, NEW.closed_on;
    IF taken THEN
        RAISE EXCEPTION '% % still has people after %', TG_TABLE_NAME, NEW.id, NEW.closed_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_closes_empty';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closes_empty AFTER UPDATE ON backoffice_branch
    FOR EACH ROW EXECUTE FUNCTION backoffice_part_closes('branch_id');
CREATE TRIGGER closes_empty AFTER UPDATE ON backoffice_department
    FOR EACH ROW EXECUTE FUNCTION backoffice_part_closes('department_id');
CREATE TRIGGER closes_empty AFTER UPDATE ON backoffice_cost_center
    FOR EACH ROW EXECUTE FUNCTION backoffice_part_closes('cost_center_id');

-- What stands below a department ends with it, or has moved before.
CREATE FUNCTION backoffice_department_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('departments:' || NEW.company_id, 0));
    IF EXISTS (SELECT FROM backoffice_department below WHERE below.parent_id = NEW.id
               AND coalesce(below.closed_on, 'infinity') > coalesce(NEW.closed_on, 'infinity'))
       OR EXISTS (SELECT FROM backoffice_department above WHERE above.id = NEW.parent_id
                  AND coalesce(above.closed_on, 'infinity') < coalesce(NEW.closed_on, 'infinity')) THEN
        RAISE EXCEPTION 'department % outlives the one above it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'department_ends_with_parent';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ends_with_parent AFTER INSERT OR UPDATE OF closed_on, parent_id ON backoffice_department
    FOR EACH ROW WHEN (NEW.closed_on IS NOT NULL OR NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION backoffice_department_closes();
