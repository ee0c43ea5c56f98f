/* Ideas on a real database: each deed's rows, leaf and mail; refusals that change nothing. */
#include "acts/idea.h"

#include "acts/comment.h"
#include "acts/queue.h"
#include "acts/salted.h"
#include "acts/world.h"

static struct idea_new
an_idea(int64_t key, const char *title)
{
	return (struct idea_new){
		.key = key,
		.draft = { .title = str_of(title), .body = STR("To rest on the way up."),
		           .has_cost = true, .rough_cost = { 65000 } },
		.similar_seen = true,
	};
}

/* Adds an idea of Maya's, or ends the program. */
static struct idea_id
add(struct world *w, int64_t key, const char *title)
{
	struct idea_new idea = an_idea(key, title);
	struct person before = w->act.who;
	struct refusal why;
	struct idea_id id;

	w->act.who = maya;
	world_need(WORLD_DO(w, act_idea_add(&w->act, &idea, &id, &why)), title);
	w->act.who = before;
	return id;
}

static struct idea_judgement
a_check(int64_t version, int64_t judgement)
{
	return (struct idea_judgement){ .verdict = IDEA_CHECK, .owner = STR("Friends of the hill"),
		                        .permission = STR("The council says yes"),
		                        .has_cost = true, .real_cost = { 70000 },
		                        .reason = STR("typed, and not kept"),
		                        .seen_version = version, .seen_judgement = judgement };
}

static struct idea_judgement
a_decline(int64_t version, int64_t judgement)
{
	return (struct idea_judgement){ .verdict = IDEA_DECLINE,
		                        .owner = STR("typed, and not kept"),
		                        .reason = STR("The hill is not ours."),
		                        .seen_version = version, .seen_judgement = judgement };
}

static void
test_add(void)
{
	struct world w;
	struct idea_shown shown;
	struct idea_list_rows rows;
	struct idea_filter filter = { .words = STR("benches resting") };
	struct str leaf;
	struct idea_id id;
	bool more;

	world_init(&w);
	id = add(&w, 1, "A bench on the hill");
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), OK);
	CHECK_STR(shown.idea.title, "A bench on the hill");
	CHECK_STR(shown.idea.author, "Maya Osei");
	CHECK_INT(shown.idea.rough_cost.minor, 65000);
	CHECK_INT(shown.idea.version, 1);
	CHECK_INT(shown.state, IDEA_OPEN);
	CHECK(shown.mine && shown.may_edit && shown.may_comment && !shown.may_judge);
	CHECK_INT(act_idea_list(&w.act, &filter, &rows, &more), OK);
	CHECK_INT(rows.len, 1); /* benches, resting: by their stems */
	leaf = world_text(&w, "SELECT body FROM leaf");
	CHECK(str_find(leaf, STR("\"act\":\"idea-added\"")) < leaf.len);
	CHECK(str_find(leaf, str_of(id_text(id.value).text)) < leaf.len);
	CHECK(str_find(leaf, STR("bench")) == leaf.len);
	CHECK(str_find(leaf, STR("Maya")) == leaf.len);
	world_release(&w);
}

/* Whoever is given text and salt can check the leaf. */
static void
test_salted(void)
{
	struct world w;
	struct str parts[3] = { STR("A bench"), STR("To rest on the way up."), STR("65000") };
	struct str salt, leaf;
	struct digest_text text;

	world_init(&w);
	(void)add(&w, 1, "A bench");
	salt = world_text(&w, "SELECT salt FROM idea_version");
	leaf = world_text(&w, "SELECT body FROM leaf");
	CHECK_INT(salt.len, SALT_LEN);
	CHECK_INT(salted_digest(salt, parts, 3, &text), OK);
	CHECK(str_find(leaf, str_of(text.text)) < leaf.len);
	parts[0] = STR("A bench!");
	CHECK_INT(salted_digest(salt, parts, 3, &text), OK);
	CHECK(str_find(leaf, str_of(text.text)) == leaf.len);
	world_release(&w);
}

