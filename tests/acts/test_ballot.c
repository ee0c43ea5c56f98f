/* Ballots on a real database: cast, changed, counted once, linked to nobody. */
#include "acts/ballot.h"

#include "acts/polling.h"

static const struct ballot_declaration nothing = { { NULL, 0 }, false };

/* Casts "1", "2,3", … as the person in act; the receipt in hex when it went well. */
static enum status
cast(struct polling *p, const char *choice, const struct ballot_declaration *declaration,
     struct digest_text *ret_receipt, struct refusal *why)
{
	struct str rest = str_of(choice), values[8];
	struct ballot_nonce nonce;
	size_t len = 0;
	bool changed;
	enum status st;

	while (rest.len > 0 && len < 8)
		values[len++] = str_next(&rest, ',');
	st = WORLD_DO(&p->w, act_ballot_cast(&p->w.act, p->round, values, len, declaration, &nonce,
	                                     &changed, why));
	if (st == OK && ret_receipt != NULL)
		*ret_receipt = digest_text(ballot_receipt(&nonce));
	return st;
}

static bool
in_box(struct polling *p, const struct digest_text *receipt)
{
	struct digest digest;
	bool found = false;

	world_need(digest_parse(str_of(receipt->text), &digest), "hex");
	world_need(act_ballot_find(&p->w.act, p->round, digest, &found), "find");
	return found;
}

static void
test_cast_and_change(void)
{
	struct polling p;
	struct round_draft draft;
	struct digest_text first, second;
	struct ballot_paper paper;
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, nobody, 2);
	CHECK_INT(cast(&p, "1", &nothing, NULL, &why), SIGN_IN);
	polling_as(&p, maya, 2);
	CHECK_INT(cast(&p, "3,1", &nothing, &first, &why), OK);
	CHECK_STR(world_text(&p.w, "SELECT choice FROM ballot"), "1,3");
	CHECK(in_box(&p, &first));
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &paper), OK);
	CHECK(paper.in_box && paper.on_roll && ballot_choice_has(&paper.choice, 3));
	CHECK_INT(cast(&p, "2", &nothing, &second, &why), OK);
	CHECK(in_box(&p, &second) && !in_box(&p, &first));
	/* The same sent twice, as by a double click, is one ballot. */
	CHECK_INT(cast(&p, "2", &nothing, NULL, &why), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 1);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM roll WHERE voted = 1"), 1);
	polling_as(&p, idris, 2);
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &paper), OK);
	CHECK(!paper.in_box && !paper.on_roll);
	CHECK_INT(cast(&p, "", &nothing, NULL, &why), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 2);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot WHERE choice = ''"), 1);
	polling_release(&p);
}

static void
test_refusals_leave_nothing(void)
{
	static const struct {
		const char *what, *choice;
		int hours;
		enum status want;
	} table[] = {
		{ "before it opens", "1", 0, REFUSED },   { "after it closed", "1", 10, REFUSED },
		{ "no such option", "5", 2, INVALID },    { "no number", "x", 2, INVALID },
		{ "more than allowed", "1,2,3", 2, REFUSED },
	};
	struct polling p;
	struct round_draft draft;
	struct refusal why;
	struct str before;

	polling_init(&p);
	draft = polling_draft(&p);
	draft.most = 2;
	polling_open(&p, &draft);
	before = world_state(&p.w);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		enum status st;

		polling_as(&p, maya, table[i].hours);
		st = cast(&p, table[i].choice, &nothing, NULL, &why);
		if (st != table[i].want || !str_eq(before, world_state(&p.w))) {
			test_failures++;
			printf("# %s: %s\n", table[i].what, status_name(st));
		}
	}
	polling_release(&p);
}

static void
test_declaring(void)
{
	struct polling p;
	struct round_draft draft;
	struct ballot_declaration said = { STR("hill"), true };
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	draft.residents = true;
	draft.least_age = 16;
	polling_open(&p, &draft);
	polling_as(&p, maya, 2);
	CHECK_INT(cast(&p, "1", &nothing, NULL, &why), REFUSED);
	CHECK(str_is(str_of(why.field), "area"));
	said.of_age = false;
	CHECK_INT(cast(&p, "1", &said, NULL, &why), REFUSED);
	CHECK(str_is(str_of(why.field), "of_age"));
	said.of_age = true;
	CHECK_INT(cast(&p, "1", &said, NULL, &why), OK);
	CHECK_STR(world_text(&p.w, "SELECT area FROM roll"), "hill");
	/* The age was said once; somebody who moved can say so. */
	said = (struct ballot_declaration){ STR("ford"), false };
	CHECK_INT(cast(&p, "2", &said, NULL, &why), OK);
	CHECK_STR(world_text(&p.w, "SELECT area FROM roll"), "ford");
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM roll"), 1);
	polling_release(&p);
}

