/* Makes the demo's data folder, once: folkmoot-demo --data FOLDER [--people N]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "acts/ballot.h"
#include "acts/comment.h"
#include "acts/count.h"
#include "acts/desk.h"
#include "acts/idea.h"
#include "acts/job.h"
#include "acts/ledger.h"
#include "acts/mail.h"
#include "acts/money.h"
#include "acts/place.h"
#include "acts/recipe.h"
#include "acts/round.h"
#include "acts/sequence.h"
#include "base/locale.h"
#include "demo/demo.h"
#include "store/person.sql.h"

enum { MEMBERS = 2400, VOTERS = 1904, VOTERS_NOW = 437, NAMED = 5, ARENA_MAX = 256 << 20,
       STEPS_MAX = 64 };

static const char slug[] = "alder-vale";

/* People who are more than a name. The first two are resident and steward, the third keeps
 * the money. */
static const struct {
	const char *name, *email;
	unsigned roles;
} named[NAMED] = {
	{ "Maya Osei", "maya@alder-vale.example", ROLE_MEMBER },
	{ "Ruth Hale", "ruth@alder-vale.example", ROLE_MEMBER | ROLE_STEWARD },
	{ "Tom Reed", "tom@alder-vale.example", ROLE_MEMBER | ROLE_TREASURER },
	{ "Idris Kaya", "idris@alder-vale.example", ROLE_MEMBER },
	{ "Ana Silva", "ana@alder-vale.example", ROLE_MEMBER },
};

struct demo {
	struct desk *desk;
	struct db *reader;
	struct arena arena;
	struct place place;
	struct instant today;  /* the real one */
	uint64_t step;         /* each deed has a seed of its own */
	struct person people[MEMBERS];
	int area[MEMBERS];     /* where each lives */
	struct idea_id ideas[STEPS_MAX];
	struct round_id rounds[3];
};

/* ---- deeds, with the clock moved ---- */

struct step {
	struct demo *demo;
	struct act act;
	struct refusal why;
	enum status (*run)(struct demo *demo, struct act *act, struct refusal *why);
};

static enum status
run_step(struct db *db, void *context)
{
	struct step *step = context;
	struct act act = step->act;

	act.db = db;
	return step->run(step->demo, &act, &step->why);
}

/* Does a deed as `who` at `days` before today, or ends the program. */
static void
deed(struct demo *demo, const char *what, const struct person *who, int days,
     enum status (*run)(struct demo *demo, struct act *act, struct refusal *why))
{
	uint8_t seed[32] = "folkmoot demo";
	struct step step = { .demo = demo, .run = run };
	enum status st;

	memcpy(seed + 24, &demo->step, sizeof demo->step);
	demo->step++;
	step.act = (struct act){ .arena = &demo->arena, .place = demo->place,
		                 .who = who == NULL ? (struct person){ 0 } : *who,
		                 .now = time_plus(demo->today, -days * DAY_US),
		                 .secrets = desk_secrets(demo->desk),
		                 .origin = STR("http://127.0.0.1:8080") };
	chance_from_seed(&step.act.chance, seed);
	st = desk_run(demo->desk, run_step, &step);
	if (st == OK)
		return;
	fprintf(stderr, "folkmoot-demo: %s: %s%s%s\n", what, status_name(st),
	        step.why.message.text == NULL ? "" : ": ",
	        step.why.message.text == NULL ? "" : step.why.message.text);
	exit(1);
}

/* ---- the place and its people ---- */

static enum status
set_up(struct demo *demo, struct act *act, struct refusal *why)
{
	struct recipe recipe;
	struct place_plan plan;
	char areas[400] = "";
	enum status st = recipe_by_name(act->arena, str_of(recipe_name(0)), &recipe);

	if (st == OK)
		st = recipe_plan(act->arena, &recipe, &plan);
	for (int i = 0; i < DEMO_AREAS; i++)
		(void)snprintf(areas + strlen(areas), sizeof areas - strlen(areas), "%s\n",
		               demo_areas[i]);
	if (st == OK)
		st = place_areas_read(act->arena, str_of(areas), &plan.areas, &plan.areas_len, why);
	if (st != OK)
		return st;
	plan.place.slug = str_of(slug);
	plan.place.name = STR("Alder Vale");
	plan.place.purpose = STR("A million pounds is ours, to spend as we decide together. Say what "
	                         "the Vale needs, choose what comes first, and see what came of it.");
	plan.place.people = 8140;
	plan.place.last_year = 2036;
	plan.settings.limits.ideas_per_day = 20;
	plan.steward = (struct place_helper){ str_of(named[1].name), str_of(named[1].email) };
	plan.treasurer = (struct place_helper){ str_of(named[2].name), str_of(named[2].email) };
	st = act_place_set_up(act, &plan, why);
	demo->place = act->place;
	return st;
}

