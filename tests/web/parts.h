/* What the page of all parts shows (parts.html): for looking at the style, and for test_html. */
#ifndef TESTS_WEB_PARTS_H
#define TESTS_WEB_PARTS_H

#include "web/html.h"
#include "web/error_summary.h"
#include "web/pager.h"
#include "web/strip.h"

struct parts_row {
	struct option_id id;
	struct str title, path, why, kind;
	struct amount cost;
	int64_t votes;
	bool won;
};

struct parts_rows {
	struct parts_row *ptr;
	size_t len;
};

struct parts_view {
	struct str heading, rules_path, typed;
	struct parts_rows rows, nothing;
	struct amount pot, chosen;
	struct instant closes;
	int64_t people, voters;
	struct strip strip, second;
	struct safe_html text;
	struct message why;
	struct error_summary errors;
	struct pager pager;
};

#endif
