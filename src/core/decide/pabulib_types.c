/* What the cells of a .pb file mean: kinds, money, ballots. */
#include <string.h>

#include "core/decide/pabulib_ids.h"
#include "core/decide/pabulib_inside.h"

static const char *const kind_names[] = {
	[PABULIB_APPROVAL] = "approval",
	[PABULIB_CHOOSE_1] = "choose-1",
	[PABULIB_ORDINAL] = "ordinal",
	[PABULIB_CUMULATIVE] = "cumulative",
	[PABULIB_SCORING] = "scoring",
};

enum { KINDS = sizeof kind_names / sizeof *kind_names };

/* A decimal as written: digits / 10^decimals. */
struct decimal {
	int64_t digits;
	int decimals;
};

/* What is known while a file is read. */
struct reading {
	struct arena *arena;
	struct pabulib_reader in;
	struct pabulib *file;
	struct decide_error *error;
	struct decimal budget, *cost;
	struct pabulib_ids ids;
	size_t meta_end;   /* line */
	size_t expected_projects, expected_votes;
	int64_t max_points, max_sum_points; /* -1: no limit stated */
	uint32_t *seen;    /* by project: the last vote that named it, from 1 */
	size_t rows_size, options_size, points_size, options_used;
};

const char *
pabulib_kind_name(enum pabulib_kind kind)
{
	return kind_names[kind];
}

