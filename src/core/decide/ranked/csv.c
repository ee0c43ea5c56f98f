/* Reading ballots and scores from CSV files: see files.h and scores.h. */
#include <string.h>
#include <strings.h>

#include "core/decide/ranked/files.h"
#include "core/decide/ranked/scores.h"

static bool
is_word(struct str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

bool
ranked_csv_is_mark(struct str cell)
{
	return cell.len == 0 || is_word(cell, "skipped") || is_word(cell, "undervote") ||
	       is_word(cell, "overvote");
}

enum status
ranked_csv_open(struct ranked_csv *csv, struct arena *arena, struct str text,
                struct decide_error *error)
{
	enum status st = ranked_open(&text, error);

	if (st != OK)
		return st;
	*csv = (struct ranked_csv){ .at = text.len == 0 ? "" : text.ptr, .line = 1 };
	csv->end = csv->at + text.len;
	csv->cells = ARENA_ARRAY(arena, RANKED_CELLS_MAX, struct str);
	return csv->cells == NULL ? NO_MEMORY : OK;
}

/* One quoted cell; at its opening quote. */
static enum status
read_quoted(struct ranked_csv *csv, struct arena *arena, struct str *ret,
            struct decide_error *error)
{
	const char *from = ++csv->at;
	bool doubled = false;
	char *out;
	size_t len = 0;

	for (;; csv->at++) {
		if (csv->at == csv->end)
			return decide_fail(error, csv->row_line, STR(""),
			                   MSG("A quote is opened here and never closed."));
		csv->line += *csv->at == '\n';
		if (*csv->at != '"')
			continue;
		if (csv->at + 1 == csv->end || csv->at[1] != '"')
			break;
		csv->at++;
		doubled = true;
	}
	*ret = (struct str){ from, (size_t)(csv->at++ - from) };
	if (!doubled)
		return OK;
	out = arena_bytes(arena, ret->len);
	if (out == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < ret->len; i++) {
		out[len++] = from[i];
		i += from[i] == '"';
	}
	*ret = (struct str){ out, len };
	return OK;
}

static enum status
read_cell(struct ranked_csv *csv, struct arena *arena, struct decide_error *error)
{
	struct str *cell = &csv->cells[csv->count];
	const char *from = csv->at;

	if (csv->count == RANKED_CELLS_MAX)
		return decide_fail(error, csv->row_line, STR(""), MSG("There are too many columns."));
	csv->count++;
	if (csv->at < csv->end && *csv->at == '"') {
		enum status st = read_quoted(csv, arena, cell, error);

		if (st != OK)
			return st;
		if (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n' && *csv->at != '\r')
			return decide_fail(error, csv->row_line, STR(""),
			                   MSG("Something stands between a closing quote and the next comma."));
	} else {
		while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n')
			csv->at++;
		*cell = (struct str){ from, (size_t)(csv->at - from) };
	}
	*cell = str_trim(*cell);
	return OK;
}

enum status
ranked_csv_row(struct ranked_csv *csv, struct arena *arena, struct decide_error *error)
{
	while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r'))
		csv->line += *csv->at++ == '\n';
	if (csv->at == csv->end)
		return NOT_FOUND;
	csv->count = 0;
	csv->row_line = csv->line;
	for (;;) {
		enum status st = read_cell(csv, arena, error);

		if (st != OK)
			return st;
		while (csv->at < csv->end && *csv->at == '\r')
			csv->at++;
		if (csv->at == csv->end)
			return OK;
		csv->line += *csv->at == '\n';
		if (*csv->at++ == '\n')
			return OK;
	}
}

/* The number of "Rank 3", "choice_3", "Preference 3rd"; 0 when it is another column. */
static int64_t
rank_of(struct str heading)
{
	static const char *const words[] = { "rank", "choice", "preference" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);
		struct str rest;
		int64_t n;

		if (heading.len <= len || strncasecmp(heading.ptr, words[i], len) != 0)
			continue;
		rest = str_cut(heading, len, heading.len);
		while (rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '_'))
			rest = str_cut(rest, 1, rest.len);
		if (str_to_int(rest, &n) == OK && n >= 1 && n <= RANKED_CANDIDATES_MAX)
			return n;
	}
	return 0;
}

static bool
is_weight(struct str heading)
{
	return is_word(heading, "count") || is_word(heading, "weight");
}

struct reader {
	struct arena *arena;
	struct decide_error *error;
	struct str text;
	size_t column[RANKED_CANDIDATES_MAX + 1]; /* of rank n; 0 or the column + 1 */
	size_t ranks;
	size_t weight; /* column + 1 or 0 */
	size_t columns;
	uint32_t *table; /* hash of a name → candidate + 1 */
	uint32_t *seen;  /* [candidates] the ballot that last had it */
	uint32_t ballot[RANKED_CANDIDATES_MAX];
	struct ranked_making making;
};

