#!/bin/sh
# Makes locale/folkmoot.pot, the list of all texts: ninja -C build update-pot
# $1 is the build folder, whose src/web/*.html.c are the templates as C; $2 another file to make
# instead (tests/tools/test_pot.sh).
set -eu
build=$(cd "$1" && pwd)
pot=${2:-locale/folkmoot.pot}
cd "$(dirname "$0")/.."
{ find src -name '*.[ch]'; find "$build/src/web" -name '*.html.c'; } | LC_ALL=C sort |
	xgettext --files-from=- --output="$pot" --from-code=UTF-8 --language=C \
		--keyword --keyword=MSG --keyword=MSG_PLURAL:1,2 --keyword=refuse:3 \
		--keyword=refuse_with:3 --keyword=locale_words:2 --keyword=locale_words_plural:2,3 \
		--add-comments=TRANSLATORS --add-location=file --sort-by-file --no-wrap \
		--package-name=folkmoot
# No date, no empty title, no machine's paths: the file changes only when a text does.
sed -i -e '/^# /d' -e '/^"POT-Creation-Date:/d' -e 's|charset=CHARSET|charset=UTF-8|' \
	-e '/^#:/s|[^ ]*/src/web/|src/web/|g' "$pot"
