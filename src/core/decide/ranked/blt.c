/* Reading BLT files: see files.h. */
#include <string.h>

#include "core/decide/ranked/files.h"
#include "core/decide/text.h"

enum { TOKEN_MAX = 1000000 };

struct reader {
	const char *at, *end;
	size_t line;       /* of `at` */
	size_t token_line; /* of the last token */
	struct arena *arena;
	struct decide_error *error;
	size_t candidates, seats;
	struct str *nicks;  /* [candidates] or NULL */
	bool *withdrawn;    /* [candidates] */
	uint32_t *tie;      /* [candidates] place in the tie order + 1; NULL when none is given */
	uint32_t *ballot;   /* scratch [candidates] */
	struct ranked_making making;
};

static enum status
fail(struct reader *r, const char *field, const char *text)
{
	return decide_fail(r->error, r->token_line, str_of(field), text);
}

static enum status
fail_about(struct reader *r, const char *field, const char *text, struct str token)
{
	return decide_fail_with(r->error, r->token_line, str_of(field), text,
	                        message_text("what", str_cut(token, 0, 100)));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

static bool
ahead(const struct reader *r, const char *text)
{
	return str_starts((struct str){ r->at, (size_t)(r->end - r->at) }, str_of(text));
}

static void
skip_line(struct reader *r)
{
	while (r->at < r->end && *r->at != '\n')
		r->at++;
}

/* Past white space and comments. INVALID when a comment never ends. */
static enum status
skip_space(struct reader *r)
{
	for (;;) {
		if (r->at < r->end && is_space(*r->at)) {
			r->line += *r->at++ == '\n';
		} else if (ahead(r, "#")) {
			skip_line(r);
		} else if (ahead(r, "/*")) {
			struct str rest = { r->at, (size_t)(r->end - r->at) };
			size_t stop = str_find(rest, STR("*/"));

			r->token_line = r->line;
			if (stop == rest.len)
				return fail(r, "", MSG("A comment is opened here and never closed."));
			for (; r->at < rest.ptr + stop + 2; r->at++)
				r->line += *r->at == '\n';
		} else {
			r->token_line = r->line;
			return OK;
		}
	}
}

/* The next word, also cut at [ and ] so that "[nick a]" is four. INVALID at the end. */
static enum status
next_token(struct reader *r, const char *field, struct str *ret)
{
	const char *from;
	enum status st = skip_space(r);

	if (st != OK)
		return st;
	from = r->at;
	if (from == r->end)
		return fail(r, field, MSG("The file ends too early: is it cut short?"));
	if (*r->at == '[' || *r->at == ']')
		r->at++;
	else
		while (r->at < r->end && !is_space(*r->at) && *r->at != '[' && *r->at != ']' &&
		       !ahead(r, "/*"))
			r->at++;
	*ret = (struct str){ from, (size_t)(r->at - from) };
	return OK;
}

static enum status
number_of(struct reader *r, struct str token, int64_t least, int64_t most, const char *field,
          int64_t *ret)
{
	if (str_to_int(token, ret) != OK)
		return fail_about(r, field, MSG("A number is needed here, not {what}."), token);
	if (*ret < least || *ret > most)
		return fail_about(r, field, MSG("{what} is out of range."), token);
	return OK;
}

/* A candidate by number or nick. */
static enum status
candidate_of(struct reader *r, struct str token, uint32_t *ret)
{
	int64_t n;

	for (size_t c = 0; r->nicks != NULL && c < r->candidates; c++)
		if (str_eq(r->nicks[c], token)) {
			*ret = (uint32_t)c;
			return OK;
		}
	if (str_to_int(token, &n) != OK || n < 1 || n > (int64_t)r->candidates)
		return fail_about(r, "ballot", MSG("There is no candidate {what}."), token);
	*ret = (uint32_t)n - 1;
	return OK;
}

static enum status
read_nick(struct reader *r, size_t n, struct str token)
{
	if (n >= r->candidates)
		return fail(r, "nick", MSG("There are more nicks than candidates."));
	if (n == 0) {
		r->nicks = ARENA_ARRAY(r->arena, r->candidates, struct str);
		if (r->nicks == NULL)
			return NO_MEMORY;
	}
	for (size_t c = 0; c < n; c++)
		if (str_eq(r->nicks[c], token))
			return fail_about(r, "nick", MSG("The nick {what} is there twice."), token);
	r->nicks[n] = token;
	return OK;
}

static enum status
read_tie(struct reader *r, size_t n, struct str token)
{
	uint32_t c;
	enum status st = candidate_of(r, token, &c);

	if (st != OK)
		return st;
	if (r->tie == NULL)
		r->tie = ARENA_ARRAY(r->arena, r->candidates, uint32_t);
	if (r->tie == NULL)
		return NO_MEMORY;
	if (r->tie[c] != 0)
		return fail_about(r, "tie", MSG("{what} is twice in the order for ties."), token);
	r->tie[c] = (uint32_t)n + 1;
	return OK;
}

static enum status
end_option(struct reader *r, struct str name, size_t count)
{
	if (str_is(name, "nick") && count != r->candidates)
		return fail(r, "nick", MSG("There must be a nick for each candidate."));
	if (str_is(name, "tie") && count != r->candidates)
		return fail(r, "tie", MSG("The order for ties must name each candidate once."));
	return OK;
}

/* [name word word …]; its [ has been read. */
static enum status
read_option(struct reader *r)
{
	struct str name, token;
	enum status st = next_token(r, "", &name);

	if (st == OK && !str_is(name, "nick") && !str_is(name, "withdrawn") &&
	    !str_is(name, "tie") && !str_is(name, "droop"))
		return fail_about(r, "", MSG("The option {what} is not known."), name);
	for (size_t n = 0; st == OK; n++) {
		uint32_t c = 0;

		st = next_token(r, "", &token);
		if (st == OK && str_is(token, "]"))
			return end_option(r, name, n);
		if (st == OK && str_is(name, "nick"))
			st = read_nick(r, n, token);
		if (st == OK && str_is(name, "tie"))
			st = read_tie(r, n, token);
		if (st == OK && str_is(name, "withdrawn")) {
			st = candidate_of(r, token, &c);
			if (st == OK)
				r->withdrawn[c] = true;
		}
	}
	return st;
}

/* The candidates of one rank, "3" or "3=1". */
static enum status
read_rank(struct reader *r, struct str token, size_t *count)
{
	uint32_t same = 0;

	while (token.ptr != NULL) {
		struct str piece = str_next(&token, '=');
		uint32_t c;
		enum status st = candidate_of(r, piece, &c);

		if (st != OK)
			return st;
		if (*count == r->candidates)
			return fail(r, "ballot", MSG("A candidate is ranked twice."));
		r->ballot[(*count)++] = c | same;
		same = RANKED_SAME;
	}
	return OK;
}

/* Behind its weight, up to its 0. */
static enum status
read_ballot(struct reader *r, uint32_t weight)
{
	struct str token;
	size_t count = 0, line = r->token_line;
	enum status st;

	for (;;) {
		st = next_token(r, "ballot", &token);
		if (st != OK)
			return st;
		if (str_is(token, "0"))
			break;
		if (str_is(token, "-"))
			continue;
		st = read_rank(r, token, &count);
		if (st != OK)
			return st;
	}
	return ranked_fail(ranked_ballot(&r->making, r->ballot, count, weight), line, r->error);
}

/* "(id)" in place of a weight. */
static enum status
skip_id(struct reader *r, struct str token)
{
	enum status st = OK;

	while (st == OK && !str_ends(token, STR(")")))
		st = next_token(r, "ballot", &token);
	return st;
}

static enum status
read_ballots(struct reader *r, struct str token)
{
	for (;;) {
		int64_t weight = 1;
		enum status st;

		st = str_starts(token, STR("(")) ? skip_id(r, token)
		     : number_of(r, token, 0, RANKED_VOTERS_MAX, "weight", &weight);
		if (st != OK || weight == 0)
			return st;
		st = read_ballot(r, (uint32_t)weight);
		if (st == OK)
			st = next_token(r, "weight", &token);
		if (st != OK)
			return st;
	}
}

/* The counts, and what stands before the first ballot, whose first word is *token then. */
static enum status
read_head(struct reader *r, struct str *token)
{
	int64_t n = 0, seats = 0;
	enum status st = next_token(r, "candidates", token);

	if (st == OK)
		st = number_of(r, *token, 1, RANKED_CANDIDATES_MAX, "candidates", &n);
	if (st == OK)
		st = next_token(r, "seats", token);
	if (st == OK)
		st = number_of(r, *token, 1, n, "seats", &seats);
	if (st != OK)
		return st;
	r->candidates = (size_t)n;
	r->seats = (size_t)seats;
	r->withdrawn = ARENA_ARRAY(r->arena, r->candidates, bool);
	r->ballot = ARENA_ARRAY(r->arena, r->candidates, uint32_t);
	if (r->withdrawn == NULL || r->ballot == NULL)
		return NO_MEMORY;
	for (size_t c = 0; st == OK && c < r->candidates; c++)
		st = ranked_candidate(&r->making, STR(""), false);
	while (st == OK && (st = next_token(r, "weight", token)) == OK) {
		if (str_is(*token, "[")) {
			st = read_option(r);
		} else if (str_starts(*token, STR("-"))) {
			st = number_of(r, *token, -n, -1, "withdrawn", &seats);
			if (st == OK)
				r->withdrawn[-seats - 1] = true;
		} else {
			break;
		}
	}
	return st;
}

/* A quoted name, where "" stands for one quote. */
static enum status
read_quoted(struct reader *r, struct str *ret)
{
	const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	char *out;
	size_t len = 0;

	if (stop == NULL)
		stop = r->end;
	out = arena_bytes(r->arena, (size_t)(stop - r->at) + 1);
	if (out == NULL)
		return NO_MEMORY;
	for (const char *p = r->at + 1; p < stop; p++) {
		if (*p == '"' && p + 1 < stop && p[1] == '"') {
			p++;
		} else if (*p == '"') {
			r->at = p + 1;
			*ret = str_trim((struct str){ out, len });
			return OK;
		}
		out[len++] = *p;
	}
	return fail(r, "name", MSG("A quote is opened here and never closed."));
}

/* The next name or title; *ret is empty with NOT_FOUND at the end of the file. */
static enum status
read_name(struct reader *r, struct str *ret)
{
	struct str line;
	const char *from;

	for (;;) {
		while (r->at < r->end && is_space(*r->at))
			r->line += *r->at++ == '\n';
		r->token_line = r->line;
		if (r->at == r->end)
			return NOT_FOUND;
		if (*r->at == '"')
			return read_quoted(r, ret);
		if (ahead(r, "/*")) {
			enum status st = skip_space(r);

			if (st != OK)
				return st;
			continue;
		}
		from = r->at;
		skip_line(r);
		line = str_trim((struct str){ from, (size_t)(r->at - from) });
		if (str_starts(line, STR("# ALTERNATIVE NAME "))) {
			size_t colon = str_find(line, STR(":"));

			*ret = str_trim(str_cut(line, colon + 1, line.len));
			return OK;
		}
		if (line.ptr[0] != '#') {
			*ret = line;
			return OK;
		}
	}
}

static enum status
read_names(struct reader *r)
{
	struct ranked_election *e = &r->making.e;
	enum status st = OK;

	for (size_t c = 0; st == OK && c < r->candidates; c++) {
		struct str name = STR("");

		st = read_name(r, &name);
		if (st == NOT_FOUND)
			return fail(r, "name", MSG("The file ends before each candidate has a name."));
		if (st == OK && !ranked_is_name(name))
			return fail(r, "name", MSG("A name must have 1 to 500 bytes, on one line."));
		e->candidates[c].name = name;
		e->candidates[c].withdrawn = r->withdrawn[c];
		if (r->tie != NULL)
			e->candidates[c].tie = r->tie[c] - 1;
	}
	if (st == OK)
		st = read_name(r, &e->title);
	return st == NOT_FOUND ? OK : st;
}

bool
ranked_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
			return false;
	return name.len > 0 && name.len <= RANKED_NAME_MAX;
}

enum status
ranked_read_blt(struct arena *arena, struct str text, struct ranked_election *ret,
                struct decide_error *error)
{
	struct reader r = { .line = 1, .arena = arena, .error = error };
	struct str token;
	enum status st = decide_text_open(&text, RANKED_BYTES_MAX, error);

	if (st != OK)
		return st;
	r.at = text.ptr;
	r.end = r.at + text.len;
	ranked_begin(&r.making, arena);
	st = read_head(&r, &token);
	if (st == OK)
		st = read_ballots(&r, token);
	if (st == OK)
		st = read_names(&r);
	return st == OK ? ranked_end(&r.making, r.seats, ret, error) : st;
}
