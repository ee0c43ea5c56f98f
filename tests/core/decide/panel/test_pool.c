/* categories.csv and respondents.csv: what is read, and what is refused with line, field, reason. */
#include "core/decide/panel/pool.h"
#include "test.h"

#define QUOTAS "category,feature,min,max\nsize,small,1,2\nsize,\"tall, or so\",0,3\ncolour,red,0,5\n"

static struct arena arena;
static struct pool pool;
static struct decide_error error;

static enum status
read_both(const char *quotas, const char *people, struct pool_columns columns)
{
	enum status st;

	arena_release(&arena);
	arena_init(&arena, 16 << 20);
	error = (struct decide_error){ 0 };
	st = pool_categories(&pool, &arena, str_of(quotas), &error);
	return st == OK ? pool_people(&pool, &arena, str_of(people), &columns, &error) : st;
}

static void
check_refused(const char *quotas, const char *people, size_t line, const char *field,
              const char *words)
{
	CHECK(read_both(quotas, people, (struct pool_columns){ .household = STR("home") }) == INVALID);
	CHECK_INT(error.line, line);
	CHECK_STR(error.field, field);
	CHECK(error.message.text != NULL && strstr(error.message.text, words) != NULL);
	if (error.message.text == NULL || strstr(error.message.text, words) == NULL)
		printf("# %s / %s: %s\n", quotas, people, error.message.text);
}

static void
reads(void)
{
	CHECK(read_both("\xef\xbb\xbf" QUOTAS, "home,colour,who,size\r\nx,red,Ann,\"tall, or so\"\r\n\r\n"
	                " y ,red,\"Bo \"\"B\"\"\", small \r\nx,red,Cy,small\r\n,,,\n,red,Di,small\n,red,Ed,small",
	                (struct pool_columns){ .id = STR("who"), .household = STR("home") }) == OK);
	CHECK_INT(pool.people, 5);
	CHECK_INT(pool.category_count, 2);
	CHECK_INT(pool.value_count, 3);
	CHECK_STR(pool.values[1].name, "tall, or so");
	CHECK_INT(pool.values[0].people, 4);
	CHECK_INT(pool.values[1].line, 3);
	CHECK_STR(pool.ids[1], "Bo \"B\"");
	CHECK_INT(pool_feature(&pool, 0, 0), 1);
	CHECK_INT(pool_feature(&pool, 0, 1), 2);
	CHECK_INT(pool.household[0], pool.household[2]);
	CHECK(pool.household[3] != pool.household[4]); /* no address: alone */
	CHECK_INT(pool.household_count, 4);
	CHECK(read_both("min,max,value,feature\n1,2,a,f\n", "f\na\na\n", (struct pool_columns){ 0 }) == OK);
	CHECK_STR(pool.categories[0].name, "f");
	CHECK_STR(pool.ids[1], "2");
	CHECK(read_both("category,name,min,max\nf,a,1,2\n", "id,f,street,code\n7,a,s,1\n8,a,s,2\n9,a,s,1\n",
	                (struct pool_columns){ .household = STR("street"), .household2 = STR("code") }) == OK);
	CHECK_STR(pool.ids[2], "9");
	CHECK(pool.household[0] == pool.household[2] && pool.household[0] != pool.household[1]);
}

static void
bad_quotas(void)
{
	check_refused("", "", 0, "", "empty");
	check_refused("category,feature,min\n", "", 1, "max", "missing");
	check_refused("name,min,max\n", "", 1, "category", "missing");
	check_refused("category,feature,min,max,min\n", "", 1, "min", "twice");
	check_refused("category,feature,min,max\n", "", 0, "", "no category");
	check_refused("category,feature,min,max\na,b,1\n", "", 2, "", "fewer cells");
	check_refused("category,feature,min,max\na,b,1,x\n", "", 2, "max", "whole number");
	check_refused("category,feature,min,max\na,b,1.5,2\n", "", 2, "min", "whole number");
	check_refused("category,feature,min,max\na,b,-1,2\n", "", 2, "min", "between 0");
	check_refused("category,feature,min,max\na,b,1,99999999\n", "", 2, "max", "between 0");
	check_refused("category,feature,min,max\na,b,1,99999999999999999999\n", "", 2, "max", "whole number");
	check_refused("category,feature,min,max\na,b,3,2\n", "", 2, "min", "above max");
	check_refused("category,feature,min,max\na,b,1,2\nc,d,1,2\na,b,1,2\n", "", 4, "feature", "twice");
	check_refused("category,feature,min,max\n,b,1,2\n", "", 2, "category", "empty");
	check_refused("category,feature,min,max\na,,1,2\n", "", 2, "feature", "empty");
	check_refused("category,feature,min,max\na,\"b,1,2\n", "", 2, "", "never closed");
	check_refused("category,feature,min,max\na,b\"c,1,2\n", "", 2, "", "inside a cell");
	check_refused("category,feature,min,max\na,\"b\"c,1,2\n", "", 2, "", "behind a closing quote");
	check_refused("category,feature,min,max\na,\xff,1,2\n", "", 2, "", "UTF-8");
}

static void
bad_people(void)
{
	check_refused(QUOTAS, "", 0, "", "empty");
	check_refused(QUOTAS, "id,home,size\n", 1, "colour", "missing");
	check_refused(QUOTAS, "id,size,colour\n", 1, "home", "missing");
	check_refused(QUOTAS, "id,size,colour,home,size\n", 1, "size", "twice");
	check_refused(QUOTAS, "id,size,colour,home\n", 0, "", "nobody");
	check_refused(QUOTAS, "id,size,colour,home\n1,small,red,x\n2,small,red\n", 3, "", "fewer cells");
	check_refused(QUOTAS, "id,size,colour,home\n1,small,blue,x\n", 2, "colour", "not among");
	check_refused(QUOTAS, "id,size,colour,home\n1,,red,x\n", 2, "size", "not among");
	check_refused(QUOTAS, "id,size,colour,home\n1,small,red,x\n1,small,red,y\n", 3, "id", "twice");
	check_refused(QUOTAS, "id,size,colour,home\n,small,red,x\n", 2, "id", "empty");
	check_refused(QUOTAS, "id,size,colour,home\n1,small,red,\"x\n\n", 2, "", "never closed");
}

/* Whatever is cut off: refused or read, and never beyond memory. */
static void
little_memory(void)
{
	for (size_t cap = 0; cap < 40000; cap += 97) {
		struct pool_columns columns = { .household = STR("home") };
		enum status st;

		arena_release(&arena);
		arena_init(&arena, cap);
		st = pool_categories(&pool, &arena, STR(QUOTAS), &error);
		if (st == OK)
			st = pool_people(&pool, &arena, STR("id,size,colour,home\n1,small,red,x\n"), &columns, &error);
		CHECK(st == NO_MEMORY || (st == OK && cap > 1000));
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "files as people write them", reads },
		{ "bad quotas", bad_quotas },
		{ "bad people", bad_people },
		{ "little memory", little_memory },
	};
	int bad = test_run_all(cases, sizeof cases / sizeof *cases);

	arena_release(&arena);
	return bad;
}
