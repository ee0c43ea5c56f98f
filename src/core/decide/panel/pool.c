#include "core/decide/panel/pool.h"

#include <stdlib.h>
#include <string.h>

#include "core/decide/csv.h"

/* The column of that name in the present row, or csv->count. Twice: INVALID with an error. */
static enum status
find_column(const struct csv_reader *csv, struct str name, size_t *ret)
{
	*ret = csv->count;
	for (size_t i = 0; i < csv->count; i++) {
		if (!str_eq(csv->cells[i], name))
			continue;
		if (*ret != csv->count)
			return csv_fail_row(csv, name, MSG("This column is there twice."));
		*ret = i;
	}
	return OK;
}

static enum status
need_column(const struct csv_reader *csv, struct str name, size_t *ret)
{
	enum status st = find_column(csv, name, ret);

	if (st == OK && *ret == csv->count)
		st = csv_fail_row(csv, name, MSG("This column is missing."));
	return st;
}

/* Where categories.csv has what. */
struct quota_columns { size_t category, value, min, max; };

static enum status
read_quota_head(struct csv_reader *csv, struct quota_columns *c)
{
	static const struct str names[] = { STR_INIT("feature"), STR_INIT("name"), STR_INIT("value") };
	enum status st = csv_next(csv);
	size_t at;

	if (st != OK)
		return st == NOT_FOUND ? decide_fail(csv->error, 0, STR(""), MSG("The file is empty."))
		                       : st;
	c->value = csv->count;
	if (find_column(csv, STR("category"), &at) == OK && at == csv->count) {
		st = need_column(csv, STR("feature"), &at);
		if (st != OK) /* neither: the usual name is the one to ask for */
			return need_column(csv, STR("category"), &c->category);
		c->category = at;
		st = need_column(csv, STR("value"), &c->value);
	} else {
		st = need_column(csv, STR("category"), &c->category);
		for (size_t i = 0; st == OK && i < 3 && c->value == csv->count; i++)
			st = find_column(csv, names[i], &c->value);
		if (st == OK && c->value == csv->count)
			st = need_column(csv, STR("feature"), &c->value);
	}
	if (st == OK)
		st = need_column(csv, STR("min"), &c->min);
	return st == OK ? need_column(csv, STR("max"), &c->max) : st;
}

static enum status
read_quota(const struct csv_reader *csv, size_t column, const char *field, int64_t *ret)
{
	struct str cell = csv->cells[column];

	if (str_to_int(cell, ret) != OK)
		return decide_fail_with(csv->error, csv->row_line, str_of(field),
		                        MSG("“{text}” is not a whole number."),
		                        message_text("text", cell));
	if (*ret < 0 || *ret > POOL_QUOTA_MAX)
		return decide_fail_with(csv->error, csv->row_line, str_of(field),
		                        MSG("{text} is not between 0 and a million."),
		                        message_text("text", cell));
	return OK;
}

/* The number of the category of that name, a new one when there is none; *ret ==
 * POOL_CATEGORIES_MAX when there is no room. */
static size_t
category_of(struct pool *pool, struct str name)
{
	for (size_t i = 0; i < pool->category_count; i++)
		if (str_eq(pool->categories[i].name, name))
			return i;
	if (pool->category_count < POOL_CATEGORIES_MAX)
		pool->categories[pool->category_count++].name = name;
	else
		return POOL_CATEGORIES_MAX;
	return pool->category_count - 1;
}

static enum status
read_value(struct pool *pool, const struct csv_reader *csv, const struct quota_columns *c)
{
	struct pool_value v = { .line = csv->row_line };
	size_t category;
	enum status st;

	v.name = csv->cells[c->value];
	if (csv->cells[c->category].len == 0)
		return csv_fail_row(csv, STR("category"), MSG("It is empty."));
	if (v.name.len == 0)
		return csv_fail_row(csv, STR("feature"), MSG("It is empty."));
	category = category_of(pool, csv->cells[c->category]);
	if (category == POOL_CATEGORIES_MAX || pool->value_count == POOL_VALUES_MAX)
		return csv_fail_row(csv, STR("category"), MSG("There are too many."));
	v.category = (uint32_t)category;
	for (size_t i = 0; i < pool->value_count; i++)
		if (pool->values[i].category == v.category && str_eq(pool->values[i].name, v.name))
			return decide_fail_with(csv->error, csv->row_line, STR("feature"),
			                        MSG("“{text}” is there twice in its category."),
			                        message_text("text", v.name));
	st = read_quota(csv, c->min, "min", &v.min);
	if (st == OK)
		st = read_quota(csv, c->max, "max", &v.max);
	if (st == OK && v.min > v.max)
		return csv_fail_row(csv, STR("min"), MSG("It is above max."));
	pool->values[pool->value_count++] = v;
	return st;
}