enum status
pabulib_decimal(struct str text, int64_t *ret_digits, int *ret_decimals)
{
	bool negative = false, any = false, point = false;
	int64_t digits = 0;
	int decimals = 0, zeros = 0; /* zeros: at the end, behind the point, not yet counted */

	text = str_trim(text);
	if (text.len > 0 && text.ptr[0] == '-') {
		negative = true;
		text = str_cut(text, 1, text.len);
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((c == '.' || c == ',') && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return INVALID;
		any = true;
		if (point && c == '0') {
			zeros++;
			continue;
		}
		for (int times = point ? zeros + 1 : 1; times > 0; times--) {
			digits *= 10;
			decimals += point;
			if (digits > ELECTION_MONEY_MAX || decimals > ELECTION_DECIMALS_MAX)
				return TOO_LARGE;
		}
		zeros = 0;
		digits += c - '0';
	}
	if (!any)
		return INVALID;
	if (digits > ELECTION_MONEY_MAX)
		return TOO_LARGE;
	*ret_digits = negative ? -digits : digits;
	*ret_decimals = decimals;
	return OK;
}

static enum status
fail(struct reading *r, const char *field, const char *text)
{
	return decide_fail(r->error, r->in.line, str_of(field), text);
}

static enum status
fail_with(struct reading *r, const char *field, const char *text, const char *name,
          struct str value)
{
	return decide_fail_with(r->error, r->in.line, str_of(field), text,
	                        message_text(name, str_cut(value, 0, 100)));
}

static enum status
too_large(struct reading *r, const char *field, const char *text)
{
	fail(r, field, text);
	return TOO_LARGE;
}

/* An amount of money that must not be below zero. */
static enum status
read_money(struct reading *r, const char *field, struct str text, struct decimal *ret)
{
	enum status st = pabulib_decimal(text, &ret->digits, &ret->decimals);

	if (st == TOO_LARGE)
		return fail_with(r, field,
		                 MSG("{amount} is too large or too fine to count exactly."),
		                 "amount", text);
	if (str_trim(text).len == 0)
		return fail(r, field, MSG("An amount is missing."));
	if (st != OK)
		return fail_with(r, field, MSG("{amount} is not an amount of money."), "amount",
		                 text);
	if (ret->digits < 0)
		return fail_with(r, field, MSG("{amount} is below zero."), "amount", text);
	return OK;
}

/* minor units at the file's scale */
static enum status
scaled(const struct decimal *d, int decimals, int64_t *ret)
{
	int64_t value = d->digits;

	for (int i = d->decimals; i < decimals; i++) {
		value *= 10;
		if (value > ELECTION_MONEY_MAX)
			return TOO_LARGE;
	}
	*ret = value;
	return OK;
}

/* META: key;value. A row with more cells is a value with unquoted separators. */
static enum status
read_pair(struct reading *r, struct str row)
{
	struct pabulib *file = r->file;
	struct pabulib_pair *pair = &file->meta[file->meta_count];
	struct str rest = row, key = pabulib_raw_cell(&rest), value, first;
	enum status st;

	if (rest.ptr == NULL)
		return fail(r, "META", MSG("A META line must be a key, a semicolon and a value."));
	value = rest;
	first = pabulib_raw_cell(&rest);
	while (value.len > first.len && value.ptr[value.len - 1] == ';')
		value.len--;
	st = pabulib_unquote(r->arena, key, &pair->key);
	if (st == OK)
		st = value.len == first.len ? pabulib_unquote(r->arena, value, &pair->value) : OK;
	if (st != OK)
		return st;
	if (value.len != first.len)
		pair->value = value;
	pair->line = r->in.line;
	if (pair->key.len == 0)
		return fail(r, "META", MSG("A META line has no key."));
	for (size_t i = 0; i < file->meta_count; i++)
		if (str_eq(file->meta[i].key, pair->key))
			return fail_with(r, "META", MSG("{key} is there twice."), "key", pair->key);
	file->meta_count++;
	return OK;
}

/* The line of a META key that is there. */
static void
go_to_meta(struct reading *r, const char *key)
{
	for (size_t i = 0; i < r->file->meta_count; i++)
		if (str_is(r->file->meta[i].key, key))
			r->in.line = r->file->meta[i].line;
}

static enum status
require_meta(struct reading *r, const char *key, struct str *ret)
{
	*ret = pabulib_meta(r->file, key);
	r->in.line = r->meta_end;
	if (ret->ptr == NULL)
		return fail(r, key, MSG("META does not say this, but it must."));
	*ret = str_trim(*ret);
	go_to_meta(r, key);
	return OK;
}

static enum status
require_count(struct reading *r, const char *key, size_t *ret)
{
	struct str text;
	int64_t n = 0;
	enum status st = require_meta(r, key, &text);

	if (st != OK)
		return st;
	if (str_to_int(text, &n) != OK || n < 0)
		return fail_with(r, key, MSG("{text} is not a whole number."), "text", text);
	*ret = (size_t)n;
	return OK;
}

static enum status
optional_limit(struct reading *r, const char *key, int64_t *ret)
{
	struct str text = str_trim(pabulib_meta(r->file, key));
	struct decimal d;

	*ret = -1;
	if (text.len == 0)
		return OK;
	go_to_meta(r, key);
	if (pabulib_decimal(text, &d.digits, &d.decimals) != OK || d.decimals != 0)
		return fail_with(r, key, MSG("{text} is not a whole number."), "text", text);
	*ret = d.digits;
	return OK;
}

static enum status
understand_meta(struct reading *r)
{
	struct str text;
	size_t k = 0;
	enum status st = require_count(r, "num_projects", &r->expected_projects);

	if (st == OK)
		st = require_count(r, "num_votes", &r->expected_votes);
	if (st == OK)
		st = require_meta(r, "budget", &text);
	if (st == OK)
		st = read_money(r, "budget", text, &r->budget);
	if (st == OK && r->budget.digits == 0)
		return fail(r, "budget", MSG("The budget must be above zero."));
	if (st == OK)
		st = require_meta(r, "vote_type", &text);
	if (st != OK)
		return st;
	while (k < KINDS && !str_is(text, kind_names[k]))
		k++;
	if (k == KINDS)
		return fail_with(r, "vote_type", MSG("{kind} is not a kind of vote known here."),
		                 "kind", text);
	r->file->kind = (enum pabulib_kind)k;
	st = optional_limit(r, "max_points", &r->max_points);
	if (st == OK)
		st = optional_limit(r, "max_sum_points", &r->max_sum_points);
	if (st == OK)
		st = optional_limit(r, "min_project_score_threshold", &r->file->threshold);
	if (st == OK && r->file->threshold < 0)
		r->file->threshold = 0;
	return st;
}

static enum status
read_meta(struct reading *r)
{
	struct str row, rest;
	enum status st = pabulib_section_begin(&r->in, PABULIB_META, r->error);

	if (st != OK)
		return st;
	if (!pabulib_section_row(&r->in, &row))
		return pabulib_fail_at_end(&r->in, r->error, MSG("META has no header."));
	rest = row;
	if (!str_is(str_trim(pabulib_raw_cell(&rest)), "key") || rest.ptr == NULL ||
	    !str_is(str_trim(pabulib_raw_cell(&rest)), "value"))
		return fail(r, "META", MSG("META must have the header key;value."));
	r->file->meta = ARENA_ARRAY(r->arena, PABULIB_META_MAX, struct pabulib_pair);
	if (r->file->meta == NULL)
		return NO_MEMORY;
	while (pabulib_section_row(&r->in, &row)) {
		if (r->file->meta_count == PABULIB_META_MAX)
			return too_large(r, "META", MSG("META has too many lines."));
		st = read_pair(r, row);
		if (st != OK)
			return st;
	}
	r->meta_end = r->in.line;
	if (r->in.open_quote)
		return pabulib_fail_at_end(&r->in, r->error, "");
	st = understand_meta(r);
	if (st == OK)
		r->in.line = r->meta_end;
	return st;
}

/* The header of PROJECTS or VOTES. */
static enum status
read_columns(struct reading *r, enum pabulib_section section, struct pabulib_table *table)
{
	struct str columns[PABULIB_COLUMNS_MAX], row, rest;
	size_t count = 0;
	enum status st = pabulib_section_begin(&r->in, section, r->error);

	if (st != OK)
		return st;
	if (!pabulib_section_row(&r->in, &row))
		return pabulib_fail_at_end(&r->in, r->error, MSG("This section has no header."));
	for (rest = row; rest.ptr != NULL; count++) {
		if (count == PABULIB_COLUMNS_MAX)
			return too_large(r, "", MSG("There are too many columns."));
		st = pabulib_unquote(r->arena, pabulib_raw_cell(&rest), &columns[count]);
		if (st != OK)
			return st;
		columns[count] = str_trim(columns[count]);
	}
	while (count > 0 && columns[count - 1].len == 0)
		count--;
	table->columns = ARENA_ARRAY(r->arena, count, struct str);
	if (table->columns == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		table->columns[i] = columns[i];
		table->column_count = i + 1;
		for (size_t k = 0; k < i; k++)
			if (str_eq(columns[k], columns[i]))
				return fail_with(r, "", MSG("The column {column} is there twice."),
				                 "column", columns[i]);
	}
	return OK;
}

static enum status
require_column(struct reading *r, const struct pabulib_table *table, const char *name,
               size_t *ret)
{
	*ret = pabulib_column(table, name);
	if (*ret == table->column_count)
		return fail(r, name, MSG("This column is missing."));
	return OK;
}

static size_t
separators_in(struct str s)
{
	enum { BLOCK = 16 }; /* so that compilers make vector instructions of the inner loop */
	size_t count = 0, i = 0;

	for (; s.len - i >= BLOCK; i += BLOCK) {
		unsigned char here = 0;

		for (int k = 0; k < BLOCK; k++)
			here = (unsigned char)(here + (s.ptr[i + (size_t)k] == ';'));
		count += here;
	}
	for (; i < s.len; i++)
		count += s.ptr[i] == ';';
	return count;
}

/* Splits a row into as many raw cells as the header has. */
static enum status
split(struct reading *r, const struct pabulib_table *table, struct str row, struct str *cells)
{
	struct str rest = row;
	size_t count = 0;

	for (; rest.ptr != NULL && count < table->column_count; count++)
		cells[count] = pabulib_raw_cell(&rest);
	while (rest.ptr != NULL && rest.len > 0 && rest.ptr[0] == ';')
		rest = str_cut(rest, 1, rest.len);
	if (rest.len > 0)
		return fail(r, "", MSG("This line has more cells than the header."));
	if (count < table->column_count)
		return decide_fail(r->error, r->in.line, table->columns[count],
		                   MSG("This line has fewer cells than the header."));
	return OK;
}

/* The same for the first `needed` cells; those behind are only counted in a row without quotes. */
static enum status
split_first(struct reading *r, const struct pabulib_table *table, size_t needed, struct str row,
            struct str *cells)
{
	struct str rest = row;
	size_t count = 0;

	if (r->in.quote < row.ptr + row.len)
		return split(r, table, row, cells);
	for (; rest.ptr != NULL && count < needed; count++)
		cells[count] = str_next(&rest, ';');
	if (count == needed && rest.ptr != NULL)
		count += separators_in(rest) + 1;
	return count == table->column_count ? OK : split(r, table, row, cells);
}

/* A larger array, with room for so many more: doubled, so that what stays behind in the arena is
 * at most as much again. */
static enum status
grow(struct reading *r, void **array, size_t *size, size_t used, size_t more, size_t each)
{
	size_t bigger = *size == 0 && more > 256 ? more : *size == 0 ? 256 : *size;
	void *copy;

	while (bigger - used < more)
		bigger *= 2;
	copy = arena_room(r->arena, bigger, each);
	if (copy == NULL)
		return NO_MEMORY;
	if (used > 0)
		memcpy(copy, *array, used * each);
	*array = copy;
	*size = bigger;
	return OK;
}

static enum status
keep_row(struct reading *r, struct pabulib_table *table, struct str row)
{
	enum status st = OK;

	if (table->row_count == r->rows_size)
		st = grow(r, (void **)&table->rows, &r->rows_size, table->row_count, 1,
		          sizeof *table->rows);
	if (st == OK)
		table->rows[table->row_count++] = (struct pabulib_row){
			(uint32_t)(row.ptr - r->file->text.ptr), (uint32_t)row.len };
	return st;
}

/* Which columns of PROJECTS are looked at; column_count where the file has none. */
struct project_columns {
	size_t id, cost, name, selected;
};

static enum status
read_project(struct reading *r, struct str row, const struct project_columns *at)
{
	const struct pabulib_table *table = &r->file->projects;
	size_t index = table->row_count;
	struct pabulib_project *p = &r->file->project[index];
	struct str cells[PABULIB_COLUMNS_MAX], cost, selected;
	enum status st = split(r, table, row, cells);

	p->selected = -1;
	if (st == OK)
		st = pabulib_unquote(r->arena, cells[at->id], &p->id);
	if (st == OK)
		st = pabulib_unquote(r->arena, cells[at->cost], &cost);
	if (st == OK && at->name < table->column_count)
		st = pabulib_unquote(r->arena, cells[at->name], &p->name);
	if (st != OK)
		return st;
	p->id = str_trim(p->id);
	if (p->id.len == 0)
		return fail(r, "project_id", MSG("This project has no id."));
	if (p->id.len > PABULIB_ID_MAX)
		return too_large(r, "project_id", MSG("This project's id is too long."));
	if (memchr(p->id.ptr, ',', p->id.len) != NULL)
		return fail(r, "project_id", MSG("An id can't have a comma."));
	st = read_money(r, "cost", cost, &r->cost[index]);
	if (st != OK)
		return st;
	if (at->selected < table->column_count) {
		selected = str_trim(cells[at->selected]);
		if (selected.len == 1 && selected.ptr[0] >= '0' && selected.ptr[0] <= '3')
			p->selected = selected.ptr[0] - '0';
	}
	if (!pabulib_ids_add(&r->ids, (uint32_t)index))
		return fail_with(r, "project_id", MSG("The project {id} is there twice."), "id",
		                 p->id);
	return OK;
}

/* Brings budget and costs to one scale: the finest of them. */
static enum status
scale_money(struct reading *r)
{
	struct pabulib *file = r->file;
	const char *too_fine = MSG("The amounts have too many digits to count exactly.");

	file->decimals = r->budget.decimals;
	for (size_t i = 0; i < file->projects.row_count; i++)
		if (r->cost[i].decimals > file->decimals)
			file->decimals = r->cost[i].decimals;
	if (scaled(&r->budget, file->decimals, &file->budget) != OK)
		return fail(r, "budget", too_fine);
	for (size_t i = 0; i < file->projects.row_count; i++)
		if (scaled(&r->cost[i], file->decimals, &file->project[i].cost) != OK)
			return fail_with(r, "cost", too_fine, "id", file->project[i].id);
	return OK;
}

static enum status
read_projects(struct reading *r)
{
	struct pabulib_table *table = &r->file->projects;
	struct project_columns at;
	struct str row;
	size_t expected = r->expected_projects;
	enum status st = read_columns(r, PABULIB_PROJECTS, table);

	if (st == OK)
		st = require_column(r, table, "project_id", &at.id);
	if (st == OK)
		st = require_column(r, table, "cost", &at.cost);
	if (st != OK)
		return st;
	at.name = pabulib_column(table, "name");
	at.selected = pabulib_column(table, "selected");
	if (expected > PABULIB_PROJECTS_MAX)
		return too_large(r, "num_projects", MSG("There are too many projects."));
	r->file->project = ARENA_ARRAY(r->arena, expected, struct pabulib_project);
	r->cost = ARENA_ARRAY(r->arena, expected, struct decimal);
	st = pabulib_ids_init(&r->ids, r->arena, r->file->project, expected);
	if (r->file->project == NULL || r->cost == NULL || st != OK)
		return NO_MEMORY;
	while (pabulib_section_row(&r->in, &row)) {
		if (table->row_count == expected)
			return fail(r, "num_projects",
			            MSG("There are more projects than META says."));
		st = read_project(r, row, &at);
		if (st == OK)
			st = keep_row(r, table, row);
		if (st != OK)
			return st;
	}
	if (table->row_count < expected)
		return pabulib_fail_at_end(&r->in, r->error,
			MSG("There are fewer projects than META says: is the file cut short?"));
	return scale_money(r);
}

/* The next of a list of points when it is one to six digits: below 0, and *rest as it was, for
 * anything else. */
static int64_t
few_digits(struct str *rest)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < rest->len && i < 6 && rest->ptr[i] >= '0' && rest->ptr[i] <= '9'; i++)
		n = n * 10 + (rest->ptr[i] - '0');
	if (i == 0 || (i < rest->len && rest->ptr[i] != ','))
		return -1;
	*rest = i == rest->len ? (struct str){ NULL, 0 }
	                       : (struct str){ rest->ptr + i + 1, rest->len - i - 1 };
	return n;
}

