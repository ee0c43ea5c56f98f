/* Reading ballots and scores from CSV files: see files.h and scores.h. */
#include <string.h>
#include <strings.h>

#include "core/decide/csv.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/scores.h"

bool
ranked_csv_is_mark(struct str cell)
{
	return cell.len == 0 || str_same(cell, STR("skipped")) || str_same(cell, STR("undervote")) ||
	       str_same(cell, STR("overvote"));
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
	return str_same(heading, STR("count")) || str_same(heading, STR("weight"));
}

struct reader {
	size_t column[RANKED_CANDIDATES_MAX + 1]; /* of rank n; 0 or the column + 1 */
	size_t ranks;
	size_t weight; /* column + 1 or 0 */
	uint32_t *table; /* hash of a name → candidate + 1 */
	uint32_t *seen;  /* [candidates] the ballot that last had it */
	uint32_t ballot[RANKED_CANDIDATES_MAX];
	struct ranked_making making;
};

enum { TABLE = 4096 };

static size_t
place_of(struct reader *r, struct str name)
{
	uint64_t h = str_hash(name) & (TABLE - 1);

	while (r->table[h] != 0 &&
	       !str_eq(r->making.e.candidates[r->table[h] - 1].name, name))
		h = (h + 1) & (TABLE - 1);
	return h;
}

static enum status
read_heading(struct reader *r, struct csv_reader *csv)
{
	enum status st = csv_next(csv);

	if (st != OK && st != NOT_FOUND)
		return st;
	for (size_t i = 0; st == OK && i < csv->count; i++) {
		int64_t n = rank_of(csv->cells[i]);

		if (is_weight(csv->cells[i]))
			r->weight = i + 1;
		if (n == 0)
			continue;
		if (r->column[n] != 0)
			return csv_fail_row(csv, csv->cells[i], MSG("This column is there twice."));
		r->column[n] = i + 1;
		r->ranks = (size_t)n > r->ranks ? (size_t)n : r->ranks;
	}
	if (r->ranks == 0)
		return decide_fail(csv->error, 1, STR("Rank 1"),
		                   MSG("The first line must name the columns Rank 1, Rank 2, and so on."));
	return OK;
}

static enum status
weight_of(const struct csv_reader *csv, size_t column, int64_t *ret)
{
	*ret = 1;
	if (column == 0)
		return OK;
	if (str_to_int(csv->cells[column - 1], ret) != OK || *ret < 0 || *ret > RANKED_VOTERS_MAX)
		return decide_fail_with(csv->error, csv->row_line, STR("Count"),
		                        MSG("A number is needed here, not {what}."),
		                        message_text("what", str_cut(csv->cells[column - 1], 0, 100)));
	return OK;
}

