#!/usr/bin/env bash
# Run once, when the primary is made: Readout's role with its database, and one for the replica.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v database="$DATABASE_PASSWORD" -v replication="$REPLICATION_PASSWORD" \
    -U postgres -d postgres <<'SQL'
CREATE ROLE readout LOGIN PASSWORD :'database';
GRANT pg_read_all_stats TO readout;
CREATE DATABASE readout OWNER readout;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication';
SELECT pg_create_physical_replication_slot('replica');
\connect readout
CREATE EXTENSION pg_stat_statements;
SQL
echo "host replication replicator all scram-sha-256" >>"$PGDATA/pg_hba.conf"