/* A list of points: whole numbers, also written as 3.0. */
static enum status
read_points(struct reading *r, struct str *rest, int64_t *ret)
{
	struct str text = *rest;
	int decimals;

	*ret = few_digits(rest);
	if (*ret < 0) {
		text = str_next(rest, ',');
		if (pabulib_decimal(text, ret, &decimals) != OK || decimals != 0 || *ret < 0)
			return fail_with(r, "points",
			                 MSG("{points} is not a number of points."), "points",
			                 str_trim(text));
	}
	if ((r->max_points >= 0 && *ret > r->max_points) || *ret > PABULIB_POINTS_MAX)
		return fail_with(r, "points",
		                 MSG("{points} points are more than one project may get."),
		                 "points", str_trim(str_next(&text, ',')));
	return OK;
}

/* Room for everything that a vote could name. */
static enum status
grow_for_vote(struct reading *r, size_t vote_len)
{
	struct pabulib *file = r->file;
	size_t most = vote_len / 2 + 1;
	enum status st = OK;

	if (most > file->projects.row_count)
		most = file->projects.row_count;
	if (file->kind >= PABULIB_CUMULATIVE && most > r->points_size - r->options_used)
		st = grow(r, (void **)&file->points, &r->points_size, r->options_used, most,
		          sizeof *file->points);
	if (st == OK && most > r->options_size - r->options_used)
		st = grow(r, (void **)&file->option, &r->options_size, r->options_used, most,
		          sizeof *file->option);
	return st;
}