static void
test_sent_twice(void)
{
	struct world w;
	struct idea_new idea = an_idea(1, "A bench");
	struct refusal why = { .status = OK };
	struct idea_id first, again, other;

	world_init(&w);
	first = add(&w, 1, "A bench");
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &again, &why)), OK);
	CHECK_INT(again.value, first.value);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM idea"), 1);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM leaf"), 1);
	idea.draft.title = STR("A swing");
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &again, &why)), REFUSED);
	CHECK(why.field != NULL && strcmp(why.field, "key") == 0);
	w.act.who = idris; /* the same key by somebody else is another idea */
	idea.draft.title = STR("A bench");
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &other, &why)), OK);
	CHECK(other.value != first.value);
	world_release(&w);
}

static void
test_similar(void)
{
	struct world w;
	struct idea_new idea = an_idea(2, "Benches for the park");
	struct idea_similar_rows similar;
	struct refusal why = { .status = OK };
	struct idea_id id;

	world_init(&w);
	(void)add(&w, 1, "Two benches in Hollin Park");
	(void)add(&w, 3, "Lights for the playground");
	idea.similar_seen = false;
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &id, &why)), REFUSED);
	CHECK(why.field != NULL && strcmp(why.field, "similar") == 0);
	CHECK_INT(act_idea_similar(&w.act, idea.draft.title, &similar), OK);
	CHECK_INT(similar.len, 1);
	CHECK_STR(similar.ptr[0].title, "Two benches in Hollin Park");
	idea.similar_seen = true;
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &id, &why)), OK);
	CHECK_INT(act_idea_similar(&w.act, STR("\" OR title:* NEAR(("), &similar), OK);
	CHECK_INT(act_idea_similar(&w.act, STR("The"), &similar), OK);
	CHECK_INT(similar.len, 0);
	world_go(&w, WORLD_ELSEWHERE);
	CHECK_INT(act_idea_similar(&w.act, STR("Benches for the park"), &similar), OK);
	CHECK_INT(similar.len, 0);
	world_release(&w);
}

static void
test_limits(void)
{
	struct world w;
	struct idea_new idea = an_idea(9, "One more");
	struct refusal why = { .status = OK };
	struct idea_id id;

	world_init(&w);
	world_sql(&w, "UPDATE place SET settings = '{\"limits.ideas_per_day\":2,"
	              "\"limits.comments_per_day\":1}'");
	(void)add(&w, 1, "First");
	id = add(&w, 2, "Second");
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &id, &why)), REFUSED);
	CHECK(why.message.plural != NULL);
	w.act.now = time_plus(w.act.now, DAY_US + 1);
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &id, &why)), OK);
	struct comment_added comment;

	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("Yes"), &comment, &why)), OK);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 2, STR("No"), &comment, &why)), REFUSED);
	world_release(&w);
}

static void
test_rights(void)
{
	struct world w;
	struct idea_new idea = an_idea(5, "A swing");
	struct idea_judgement check = a_check(1, 0);
	struct comment_added comment;
	struct idea_by_id_row row;
	struct idea_shown shown;
	struct refusal why;
	struct queue queue;
	struct idea_id id, added;

	world_init(&w);
	id = add(&w, 1, "A bench");
	w.act.who = nobody;
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &added, &why)), SIGN_IN);
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &idea.draft, 1, &why)), SIGN_IN);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("Yes"), &comment, &why)), SIGN_IN);
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)), FORBIDDEN);
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), OK);
	CHECK(!shown.mine && !shown.may_edit && !shown.may_comment && !shown.may_judge);
	w.act.who = idris;
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &idea.draft, 1, &why)), FORBIDDEN);
	CHECK_INT(act_idea_edit_show(&w.act, id, &row, &why), FORBIDDEN);
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)), FORBIDDEN);
	CHECK_INT(act_idea_judge_show(&w.act, id, &row), FORBIDDEN);
	CHECK_INT(act_queue_show(&w.act, &queue), FORBIDDEN);
	w.act.who = ana;
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &idea.draft, 1, &why)), FORBIDDEN);
	w.act.who = maya;
	world_go(&w, WORLD_ELSEWHERE); /* nothing leaks between places */
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), NOT_FOUND);
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &idea.draft, 1, &why)), NOT_FOUND);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("Yes"), &comment, &why)),
	          NOT_FOUND);
	world_release(&w);
}