static enum status
person_of(struct demo *demo, struct act *act, int i)
{
	struct person_by_email_row row;
	struct str email = i < NAMED ? str_of(named[i].email) : (struct str){ NULL, 0 };
	enum status st = NOT_FOUND;

	demo->area[i] = i % DEMO_AREAS;
	if (i < NAMED) {
		demo->people[i].name = str_of(named[i].name);
		st = person_by_email(act->db, act->arena, act->place.id, email, &row);
		demo->people[i].id = row.id;
	} else {
		const char *first = demo_first_names[chance_below(&act->chance, demo_first_names_len)];
		const char *last = demo_last_names[chance_below(&act->chance, demo_last_names_len)];

		if (str_format(act->arena, &demo->people[i].name, "%s %s", first, last) != OK)
			return NO_MEMORY;
	}
	demo->people[i].roles = i < NAMED ? named[i].roles : ROLE_MEMBER;
	if (st != NOT_FOUND)
		return st; /* steward and treasurer are there since the set-up */
	demo->people[i].id.value = chance_id(&act->chance);
	return person_insert(act->db, act->place.id, demo->people[i].id, demo->people[i].name,
	                     i < NAMED ? &email : NULL, act->now);
}

static enum status
join_all(struct demo *demo, struct act *act, struct refusal *why)
{
	enum status st = OK;

	(void)why;
	for (int i = 0; st == OK && i < MEMBERS; i++)
		st = person_of(demo, act, i);
	return st;
}

/* ---- ideas ---- */

static size_t the_idea; /* which one the next deeds are about */

/* The named people write some, others the rest. */
static const struct person *
author_of(struct demo *demo, size_t idea)
{
	static const int by_named[] = { 3, 4, 0, 1 };

	return &demo->people[idea % 5 < 4 && idea % 3 == 0 ? by_named[idea % 4]
	                                                     : NAMED + (int)idea * 7];
}

static enum status
add_idea(struct demo *demo, struct act *act, struct refusal *why)
{
	const struct demo_idea *idea = &demo_ideas[the_idea];
	struct idea_new new = { .key = chance_id(&act->chance), .similar_seen = true,
		                .draft = { .title = str_of(idea->title), .body = str_of(idea->body),
		                           .has_cost = idea->pounds > 0,
		                           .rough_cost = { (int64_t)idea->pounds * 100 } } };

	return act_idea_add(act, &new, &demo->ideas[the_idea], why);
}

static size_t the_comment;

static enum status
add_comment(struct demo *demo, struct act *act, struct refusal *why)
{
	struct comment_added added;

	return act_comment_add(act, demo->ideas[the_idea], chance_id(&act->chance),
	                       str_of(demo_ideas[the_idea].comments[the_comment]), &added, why);
}

static enum status
judge_idea(struct demo *demo, struct act *act, struct refusal *why)
{
	const struct demo_idea *idea = &demo_ideas[the_idea];
	struct idea_judgement judgement = { .verdict = IDEA_CHECK, .owner = str_of(idea->owner),
		                            .permission = str_of(idea->permission),
		                            .has_cost = true,
		                            .real_cost = { (int64_t)idea->real_pounds * 100 },
		                            .seen_version = 1 };

	if (idea->declined != NULL)
		judgement = (struct idea_judgement){ .verdict = IDEA_DECLINE,
			                             .reason = str_of(idea->declined),
			                             .seen_version = 1 };
	return act_idea_judge(act, demo->ideas[the_idea], &judgement, why);
}

static void
write_ideas(struct demo *demo)
{
	for (the_idea = 0; the_idea < demo_ideas_len; the_idea++) {
		const struct demo_idea *idea = &demo_ideas[the_idea];

		deed(demo, idea->title, author_of(demo, the_idea), idea->days_ago, add_idea);
		for (the_comment = 0; the_comment < 4 && idea->comments[the_comment] != NULL;
		     the_comment++)
			deed(demo, "comment", &demo->people[NAMED + 11 * the_idea + 3 * the_comment],
			     idea->days_ago - 1, add_comment);
		if (idea->real_pounds > 0 || idea->declined != NULL)
			deed(demo, idea->title, &demo->people[1],
			     idea->days_ago > 12 ? idea->days_ago - 12 : 1, judge_idea);
	}
}

