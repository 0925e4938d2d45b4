#!/usr/bin/env bash
# The replica: copied from the primary at its first start, then following it.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    chmod 700 "$PGDATA"
    # What an earlier attempt left would be in the way.
    find "$PGDATA" -mindepth 1 -delete
    PGPASSWORD=$REPLICATION_PASSWORD pg_basebackup \
        --dbname="host=$PRIMARY port=${PRIMARY_PORT:-5432} user=replicator application_name=replica" \
        --pgdata="$PGDATA" --wal-method=stream --slot=replica --write-recovery-conf --checkpoint=fast
fi
# No fewer connections than the primary: it would not start.
exec postgres -c hot_standby=on -c max_connections=80 -c max_standby_streaming_delay=30s "$@"
