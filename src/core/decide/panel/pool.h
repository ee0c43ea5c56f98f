/* Who could be drawn for a panel, and how many of each kind it should have.
 *
 * A pool is made from two CSV files, or by a test or a page filling the struct:
 *	pool_categories(&pool, arena, categories_csv, &error);
 *	pool_people(&pool, arena, respondents_csv, &columns, &error);
 *
 * categories.csv has a row per value of a category:  category,feature,min,max
 * (also "name" or "value" for the second; or "feature,value,min,max" as newer versions of
 * sortition-algorithms write; further columns are left alone).
 * respondents.csv has a row per person and a column per category, named as the category.
 */
#ifndef CORE_DECIDE_PANEL_POOL_H
#define CORE_DECIDE_PANEL_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/decide/error.h"

enum {
	POOL_CATEGORIES_MAX = 100,
	POOL_VALUES_MAX = 2000,   /* of all categories together */
	POOL_PEOPLE_MAX = 100000,
	POOL_QUOTA_MAX = 1000000
};

struct pool_category {
	struct str name;
	uint32_t first, count; /* its values are pool.values[first … first + count - 1] */
};

struct pool_value {
	struct str name;
	uint32_t category;
	int64_t min, max; /* people of the panel who have it: 0 ≤ min ≤ max */
	size_t line;      /* of categories.csv; 0: of no file */
	uint32_t people;  /* of the pool who have it */
};

struct pool {
	struct pool_category *categories;
	size_t category_count;
	struct pool_value *values;
	size_t value_count;

	size_t people;
	struct str *ids;      /* unique */
	uint16_t *features;   /* [people × category_count]: numbers of values */
	uint32_t *household;  /* by person, from 0, in order of first mention; NULL: not asked for */
	size_t household_count;
};

/* Which columns of respondents.csv mean something besides the categories; empty: none. */
struct pool_columns {
	struct str id;        /* empty: a column "id" if there is one, else "1", "2", … by row */
	struct str household; /* people with the same text here live together; an empty cell: alone */
	struct str household2; /* a second column of the same address, e.g. the postcode; or empty */
};

/* INVALID with *error (line and field of categories.csv): a column is missing, a number is no
 * number or min above max, a value twice, too many, none. NO_MEMORY. */
MUST_CHECK enum status pool_categories(struct pool *pool, struct arena *arena, struct str csv,
                                       struct decide_error *error);
/* After pool_categories. INVALID with *error (line and field of respondents.csv): a column is
 * missing or there twice, a value that categories.csv does not have, an id twice or empty, a
 * row too short or too long, nobody at all, too many. NO_MEMORY. */
MUST_CHECK enum status pool_people(struct pool *pool, struct arena *arena, struct str csv,
                                   const struct pool_columns *columns,
                                   struct decide_error *error);

static inline uint16_t
pool_feature(const struct pool *pool, size_t person, size_t category)
{
	return pool->features[person * pool->category_count + category];
}

#endif