/* Adds a project to the present vote, unless the vote has named it before. */
static void
add_choice(struct reading *r, uint32_t option, int64_t points)
{
	struct pabulib *file = r->file;
	uint32_t vote = (uint32_t)file->votes.row_count + 1;

	if (r->seen[option] == vote)
		return;
	r->seen[option] = vote;
	if (file->kind >= PABULIB_CUMULATIVE)
		file->points[r->options_used] = (int32_t)points;
	file->option[r->options_used++] = option;
}

/* vote: bytes up to `readable`, behind it, may be looked at. */
static enum status
read_choices(struct reading *r, struct str vote, const char *readable, struct str points)
{
	bool with_points = r->file->kind >= PABULIB_CUMULATIVE;
	size_t from = r->options_used;
	struct str all_points = points;
	int64_t n = 0, sum = 0;
	enum status st = grow_for_vote(r, vote.len);

	while (st == OK && vote.len > 0) {
		uint32_t option = pabulib_ids_next(&r->ids, &vote, readable);

		if (option == 0) {
			struct str id = str_trim(str_next(&vote, ','));

			option = pabulib_ids_find(&r->ids, id);
			if (option == 0)
				return fail_with(r, "vote", MSG("There is no project {id}."), "id",
				                 id);
		}
		if (with_points && points.ptr == NULL)
			return fail(r, "points", MSG("There are fewer points than projects."));
		st = with_points ? read_points(r, &points, &n) : OK;
		if (st == OK)
			add_choice(r, option - 1, n);
		sum += n;
	}
	if (st != OK)
		return st;
	if (vote.ptr != NULL && r->options_used > from)
		return fail(r, "vote", MSG("The list ends with a comma."));
	if (with_points && points.ptr != NULL && str_trim(points).len > 0)
		return fail(r, "points", MSG("There are more points than projects."));
	if (r->max_sum_points >= 0 && sum > r->max_sum_points)
		return fail_with(r, "points", MSG("{points} are more points than one vote has."),
		                 "points", all_points);
	if (r->file->kind == PABULIB_CHOOSE_1 && r->options_used - from > 1)
		return fail(r, "vote", MSG("This vote names more than one project."));
	return OK;
}

