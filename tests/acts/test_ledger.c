/* Money on a real database: entries, floors, double clicks, payments taken back. */
#include "acts/ledger.h"

#include "acts/money.h"
#include "acts/world.h"

static const struct person treasurer = { { 104 }, STR_INIT("Tom Reed"),
	                                 ROLE_MEMBER | ROLE_TREASURER };

#define TOTAL(w, kind)                                                                      \
	world_number((w), "SELECT coalesce(sum(balance), 0) FROM account WHERE kind = '" kind "'" \
	                  " AND place_id = 10")

static void
start(struct world *w, int64_t pot)
{
	struct refusal why;
	struct instant day;

	world_init(w);
	world_begin(w);
	world_person(w, w->act.place.id, &treasurer, NULL);
	world_need(db_commit(w->db), "treasurer");
	world_need(act_today(&w->act, &day), "today");
	world_need(WORLD_DO(w, act_pot_grant(&w->act, STR("Endowment"), (struct amount){ pot },
	                                     STR("First grant"), day, STR("key-1"), &why)),
	           "grant");
}

/* A round whose only winner has an award; gives the project. */
static struct project_id
won(struct world *w, int64_t budget, int64_t award)
{
	struct project_id project = { 0 };
	struct account_id account;
	struct refusal why;

	world_sql(w, "INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, rule,"
	             " utility, completion, ties, who_may, opens_at, closes_at, created_at, ballots)"
	             " VALUES (10, 501, 'Round', '', 'counted', 1, 'approval', 'greedy', 'cost', 'none',"
	             " 'id', 'members', 1, 2, 1, 0)");
	world_need(WORLD_DO(w, act_round_reserve(&w->act, (struct round_id){ 501 }, STR("Round"),
	                                         (struct amount){ budget }, &account, &why)),
	           "reserve");
	world_need(WORLD_DO(w, act_project_award(&w->act, (struct round_id){ 501 }, account, 1,
	                                         (struct idea_id){ 0 }, STR("Benches"),
	                                         (struct amount){ award }, &project, &why)),
	           "award");
	world_need(WORLD_DO(w, act_round_return(&w->act, (struct round_id){ 501 }, account,
	                                        STR("Round"), &why)),
	           "return");
	return project;
}

static struct payment
a_payment(struct world *w, struct project_id project, int64_t amount, const char *key)
{
	struct payment payment = { .project = project, .amount = { amount },
		                   .payee = STR("Joiner"), .reference = STR("BACS 12"),
		                   .client_key = str_of(key) };

	world_need(act_today(&w->act, &payment.day), "today");
	return payment;
}

static void
test_moves(void)
{
	struct world w;
	struct refusal why;
	struct account_id account;
	struct instant day;

	start(&w, 100000);
	CHECK_INT(TOTAL(&w, "pot"), 100000);
	CHECK_INT(TOTAL(&w, "source"), -100000);
	world_need(act_today(&w.act, &day), "today");
	CHECK_INT(WORLD_DO(&w, act_pot_grant(&w.act, STR("Endowment"), (struct amount){ 100000 },
	                                     STR("First grant"), day, STR("key-1"), &why)), OK);
	CHECK_INT(TOTAL(&w, "pot"), 100000); /* the same key: done before */
	CHECK_INT(WORLD_DO(&w, act_pot_grant(&w.act, STR("Endowment"), (struct amount){ 5 },
	                                     STR("Other"), day, STR("key-1"), &why)), REFUSED);
	CHECK_INT(WORLD_DO(&w, act_round_reserve(&w.act, (struct round_id){ 501 }, STR("R"),
	                                         (struct amount){ 100001 }, &account, &why)),
	          REFUSED);
	CHECK_STR(str_of(why.field), "budget");
	CHECK_INT(TOTAL(&w, "pot"), 100000);
	(void)won(&w, 60000, 40000);
	CHECK_INT(TOTAL(&w, "pot"), 60000);
	CHECK_INT(TOTAL(&w, "round"), 0);
	CHECK_INT(TOTAL(&w, "award"), 40000);
	CHECK_INT(world_number(&w, "SELECT sum(balance) FROM account"), 0);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM account a WHERE balance <> (SELECT"
	                           " coalesce(sum(amount), 0) FROM posting p WHERE p.account_id = a.id)"),
	          0);
	CHECK(world_number(&w, "SELECT count(*) FROM leaf") >= 4);
	world_release(&w);
}

static void
test_floor_in_database(void)
{
	struct world w;

	start(&w, 100);
	CHECK(!beside_try(&w.beside, "UPDATE account SET balance = -1 WHERE kind = 'pot'"));
	world_release(&w);
}