enum { TABLE = 4096 };

static size_t
place_of(struct reader *r, struct str name)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * 0x100000001b3u;
	h &= TABLE - 1;
	while (r->table[h] != 0 &&
	       !str_eq(r->making.e.candidates[r->table[h] - 1].name, name))
		h = (h + 1) & (TABLE - 1);
	return h;
}

static enum status
read_heading(struct reader *r, struct ranked_csv *csv)
{
	enum status st = ranked_csv_row(csv, r->arena, r->error);

	if (st != OK && st != NOT_FOUND)
		return st;
	for (size_t i = 0; st == OK && i < csv->count; i++) {
		int64_t n = rank_of(csv->cells[i]);

		if (is_weight(csv->cells[i]))
			r->weight = i + 1;
		if (n == 0)
			continue;
		if (r->column[n] != 0)
			return decide_fail(r->error, csv->row_line, csv->cells[i],
			                   MSG("This column is there twice."));
		r->column[n] = i + 1;
		r->ranks = (size_t)n > r->ranks ? (size_t)n : r->ranks;
	}
	r->columns = csv->count;
	if (r->ranks == 0)
		return decide_fail(r->error, 1, STR("Rank 1"),
		                   MSG("The first line must name the columns Rank 1, Rank 2, and so on."));
	return OK;
}

static enum status
weight_of(struct ranked_csv *csv, size_t column, int64_t *ret, struct decide_error *error)
{
	*ret = 1;
	if (column == 0)
		return OK;
	if (str_to_int(csv->cells[column - 1], ret) != OK || *ret < 0 || *ret > RANKED_VOTERS_MAX)
		return decide_fail_with(error, csv->row_line, STR("Count"),
		                        MSG("A number is needed here, not {what}."),
		                        message_text("what", str_cut(csv->cells[column - 1], 0, 100)));
	return OK;
}

/* First time round the names are collected, then the ballots. */
static enum status
take_row(struct reader *r, struct ranked_csv *csv, bool names, uint32_t row)
{
	int64_t weight;
	size_t count = 0;
	enum status st = weight_of(csv, r->weight, &weight, r->error);

	for (size_t n = 1; st == OK && n <= r->ranks; n++) {
		struct str cell = r->column[n] == 0 ? STR("") : csv->cells[r->column[n] - 1];
		size_t at;

		if (is_word(cell, "overvote"))
			break;
		if (ranked_csv_is_mark(cell))
			continue;
		if (!ranked_is_name(cell))
			return decide_fail(r->error, csv->row_line, STR("Rank"),
			                   MSG("A name must have 1 to 500 bytes, on one line."));
		at = place_of(r, cell);
		if (names && r->table[at] == 0) {
			st = ranked_fail(ranked_candidate(&r->making, cell, false), csv->row_line,
			                 r->error);
			r->table[at] = (uint32_t)r->making.e.candidate_count;
		}
		if (names || r->seen[r->table[at] - 1] == row)
			continue;
		r->seen[r->table[at] - 1] = row;
		r->ballot[count++] = r->table[at] - 1;
	}
	if (st != OK || names)
		return st;
	return ranked_fail(ranked_ballot(&r->making, r->ballot, count, (uint32_t)weight),
	                   csv->row_line, r->error);
}

static enum status
read_rows(struct reader *r, bool names)
{
	struct ranked_csv csv;
	enum status st = ranked_csv_open(&csv, r->arena, r->text, r->error);

	if (st == OK && names)
		st = read_heading(r, &csv);
	else if (st == OK)
		st = ranked_csv_row(&csv, r->arena, r->error);
	for (uint32_t row = 1; st == OK; row++) {
		st = ranked_csv_row(&csv, r->arena, r->error);
		if (st == OK && csv.count != r->columns)
			return decide_fail(r->error, csv.row_line, STR(""),
			                   MSG("This row has not as many cells as the first."));
		if (st == OK && row > RANKED_VOTERS_MAX)
			return ranked_fail(TOO_LARGE, csv.row_line, r->error);
		if (st == OK)
			st = take_row(r, &csv, names, row);
	}
	return st == NOT_FOUND ? OK : st;
}

enum status
ranked_read_csv(struct arena *arena, struct str text, struct ranked_election *ret,
                struct decide_error *error)
{
	struct reader *r = ARENA_NEW(arena, struct reader);
	enum status st;

