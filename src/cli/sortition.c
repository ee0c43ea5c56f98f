#include "cli/sortition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/digest.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/file.h"
#include "cli/progress.h"
#include "core/decide/panel/picture.h"

enum { EXIT_BAD = 2 };
#define MEMORY_MAX ((size_t)8 << 30)
#define TEXT_MAX ((size_t)2 << 30)

const char cli_sortition_usage[] =
	"folkmoot sortition RESPONDENTS.csv CATEGORIES.csv --size K [--algorithm legacy|maximin|leximin]\n"
	"                   [--households COLUMN [--households COLUMN]] [--id COLUMN] [--seed HEX]\n"
	"                   [--draws N] [--declined ID,ID…] [--json] [--svg FILE]\n"
	"\n"
	"  RESPONDENTS.csv      a row per person, a column per category\n"
	"  CATEGORIES.csv       category,feature,min,max: a row per value of each category\n"
	"  --size K             seats of the panel\n"
	"  --algorithm NAME     leximin unless said\n"
	"  --households COLUMN  people with the same text there live together: one of them at most;\n"
	"                       a second time for an address of two columns\n"
	"  --id COLUMN          what to call people; a column \"id\", or the number of the row\n"
	"  --seed HEX           picks the panel; up to 64 digits, zeros unless said\n"
	"  --draws N            legacy: how many draws the chances are estimated from; 10,000 unless said\n"
	"  --declined ID,ID…    members of the drawn panel to be replaced\n"
	"  --svg FILE           draws the chances, and the panel against its quotas\n";

struct ask {
	const char *people, *categories, *declined, *svg;
	struct pool_columns columns;
	struct sortition_request request;
	bool json;
};

/* What was made of it. */
struct drawn {
	struct pool pool;
	struct sortition lottery;
	uint32_t *gone; /* members who declined, ascending; empty: nobody was named */
	size_t gone_count;
	struct pool second_pool;
	struct sortition second;
	uint32_t *person; /* who the people of second_pool are in pool */
};

static bool
parse_number(const char *value, int64_t max, int64_t *ret)
{
	return str_to_int(str_of(value), ret) == OK && *ret >= 1 && *ret <= max;
}

/* 1: done; 0: the value is no good; -1: there is no such option. */
static int
parse_option(const char *name, const char *value, struct ask *ask)
{
	struct str *home = ask->columns.household.len == 0 ? &ask->columns.household
	                                                   : &ask->columns.household2;

	if (strcmp(name, "--size") == 0)
		return parse_number(value, SORTITION_SEATS_MAX, &ask->request.size);
	if (strcmp(name, "--draws") == 0)
		return parse_number(value, SORTITION_DRAWS_MAX, &ask->request.draws);
	if (strcmp(name, "--algorithm") == 0)
		return sortition_algorithm_parse(str_of(value), &ask->request.algorithm) == OK;
	if (strcmp(name, "--seed") == 0)
		return ask_seed(value, ask->request.seed);
	if (strcmp(name, "--declined") == 0)
		ask->declined = value;
	else if (strcmp(name, "--svg") == 0)
		ask->svg = value;
	else if (strcmp(name, "--id") == 0)
		ask->columns.id = str_of(value);
	else if (strcmp(name, "--households") == 0 && home->len == 0)
		*home = str_of(value);
	else
		return -1;
	return value[0] != '\0';
}

/* One line to stderr when the arguments are no good. */
static bool
parse_arguments(int argc, char **argv, struct ask *ask)
{
	*ask = (struct ask){ .request = { .algorithm = SORTITION_LEXIMIN, .draws = SORTITION_DRAWS } };
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		int known = -1;

		if (strcmp(a, "--json") == 0) {
			ask->json = true;
			continue;
		}
		if (a[0] != '-' && ask->categories == NULL) {
			*(ask->people == NULL ? &ask->people : &ask->categories) = a;
			continue;
		}
		if (a[0] == '-')
			known = parse_option(a, i + 1 < argc ? argv[i + 1] : "", ask);
		if (known != 1) {
			if (known < 0)
				fprintf(stderr, "folkmoot sortition: unknown argument %s\n", a);
			else if (i + 1 == argc)
				fprintf(stderr, "folkmoot sortition: %s needs a value\n", a);
			else
				fprintf(stderr, "folkmoot sortition: %s can't be %s\n", a, argv[i + 1]);
			return false;
		}
		i++;
	}
	if (ask->categories == NULL || ask->request.size == 0)
		fprintf(stderr, "folkmoot sortition: %s is missing\n",
		        ask->people == NULL ? "RESPONDENTS.csv" :
		        ask->categories == NULL ? "CATEGORIES.csv" : "--size");
	return ask->categories != NULL && ask->request.size > 0;
}