static void
test_edit(void)
{
	struct world w;
	struct idea_draft draft = { .title = STR("A swing by the river"), .body = STR("To fly.") };
	struct idea_filter old_words = { .words = STR("bench") }, words = { .words = STR("swing") };
	struct idea_history history;
	struct idea_list_rows rows;
	struct refusal why = { .status = OK };
	struct str state;
	struct idea_id id;
	bool more;

	world_init(&w);
	id = add(&w, 1, "A bench");
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &draft, 1, &why)), OK);
	CHECK_INT(act_idea_list(&w.act, &old_words, &rows, &more), OK);
	CHECK_INT(rows.len, 0);
	CHECK_INT(act_idea_list(&w.act, &words, &rows, &more), OK);
	CHECK_INT(rows.len, 1);
	CHECK(!rows.ptr[0].has_rough_cost);
	state = world_state(&w);
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &draft, 1, &why)), OK); /* sent twice */
	CHECK(str_eq(world_state(&w), state));
	draft.title = STR("A slide");
	CHECK_INT(WORLD_DO(&w, act_idea_edit(&w.act, id, &draft, 1, &why)), REFUSED);
	CHECK(why.field != NULL && strcmp(why.field, "version") == 0);
	CHECK(str_eq(world_state(&w), state));
	CHECK_INT(act_idea_history(&w.act, id, 0, &history), OK);
	CHECK_INT(history.versions.len, 2);
	CHECK_STR(history.versions.ptr[0].title, "A swing by the river");
	CHECK_STR(history.versions.ptr[1].title, "A bench");
	CHECK_INT(act_idea_history(&w.act, id, 2, &history), OK);
	CHECK_INT(history.versions.len, 1);
	world_release(&w);
}

static void
test_comments(void)
{
	struct world w;
	struct comment_added one, again, other;
	struct idea_shown shown;
	struct refusal why = { .status = OK };
	struct idea_id id;

	world_init(&w);
	id = add(&w, 1, "A bench");
	w.act.who = idris;
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("Yes!"), &one, &why)), OK);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("Yes!"), &again, &why)), OK);
	CHECK_INT(again.id.value, one.id.value);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 1, STR("No!"), &again, &why)), REFUSED);
	w.act.now = time_plus(w.act.now, SECOND_US);
	CHECK_INT(WORLD_DO(&w, act_comment_add(&w.act, id, 2, STR("With a back."), &other, &why)), OK);
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), OK);
	CHECK_INT(shown.idea.comments, 2);
	CHECK_INT(shown.comments.len, 2);
	CHECK_STR(shown.comments.ptr[0].body, "Yes!");
	CHECK_STR(shown.comments.ptr[1].body, "With a back.");
	CHECK_STR(shown.comments.ptr[0].author, "Idris Kaya");
	CHECK_INT(world_number(&w, "SELECT count(*) FROM leaf WHERE body LIKE '%comment-added%'"), 2);
	world_sql(&w, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) "
	              "INSERT INTO comment SELECT place_id, idea_id, i, author_id, 'c' || i,"
	              " created_at + i, salt FROM n, (SELECT * FROM comment LIMIT 1) one");
	world_sql(&w, "UPDATE idea SET comments = 252");
	CHECK_INT(act_idea_show(&w.act, id, 1, &shown), OK);
	CHECK_INT(shown.comments.len, COMMENT_PAGE);
	CHECK_INT(shown.pages, 3);
	CHECK_INT(act_idea_show(&w.act, id, 99, &shown), OK);
	CHECK_INT(shown.page, 3);
	CHECK_INT(shown.comments.len, 52);
	world_release(&w);
}

static void
test_judge(void)
{
	struct world w;
	struct idea_judgement check = a_check(1, 0), decline = a_decline(1, 1);
	struct idea_judgement reopen = { .verdict = IDEA_REOPEN, .seen_version = 1,
		                         .seen_judgement = 2 };
	struct idea_history history;
	struct idea_shown shown;
	struct refusal why = { .status = OK };
	struct str mail;
	struct idea_id id;

	world_init(&w);
	id = add(&w, 1, "A bench");
	w.act.who = ana;
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)), OK);
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), OK);
	CHECK_INT(shown.state, IDEA_CHECKED);
	CHECK_STR(shown.idea.owner, "Friends of the hill");
	CHECK_INT(shown.idea.real_cost.minor, 70000);
	CHECK_STR(shown.idea.judge, "Ana Silva");
	CHECK(!shown.idea.has_reason && shown.may_judge);
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)), REFUSED); /* stale form */
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &decline, &why)), OK);
	CHECK_INT(act_idea_show(&w.act, id, 0, &shown), OK);
	CHECK_INT(shown.state, IDEA_DECLINED);
	CHECK_STR(shown.idea.reason, "The hill is not ours.");
	CHECK(!shown.idea.has_owner && !shown.idea.has_real_cost);
	mail = world_text(&w, "SELECT body FROM mail WHERE body LIKE '%not ours%'");
	CHECK(str_find(mail, STR("https://vale.example/vale/ideas/")) < mail.len);
	CHECK_STR(world_text(&w, "SELECT recipient FROM mail"), "maya@vale.example");
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &reopen, &why)), OK);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM mail"), 3);
	CHECK_INT(act_idea_history(&w.act, id, 0, &history), OK);
	CHECK_INT(history.judgements.len, 3);
	CHECK_STR(history.judgements.ptr[0].verdict, "reopen");
	CHECK_STR(history.judgements.ptr[1].reason, "The hill is not ours.");
	CHECK_INT(world_number(&w, "SELECT count(*) FROM leaf WHERE body LIKE '%idea-declined%'"), 1);
	world_release(&w);
}