static enum status
read_vote(struct reading *r, struct str row, size_t vote_at, size_t points_at)
{
	bool with_points = r->file->kind >= PABULIB_CUMULATIVE;
	size_t needed = with_points && points_at > vote_at ? points_at + 1 : vote_at + 1;
	const struct pabulib_table *table = &r->file->votes;
	struct str cells[PABULIB_COLUMNS_MAX], vote, points = { NULL, 0 };
	const char *readable;
	enum status st = split_first(r, table, needed, row, cells);

	if (st == OK)
		st = pabulib_unquote(r->arena, cells[vote_at], &vote);
	if (st == OK && with_points)
		st = pabulib_unquote(r->arena, cells[points_at], &points);
	if (st != OK)
		return st;
	/* A cell with doubled quotes is a copy, which ends where it ends. */
	readable = vote.ptr == cells[vote_at].ptr || vote.ptr == cells[vote_at].ptr + 1
		? r->in.end : vote.ptr + vote.len;
	st = read_choices(r, pabulib_trim(vote), readable, points);
	if (st == OK)
		r->file->start[table->row_count + 1] = (uint32_t)r->options_used;
	return st;
}

/* Room for votes, about as much as their bytes should need. Options: even where every vote is
 * blank, so that option + start is a pointer. */
static enum status
make_room(struct reading *r, size_t votes)
{
	struct pabulib *file = r->file;
	size_t bytes = (size_t)(r->in.end - r->in.at), rows = bytes / 8 + 1;
	enum status st;

	file->start = arena_room(r->arena, votes + 1, sizeof *file->start);
	r->seen = ARENA_ARRAY(r->arena, r->expected_projects, uint32_t);
	if (file->start == NULL || r->seen == NULL)
		return NO_MEMORY;
	file->start[0] = 0;
	r->rows_size = 0;
	st = grow(r, (void **)&file->votes.rows, &r->rows_size, 0, rows < votes ? rows : votes,
	          sizeof *file->votes.rows);
	if (st == OK)
		st = grow(r, (void **)&file->option, &r->options_size, 0, bytes / 8 + 1,
		          sizeof *file->option);
	if (st == OK && file->kind >= PABULIB_CUMULATIVE)
		st = grow(r, (void **)&file->points, &r->points_size, 0, bytes / 8 + 1,
		          sizeof *file->points);
	return st;
}

