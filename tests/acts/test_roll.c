/* The roll on a real database: doubts, their settling, turnout. */
#include "acts/roll.h"

#include "acts/ballot.h"
#include "acts/polling.h"
#include "store/roll.sql.h"

static const struct str doubt = STR_INIT("She moved to the next town.");
static const struct str answer = STR_INIT("We spoke; the doubt was right.");

static void
vote(struct polling *p, struct person who)
{
	struct ballot_declaration declaration = { STR("hill"), true };
	struct str choice = STR("1");
	struct ballot_nonce nonce;
	struct refusal why;
	bool changed;

	polling_as(p, who, 2);
	world_need(WORLD_DO(&p->w, act_ballot_cast(&p->w.act, p->round, &choice, 1, &declaration,
	                                           &nonce, &changed, &why)), "vote");
}

/* An open round in which Maya, Idris and Ana voted. */
static void
begin(struct polling *p)
{
	struct round_draft draft;

	polling_init(p);
	draft = polling_draft(p);
	draft.residents = true;
	polling_open(p, &draft);
	vote(p, maya);
	vote(p, idris);
	vote(p, ana);
}

/* The id of the one challenge that is open. */
static struct challenge_id
open_challenge(struct polling *p)
{
	return (struct challenge_id){
		world_number(&p->w, "SELECT id FROM challenge WHERE settled_at IS NULL") };
}

static enum status
make(struct polling *p, struct person by, struct person about)
{
	struct refusal why;

	polling_as(p, by, 3);
	return WORLD_DO(&p->w, act_challenge_make(&p->w.act, p->round, about.id, doubt, &why));
}

static enum status
settle(struct polling *p, struct person by, int hours, struct challenge_id id, bool uphold)
{
	struct refusal why;

	polling_as(p, by, hours);
	return WORLD_DO(&p->w, act_challenge_settle(&p->w.act, p->round, id, uphold, answer, &why));
}

static void
test_upheld(void)
{
	struct polling p;
	struct ballot_declaration declaration = { STR("hill"), true };
	struct challenge_id id;
	struct str choice = STR("2");
	struct ballot_nonce nonce;
	struct refusal why;
	bool changed;

	begin(&p);
	CHECK_INT(make(&p, maya, idris), FORBIDDEN);
	CHECK_INT(make(&p, ana, maya), OK);
	CHECK_INT(make(&p, bela, maya), REFUSED);
	id = open_challenge(&p);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM mail WHERE recipient = 'maya@vale.example'"
	                       " AND body LIKE '%moved to the next town%'"), 1);
	/* Who made it does not settle it while another steward could. */
	CHECK_INT(settle(&p, ana, 4, id, true), REFUSED);
	CHECK_INT(settle(&p, maya, 4, id, true), FORBIDDEN);
	CHECK_INT(settle(&p, bela, 4, id, true), OK);
	CHECK_INT(settle(&p, bela, 4, id, true), REFUSED);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 2);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM roll WHERE struck = 1 AND voted = 0"), 1);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM leaf WHERE body LIKE '%challenge-settled%'"
	                       " AND body LIKE '%\"receipt\"%' AND body LIKE '%\"upheld\":true%'"), 1);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM mail WHERE recipient = 'maya@vale.example'"
	                       " AND body LIKE '%the doubt was right%'"), 1);
	polling_as(&p, maya, 5);
	CHECK_INT(WORLD_DO(&p.w, act_ballot_cast(&p.w.act, p.round, &choice, 1, &declaration, &nonce,
	                                         &changed, &why)), REFUSED);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 2);
	polling_release(&p);
}

static void
test_rejected(void)
{
	struct polling p;

	begin(&p);
	CHECK_INT(make(&p, ana, idris), OK); /* who has no address, and gets no mail */
	CHECK_INT(settle(&p, bela, 4, open_challenge(&p), false), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 3);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM roll WHERE struck = 1"), 0);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM leaf WHERE body LIKE '%\"upheld\":false%'"
	                       " AND body LIKE '%\"receipt\"%'"), 0);
	CHECK_INT(make(&p, ana, bela), NOT_FOUND); /* not on the roll */
	polling_release(&p);
}

