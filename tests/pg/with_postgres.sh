#!/usr/bin/env bash
# with_postgres.sh COMMAND…: runs it beside a PostgreSQL of its own (PGHOST is set): a new
# database in a temporary folder, a Unix socket and no port, nothing synced. Both are gone
# afterwards (should this script be killed, the server still ends). PostgreSQL refuses to run
# as root, so root lends it another user.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ]; then
	echo "skip postgresql # postgresql-15 is not installed"
	exit 0
fi

as=(setpriv --pdeathsig QUIT)
folder=$(mktemp -d "${TMPDIR:-/tmp}/folkmoot-pg-XXXXXX")
if [ "$(id -u)" = 0 ]; then
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$folder"
	as+=(--reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi
server=
stop() {
	if [ -n "$server" ]; then
		kill -QUIT "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

cd "$folder" # readable by its user, as the present folder may not be
"${as[@]}" "$bin/initdb" -D data -U folkmoot -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 ||
	{ cat initdb.log >&2; exit 1; }
# For tests of passwords; before the lines that trust everybody.
sed -i '1i local all needs_password scram-sha-256' data/pg_hba.conf
"${as[@]}" "$bin/postgres" -D data -k "$folder" -c listen_addresses= -c fsync=off \
	-c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB >server.log 2>&1 &
server=$!
export PGHOST=$folder PGUSER=folkmoot PGDATABASE=postgres
for _ in $(seq 100); do
	"$bin/pg_isready" -q && break
	kill -0 "$server" 2>/dev/null || { cat server.log >&2; exit 1; }
	sleep 0.1
done
cd - >/dev/null
"$@"