/* Puts the values of each category together, categories and values in order of mention. */
static enum status
sort_values(struct pool *pool, struct arena *arena)
{
	struct pool_value *sorted = ARENA_ARRAY(arena, pool->value_count, struct pool_value);
	size_t n = 0;

	if (sorted == NULL)
		return NO_MEMORY;
	for (size_t c = 0; c < pool->category_count; c++) {
		pool->categories[c].first = (uint32_t)n;
		for (size_t i = 0; i < pool->value_count; i++)
			if (pool->values[i].category == c)
				sorted[n++] = pool->values[i];
		pool->categories[c].count = (uint32_t)n - pool->categories[c].first;
	}
	pool->values = sorted;
	return OK;
}

enum status
pool_categories(struct pool *pool, struct arena *arena, struct str text,
                struct decide_error *error)
{
	struct csv_reader *csv = ARENA_NEW(arena, struct csv_reader);
	struct quota_columns columns;
	enum status st;

	*pool = (struct pool){ .categories = ARENA_ARRAY(arena, POOL_CATEGORIES_MAX, struct pool_category),
	                       .values = ARENA_ARRAY(arena, POOL_VALUES_MAX, struct pool_value) };
	if (csv == NULL || pool->categories == NULL || pool->values == NULL)
		return NO_MEMORY;
	st = csv_open(csv, arena, text, error);
	if (st == OK)
		st = read_quota_head(csv, &columns);
	while (st == OK && (st = csv_next(csv)) == OK)
		if (csv->written)
			st = read_value(pool, csv, &columns);
	if (st != NOT_FOUND)
		return st;
	if (pool->value_count == 0)
		return decide_fail(error, 0, STR(""), MSG("There is no category."));
	return sort_values(pool, arena);
}

/* Where respondents.csv has what; the number of columns: nowhere. */
struct people_columns {
	size_t category[POOL_CATEGORIES_MAX];
	size_t id, household, household2;
};

/* Something to find people's texts again by: open addressing, doubled in time. */
struct text_table {
	uint32_t *slot; /* number + 1 */
	size_t size;    /* power of two, at least twice the people */
};

/* The slot where texts[…] is s, or the empty one where it would go. */
static uint32_t *
find_text(const struct text_table *table, const struct str *texts, struct str s)
{
	uint64_t h = str_hash(s);
	size_t at = (size_t)(h ^ h >> 32) & (table->size - 1);

	while (table->slot[at] != 0 && !str_eq(texts[table->slot[at] - 1], s))
		at = (at + 1) & (table->size - 1);
	return &table->slot[at];
}

static enum status
table_make(struct text_table *table, struct arena *arena, size_t people)
{
	table->size = 16;
	while (table->size < 2 * people)
		table->size *= 2;
	table->slot = ARENA_ARRAY(arena, table->size, uint32_t);
	return table->slot == NULL ? NO_MEMORY : OK;
}

struct reading {
	struct pool *pool;
	struct csv_reader csv;
	struct people_columns at;
	struct str id_name;
	struct text_table ids, homes;
	struct str *home_texts; /* by household */
};

static enum status
read_people_head(struct reading *r, const struct pool_columns *names)
{
	struct csv_reader *csv = &r->csv;
	enum status st = csv_next(csv);

	if (st != OK)
		return st == NOT_FOUND ? decide_fail(csv->error, 0, STR(""), MSG("The file is empty."))
		                       : st;
	r->at.household = r->at.household2 = csv->count;
	for (size_t c = 0; st == OK && c < r->pool->category_count; c++)
		st = need_column(csv, r->pool->categories[c].name, &r->at.category[c]);
	r->id_name = names->id.len > 0 ? names->id : STR("id");
	if (st == OK)
		st = names->id.len > 0 ? need_column(csv, names->id, &r->at.id)
		                       : find_column(csv, STR("id"), &r->at.id);
	if (st == OK && names->household.len > 0)
		st = need_column(csv, names->household, &r->at.household);
	if (st == OK && names->household2.len > 0)
		st = need_column(csv, names->household2, &r->at.household2);
	return st;
}

