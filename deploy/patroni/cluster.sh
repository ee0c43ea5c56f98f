# Sourced by ./start and ./try: three nodes of Patroni and PostgreSQL and three of etcd on loopback,
# in a folder of their own ($FOLDER), run by an unprivileged user. Everything ends with the caller.

BIN=$(ls -d /usr/lib/postgresql/15/bin 2>/dev/null || true)
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

need_programs() {
	local missing=()
	[ -n "$BIN" ] || missing+=(postgresql-15)
	command -v patroni >/dev/null || missing+=(patroni)
	command -v etcd >/dev/null || missing+=(etcd-server)
	command -v etcdctl >/dev/null || missing+=(etcd-client)
	[ ${#missing[@]} = 0 ] && return
	echo "skip patroni # not installed: ${missing[*]}"
	exit 0
}

# In a process namespace of its own: whatever happens to this script, nothing outlives it.
in_own_namespace() {
	if [ "$(id -u)" = 0 ] && [ -z "${FOLKMOOT_NAMESPACE:-}" ]; then
		FOLKMOOT_NAMESPACE=1 exec unshare --pid --fork --kill-child --mount-proc "$0" "$@"
	fi
}

make_folder() {
	FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/folkmoot-patroni-XXXXXX")
	AS=()
	if [ "$(id -u)" = 0 ]; then
		local user
		user=$(id -un postgres 2>/dev/null || echo nobody)
		chown "$user" "$FOLDER"
		AS=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
	fi
	trap end_cluster EXIT
	trap 'exit 1' INT TERM HUP
	BASE=$((20000 + RANDOM % 10000))
	PORTS=($((BASE + 1)) $((BASE + 2)) $((BASE + 3)))
}

end_cluster() {
	trap - EXIT
	for i in 1 2 3; do
		kill -CONT $(node_pids $i) 2>/dev/null
		kill -9 $(node_pids $i) 2>/dev/null
		[ -f "$FOLDER/etcd$i.pid" ] && kill -9 "$(<"$FOLDER/etcd$i.pid")" 2>/dev/null
	done
	wait 2>/dev/null
	rm -rf "$FOLDER"
}

# ---- etcd

start_etcd() { # NUMBER
	local i=$1 j peers=
	for j in 1 2 3; do
		peers+="${peers:+,}e$j=http://127.0.0.1:$((BASE + 20 + j))"
	done
	"${AS[@]}" env ETCD_UNSUPPORTED_ARCH="$(uname -m)" etcd --name "e$i" --data-dir "$FOLDER/etcd$i" \
		--listen-client-urls "http://127.0.0.1:$((BASE + 10 + i))" \
		--advertise-client-urls "http://127.0.0.1:$((BASE + 10 + i))" \
		--listen-peer-urls "http://127.0.0.1:$((BASE + 20 + i))" \
		--initial-advertise-peer-urls "http://127.0.0.1:$((BASE + 20 + i))" \
		--initial-cluster "$peers" --initial-cluster-state new --log-level error \
		>>"$FOLDER/etcd$i.log" 2>&1 &
	echo $! >"$FOLDER/etcd$i.pid"
	disown # its end is no news
}

stop_etcd() { kill -9 "$(<"$FOLDER/etcd$1.pid")"; }

# ---- nodes

start_node() { # NUMBER
	local i=$1 settings="$FOLDER/node$1.yml"
	sed -e "s|@NODE@|$i|g" -e "s|@FOLDER@|$FOLDER|g" -e "s|@BIN@|$BIN|g" \
		-e "s|@PORT@|${PORTS[$((i - 1))]}|g" -e "s|@REST@|$((BASE + 30 + i))|g" \
		-e "s|@ETCD1@|$((BASE + 11))|g" -e "s|@ETCD2@|$((BASE + 12))|g" \
		-e "s|@ETCD3@|$((BASE + 13))|g" "$HERE/patroni.yml" >"$settings"
	"${AS[@]}" patroni "$settings" >>"$FOLDER/node$i.log" 2>&1 &
	echo $! >"$FOLDER/node$i.pid"
	disown
}

# Patroni itself, the postmaster, and its children.
node_pids() { # NUMBER
	local post
	[ -f "$FOLDER/node$1.pid" ] && cat "$FOLDER/node$1.pid"
	post=$(postmaster "$1")
	[ -n "$post" ] && { echo "$post"; pgrep -P "$post"; }
	true
}

postmaster() { head -n 1 "$FOLDER/data$1/postmaster.pid" 2>/dev/null; }

# The number of the node that is the primary, by asking each; empty when there is none.
primary() {
	local i
	for i in 1 2 3; do
		if [ "$(timeout 2 "$BIN/psql" -XAt "postgresql://postgres@127.0.0.1:${PORTS[$((i - 1))]}/postgres?connect_timeout=2" \
			-c 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" = t ]; then
			echo "$i"
			return
		fi
	done
}

on_primary() { # SQL
	timeout 5 "$BIN/psql" -XAt "postgresql://postgres@127.0.0.1:${PORTS[$(($(primary) - 1))]}/${2:-postgres}" -c "$1" 2>/dev/null
}

# A primary and two replicas that stream, one of them synchronous.
is_whole() {
	[ "$(on_primary "SELECT count(*) FILTER (WHERE state = 'streaming') || ' ' ||
		count(*) FILTER (WHERE sync_state = 'sync') FROM pg_stat_replication")" = "2 1" ]
}

wait_whole() { # SECONDS
	local end=$((SECONDS + $1))
	while [ $SECONDS -lt $end ]; do
		is_whole && return
		sleep 0.5
	done
	echo "the cluster did not become whole within $1 s" >&2
	tail -n 5 "$FOLDER"/node*.log >&2
	return 1
}

start_cluster() {
	local i
	for i in 1 2 3; do start_etcd $i; done
	for i in $(seq 50); do
		etcdctl --endpoints "127.0.0.1:$((BASE + 11))" endpoint health >/dev/null 2>&1 && break
		sleep 0.2
	done
	for i in 1 2 3; do start_node $i; done
	wait_whole 90
	on_primary "CREATE ROLE folkmoot LOGIN CREATEDB" >/dev/null
	on_primary "CREATE DATABASE folkmoot OWNER folkmoot" >/dev/null
}

# For --db; behind the last / comes the database's name.
cluster_uri() {
	echo "postgresql://folkmoot@127.0.0.1:${PORTS[0]},127.0.0.1:${PORTS[1]},127.0.0.1:${PORTS[2]}/"
}