static bool
read_pool(const struct ask *ask, struct arena *arena, struct pool *pool)
{
	struct decide_error error = { 0 };
	struct str categories, people;
	enum status st;

	if (!cli_read_file("sortition", ask->people, arena, &people) ||
	    !cli_read_file("sortition", ask->categories, arena, &categories))
		return false;
	st = pool_categories(pool, arena, categories, &error);
	if (st != OK) {
		cli_say_error("sortition", ask->categories, st, &error);
		return false;
	}
	st = pool_people(pool, arena, people, &ask->columns, &error);
	if (st != OK)
		cli_say_error("sortition", ask->people, st, &error);
	return st == OK;
}

/* Which quotas would have to change, on stderr. */
static void
say_relaxed(const struct ask *ask, const struct pool *pool, int64_t size, struct arena *arena)
{
	struct sortition_relaxed *relaxed;
	struct decide_error error = { 0 };
	size_t count;
	enum status st = sortition_relax(pool, size, arena, &relaxed, &count, &error);

	if (st != OK) {
		cli_say_error("sortition", ask->categories, st, &error);
		return;
	}
	fprintf(stderr, "folkmoot sortition: %s: no panel meets these quotas; the least that has to change:\n",
	        ask->categories);
	for (size_t i = 0; i < count; i++) {
		const struct sortition_relaxed *r = &relaxed[i];
		const struct pool_value *v = &pool->values[r->value];

		fprintf(stderr, "%s:%zu: %.*s, %.*s:", ask->categories, v->line,
		        STR_ARG(pool->categories[v->category].name), STR_ARG(v->name));
		if (r->min != r->new_min)
			fprintf(stderr, " min %lld instead of %lld", (long long)r->new_min, (long long)r->min);
		if (r->max != r->new_max)
			fprintf(stderr, " max %lld instead of %lld", (long long)r->new_max, (long long)r->max);
		fputc('\n', stderr);
	}
}

