/* `folkmoot check` finds what does not fit its line in the record. */
#include "acts/check.h"

#include "acts/ballot.h"
#include "acts/comment.h"
#include "acts/count.h"
#include "acts/polling.h"

static void
hear(void *context, struct str line)
{
	struct buf *said = context;

	buf_add(said, line);
	buf_add_char(said, '\n');
}

static void
job(struct polling *p, enum status (*work)(struct job_run *), enum status (*deed)(struct job_run *))
{
	struct job_run run = { .subject = p->round.value, .attempts = 1 };

	polling_as(p, nobody, 11);
	run.act = p->w.act;
	if (work != NULL)
		world_need(work(&run), "work");
	world_need(WORLD_DO(&p->w, deed(&run)), "job");
}

/* Ideas judged, declined, edited and talked about; a round from opening to count. */
static void
live(struct polling *p)
{
	static const struct ballot_declaration nothing = { { NULL, 0 }, false };
	struct idea_new late = { .key = 9, .similar_seen = true,
		                 .draft = { .title = STR("A slide"), .body = STR("Into the ford.") } };
	struct idea_draft better = { .title = STR("A long slide"), .body = STR("Into the ford."),
		                     .has_cost = true, .rough_cost = { 700 } };
	struct idea_judgement no = { .verdict = IDEA_DECLINE, .reason = STR("The water is too cold."),
		                     .seen_version = 2 };
	struct round_draft draft;
	struct comment_added added;
	struct ballot_nonce nonce;
	struct idea_id idea;
	struct refusal why;
	bool changed;

	polling_init(p);
	polling_as(p, maya, 0);
	world_need(WORLD_DO(&p->w, act_idea_add(&p->w.act, &late, &idea, &why)), "add");
	world_need(WORLD_DO(&p->w, act_idea_edit(&p->w.act, idea, &better, 1, &why)), "edit");
	world_need(WORLD_DO(&p->w, act_comment_add(&p->w.act, idea, 1, STR("Whee!"), &added, &why)),
	           "comment");
	polling_as(p, ana, 0);
	world_need(WORLD_DO(&p->w, act_idea_judge(&p->w.act, idea, &no, &why)), "decline");
	draft = polling_draft(p);
	polling_open(p, &draft);
	polling_as(p, maya, 2);
	world_need(WORLD_DO(&p->w, act_ballot_cast(&p->w.act, p->round, &STR("2"), 1, &nothing, &nonce,
	                                           &changed, &why)), "cast");
	job(p, NULL, job_close_round);
	job(p, job_count_round_work, job_count_round);
}

/* Damages a fresh world with `sql`; the lines said must hold `words`. */
static void
damage(const char *sql, const char *words)
{
	struct polling p;
	struct buf said;
	struct check check = { .say = hear, .context = &said, .act = &p.w.act };

	live(&p);
	buf_init(&said, 20000);
	if (sql != NULL)
		world_sql(&p.w, sql);
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences > 0, sql != NULL);
	if (str_find(buf_str(&said), str_of(words)) == said.len && words[0] != '\0') {
		printf("# after: %s\n# said: %.*s", sql == NULL ? "" : sql, STR_ARG(buf_str(&said)));
		CHECK(!"the words are there");
	}
	if (sql == NULL)
		CHECK_STR(buf_str(&said), "");
	buf_release(&said);
	polling_release(&p);
}

static void
test_clean(void)
{
	damage(NULL, "");
}

static void
test_words(void)
{
	damage("UPDATE idea_version SET title = 'A slope' WHERE version = 2",
	       "a version of idea ");
	damage("UPDATE idea_version SET body = 'Into the sea.' WHERE version = 2", "does not fit its line");
	damage("UPDATE idea_version SET rough_cost = 701 WHERE version = 2", "does not fit its line");
	damage("UPDATE idea_version SET author_id = 102 WHERE version = 2", "does not fit its line");
	damage("DELETE FROM idea_version WHERE version = 2", "names a version of idea ");
	damage("UPDATE idea SET title = 'A slope' WHERE version = 2", "does not say what its version 2");
	damage("UPDATE idea_judgement SET reason = 'No.' WHERE verdict = 'decline'",
	       "a judgement of idea ");
	damage("UPDATE idea_judgement SET verdict = 'reopen' WHERE verdict = 'decline'", "was another");
	damage("UPDATE idea_judgement SET real_cost = 1 WHERE real_cost = 10000", "does not fit its line");
	damage("UPDATE comment SET body = 'Boo!'", "comment ");
	damage("INSERT INTO comment SELECT place_id, idea_id, 5, author_id, body, created_at, salt"
	       " FROM comment; UPDATE idea SET comments = 2 WHERE comments = 1",
	       "2 comments, 1 in the record");
}

static void
test_rounds(void)
{
	/* Rules and fingerprint together, so that they fit each other: the record tells. */
	damage("UPDATE round SET rules_hash = zeroblob(32)", "not those it was opened with");
	damage("UPDATE outcome SET detail = '{}' WHERE official = 1",
	       "the count of round ");
	damage("UPDATE outcome SET total_cost = 1 WHERE official = 1", "does not fit its line");
	damage("DELETE FROM leaf WHERE body LIKE '%round-counted%'", "1 counted rounds, 0 in the record");
	damage("DELETE FROM leaf WHERE body LIKE '%round-opened%'", "1 opened rounds, 0 in the record");
}

static const struct test_case cases[] = {
	{ "check: what fits its line is let be", test_clean },
	{ "check: finds ideas, judgements and comments that do not fit their lines", test_words },
	{ "check: finds rounds that do not fit their lines", test_rounds },
};
TEST_MAIN(cases)