static enum status
read_features(struct reading *r, size_t person)
{
	struct pool *pool = r->pool;

	for (size_t c = 0; c < pool->category_count; c++) {
		const struct pool_category *category = &pool->categories[c];
		struct str cell = r->csv.cells[r->at.category[c]];
		uint32_t v = category->first;

		while (v < category->first + category->count && !str_eq(pool->values[v].name, cell))
			v++;
		if (v == category->first + category->count)
			return decide_fail_with(r->csv.error, r->csv.row_line, category->name,
			                        MSG("“{text}” is not among the values of this category."),
			                        message_text("text", cell));
		pool->features[person * pool->category_count + c] = (uint16_t)v;
		pool->values[v].people++;
	}
	return OK;
}

static enum status
read_id(struct reading *r, size_t person)
{
	struct str *ids = r->pool->ids;
	uint32_t *slot;

	if (r->at.id >= r->csv.columns)
		return str_format(r->csv.arena, &ids[person], "%zu", person + 1);
	ids[person] = r->csv.cells[r->at.id];
	if (ids[person].len == 0)
		return csv_fail_row(&r->csv, r->id_name, MSG("It is empty."));
	slot = find_text(&r->ids, ids, ids[person]);
	if (*slot != 0)
		return decide_fail_with(r->csv.error, r->csv.row_line, r->id_name,
		                        MSG("“{text}” is there twice."),
		                        message_text("text", ids[person]));
	*slot = (uint32_t)person + 1;
	return OK;
}

/* An address is both cells, with a byte between that no cell has. */
static enum status
read_household(struct reading *r, size_t person)
{
	struct pool *pool = r->pool;
	struct str one, two = STR(""), both;
	uint32_t *slot = NULL;
	enum status st = OK;

	if (pool->household == NULL)
		return OK;
	one = r->csv.cells[r->at.household];
	if (r->at.household2 < r->csv.columns)
		two = r->csv.cells[r->at.household2];
	both = one;
	if (two.len > 0)
		st = str_format(r->csv.arena, &both, "%.*s\x1f%.*s", STR_ARG(one), STR_ARG(two));
	if (st != OK)
		return st;
	if (one.len > 0)
		slot = find_text(&r->homes, r->home_texts, both);
	if (slot != NULL && *slot != 0) {
		pool->household[person] = *slot - 1;
		return OK;
	}
	r->home_texts[pool->household_count] = both;
	pool->household[person] = (uint32_t)pool->household_count++;
	if (slot != NULL)
		*slot = (uint32_t)pool->household_count;
	return OK;
}

static enum status
read_person(struct reading *r)
{
	struct pool *pool = r->pool;
	size_t person = pool->people;
	enum status st;

	if (person == POOL_PEOPLE_MAX)
		return csv_fail_row(&r->csv, STR(""), MSG("There are too many people."));
	st = read_features(r, person);
	if (st == OK)
		st = read_id(r, person);
	if (st == OK)
		st = read_household(r, person);
	pool->people += st == OK;
	return st;
}

/* Lines are counted first, so that everything has its place at once. */
static enum status
make_room(struct reading *r, struct arena *arena, struct str text)
{
	struct pool *pool = r->pool;
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	if (lines > POOL_PEOPLE_MAX + 1)
		lines = POOL_PEOPLE_MAX + 1;
	pool->ids = ARENA_ARRAY(arena, lines, struct str);
	pool->features = ARENA_ARRAY(arena, lines * pool->category_count, uint16_t);
	if (pool->ids == NULL || pool->features == NULL || table_make(&r->ids, arena, lines) != OK)
		return NO_MEMORY;
	if (r->at.household >= r->csv.columns)
		return OK;
	pool->household = ARENA_ARRAY(arena, lines, uint32_t);
	r->home_texts = ARENA_ARRAY(arena, lines, struct str);
	if (pool->household == NULL || r->home_texts == NULL)
		return NO_MEMORY;
	return table_make(&r->homes, arena, lines);
}

enum status
pool_people(struct pool *pool, struct arena *arena, struct str text,
            const struct pool_columns *columns, struct decide_error *error)
{
	struct reading *r = ARENA_NEW(arena, struct reading);
	enum status st;

	if (r == NULL)
		return NO_MEMORY;
	r->pool = pool;
	st = csv_open(&r->csv, arena, text, error);
	if (st == OK)
		st = read_people_head(r, columns);
	if (st == OK)
		st = make_room(r, arena, text);
	while (st == OK && (st = csv_next(&r->csv)) == OK)
		if (r->csv.written)
			st = read_person(r);
	if (st != NOT_FOUND)
		return st;
	if (pool->people == 0)
		return decide_fail(error, 0, STR(""), MSG("There is nobody in this file."));
	return OK;
}