static enum status
read_votes(struct reading *r)
{
	struct pabulib_table *table = &r->file->votes;
	const char *too_few = MSG("There are fewer votes than META says: is the file cut short?");
	size_t voter_at, vote_at, points_at, expected = r->expected_votes;
	struct str row;
	enum status st = read_columns(r, PABULIB_VOTES, table);

	if (st == OK)
		st = require_column(r, table, "voter_id", &voter_at);
	if (st == OK)
		st = require_column(r, table, "vote", &vote_at);
	points_at = pabulib_column(table, "points");
	if (st == OK && r->file->kind >= PABULIB_CUMULATIVE)
		st = require_column(r, table, "points", &points_at);
	if (st != OK)
		return st;
	if (expected > PABULIB_VOTES_MAX)
		return too_large(r, "num_votes", MSG("There are too many votes."));
	/* A vote is two bytes at least: a lying num_votes takes no memory. */
	if (expected > (size_t)(r->in.end - r->in.at))
		return fail(r, "num_votes", too_few);
	st = make_room(r, expected);
	if (st != OK)
		return st;
	while (pabulib_section_row(&r->in, &row)) {
		if (table->row_count == expected)
			return fail(r, "num_votes", MSG("There are more votes than META says."));
		st = read_vote(r, row, vote_at, points_at);
		if (st == OK)
			st = keep_row(r, table, row);
		if (st != OK)
			return st;
	}
	if (r->in.pending.ptr != NULL)
		return fail(r, "", MSG("A section is there twice."));
	if (table->row_count < expected)
		return pabulib_fail_at_end(&r->in, r->error, too_few);
	return OK;
}

enum status
pabulib_parse(struct arena *arena, struct str text, struct pabulib *ret,
              struct decide_error *error)
{
	struct reading r = { .arena = arena, .file = ret, .error = error };
	enum status st;

	*ret = (struct pabulib){ .text = text };
	st = pabulib_open(&r.in, text, error);
	if (st == OK)
		st = read_meta(&r);
	if (st == OK)
		st = read_projects(&r);
	if (st == OK)
		st = read_votes(&r);
	ret->crlf = r.in.crlf;
	return st;
}
