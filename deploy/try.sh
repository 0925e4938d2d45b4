#!/usr/bin/env bash
# The steps of the containers, without a container engine: a fresh clone, the libraries that the image
# has, a primary and a replica by the same scripts, the same environment, and the same commands.
# As root on Debian with postgresql-15. Leaves nothing behind.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
bin=/usr/lib/postgresql/15/bin
work=$(mktemp -d)
chmod 755 "$work"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
as_postgres() { (cd / && runuser -u postgres -- env PATH="$bin:$PATH" "$@"); }
step() { printf '== %s\n' "$*"; }
pids=()
clean_up() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    for folder in replica primary; do
        if [ -e "$work/$folder/postmaster.pid" ]; then
            as_postgres pg_ctl -D "$work/$folder" -m immediate stop >/dev/null || true
        fi
    done
    rm -rf "$work"
}
trap clean_up EXIT

step "A fresh clone with the libraries of the image"
git clone --quiet --no-hardlinks "$project" "$work/readout"
cd "$work/readout"
python3 -m uv sync --locked --no-dev --group tracing --quiet

step "The primary, as its first start makes it"
db=$(free_port) copy=$(free_port) web=$(free_port)
export POSTGRES_PASSWORD=89abcdef01234567 DATABASE_PASSWORD=0123456789abcdef REPLICATION_PASSWORD=fedcba9876543210
install -d -o postgres -g postgres -m 700 "$work/primary" "$work/replica"
install -m 755 deploy/containers/primary.sh deploy/containers/replica.sh "$work/"
install -o postgres -m 600 <(printf %s "$POSTGRES_PASSWORD") "$work/password"
as_postgres initdb -D "$work/primary" --username=postgres --pwfile="$work/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >/dev/null
as_postgres pg_ctl -D "$work/primary" -w -l "$work/primary/log" \
    -o "-p $db -k $work/primary -c listen_addresses=127.0.0.1 -c max_connections=80 -c idle_in_transaction_session_timeout=5min -c shared_preload_libraries=pg_stat_statements" start >/dev/null
export PGPASSWORD=$POSTGRES_PASSWORD
as_postgres env PGDATA="$work/primary" PGHOST=127.0.0.1 PGPORT="$db" "$work/primary.sh"
echo "host replication replicator 127.0.0.1/32 scram-sha-256" >>"$work/primary/pg_hba.conf"
as_postgres pg_ctl -D "$work/primary" reload >/dev/null

step "The replica, which copies it and follows"
as_postgres env PGDATA="$work/replica" PRIMARY=127.0.0.1 PRIMARY_PORT="$db" \
    "$work/replica.sh" -c port="$copy" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$work/replica" \
    >"$work/replica.log" 2>&1 &
pids+=("$!")
for _ in $(seq 100); do as_postgres pg_isready -q -h 127.0.0.1 -p "$copy" && break; sleep 0.2; done

step "Readout, with the environment of the compose file"
export DATABASE_URL="postgresql://readout:$DATABASE_PASSWORD@127.0.0.1:$db/readout"
export READOUT_HOSTS=readout.example.org READOUT_PROXIED=1 READOUT_LOG=json
READOUT_SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')
export READOUT_SECRET_KEY READOUT_LOCAL_DIR="$work/data" READOUT_METRICS_TOKEN=0123456789abcdef0123
mkdir "$work/data"
.venv/bin/python manage.py serve --host 127.0.0.1 --port "$web" --workers 2 >"$work/serve.log" 2>&1 &
pids+=("$!")
for _ in $(seq 3000); do
    grep -q "^Readout is at" "$work/serve.log" && break
    kill -0 "${pids[1]}" || { cat "$work/serve.log"; exit 1; }
    sleep 0.2
done

step "Health, a page, the numbers"
# As the image's HEALTHCHECK asks.
.venv/bin/python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$web/health/live', timeout=4)"
curl --fail --silent --show-error "http://127.0.0.1:$web/health/ready"; echo
curl --fail --silent --show-error --output /dev/null -H "Host: readout.example.org" -H "X-Forwarded-Proto: https" "http://127.0.0.1:$web/"
[ "$(curl --silent --output /dev/null --write-out '%{http_code} %{redirect_url}' -H "Host: readout.example.org" "http://127.0.0.1:$web/about/")" = "301 https://readout.example.org/about/" ]
curl --fail --silent --show-error -H "Authorization: Bearer $READOUT_METRICS_TOKEN" "http://127.0.0.1:$web/metrics" | grep '^readout_database_up 1.0'
.venv/bin/python manage.py db_worker --batch --no-startup-delay
.venv/bin/python manage.py dump_datapackage --verbosity 0

step "What came to the replica"
for _ in $(seq 100); do
    found=$(as_postgres env PGPASSWORD="$DATABASE_PASSWORD" psql -qAtX -h 127.0.0.1 -p "$copy" -U readout -d readout \
        -c "SELECT count(*) > 0 FROM negotiations_statement" 2>/dev/null || true)
    [ "$found" = t ] && break
    sleep 0.2
done
[ "$found" = t ] || { tail -5 "$work/replica.log"; exit 1; }
echo "it has the statements"

step "The doctor"
# Nothing answers at readout.example.org from here, and no backup was made: warnings.
.venv/bin/python manage.py doctor
step "All well"