static void
test_judge_own(void)
{
	struct world w;
	struct idea_new idea = an_idea(1, "A bench");
	struct idea_judgement check = a_check(1, 0);
	struct refusal why;
	struct str leaf;
	struct idea_id id;

	world_init(&w);
	w.act.who = ana;
	CHECK_INT(WORLD_DO(&w, act_idea_add(&w.act, &idea, &id, &why)), OK);
	CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)), OK);
	leaf = world_text(&w, "SELECT body FROM leaf WHERE body LIKE '%idea-checked%'");
	CHECK(str_find(leaf, STR("\"own\":true")) < leaf.len);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM mail"), 0);
	world_release(&w);
}

static void
test_in_round(void)
{
	static const char *const states[] = { "draft", "open", "settling", "counting", "counted",
		                              "void" };
	struct world w;
	struct idea_judgement check = a_check(1, 0);
	struct refusal why = { .status = OK };
	struct buf sql;
	struct idea_id id;

	world_init(&w);
	id = add(&w, 1, "A bench");
	w.act.who = ana;
	world_sql(&w, "INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind,"
	              " rule, utility, completion, ties, who_may, opens_at, closes_at, created_at,"
	              " ballots) VALUES (10, 7, 'Spring', '', 'draft', 1, 'approval', 'greedy',"
	              " 'cost', 'none', 'id', 'members', 1, 2, 1, 0)");
	buf_init(&sql, 1000);
	buf_add_format(&sql, "INSERT INTO option (place_id, round_id, id, number, label, idea_id, title,"
	               " summary, cost) VALUES (10, 7, 1, 1, '1', %lld, 'A bench', '', 1)",
	               (long long)id.value);
	world_sql(&w, sql.ptr);
	for (size_t i = 0; i < sizeof(states) / sizeof *states; i++) {
		bool over = i >= 4;

		buf_clear(&sql);
		buf_add_format(&sql, "UPDATE round SET state = '%s'", states[i]);
		world_sql(&w, sql.ptr);
		check.seen_judgement = over ? (int64_t)i - 4 : 0;
		CHECK_INT(WORLD_DO(&w, act_idea_judge(&w.act, id, &check, &why)),
		          over ? OK : REFUSED);
	}
	buf_release(&sql);
	world_release(&w);
}

static void
test_by_author(void)
{
	struct world w;
	struct idea_list_by_author_rows rows;

	world_init(&w);
	(void)add(&w, 1, "A bench"); /* of Maya's */
	CHECK_INT(act_idea_by_author(&w.act, maya.id, &rows), OK);
	CHECK_INT(rows.len, 1);
	CHECK_STR(rows.ptr[0].author, "Maya Osei");
	CHECK_INT(act_idea_by_author(&w.act, idris.id, &rows), NOT_FOUND);
	world_go(&w, WORLD_ELSEWHERE); /* nothing leaks between places */
	CHECK_INT(act_idea_by_author(&w.act, maya.id, &rows), NOT_FOUND);
	world_release(&w);
}