/* First time round the names are collected, then the ballots. */
static enum status
take_row(struct reader *r, const struct csv_reader *csv, bool names, uint32_t row)
{
	int64_t weight;
	size_t count = 0;
	enum status st = weight_of(csv, r->weight, &weight);

	for (size_t n = 1; st == OK && n <= r->ranks; n++) {
		struct str cell = r->column[n] == 0 ? STR("") : csv->cells[r->column[n] - 1];
		size_t at;

		if (str_same(cell, STR("overvote")))
			break;
		if (ranked_csv_is_mark(cell))
			continue;
		if (!ranked_is_name(cell))
			return csv_fail_row(csv, STR("Rank"),
			                    MSG("A name must have 1 to 500 bytes, on one line."));
		at = place_of(r, cell);
		if (names && r->table[at] == 0) {
			st = ranked_fail(ranked_candidate(&r->making, cell, false), csv->row_line,
			                 csv->error);
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
	                   csv->row_line, csv->error);
}

/* The rows from where csv stands. */
static enum status
read_rows(struct reader *r, struct csv_reader csv, bool names)
{
	enum status st = OK;

	for (uint32_t row = 1; st == OK; row++) {
		st = csv_next(&csv);
		if (st == OK && row > RANKED_VOTERS_MAX)
			return ranked_fail(TOO_LARGE, csv.row_line, csv.error);
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
	struct csv_reader csv;
	enum status st = r == NULL ? NO_MEMORY : csv_open(&csv, arena, text, error);

	if (st != OK)
		return st;
	r->table = ARENA_ARRAY(arena, TABLE, uint32_t);
	if (r->table == NULL)
		return NO_MEMORY;
	ranked_begin(&r->making, arena);
	st = read_heading(r, &csv);
	if (st == OK)
		st = read_rows(r, csv, true);
	if (st != OK)
		return st;
	r->seen = ARENA_ARRAY(arena, r->making.e.candidate_count, uint32_t);
	if (r->seen == NULL)
		return NO_MEMORY;
	st = read_rows(r, csv, false);
	return st == OK ? ranked_end(&r->making, 1, ret, error) : st;
}

/* The candidates of a scores' heading. */
static enum status
score_heading(struct csv_reader *csv, struct ranked_making *making, size_t *weight)
{
	enum status st = csv_next(csv);

	*weight = 0;
	if (st == NOT_FOUND)
		return decide_fail(csv->error, 1, STR(""),
		                   MSG("The first line must name the candidates."));
	for (size_t i = 0; st == OK && i < csv->count; i++) {
		struct str name = csv->cells[i];

		if (is_weight(name)) {
			*weight = i + 1;
			continue;
		}
		if (!ranked_is_name(name))
			return csv_fail_row(csv, STR(""),
			                    MSG("A name must have 1 to 500 bytes, on one line."));
		for (size_t k = 0; k < i; k++)
			if (str_eq(csv->cells[k], name))
				return csv_fail_row(csv, name, MSG("This column is there twice."));
		st = ranked_fail(ranked_candidate(making, name, false), csv->row_line,
		                 csv->error);
	}
	return st;
}

static enum status
score_row(const struct csv_reader *csv, struct score_election *s, size_t weight)
{
	const struct ranked_election *e = &s->e;
	size_t c = 0;

	for (size_t i = 0; i < csv->count; i++) {
		int64_t score = 0;

		if (i + 1 == weight)
			continue;
		if (csv->cells[i].len > 0 &&
		    (str_to_int(csv->cells[i], &score) != OK || score < 0 || score > SCORE_MAX))
			return decide_fail_with(csv->error, csv->row_line, e->candidates[c].name,
			                        MSG("A score is a whole number from 0 to 100, not {what}."),
			                        message_text("what", str_cut(csv->cells[i], 0, 100)));
		s->score[s->row_count * e->candidate_count + c++] = (uint8_t)score;
		s->most = score > s->most ? (int)score : s->most;
	}
	return OK;
}

/* How many rows may follow: one for each line break. */
static size_t
rows_at_most(const struct csv_reader *csv)
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
	struct csv_reader csv;
	struct ranked_making making;
	size_t weight_column, rows;
	int64_t voters = 0;
	enum status st = csv_open(&csv, arena, text, error);

	*ret = (struct score_election){ .row_count = 0 };
	ranked_begin(&making, arena);
	if (st == OK)
		st = score_heading(&csv, &making, &weight_column);
	if (st == OK)
		st = ranked_end(&making, 1, &ret->e, error);
	if (st != OK)
		return st;
	rows = rows_at_most(&csv);
	if (rows * ret->e.candidate_count > RANKED_PLACES_MAX)
		return ranked_fail(TOO_LARGE, 0, error);
	ret->weight = ARENA_ARRAY(arena, rows, uint32_t);
	ret->score = ARENA_ARRAY(arena, rows * ret->e.candidate_count, uint8_t);
	if (ret->weight == NULL || ret->score == NULL)
		return NO_MEMORY;
	while ((st = csv_next(&csv)) == OK) {
		int64_t weight;

		st = weight_of(&csv, weight_column, &weight);
		if (st == OK)
			st = score_row(&csv, ret, weight_column);
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
