-- The three database roles, for the bundled server, for compose and for a server of your own.
-- Run it as superuser, or on a managed server as a role that may create roles and databases and
-- has pg_signal_backend to give. A second run changes nothing. It sets no passwords.
--   retaguarda_owner   owns everything, runs migrations; never used by web or workers
--   retaguarda_app     web, workers and tests: rows, never structure (its rights: see grants.py)
--   retaguarda_reader  reports: reads only
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['retaguarda_owner', 'retaguarda_app', 'retaguarda_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = name
                   AND (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls)) THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS', name);
        END IF;
    END LOOP;
END
$$;

-- CREATEDB: "erase the examples" makes a fresh database and switches to it.
ALTER ROLE retaguarda_owner CREATEDB;
ALTER ROLE retaguarda_app NOCREATEDB;
ALTER ROLE retaguarda_reader NOCREATEDB;
-- pg_signal_backend: to drop a database, it has to end the connections of the other two.
GRANT pg_signal_backend TO retaguarda_owner;

ALTER ROLE retaguarda_owner SET search_path = public;
ALTER ROLE retaguarda_app SET search_path = public;
ALTER ROLE retaguarda_reader SET search_path = public;

-- A process that hangs or was cut off must not hold its locks for ever.
ALTER ROLE retaguarda_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE retaguarda_reader SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE retaguarda_reader SET default_transaction_read_only = on;
