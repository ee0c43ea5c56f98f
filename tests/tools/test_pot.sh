#!/bin/sh
# locale/folkmoot.pot has every text of the program and no other. $1: the build folder.
set -eu
new=$(mktemp)
trap 'rm -f "$new" "$new.there" "$new.made"' EXIT
"$(dirname "$0")/../../tools/update_pot.sh" "$1" "$new"
texts() { msgcat --no-location --no-wrap --sort-output "$1" | grep -v '^#'; }
texts "$(dirname "$0")/../../locale/folkmoot.pot" >"$new.there"
texts "$new" >"$new.made"
if [ "$(grep -c '^msgid' "$new.made")" -lt 500 ]; then
	echo "# only $(grep -c '^msgid' "$new.made") texts found"
	echo "not ok locale: every text is in folkmoot.pot"
	exit 1
fi
if ! diff "$new.there" "$new.made" | sed 's/^/# /' | tee "$new" | head -40; [ -s "$new" ]; then
	echo "# run: ninja -C build-dev update-pot"
	echo "not ok locale: every text is in folkmoot.pot"
	exit 1
fi
echo "ok locale: every text is in folkmoot.pot"