/* ---- rounds ---- */

static int the_round; /* 1 or 2 */

/* 8 in the evening in the place's zone, some days from today. */
static struct instant
evening(struct demo *demo, int days_from_today)
{
	struct local_time local;
	struct instant t = time_plus(demo->today, days_from_today * DAY_US);

	if (zone_to_local(demo->place.zone, t, &local) != OK)
		return t;
	local.hour = 20;
	local.minute = 0;
	return zone_from_local(demo->place.zone, local, &t) == OK ? t : time_plus(t, 0);
}

static enum status
open_round(struct demo *demo, struct act *act, struct refusal *why)
{
	struct round_draft draft = {
		.title = the_round == 1 ? STR("Autumn round: what £120,000 should do")
		                        : STR("Winter round: what £90,000 should do"),
		.intro = STR("Choose everything you would be glad to see. The count shares the money "
		             "fairly, so that your street matters as much as the loudest."),
		.budget = { the_round == 1 ? 12000000 : 9000000 },
		.rule = { STR("equal-shares"), STR("cost"), STR("add1u"), { 100 },
		          STR("cost-votes-lot"), 0 },
		.opens_at = time_plus(act->now, 0),
		.closes_at = the_round == 1 ? evening(demo, -16) : evening(demo, 13),
		.residents = true,
		.least_age = 14,
	};
	struct round_pick picks[STEPS_MAX];
	size_t len = 0;
	enum status st = act_round_add(act, &draft, &demo->rounds[the_round], why);

	for (size_t i = 0; i < demo_ideas_len; i++)
		if (demo_ideas[i].round == the_round)
			picks[len++] = (struct round_pick){
				demo->ideas[i], { (int64_t)demo_ideas[i].real_pounds * 100 } };
	if (st == OK)
		st = act_round_choose(act, demo->rounds[the_round], picks, len, why);
	if (st == OK)
		st = act_round_open(act, demo->rounds[the_round], why);
	return st;
}

static int the_voter, voters_end;

/* Each idea draws so many of a hundred in the voter's part of the Vale; some people choose
 * little, some a lot. */
static enum status
cast_ballot(struct demo *demo, struct act *act, struct refusal *why)
{
	struct str values[STEPS_MAX];
	char numbers[STEPS_MAX][4];
	struct str area_key;
	struct ballot_declaration declaration = { .of_age = true };
	struct ballot_nonce nonce;
	size_t len = 0;
	int number = 0, mood = 60 + (int)chance_below(&act->chance, 80);
	bool changed;
	enum status st;

	for (size_t i = 0; i < demo_ideas_len; i++) {
		int liked = demo_ideas[i].liked[demo->area[the_voter]] * mood / 100;

		if (demo_ideas[i].round != the_round)
			continue;
		number++;
		if ((int)chance_below(&act->chance, 100) >= liked)
			continue;
		(void)snprintf(numbers[len], sizeof numbers[len], "%d", number % 100);
		values[len] = str_of(numbers[len]);
		len++;
	}
	st = place_key_of(act->arena, str_of(demo_areas[demo->area[the_voter]]), &area_key);
	declaration.area = area_key;
	return st == OK ? act_ballot_cast(act, demo->rounds[the_round], values, len, &declaration,
	                                  &nonce, &changed, why)
	                : st;
}

/* All in one transaction, as the writer does with deeds that wait together. */
static enum status
cast_ballots(struct demo *demo, struct act *act, struct refusal *why)
{
	enum status st = OK;

	for (; st == OK && the_voter < voters_end; the_voter++) {
		act->who = demo->people[the_voter];
		st = cast_ballot(demo, act, why);
	}
	return st;
}

static void
vote(struct demo *demo, int first, int voters, int days_ago)
{
	the_voter = first;
	voters_end = first + voters;
	deed(demo, "ballots", NULL, days_ago, cast_ballots);
}

/* Mails of long ago went out long ago. */
static enum status
forget_mail(struct job_run *run)
{
	return act_mail_gone(&run->act, (struct mail_id){ run->subject });
}

static void
clear_outbox(struct demo *demo)
{
	static const struct job_kind kinds[] = { { .name = "send-mail", .deed = forget_mail },
		                                 { .name = NULL } };
	const struct job_settings settings = { .desk = demo->desk, .kinds = kinds };

	while (job_run_due(&settings, demo->reader, demo->today) > 0)
		;
}

