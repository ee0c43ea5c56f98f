#!/usr/bin/env bash
# both.sh TEST…: test programs that run on SQLite elsewhere, here on PostgreSQL: each case in a
# database of its own. Beside the server of with_postgres.sh.
set -uo pipefail
export FOLKMOOT_TEST_DB="postgresql:///"
bad=0
for program in "$@"; do
	name=$(basename "$program")
	arguments=()
	[ "$name" != test_whole_village ] || arguments=(quick)
	out=$("$program" "${arguments[@]}" 2>&1)
	code=$?
	sed -E "s/^(ok|not ok|skip) /\1 pg $name: /" <<<"$out"
	if [ $code != 0 ]; then
		bad=1
		grep -q '^not ok' <<<"$out" || echo "not ok pg $name: ended with $code"
	fi
done
exit $bad
