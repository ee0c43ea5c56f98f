/* Reading PrefLib files: see files.h. */
#include <string.h>

#include "core/decide/ranked/files.h"
#include "core/decide/text.h"

struct reader {
	struct arena *arena;
	struct decide_error *error;
	struct str rest;
	size_t line;
	int64_t candidates, seats; /* 0: not said */
	struct str *names;         /* [candidates] */
	bool *withdrawn;
	struct str title;
	uint32_t *ballot;
	struct ranked_making making;
	bool making_begun;
};

static enum status
fail(struct reader *r, const char *field, const char *text)
{
	return decide_fail(r->error, r->line, str_of(field), text);
}

static enum status
fail_about(struct reader *r, const char *field, const char *text, struct str what)
{
	return decide_fail_with(r->error, r->line, str_of(field), text,
	                        message_text("what", str_cut(what, 0, 100)));
}

static enum status
read_number(struct reader *r, struct str text, int64_t least, int64_t most, const char *field,
            int64_t *ret)
{
	text = str_trim(text);
	if (str_to_int(text, ret) != OK)
		return fail_about(r, field, MSG("A number is needed here, not {what}."), text);
	if (*ret < least || *ret > most)
		return fail_about(r, field, MSG("{what} is out of range."), text);
	return OK;
}

static enum status
read_count(struct reader *r, struct str value)
{
	enum status st;

	if (r->candidates > 0)
		return fail(r, "NUMBER ALTERNATIVES", MSG("This is said twice."));
	st = read_number(r, value, 1, RANKED_CANDIDATES_MAX, "NUMBER ALTERNATIVES",
	                 &r->candidates);
	if (st != OK)
		return st;
	r->names = ARENA_ARRAY(r->arena, (size_t)r->candidates, struct str);
	r->withdrawn = ARENA_ARRAY(r->arena, (size_t)r->candidates, bool);
	r->ballot = ARENA_ARRAY(r->arena, (size_t)r->candidates, uint32_t);
	return r->names == NULL || r->withdrawn == NULL || r->ballot == NULL ? NO_MEMORY : OK;
}

static enum status
need_count(struct reader *r)
{
	return r->candidates > 0 ? OK
	       : fail(r, "NUMBER ALTERNATIVES",
	              MSG("The number of candidates must be said before this line."));
}

static enum status
read_name(struct reader *r, struct str number, struct str value)
{
	int64_t n = 0;
	enum status st = need_count(r);

	if (st == OK)
		st = read_number(r, number, 1, r->candidates, "ALTERNATIVE NAME", &n);
	if (st != OK)
		return st;
	if (!ranked_is_name(value))
		return fail(r, "ALTERNATIVE NAME", MSG("A name must have 1 to 500 bytes, on one line."));
	if (r->names[n - 1].len > 0)
		return fail(r, "ALTERNATIVE NAME", MSG("This is said twice."));
	r->names[n - 1] = value;
	return OK;
}

static enum status
read_withdrawn(struct reader *r, struct str value)
{
	enum status st = need_count(r);

	while (st == OK && value.ptr != NULL) {
		int64_t n = 0;

		st = read_number(r, str_next(&value, ','), 1, r->candidates, "WITHDRAWN", &n);
		if (st == OK)
			r->withdrawn[n - 1] = true;
	}
	return st;
}

/* "# KEY: value"; keys that are not known are read past. */
static enum status
read_about(struct reader *r, struct str line)
{
	static const struct str name = STR_INIT("ALTERNATIVE NAME ");
	size_t colon = str_find(line, STR(":"));
	struct str key = str_trim(str_cut(line, 1, colon));
	struct str value = str_trim(str_cut(line, colon + 1, line.len));

	if (r->making_begun)
		return OK;
	if (str_is(key, "NUMBER ALTERNATIVES"))
		return read_count(r, value);
	if (str_starts(key, name))
		return read_name(r, str_cut(key, name.len, key.len), value);
	if (str_is(key, "SEATS"))
		return read_number(r, value, 1, RANKED_CANDIDATES_MAX, "SEATS", &r->seats);
	if (str_is(key, "WITHDRAWN"))
		return read_withdrawn(r, value);
	if (str_is(key, "TITLE"))
		r->title = value;
	return OK;
}

static enum status
begin_ballots(struct reader *r)
{
	enum status st = need_count(r);

	r->making_begun = true;
	ranked_begin(&r->making, r->arena);
	for (int64_t c = 0; st == OK && c < r->candidates; c++) {
		struct str name = r->names[c];

		if (name.len == 0 &&
		    str_format(r->arena, &name, "%lld", (long long)c + 1) != OK)
			return NO_MEMORY;
		st = ranked_candidate(&r->making, name, r->withdrawn[c]);
	}
	return st;
}

/* "12: 3,{1,2},4" */
static enum status
read_ballot(struct reader *r, struct str line)
{
	size_t colon = str_find(line, STR(":"));
	struct str rest = str_trim(str_cut(line, colon + 1, line.len));
	int64_t weight = 0, who = 0;
	size_t count = 0;
	bool open = false, same = false;
	enum status st = OK;

	if (colon == line.len)
		return fail(r, "ballot", MSG("A ballot is written as number: 1,2,3."));
	if (rest.len == 0)
		rest.ptr = NULL;
	st = read_number(r, str_cut(line, 0, colon), 0, RANKED_VOTERS_MAX, "weight", &weight);
	while (st == OK && rest.ptr != NULL) {
		struct str one = str_trim(str_next(&rest, ','));
		bool opens = str_starts(one, STR("{")), closes = str_ends(one, STR("}"));

		if (opens && open)
			return fail(r, "ballot", MSG("An opening brace within another pair of braces."));
		open |= opens;
		if (closes && !open)
			return fail(r, "ballot", MSG("A closing brace without its opening one."));
		if (opens && closes && one.len == 2) {
			open = false; /* {}: nobody */
			continue;
		}
		one = str_cut(one, opens, one.len - (closes && one.len > 0));
		st = read_number(r, one, 1, r->candidates, "ballot", &who);
		if (st == OK && count == (size_t)r->candidates)
			return fail(r, "ballot", MSG("A candidate is ranked twice."));
		if (st == OK)
			r->ballot[count++] = (uint32_t)(who - 1) | (same ? RANKED_SAME : 0);
		open &= !closes;
		same = open;
	}
	if (st == OK && open)
		return fail(r, "ballot", MSG("An opening brace without its closing one."));
	return st != OK ? st : ranked_fail(ranked_ballot(&r->making, r->ballot, count,
	                                                  (uint32_t)weight), r->line, r->error);
}

enum status
ranked_read_preflib(struct arena *arena, struct str text, struct ranked_election *ret,
                    struct decide_error *error)
{
	struct reader r = { .arena = arena, .error = error };
	enum status st = decide_text_open(&text, RANKED_BYTES_MAX, error);

	for (r.rest = text; st == OK && r.rest.ptr != NULL;) {
		struct str line = str_trim(str_next(&r.rest, '\n'));

		r.line++;
		if (line.len == 0)
			continue;
		if (line.ptr[0] == '#') {
			st = read_about(&r, line);
			continue;
		}
		if (!r.making_begun)
			st = begin_ballots(&r);
		if (st == OK)
			st = read_ballot(&r, line);
	}
	if (st == OK && !r.making_begun)
		st = begin_ballots(&r);
	if (st != OK)
		return st;
	r.making.e.title = r.title;
	return ranked_end(&r.making, r.seats > 0 ? (size_t)r.seats : 1, ret, error);
}