	if (r == NULL)
		return NO_MEMORY;
	r->arena = arena;
	r->error = error;
	r->text = text;
	r->table = ARENA_ARRAY(arena, TABLE, uint32_t);
	if (r->table == NULL)
		return NO_MEMORY;
	ranked_begin(&r->making, arena);
	st = read_rows(r, true);
	if (st != OK)
		return st;
	r->seen = ARENA_ARRAY(arena, r->making.e.candidate_count, uint32_t);
	if (r->seen == NULL)
		return NO_MEMORY;
	st = read_rows(r, false);
	return st == OK ? ranked_end(&r->making, 1, ret, error) : st;
}

/* The candidates of a scores' heading. */
static enum status
score_heading(struct ranked_csv *csv, struct arena *arena, struct ranked_making *making,
              size_t *weight, struct decide_error *error)
{
	enum status st = ranked_csv_row(csv, arena, error);

	*weight = 0;
	if (st == NOT_FOUND)
		return decide_fail(error, 1, STR(""), MSG("The first line must name the candidates."));
	for (size_t i = 0; st == OK && i < csv->count; i++) {
		struct str name = csv->cells[i];

		if (is_weight(name)) {
			*weight = i + 1;
			continue;
		}
		if (!ranked_is_name(name))
			return decide_fail(error, csv->row_line, STR(""),
			                   MSG("A name must have 1 to 500 bytes, on one line."));
		for (size_t k = 0; k < i; k++)
			if (str_eq(csv->cells[k], name))
				return decide_fail(error, csv->row_line, name,
				                   MSG("This column is there twice."));
		st = ranked_fail(ranked_candidate(making, name, false), csv->row_line, error);
	}
	return st;
}

static enum status
score_row(struct ranked_csv *csv, struct score_election *s, const struct ranked_election *e,
          size_t weight, struct decide_error *error)
{
	size_t c = 0;

	for (size_t i = 0; i < csv->count; i++) {
		int64_t score = 0;

		if (i + 1 == weight)
			continue;
		if (csv->cells[i].len > 0 &&
		    (str_to_int(csv->cells[i], &score) != OK || score < 0 || score > SCORE_MAX))
			return decide_fail_with(error, csv->row_line, e->candidates[c].name,
			                        MSG("A score is a whole number from 0 to 100, not {what}."),
			                        message_text("what", str_cut(csv->cells[i], 0, 100)));
		s->score[s->row_count * e->candidate_count + c++] = (uint8_t)score;
		s->most = score > s->most ? (int)score : s->most;
	}
	return OK;
}

/* How many rows may follow: one for each line break. */
static size_t
rows_at_most(const struct ranked_csv *csv)
{
	size_t rows = 1;

	for (const char *p = csv->at; p < csv->end; p++)
		rows += *p == '\n';
	return rows;
}

enum status
score_read_csv(struct arena *arena, struct str text, struct score_election *ret,
               struct decide_error *error)
{
	struct ranked_csv csv;
	struct ranked_making making;
	size_t weight_column, columns, rows;
	int64_t voters = 0;
	enum status st = ranked_csv_open(&csv, arena, text, error);

	*ret = (struct score_election){ .row_count = 0 };
	ranked_begin(&making, arena);
	if (st == OK)
		st = score_heading(&csv, arena, &making, &weight_column, error);
	if (st == OK)
		st = ranked_end(&making, 1, &ret->e, error);
	if (st != OK)
		return st;
	columns = csv.count;
	rows = rows_at_most(&csv);
	if (rows * ret->e.candidate_count > RANKED_PLACES_MAX)
		return ranked_fail(TOO_LARGE, 0, error);
	ret->weight = ARENA_ARRAY(arena, rows, uint32_t);
	ret->score = ARENA_ARRAY(arena, rows * ret->e.candidate_count, uint8_t);
	if (ret->weight == NULL || ret->score == NULL)
		return NO_MEMORY;
	while ((st = ranked_csv_row(&csv, arena, error)) == OK) {
		int64_t weight;

		if (csv.count != columns)
			return decide_fail(error, csv.row_line, STR(""),
			                   MSG("This row has not as many cells as the first."));
		st = weight_of(&csv, weight_column, &weight, error);
		if (st == OK)
			st = score_row(&csv, ret, &ret->e, weight_column, error);
		if (st != OK)
			return st;
		voters += weight;
		if (voters > RANKED_VOTERS_MAX)
			return ranked_fail(TOO_LARGE, csv.row_line, error);
		ret->weight[ret->row_count++] = (uint32_t)weight;
	}
	ret->e.voters = voters;
	return st == NOT_FOUND ? OK : st;
}