/* After voting the last answer lets the count begin. */
static void
test_last_one_lets_the_count_begin(void)
{
	struct polling p;
	struct challenge_id first, second;

	begin(&p);
	CHECK_INT(make(&p, ana, idris), OK);
	first = open_challenge(&p);
	CHECK_INT(make(&p, bela, maya), OK);
	second.value = world_number(&p.w, "SELECT id FROM challenge WHERE person_id = 101");
	world_sql(&p.w, "UPDATE round SET state = 'settling'");
	world_sql(&p.w, "DELETE FROM job WHERE kind = 'close-round'");
	CHECK_INT(settle(&p, bela, 11, first, false), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM job WHERE kind = 'close-round'"), 0);
	CHECK_INT(settle(&p, ana, 11, second, true), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM job WHERE kind = 'close-round'"), 1);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM ballot"), 2);
	polling_release(&p);
}

static void
test_who_sees_the_roll(void)
{
	static const struct { const struct person *who; enum status want; } table[] = {
		{ &nobody, FORBIDDEN }, { &maya, FORBIDDEN }, { &ana, OK } };
	struct polling p;

	begin(&p);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct roll_shown shown;
		struct challenge_list challenges;
		struct roll_line line;
		struct turnout turnout;

		polling_as(&p, *table[i].who, 3);
		CHECK_INT(act_roll_show(&p.w.act, p.round, STR(""), STR(""), (struct person_id){ 0 },
		                        &shown), table[i].want);
		CHECK_INT(act_roll_person(&p.w.act, p.round, maya.id, &line, &challenges),
		          table[i].want);
		CHECK_INT(act_turnout_show(&p.w.act, p.round, &turnout), table[i].want);
	}
	polling_release(&p);
}

static void
test_search_and_pages(void)
{
	struct polling p;
	struct roll_shown shown;

	begin(&p);
	polling_as(&p, ana, 3);
	CHECK_INT(act_roll_show(&p.w.act, p.round, STR("MAYA"), STR(""), (struct person_id){ 0 },
	                        &shown), OK);
	CHECK_INT(shown.lines.len, 1);
	CHECK_STR(shown.lines.ptr[0].area, "Hill Street");
	CHECK_INT(act_roll_show(&p.w.act, p.round, STR("%"), STR(""), (struct person_id){ 0 },
	                        &shown), OK);
	CHECK_INT(shown.lines.len, 0);
	CHECK_INT(act_roll_show(&p.w.act, p.round, STR(""), STR(""), (struct person_id){ 0 },
	                        &shown), OK);
	CHECK_INT(shown.lines.len, 3);
	CHECK_INT(shown.people, 3);
	CHECK(!shown.more);
	CHECK_INT(act_roll_show(&p.w.act, p.round, STR(""), shown.lines.ptr[0].name,
	                        shown.lines.ptr[0].person, &shown), OK);
	CHECK_INT(shown.lines.len, 2);
	polling_release(&p);
}

static void
test_turnout(void)
{
	struct polling p;
	struct turnout turnout;

	begin(&p);
	polling_as(&p, ana, 3);
	CHECK_INT(act_turnout_show(&p.w.act, p.round, &turnout), OK);
	CHECK_INT(turnout.ballots, 3);
	CHECK_INT(turnout.cells.len, 2);
	for (size_t i = 0; i < turnout.cells.len; i++) {
		CHECK(turnout.cells.ptr[i].hidden);
		CHECK_INT(turnout.cells.ptr[i].ballots, 0);
	}
	world_begin(&p.w);
	for (int64_t i = 0; i < 24; i++) {
		struct str area = i % 2 == 0 ? STR("hill") : STR("ford");
		struct digest receipt = digest_of(str_of(id_text(i + 1).text));

		world_need(roll_voted(p.w.db, p.w.act.place.id, p.round,
		                      (struct person_id){ 1000 + i }, &area,
		                      (struct str){ (const char *)receipt.bytes, DIGEST_LEN }),
		           "voter");
	}
	world_need(db_commit(p.w.db), "voters");
	CHECK_INT(act_turnout_show(&p.w.act, p.round, &turnout), OK);
	CHECK_INT(turnout.ballots, 27);
	CHECK_INT(turnout.cells.ptr[0].ballots, 15);
	CHECK_INT(turnout.cells.ptr[1].ballots, 12);
	polling_release(&p);
}

static const struct test_case cases[] = {
	{ "challenge: upheld, the ballot is out of the box", test_upheld },
	{ "challenge: rejected, nothing changes", test_rejected },
	{ "challenge: the last answer lets the count begin", test_last_one_lets_the_count_begin },
	{ "roll: who sees it", test_who_sees_the_roll },
	{ "roll: search and pages", test_search_and_pages },
	{ "turnout: small numbers are not told", test_turnout },
};
TEST_MAIN(cases)
