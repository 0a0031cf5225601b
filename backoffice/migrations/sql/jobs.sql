-- How far a running chunk is means nothing after a crash: no write-ahead log for it.
ALTER TABLE backoffice_job_heartbeat SET UNLOGGED;
