/* A year in the village: test_whole_village [quick | SEED [STEPS]]. Prints the seed; the same
 * seed is the same year. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/log.h"
#include "village.h"

enum { YEAR = 4000, QUICK = 120, CLOSELY_EVERY = 50, TWIN_STEPS = 700 };

static uint64_t seed = 20261121;
static int steps = YEAR;
static bool quick;

static void
live(struct village *v, int count)
{
	for (int i = 0; i < count && v->wrong < 10; i++) {
		village_step(v);
		village_look(v);
		if (v->step % CLOSELY_EVERY == 0)
			village_look_closely(v);
	}
}

static void
a_year(void)
{
	struct village *v = malloc(sizeof *v);

	printf("# seed %llu, %d steps\n", (unsigned long long)seed, steps);
	village_init(v, seed, false);
	live(v, steps);
	village_look_closely(v);
	if (steps >= YEAR)
		village_was_busy(v);
	printf("# %lld done, %lld refused, %lld faults, %lld sent twice, %lld lines on record\n",
	       (long long)v->done, (long long)v->refused, (long long)v->faults, (long long)v->twice,
	       (long long)village_number(v, "SELECT count(*) FROM leaf"));
	CHECK_INT(v->wrong, 0);
	village_release(v);
	free(v);
}

/* Two villages with the same days, but that people tick other options: without a count, nothing
 * in the database may tell them apart but the ballots themselves. */
static void
twins(void)
{
	struct village *one = malloc(sizeof *one), *other = malloc(sizeof *other);
	int ballots = 0;

	village_init(one, seed, false);
	village_init(other, seed, true);
	one->uncounted = other->uncounted = true;
	for (int i = 0; i < TWIN_STEPS; i++) {
		struct digest a, b;

		village_step(one);
		village_step(other);
		a = village_state(one, true);
		b = village_state(other, true);
		if (memcmp(a.bytes, b.bytes, sizeof a.bytes) != 0) {
			village_wrong(one, "a choice shows outside the box");
			break;
		}
		ballots = one->counts[10];
	}
	printf("# %d ballots\n", ballots);
	CHECK(ballots > 20);
	CHECK_INT(one->wrong + other->wrong, 0);
	CHECK(village_number(one, "SELECT sum(length(choice)) FROM ballot") > 0);
	village_release(one);
	village_release(other);
	free(one);
	free(other);
}

/* Each of these must be seen; else the year proves nothing. */
static const struct damage {
	const char *when, *sql;
} damages[] = {
	{ "SELECT count(*) > 5 FROM ballot",
	  "DELETE FROM ballot WHERE ballot_key = (SELECT min(ballot_key) FROM ballot)" },
	{ "SELECT count(*) > 5 FROM ballot", "UPDATE ballot SET choice = '1,2,3,4,5'" },
	{ "SELECT count(*) > 5 FROM ballot", "UPDATE roll SET receipt = zeroblob(32)"
	  " WHERE receipt = (SELECT min(receipt) FROM roll)" },
	{ "SELECT count(*) > 5 FROM comment", "DELETE FROM comment WHERE id = (SELECT min(id) FROM comment)" },
	{ "SELECT count(*) > 5 FROM idea", "UPDATE idea SET title = 'Another' WHERE id = (SELECT min(id) FROM idea)" },
	{ "SELECT count(*) > 0 FROM round WHERE state = 'open'",
	  "INSERT INTO outcome SELECT place_id, id, 7, 1, rule, utility, completion, NULL, ties, 0, 0, 0, 0,"
	  " '{}' FROM round WHERE state = 'open' LIMIT 1" },
	{ "SELECT count(*) > 20 FROM leaf_position",
	  "UPDATE leaf SET body = replace(body, 'act', 'fact') WHERE id ="
	  " (SELECT leaf_id FROM leaf_position WHERE position = 3 ORDER BY leaf_id LIMIT 1)" },
	{ "SELECT count(*) > 0 FROM entry WHERE kind = 'payment'",
	  "UPDATE posting SET amount = amount + 1 WHERE amount > 0" },
	{ "SELECT count(*) > 0 FROM account",
	  "UPDATE account SET balance = balance + 1 WHERE kind = 'pot'" },
};

static void
seen(const struct damage *damage)
{
	struct village *v = malloc(sizeof *v);
	int i = 0;

	village_init(v, 1, false);
	while (i++ < YEAR && village_number(v, "%s", damage->when) == 0)
		village_step(v);
	CHECK_INT(v->wrong, 0);
	village_sql(v, damage->sql);
	v->doing = "damage, to be seen";
	village_look_closely(v);
	CHECK(v->wrong > 0);
	village_release(v);
	free(v);
}

static void
sees_damage(void)
{
	for (size_t i = 0; i < (quick ? 1 : sizeof damages / sizeof *damages); i++)
		seen(&damages[i]);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "village: sees damage", sees_damage },
		{ "village: a year", a_year },
		{ "village: choices show nowhere before the count", twins },
	};

	/* Ten thousand commits: what a sync is for is tested in tests/torture. */
	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	quick = argc > 1 && strcmp(argv[1], "quick") == 0;
	if (quick)
		steps = QUICK;
	else if (argc > 1)
		seed = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		steps = atoi(argv[2]);
	log_least(LEVEL_ERROR);
	return test_run_all(cases, quick ? 2 : sizeof cases / sizeof *cases);
}