static void
test_pay(void)
{
	struct world w;
	struct project_id project;
	struct payment payment;
	struct entry_id first, second, other;
	struct refusal why;

	start(&w, 100000);
	project = won(&w, 60000, 40000);
	payment = a_payment(&w, project, 25000, "form-1");
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &first, &why)), FORBIDDEN);
	w.act.who = treasurer;
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &first, &why)), OK);
	/* A double click: the same form again pays nothing more. */
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &second, &why)), OK);
	CHECK_INT(second.value, first.value);
	CHECK_INT(TOTAL(&w, "paid"), 25000);
	/* Another form can't take more than is left. */
	payment = a_payment(&w, project, 15001, "form-2");
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &other, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "amount");
	CHECK_INT(TOTAL(&w, "paid"), 25000);
	payment.amount.minor = 15000;
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &other, &why)), OK);
	CHECK_INT(TOTAL(&w, "award"), 0);
	/* The form of another payment, sent again for another project, is no payment for it. */
	world_sql(&w, "INSERT INTO account VALUES (10, 998, 'award', 'Other', 0, 30000);"
	              "INSERT INTO project SELECT place_id, 999, round_id, 2, NULL, 'Other', 30000, 998,"
	              " created_at FROM project");
	payment.project.value = 999;
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &other, &why)), REFUSED);
	CHECK_INT(TOTAL(&w, "paid"), 40000);
	world_release(&w);
}

static void
test_take_back(void)
{
	struct world w;
	struct project_id project;
	struct payment payment;
	struct entry_id paid, back;
	struct refusal why;

	start(&w, 100000);
	project = won(&w, 60000, 40000);
	w.act.who = treasurer;
	payment = a_payment(&w, project, 25000, "form-1");
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &paid, &why)), OK);
	CHECK_INT(WORLD_DO(&w, act_payment_take_back(&w.act, paid, STR(""), &back, &why)), REFUSED);
	CHECK_INT(WORLD_DO(&w, act_payment_take_back(&w.act, paid, STR("Typed twice"), &back, &why)),
	          OK);
	CHECK_INT(TOTAL(&w, "award"), 40000);
	CHECK_INT(WORLD_DO(&w, act_payment_take_back(&w.act, paid, STR("Again"), &back, &why)),
	          REFUSED);
	CHECK_INT(TOTAL(&w, "award"), 40000);
	world_release(&w);
}

static void
test_receipts(void)
{
	struct world w;
	struct project_id project;
	struct payment payment;
	struct entry_id paid;
	struct money_entry_page page;
	struct upload upload = { STR("bill.pdf"), STR("%PDF-1.7 bill") };
	struct str name, type, content;
	struct refusal why;

	start(&w, 100000);
	project = won(&w, 60000, 40000);
	w.act.who = treasurer;
	payment = a_payment(&w, project, 25000, "form-1");
	payment.receipt = (struct upload){ STR("x.html"), STR("<script>alert(1)</script>") };
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &paid, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "receipt");
	CHECK_INT(TOTAL(&w, "paid"), 0); /* nothing half done */
	payment.receipt = upload;
	CHECK_INT(WORLD_DO(&w, act_payment_record(&w.act, &payment, &paid, &why)), OK);
	CHECK_INT(act_entry_show(&w.act, paid, &page), OK);
	CHECK_INT(page.receipts_len, 1);
	CHECK_STR(page.payee, "Joiner");
	CHECK_INT(act_receipt_show(&w.act, page.receipts[0].id, &name, &type, &content), OK);
	CHECK_STR(type, "application/pdf");
	/* Others see the entry, not whom it went to; the file not at all. */
	w.act.who = idris;
	CHECK_INT(act_receipt_show(&w.act, page.receipts[0].id, &name, &type, &content), FORBIDDEN);
	CHECK_INT(act_entry_show(&w.act, paid, &page), OK);
	CHECK_INT(page.receipts_len, 0);
	CHECK_STR(page.payee, "");
	CHECK_STR(page.reference, "");
	/* Another place does not have it. */
	world_go(&w, WORLD_ELSEWHERE);
	CHECK_INT(act_entry_show(&w.act, paid, &page), NOT_FOUND);
	world_release(&w);
}

static void
test_any_day(void)
{
	struct world w;
	struct money_page page;
	struct money_list list;
	struct money_from from = { 0 };
	struct instant day;

	start(&w, 100000);
	(void)won(&w, 60000, 40000);
	world_need(act_today(&w.act, &day), "today");
	CHECK_INT(act_money_show(&w.act, day, &page), OK);
	CHECK_INT(page.totals.pot.minor, 60000);
	CHECK_INT(page.totals.promised.minor, 40000);
	day.us -= DAY_US;
	CHECK_INT(act_money_show(&w.act, day, &page), OK);
	CHECK_INT(page.totals.pot.minor, 0);
	CHECK_INT(act_entry_list(&w.act, day, &from, 10, &list), OK);
	CHECK_INT(list.entries_len, 0);
	CHECK_INT(act_entry_list(&w.act, (struct instant){ 0 }, &from, 3, &list), OK);
	CHECK_INT(list.entries_len, 3);
	CHECK(list.more);
	from = (struct money_from){ list.entries[2].day, list.entries[2].recorded_at,
		                    list.entries[2].id };
	CHECK_INT(act_entry_list(&w.act, (struct instant){ 0 }, &from, 3, &list), OK);
	CHECK_INT(list.entries_len, 1);
	CHECK(!list.more);
	world_release(&w);
}

static const struct test_case cases[] = {
	{ "ledger: moves sum to zero and the same key moves once", test_moves },
	{ "ledger: the database itself holds the floor", test_floor_in_database },
	{ "ledger: a payment, its double click, and one too many", test_pay },
	{ "ledger: a payment is taken back once", test_take_back },
	{ "ledger: receipts are checked, kept, and not public", test_receipts },
	{ "ledger: as it stood on any day, page by page", test_any_day },
};
TEST_MAIN(cases)