/* What the record says of ballots: receipts, and neither time nor person. */
static void
test_leaves(void)
{
	struct polling p;
	struct round_draft draft;
	struct digest_text first;
	struct refusal why;
	struct str body;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, maya, 2);
	world_need(cast(&p, "1", &nothing, &first, &why), "cast");
	body = world_text(&p.w, "SELECT body FROM leaf WHERE body LIKE '%ballot-cast%'");
	CHECK(str_find(body, str_of(first.text)) < body.len);
	CHECK(str_find(body, STR("\"at\"")) == body.len);
	CHECK(str_find(body, str_of(id_text(maya.id.value).text)) == body.len);
	world_need(cast(&p, "2", &nothing, NULL, &why), "change");
	body = world_text(&p.w, "SELECT body FROM leaf WHERE body LIKE '%ballot-changed%'");
	CHECK(str_find(body, STR("\"replaces\"")) < body.len);
	CHECK(str_find(body, str_of(first.text)) < body.len);
	polling_release(&p);
}

/* Without the secret nothing leads from Maya to her ballot, and none can be cast. */
static void
test_unlinkable_afterwards(void)
{
	struct polling p;
	struct round_draft draft;
	struct ballot_paper paper;
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, maya, 2);
	world_need(cast(&p, "1", &nothing, NULL, &why), "cast");
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &paper), OK);
	CHECK(paper.in_box);
	/* A ballot has nothing but its key to be known by: no receipt, no time, no order. */
	CHECK_STR(world_text(&p.w, p.w.beside.pg == NULL
	                     ? "SELECT group_concat(name) FROM pragma_table_info('ballot')"
	                     : "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute"
	                       " WHERE attrelid = 'ballot'::regclass AND attnum > 0"),
	          "place_id,round_id,ballot_key,choice");
	world_need(secrets_round_destroy(p.secrets, p.w.act.place.id, p.round), "destroy");
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &paper), OK);
	CHECK(!paper.in_box);
	CHECK_INT(cast(&p, "2", &nothing, NULL, &why), FAILED);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 1);
	polling_release(&p);
}

/* The hottest deed: what it costs is counted, so that it can't grow unseen. */
static void
test_few_statements(void)
{
	struct polling p;
	struct round_draft draft;
	struct refusal why;
	int64_t before, first, change;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, maya, 2);
	before = db_statement_count(p.w.db);
	world_need(cast(&p, "1", &nothing, NULL, &why), "cast");
	first = db_statement_count(p.w.db) - before;
	before = db_statement_count(p.w.db);
	world_need(cast(&p, "2", &nothing, NULL, &why), "change");
	change = db_statement_count(p.w.db) - before;
	/* BEGIN, facts, roll, ballot, leaf, waiting leaf, COMMIT at most. */
	CHECK(first <= 7);
	CHECK(change <= first);
	polling_release(&p);
}

static void
test_order(void)
{
	struct polling p;
	struct round_draft draft;
	struct ballot_paper paper, again;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, maya, 2);
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &paper), OK);
	CHECK_INT(act_ballot_show(&p.w.act, p.round, &again), OK);
	CHECK(memcmp(paper.order, again.order, POLLING_IDEAS * sizeof *paper.order) == 0);
	polling_release(&p);
}

/* Drawers of the box hold every receipt once. */
static void
test_box(void)
{
	enum { BALLOTS = 1000 };
	struct polling p;
	struct round_draft draft;
	struct ballot_box box;
	size_t seen = 0;
	char sql[500];

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	(void)snprintf(sql, sizeof sql,
	               "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
	               " INSERT INTO roll SELECT %d, %lld, i, NULL, 0, 1, randomblob(32) FROM n",
	               BALLOTS, WORLD_PLACE, (long long)p.round.value);
	world_sql(&p.w, sql);
	CHECK_INT(act_ballot_box(&p.w.act, p.round, 0, &box), OK);
	CHECK_INT(box.ballots, BALLOTS);
	CHECK_INT(box.digits, 1);
	for (int64_t drawer = 0; drawer < 16; drawer++) {
		CHECK_INT(act_ballot_box(&p.w.act, p.round, drawer, &box), OK);
		for (size_t i = 0; i < box.receipts.len; i++) {
			char name[2] = { "0123456789abcdef"[drawer], '\0' };

			CHECK(strncmp(box.receipts.ptr[i].text, name, 1) == 0);
			CHECK(i == 0 || strcmp(box.receipts.ptr[i - 1].text,
			                       box.receipts.ptr[i].text) < 0);
		}
		seen += box.receipts.len;
	}
	CHECK_INT(seen, BALLOTS);
	CHECK_INT(act_ballot_box(&p.w.act, p.round, 16, &box), NOT_FOUND);
	CHECK_INT(act_ballot_box(&p.w.act, p.round, -1, &box), NOT_FOUND);
	polling_release(&p);
}

static const struct test_case cases[] = {
	{ "ballot: cast, changed, counted once", test_cast_and_change },
	{ "ballot: what is refused leaves nothing", test_refusals_leave_nothing },
	{ "ballot: where one lives and how old one is", test_declaring },
	{ "ballot: leaves say no time and no person", test_leaves },
	{ "ballot: linked to nobody once the secret is gone", test_unlinkable_afterwards },
	{ "ballot: casting takes few statements", test_few_statements },
	{ "ballot: the order drawn is stable", test_order },
	{ "ballot: the box and its drawers", test_box },
};
TEST_MAIN(cases)