/* False after words on stderr. */
static bool
say_failure(const struct ask *ask, const struct pool *pool, int64_t size, enum status st,
            const struct decide_error *error, struct arena *arena)
{
	if (st == REFUSED)
		say_relaxed(ask, pool, size, arena);
	else if (st == TOO_LARGE)
		fprintf(stderr, "folkmoot sortition: %s: too many panels for so many seats\n", ask->people);
	else if (st != OK)
		cli_say_error("sortition", ask->people, st, error);
	return st == OK;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Finds those who declined. */
static bool
find_gone(const struct ask *ask, struct drawn *d, struct arena *arena)
{
	struct str rest = str_of(ask->declined);

	d->gone = ARENA_ARRAY(arena, strlen(ask->declined) + 1, uint32_t);
	while (d->gone != NULL && rest.ptr != NULL) {
		struct str id = str_trim(str_next(&rest, ','));
		size_t i = 0;

		while (i < d->pool.people && !str_eq(d->pool.ids[i], id))
			i++;
		if (i == d->pool.people) {
			fprintf(stderr, "folkmoot sortition: --declined: there is nobody called %.*s\n",
			        STR_ARG(id));
			return false;
		}
		d->gone[d->gone_count++] = (uint32_t)i;
	}
	if (d->gone != NULL)
		qsort(d->gone, d->gone_count, sizeof *d->gone, by_number);
	return d->gone != NULL;
}

static bool
run(struct ask *ask, struct arena *arena, struct drawn *d)
{
	struct decide_error error = { 0 };
	struct progress bar;
	enum status st;

	progress_begin(&bar);
	ask->request.progress = progress_step;
	ask->request.context = &bar;
	st = sortition_run(&d->pool, &ask->request, arena, &d->lottery, &error);
	progress_end(&bar);
	if (!say_failure(ask, &d->pool, ask->request.size, st, &error, arena))
		return false;
	if (ask->declined == NULL)
		return true;
	if (!find_gone(ask, d, arena))
		return false;
	progress_begin(&bar);
	st = sortition_replace(&d->pool, &ask->request, sortition_panel(&d->lottery, d->lottery.drawn),
	                       d->gone, d->gone_count, arena, &d->second_pool, &d->second,
	                       &d->person, &error);
	progress_end(&bar);
	return say_failure(ask, &d->second_pool, (int64_t)d->gone_count, st, &error, arena);
}

/* The numbers of those who come instead, ascending as person is. */
static uint32_t
replacement(const struct drawn *d, size_t i)
{
	return d->person[sortition_panel(&d->second, d->second.drawn)[i]];
}

/* The panel as it sits in the end. */
static uint32_t *
final_panel(const struct drawn *d, struct arena *arena)
{
	size_t size = (size_t)d->lottery.size, n = 0;
	uint32_t *panel = ARENA_ARRAY(arena, size, uint32_t);

	for (size_t i = 0, g = 0; panel != NULL && i < size; i++) {
		uint32_t member = sortition_panel(&d->lottery, d->lottery.drawn)[i];

		if (g < d->gone_count && d->gone[g] == member)
			g++;
		else
			panel[n++] = member;
	}
	for (size_t i = 0; panel != NULL && i < d->gone_count; i++)
		panel[n++] = replacement(d, i);
	if (panel != NULL)
		qsort(panel, size, sizeof *panel, by_number);
	return panel;
}

static void
add_numbers(struct buf *out, const char *key, const uint32_t *numbers, size_t count)
{
	buf_add_format(out, "\"%s\":[", key);
	for (size_t i = 0; i < count; i++)
		buf_add_format(out, i > 0 ? ",%u" : "%u", numbers[i]);
	buf_add_char(out, ']');
}

static void
add_json(struct buf *out, const struct drawn *d, const uint32_t *panel)
{
	sortition_write(out, &d->pool, &d->lottery);
	if (d->gone_count > 0) {
		buf_add_c(out, ",\"with_replacements\":{");
		add_numbers(out, "declined", d->gone, d->gone_count);
		buf_add_c(out, ",\"min_probability\":");
		sortition_write_share(out, d->second.min_chance, d->second.parts);
		buf_add_char(out, ',');
		add_numbers(out, "panel", panel, (size_t)d->lottery.size);
		buf_add_char(out, '}');
	}
	buf_add_c(out, "}\n");
}

static void
add_padded(struct buf *out, struct str s, size_t width)
{
	buf_add(out, s);
	for (size_t i = text_length(s); i < width; i++)
		buf_add_char(out, ' ');
}

static void
add_quotas(struct buf *out, const struct drawn *d, const uint32_t *panel)
{
	buf_add_format(out, "\n%-20s %-24s %8s %11s %8s\n", "", "", "pool", "quota", "panel");
	for (size_t v = 0; v < d->pool.value_count; v++) {
		const struct pool_value *value = &d->pool.values[v];
		const struct pool_category *c = &d->pool.categories[value->category];
		long long count = 0;
		char quota[64];

		for (int64_t i = 0; i < d->lottery.size; i++)
			count += pool_feature(&d->pool, panel[i], value->category) == v;
		snprintf(quota, sizeof quota, value->min == value->max ? "%lld" : "%lld-%lld",
		         (long long)value->min, (long long)value->max);
		add_padded(out, c->first == v ? c->name : STR(""), 21);
		add_padded(out, value->name, 24);
		buf_add_format(out, " %8u %11s %8lld\n", value->people, quota, count);
	}
}

static void
add_table(struct buf *out, const struct drawn *d, const uint32_t *panel)
{
	const struct sortition *s = &d->lottery;

	buf_add_format(out, "%s: %lld seats from %zu people, %zu panels in the lottery\n",
	               sortition_algorithm_name(s->algorithm), (long long)s->size, s->people,
	               s->panel_count);
	buf_add_c(out, "smallest chance ");
	sortition_write_share(out, s->min_chance, s->parts);
	buf_add_c(out, ", largest ");
	sortition_write_share(out, s->max_chance, s->parts);
	if (s->algorithm == SORTITION_LEGACY)
		buf_add_format(out, " (estimated from %lld draws)", (long long)s->draws);
	buf_add_char(out, '\n');
	add_quotas(out, d, panel);
	buf_add_c(out, "\nDrawn:");
	for (int64_t i = 0; i < s->size; i++)
		buf_add_format(out, "%s%.*s", i > 0 ? ", " : " ", STR_ARG(d->pool.ids[panel[i]]));
	buf_add_char(out, '\n');
	for (size_t i = 0; i < d->gone_count; i++)
		buf_add_format(out, "%s%.*s", i > 0 ? ", " : "Came instead of those who declined: ",
		               STR_ARG(d->pool.ids[replacement(d, i)]));
	if (d->gone_count > 0)
		buf_add_char(out, '\n');
}

/* --svg: the lottery and the panel as a picture in a file. */
static bool
draw_picture(const struct ask *ask, const struct drawn *d, const uint32_t *panel, struct arena *arena)
{
	const char *inputs[] = { ask->people, ask->categories };
	struct buf out;
	enum status st;
	bool good;

	buf_init(&out, TEXT_MAX);
	st = sortition_picture(&d->pool, &d->lottery, panel, arena, &out);
	if (st == OK)
		st = buf_status(&out);
	if (st != OK)
		fprintf(stderr, "folkmoot sortition: %s: %s\n", ask->svg, status_name(st));
	good = st == OK && cli_replace_file("sortition", ask->svg, inputs, 2, buf_str(&out));
	buf_release(&out);
	return good;
}

static bool
print(const struct ask *ask, const struct drawn *d, const uint32_t *panel)
{
	struct buf out;
	bool good;

	buf_init(&out, TEXT_MAX);
	if (ask->json)
		add_json(&out, d, panel);
	else
		add_table(&out, d, panel);
	good = buf_status(&out) == OK &&
	       fwrite(buf_str(&out).ptr, 1, buf_str(&out).len, stdout) == buf_str(&out).len &&
	       fflush(stdout) == 0;
	buf_release(&out);
	return good;
}

static int
draw(struct ask *ask, struct arena *arena)
{
	struct drawn d = { 0 };
	const uint32_t *panel;
	struct rusage usage;
	double began = cli_seconds();

	if (!read_pool(ask, arena, &d.pool) || !run(ask, arena, &d))
		return EXIT_BAD;
	panel = final_panel(&d, arena);
	if (panel == NULL)
		cli_say_error("sortition", ask->people, NO_MEMORY, NULL);
	if (panel == NULL || (ask->svg != NULL && !draw_picture(ask, &d, panel, arena)))
		return EXIT_BAD;
	getrusage(RUSAGE_SELF, &usage);
	fprintf(stderr, "%.3f s, %.3f s of processor time, %ld KiB at most; %zu kinds, %lld panels tried, %lld integer programs\n",
	        cli_seconds() - began, (double)clock() / CLOCKS_PER_SEC,
	        usage.ru_maxrss, d.lottery.kinds, (long long)d.lottery.columns,
	        (long long)d.lottery.programs);
	if (!print(ask, &d, panel)) {
		fprintf(stderr, "folkmoot sortition: the result can't be written\n");
		return 1;
	}
	return 0;
}

int
cli_sortition(int argc, char **argv)
{
	struct ask ask;
	struct arena arena;
	int code;

	if (!parse_arguments(argc, argv, &ask))
		return EXIT_BAD;
	arena_init(&arena, MEMORY_MAX);
	code = draw(&ask, &arena);
	arena_release(&arena);
	return code;
}