/* The list takes as many statements for forty ideas as for one. */
static void
test_pages(void)
{
	struct world w;
	struct idea_filter filter = { .state = STR("open") };
	struct idea_list_rows rows;
	struct queue queue;
	int64_t before, one, waiting;
	bool more;

	world_init(&w);
	(void)add(&w, 1, "A bench");
	before = db_statement_count(w.db);
	CHECK_INT(act_idea_list(&w.act, &filter, &rows, &more), OK);
	one = db_statement_count(w.db) - before;
	CHECK(!more);
	world_sql(&w, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49) "
	              "INSERT INTO idea (place_id, id, author_id, title, body, state, created_at,"
	              " changed_at, version, judgement, comments) SELECT 10, i, 101, 'i' || i, 'b',"
	              " 'open', i / 7, 1, 1, 0, 0 FROM n");
	before = db_statement_count(w.db);
	CHECK_INT(act_idea_list(&w.act, &filter, &rows, &more), OK);
	CHECK_INT(db_statement_count(w.db) - before, one);
	CHECK_INT(rows.len, IDEA_PAGE);
	CHECK(more);
	filter.after = rows.ptr[rows.len - 1].id;
	CHECK_INT(filter.after.value, 31); /* A bench, then 49 … 31 */
	CHECK_INT(act_idea_list(&w.act, &filter, &rows, &more), OK);
	CHECK_INT(rows.ptr[0].id.value, 30);
	CHECK_INT(rows.ptr[19].id.value, 11);
	filter.after = rows.ptr[19].id;
	CHECK_INT(act_idea_list(&w.act, &filter, &rows, &more), OK);
	CHECK_INT(rows.len, 10);
	CHECK(!more);
	w.act.who = ana;
	CHECK_INT(act_queue_show(&w.act, &queue), OK);
	CHECK_INT(queue.ideas.len, 50);
	CHECK_INT(queue.ideas.ptr[0].created_at.us, 0); /* the longest waiting first */
	CHECK_INT(act_queue_count(&w.act, &waiting), OK);
	CHECK_INT(waiting, 50);
	world_release(&w);
}

/* Each deed, with its n-th statement failing: it happens whole or not at all. */
static void
test_faults(void)
{
	enum { DEEDS = 4 };
	struct world w;
	struct idea_new idea = an_idea(50, "A swing");
	struct idea_draft draft = { .title = STR("Another title"), .body = STR("Why not") };
	struct idea_judgement check = a_check(1, 0);
	struct refusal why = { .status = OK };
	struct comment_added comment;
	struct idea_id id, other, added;
	int failed = 0;

	world_init(&w);
	id = add(&w, 1, "A bench");
	other = add(&w, 2, "A well");
	for (int deed = 0; deed < DEEDS; deed++) {
		for (int64_t n = 1;; n++) {
			struct chance chance = w.act.chance;
			struct str before = world_state(&w);
			enum status st = OK;

			w.act.who = deed == 3 ? ana : maya;
			world_begin(&w);
			db_fail_at(w.db, n);
			switch (deed) {
			case 0: st = act_idea_add(&w.act, &idea, &added, &why); break;
			case 1: st = act_idea_edit(&w.act, id, &draft, 1, &why); break;
			case 2: st = act_comment_add(&w.act, id, 1, STR("Yes"), &comment, &why); break;
			case 3: st = act_idea_judge(&w.act, other, &check, &why); break;
			}
			db_fail_at(w.db, 0);
			st = world_end(&w, st);
			if (st == OK) {
				CHECK(!str_eq(world_state(&w), before));
				break;
			}
			CHECK_INT(st, UNAVAILABLE);
			CHECK(str_eq(world_state(&w), before));
			w.act.chance = chance; /* run again from the start */
			failed++;
		}
	}
	CHECK(failed >= 20);
	world_release(&w);
}

static const struct test_case cases[] = {
	{ "acts idea: added, found, on record", test_add },
	{ "acts idea: the record's hash is of salt and text", test_salted },
	{ "acts idea: a form sent twice adds one", test_sent_twice },
	{ "acts idea: similar ones are shown first", test_similar },
	{ "acts idea: limits of a day", test_limits },
	{ "acts idea: who may", test_rights },
	{ "acts idea: edit keeps versions, refuses stale ones", test_edit },
	{ "acts idea: comments", test_comments },
	{ "acts idea: check, decline, open again", test_judge },
	{ "acts idea: a steward's own idea", test_judge_own },
	{ "acts idea: not judged while in a round", test_in_round },
	{ "acts idea: by one author", test_by_author },
	{ "acts idea: pages and the queue", test_pages },
	{ "acts idea: a fault at any statement leaves nothing half done", test_faults },
};
TEST_MAIN(cases)
