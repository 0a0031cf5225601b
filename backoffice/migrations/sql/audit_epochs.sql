-- Numbers of transactions belong to one server. An epoch is the time that the log spent on one: after a dump is restored
-- into another server its numbers start low again, and the old ones can no longer be running.

INSERT INTO backoffice_event_epoch (system_identifier, began_at)
SELECT system_identifier, clock_timestamp() FROM pg_control_system();

-- The epoch of the server that answers, begun when an event is the first one here. SECURITY DEFINER: the role `app` may
-- begin an epoch in no other way.
CREATE FUNCTION backoffice_current_epoch() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    server bigint := (SELECT system_identifier FROM pg_control_system());
    found integer;
BEGIN
    SELECT id INTO found FROM backoffice_event_epoch WHERE system_identifier = server;
    IF found IS NULL THEN
        -- a second one that begins at the same moment waits here for the first
        INSERT INTO backoffice_event_epoch (system_identifier, began_at) VALUES (server, clock_timestamp())
        ON CONFLICT (system_identifier) DO UPDATE SET system_identifier = EXCLUDED.system_identifier
        RETURNING id INTO found;
    END IF;
    RETURN found;
END $$;

-- What is there is of the first epoch; the constant fills old rows without writing them.
ALTER TABLE backoffice_event ADD COLUMN epoch integer NOT NULL DEFAULT 1;
ALTER TABLE backoffice_event ALTER COLUMN epoch SET DEFAULT backoffice_current_epoch();
DROP INDEX backoffice_event_xid;
CREATE INDEX backoffice_event_epoch_xid ON backoffice_event (epoch, xid);

-- How many events the transactions [first, next) of an epoch wrote, and the SHA-256 over all of them in the order of their
-- ids. The epoch itself is not hashed: an event moved to another one is missing in its block.
DROP FUNCTION backoffice_event_digest(xid8, xid8);
CREATE FUNCTION backoffice_event_digest(of_epoch integer, first xid8, next xid8, OUT count integer, OUT digest text)
LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer,
           encode(sha256(convert_to(string_agg(jsonb_build_array(id, extract(epoch FROM at), extract(epoch FROM recorded_at),
               xid::text, action, company_id, actor_id, on_behalf_of_id, token_id, channel, target_type, target_id, data,
               reason, request_id)::text, E'\n' ORDER BY id), 'UTF8')), 'hex')
    FROM backoffice_event WHERE backoffice_event.epoch = of_epoch AND xid >= first AND xid < next
$$;

-- The first transaction of an epoch that a block may not hold yet: the oldest one that still runs here, or, in an epoch of
-- another server where nothing runs any more, the one after the last.
CREATE FUNCTION backoffice_epoch_horizon(of_epoch integer) RETURNS xid8 LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN of_epoch = backoffice_current_epoch() THEN backoffice_event_horizon()
           ELSE (SELECT (max(xid)::text::bigint + 1)::text::xid8 FROM backoffice_event WHERE epoch = of_epoch) END
$$;
