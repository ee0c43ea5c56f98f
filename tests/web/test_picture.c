/* The pictures of a counted round: bars that are as long as their figures, and no small numbers. */
#include "commons/roll.h"
#include "test.h"
#include "web/result.h"

static struct arena arena;

static void
check_strip(struct strip s, int64_t from, int64_t length)
{
	CHECK_INT(s.from, from);
	CHECK_INT(s.length, length);
}

static void
strips(void)
{
	check_strip(strip_of(0, 1, 2), 0, 500);
	check_strip(strip_of(1, 1, 2), 500, 500);
	check_strip(strip_of(0, 0, 2), 0, 0);
	check_strip(strip_of(0, 3, 2), 0, 1000);
	check_strip(strip_of(1, 3, 2), 500, 500);
	check_strip(strip_of(0, -1, 2), 0, 0);
	check_strip(strip_of(0, 1, 0), 0, 0);
	check_strip(strip_of(0, INT64_MAX / 2, INT64_MAX), 0, 499);
	check_strip(strip_of(0, 1, 1000000), 0, 4); /* a hair can be seen */
	check_strip(strip_of(999999, 1, 1000000), 996, 4);
}

/* Rows as "0:128 1:432 6-7:25+"; + behind what is said to be "or more". */
static void
check_held(const int64_t *held, size_t count, const char *want)
{
	int64_t copy[10], sum = 0, next = 0;
	struct outcome outcome = { .winners_held = copy, .winners_held_count = count };
	struct count_page_view view = { .voters = 0 };
	struct buf text;

	for (size_t i = 0; i < count; i++)
		copy[i] = held[i];
	buf_init(&text, 1000);
	CHECK_INT(result_held_fill(&arena, &outcome, &view), OK);
	for (size_t i = 0; i < view.held.len; i++) {
		const struct held_row *r = &view.held.ptr[i];

		buf_add_format(&text, "%s%lld", i > 0 ? " " : "", (long long)r->from);
		if (!r->one)
			buf_add_format(&text, "-%lld", (long long)r->to);
		buf_add_format(&text, ":%lld%s", (long long)r->voters, r->last ? "+" : "");
		sum += r->voters;
		CHECK_INT(r->from, next);
		next = r->to + 1;
		CHECK(r->voters >= TURNOUT_LEAST || view.held.len == 1);
	}
	for (size_t i = 0; i < count; i++)
		sum -= held[i];
	CHECK_INT(sum, 0);
	CHECK_INT(next, (long long)count);
	CHECK_STR(buf_str(&text), want);
	buf_release(&text);
}

/* No row has fewer than ten voters, and together they are all. */
static void
held(void)
{
	check_held((int64_t[]){ 128, 432, 570, 22, 3 }, 5, "0:128 1:432 2:570 3-4:25+");
	check_held((int64_t[]){ 10, 10 }, 2, "0:10 1:10");
	check_held((int64_t[]){ 9, 30, 40 }, 3, "0-1:39 2:40");
	check_held((int64_t[]){ 50, 3, 0, 4, 20 }, 5, "0-3:57 4:20");
	check_held((int64_t[]){ 50, 0, 8, 4 }, 4, "0-1:50 2-3:12+");
	check_held((int64_t[]){ 2, 1, 1 }, 3, "0-2:4");
	check_held((int64_t[]){ 7 }, 1, "0:7");
	arena_reset(&arena);
}

enum { MANY = 40, WINNERS = 20 };

/* Winners of 3 each, of 100; losers of 10, of which there were 0, 1, 2 …, or as asked. */
static void
make_result(struct result *result, struct outcome *outcome, struct result_option *options,
            struct outcome_option *fates, int64_t asked)
{
	*result = (struct result){ .options = options, .options_len = MANY, .option_winners = WINNERS };
	*outcome = (struct outcome){ .options = fates, .option_count = MANY };
	result->official.rule = STR("greedy");
	for (int i = 0; i < MANY; i++) {
		bool won = i < WINNERS;

		options[i] = (struct result_option){
			.number = i + 1, .title = STR("An idea"), .cost = { won ? 3 : 10 },
			.place_won = won ? i + 1 : 0, .why = won ? OUTCOME_WON : OUTCOME_NO_ROOM,
			.has_room = !won, .room = { won ? 0 : (i - WINNERS) % 10 } };
		fates[i] = (struct outcome_option){ .place = (uint32_t)(won ? i + 1 : 0),
			                            .highest_cost = won ? OUTCOME_NOT_ASKED : asked };
	}
}

/* Each winner begins where the one before it ended; what is too much is one bar; the rest is left. */
static void
winners(void)
{
	struct result_option options[MANY];
	struct outcome_option fates[MANY];
	struct result_page_view view = { .budget = { 100 }, .spent = { 60 }, .rest = { 40 } };
	struct outcome outcome;
	struct result result;
	int64_t end = 0;

	make_result(&result, &outcome, options, fates, OUTCOME_NOT_ASKED);
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), OK);
	CHECK_INT(view.picture.chosen.len, 14);
	CHECK_INT(view.picture.more, 6);
	for (size_t i = 0; i < view.picture.chosen.len; i++) {
		check_strip(view.picture.chosen.ptr[i].strip, end, 30);
		end += 30;
	}
	check_strip(view.picture.rest.strip, 420, 180);
	CHECK_INT(view.picture.rest.cost.minor, 18);
	check_strip(view.picture.left, 600, 400);
	arena_reset(&arena);
}

static void
losers(void)
{
	struct result_option options[MANY];
	struct outcome_option fates[MANY];
	struct result_page_view view = { .budget = { 100 }, .spent = { 60 }, .rest = { 40 } };
	struct outcome outcome;
	struct result result;

	make_result(&result, &outcome, options, fates, OUTCOME_NOT_ASKED);
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), OK);
	CHECK(!view.picture.needed && view.picture.near.len == 8);
	for (size_t i = 0; i < 8; i++) /* two had 9 of 10, two 8, … */
		CHECK_INT(view.picture.near.ptr[i].had, 9 - (int64_t)i / 2);
	check_strip(view.picture.near.ptr[0].strip, 0, 900);
	make_result(&result, &outcome, options, fates, 7);
	fates[MANY - 1].highest_cost = 8;
	fates[MANY - 2].highest_cost = -1; /* would not have won for nothing */
	fates[WINNERS].highest_cost = 0; /* only for nothing */
	options[MANY - 3].why = OUTCOME_WITHDRAWN;
	fates[MANY - 3].highest_cost = 9;
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), OK);
	CHECK(view.picture.needed);
	check_strip(view.picture.near.ptr[0].strip, 0, 800);
	check_strip(view.picture.near.ptr[1].strip, 0, 700);
	for (int i = WINNERS; i < MANY; i++)
		fates[i].highest_cost = 0;
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), OK);
	CHECK(view.picture.needed && view.picture.near.len == 0 && view.picture.any);
	result.option_winners = 0; /* nobody won, nobody was near: there is no picture */
	for (int i = 0; i < MANY; i++)
		fates[i].highest_cost = 0;
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), OK);
	CHECK(!view.picture.any);
	options[MANY - 1].number = MANY + 1; /* a database that is not ours */
	CHECK_INT(result_picture_fill(&arena, &result, &outcome, &view), FAILED);
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "strips", strips },
		{ "no small numbers of voters", held },
		{ "winners, one behind the other", winners },
		{ "how near losers came", losers },
	};
	int bad;

	arena_init(&arena, 1 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
