#include "make.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"

enum { OPTIONS_MAX = 64 };

static uint32_t
option_named(const struct str *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(names[i], name))
			return (uint32_t)i;
	abort();
}

static size_t
make_options(struct election_making *making, struct str text, struct str *names)
{
	size_t count = 0;

	while (text.ptr != NULL) {
		struct str cost = str_next(&text, ' '), name = str_next(&cost, '=');
		bool withdrawn = str_starts(name, STR("!"));
		int64_t amount = 0;

		assert(count < OPTIONS_MAX && str_to_int(cost, &amount) == OK);
		names[count] = str_cut(name, withdrawn, name.len);
		election_option(making, names[count++], amount, withdrawn);
	}
	return count;
}

struct election
make_election(struct arena *arena, int decimals, int64_t budget, const char *options,
              const char *ballots)
{
	struct str text = str_of(ballots), names[OPTIONS_MAX];
	struct election_making making;
	struct decide_error error;
	struct election e;
	size_t count;

	election_begin(&making, arena, decimals, budget);
	count = make_options(&making, str_of(options), names);
	while (text.len > 0) {
		struct str list = str_next(&text, ' '), times = str_next(&list, ':');
		uint32_t choices[OPTIONS_MAX];
		size_t n = 0;
		int64_t voters = 0;

		while (list.len > 0)
			choices[n++] = option_named(names, count, str_next(&list, ','));
		assert(str_to_int(times, &voters) == OK);
		for (int64_t i = 0; i < voters; i++)
			election_ballot(&making, choices, NULL, n);
	}
	if (election_end(&making, &e, &error) != OK)
		abort();
	return e;
}

struct str
winners_of(struct arena *arena, const struct election *e, const struct outcome *outcome)
{
	struct str ret = { "", 0 };

	for (size_t i = 0; i < outcome->step_count; i++) {
		struct str id = e->options[outcome->steps[i].option].id;

		if (str_format(arena, &ret, "%.*s%s%.*s", STR_ARG(ret), i > 0 ? "," : "",
		               STR_ARG(id)) != OK)
			abort();
	}
	return ret;
}

struct outcome
count_election(struct arena *arena, const struct election *e, const struct method *method)
{
	struct outcome outcome;
	struct decide_error error;

	if (decide_count(e, method, arena, &outcome, &error) != OK)
		abort();
	return outcome;
}
