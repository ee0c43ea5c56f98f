#!/usr/bin/env bash
# with_postgres.sh [--replica] COMMAND…: runs it beside a PostgreSQL of its own (PGHOST is set; with
# --replica also PGREPLICA, the socket's folder of a streaming replica): a new
# database in a temporary folder, a Unix socket and no port, nothing synced. Both are gone
# afterwards (should this script be killed, the server still ends). PostgreSQL refuses to run
# as root, so root lends it another user.
set -euo pipefail

replica=
[ "$1" != --replica ] || { replica=yes; shift; }

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
servers=()
stop() {
	for server in "${servers[@]}"; do
		kill -QUIT "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	done
	rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

cd "$folder" # readable by its user, as the present folder may not be
"${as[@]}" "$bin/initdb" -D data -U folkmoot -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 ||
	{ cat initdb.log >&2; exit 1; }
# For tests of passwords; before the lines that trust everybody.
sed -i '1i local all needs_password scram-sha-256' data/pg_hba.conf
# start DATA SOCKET: waits until it serves.
start() {
	"${as[@]}" "$bin/postgres" -D "$1" -k "$2" -c listen_addresses= -c fsync=off \
		-c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB >"$1.log" 2>&1 &
	servers+=($!)
	for _ in $(seq 100); do
		"$bin/pg_isready" -q -h "$2" && return
		kill -0 $! 2>/dev/null || break
		sleep 0.1
	done
	cat "$1.log" >&2
	exit 1
}
export PGHOST=$folder PGUSER=folkmoot PGDATABASE=postgres
start data "$folder"
if [ -n "$replica" ]; then
	export PGREPLICA=$folder/replica
	"${as[@]}" mkdir replica
	"${as[@]}" "$bin/pg_basebackup" -h "$folder" -D copy -R -c fast --no-sync
	start copy "$PGREPLICA"
fi
cd - >/dev/null
"$@"