/* Closes and counts as the server would have done when the time came. */
static void
count_round(struct demo *demo)
{
	static const struct job_kind kinds[] = {
		{ .name = "close-round", .deed = job_close_round },
		{ .name = "count-round", .work = job_count_round_work, .deed = job_count_round },
		{ .name = NULL },
	};
	const struct job_settings settings = { .desk = demo->desk, .kinds = kinds,
		                               .origin = STR("http://127.0.0.1:8080") };
	struct instant then = time_plus(evening(demo, -16), MINUTE_US);

	while (job_run_due(&settings, demo->reader, then) > 0)
		;
}

/* ---- what was paid since ---- */

static const struct {
	size_t idea;
	int pounds, days_ago;
	const char *memo, *payee;
} paid[] = {
	{ 3, 4200, 11, "Six benches", "Vale Joinery Ltd" },
	{ 3, 1650, 6, "Four lime trees, planted", "Dale Nurseries" },
	{ 5, 640, 9, "Tools for the repair table", "Hobbs Hardware" },
	{ 2, 6200, 8, "Groundwork for the playground", "Valley Landscapes" },
	{ 14, 1900, 5, "The defibrillator and its box", "HeartSafe Supplies" },
};
static size_t the_payment;

static enum status
pay(struct demo *demo, struct act *act, struct refusal *why)
{
	struct money_project *projects;
	struct entry_id entry;
	struct payment payment = { .amount = { (int64_t)paid[the_payment].pounds * 100 },
		                   .memo = str_of(paid[the_payment].memo),
		                   .payee = str_of(paid[the_payment].payee),
		                   .reference = STR("BACS"),
		                   .client_key = str_of(paid[the_payment].memo) };
	size_t len = 0;
	enum status st = act_project_list(act, &projects, &len);

	(void)demo;
	if (st == OK)
		st = act_today(act, &payment.day);
	for (size_t i = 0; st == OK && i < len; i++)
		if (str_is(projects[i].title, demo_ideas[paid[the_payment].idea].title))
			payment.project = projects[i].id;
	/* What did not win was not paid. */
	if (st != OK || payment.project.value == 0)
		return st;
	return act_payment_record(act, &payment, &entry, why);
}

/* ---- all of it ---- */

static void
make(struct demo *demo)
{
	deed(demo, "set up", NULL, 240, set_up);
	deed(demo, "people", NULL, 200, join_all);
	write_ideas(demo);
	the_round = 1;
	deed(demo, "first round", &demo->people[1], 45, open_round);
	vote(demo, NAMED, VOTERS, 20);
	count_round(demo);
	for (the_payment = 0; the_payment < sizeof paid / sizeof *paid; the_payment++)
		deed(demo, paid[the_payment].memo, &demo->people[2], paid[the_payment].days_ago, pay);
	the_round = 2;
	deed(demo, "second round", &demo->people[1], 6, open_round);
	vote(demo, NAMED + 300, VOTERS_NOW, 2);
	clear_outbox(demo);
	if (sequence_all(demo->desk, demo->reader) != OK)
		fprintf(stderr, "folkmoot-demo: the record waits for the server\n");
}

static bool
is_there(const char *data)
{
	char path[4096];
	struct stat about;

	return snprintf(path, sizeof path, "%s/folkmoot.db", data) < (int)sizeof path &&
	       stat(path, &about) == 0;
}

int
main(int argc, char **argv)
{
	struct demo *demo;
	const char *why = NULL;

	if ((argc != 3 && argc != 5) || strcmp(argv[1], "--data") != 0 ||
	    (argc == 5 && strcmp(argv[3], "--db") != 0)) {
		fprintf(stderr, "usage: folkmoot-demo --data FOLDER [--db URI]\n");
		return 2;
	}
	if (argc == 3 && is_there(argv[2]))
		return 0;
	demo = calloc(1, sizeof *demo);
	if (demo == NULL)
		return 1;
	if (desk_open(argv[2], argc == 5 ? argv[4] : NULL, &demo->desk, &why) != OK ||
	    desk_reader(demo->desk, &demo->reader, &why) != OK) {
		fprintf(stderr, "folkmoot-demo: %s: %s\n", argv[2], why);
		return 2;
	}
	arena_init(&demo->arena, ARENA_MAX);
	demo->today = time_now();
	make(demo);
	printf("Made Alder Vale in %s: %zu ideas, %d ballots counted, %d in an open round.\n",
	       argv[2], demo_ideas_len, VOTERS, VOTERS_NOW);
	db_close(demo->reader);
	desk_close(demo->desk);
	arena_release(&demo->arena);
	free(demo);
	return 0;
}
