/* What must hold at every moment of the year. */
#include <string.h>

#include "acts/ballot.h"
#include "acts/check.h"
#include "acts/money.h"
#include "acts/record_show.h"
#include "acts/result.h"
#include "village.h"

static int
ballots_of(const struct spot *spot, const struct sim_round *round)
{
	int n = 0;

	for (int i = 0; i < spot->people_len; i++)
		n += round->ballots[i].in_box;
	return n;
}

static void
look_at_round(struct village *v, const struct spot *spot, const struct sim_round *round)
{
	long long id = (long long)round->id.value;
	int64_t boxed = village_number(v, "SELECT count(*) FROM ballot WHERE round_id = %lld", id);
	int64_t voted = village_number(v, "SELECT count(*) FROM roll WHERE round_id = %lld"
	                                  " AND voted = 1 AND struck = 0", id);

	if (boxed != ballots_of(spot, round) || voted != boxed)
		village_wrong(v, "%d ballots acknowledged, %lld in the box, %lld voted",
		              ballots_of(spot, round), (long long)boxed, (long long)voted);
	if (round->state != ROUND_COUNTED &&
	    village_number(v, "SELECT count(*) FROM outcome WHERE round_id = %lld", id) > 0)
		village_wrong(v, "an outcome before the count");
}

void
village_look(struct village *v)
{
	for (int s = 0; s < SPOTS; s++) {
		const struct spot *spot = &v->spots[s];

		if (village_number(v, "SELECT sum(balance) FROM account WHERE place_id = %lld",
		                   (long long)spot->place.id.value) != 0)
			village_wrong(v, "the accounts do not sum to zero");
		for (int i = 0; i < spot->rounds_len; i++)
			if (spot->rounds[i].state != ROUND_COUNTED && spot->rounds[i].state != ROUND_VOID)
				look_at_round(v, spot, &spot->rounds[i]);
	}
	/* An idea is decided about in one place at a time, checked, and wins once. */
	if (village_number(v, "SELECT count(*) FROM (SELECT o.idea_id FROM option o"
	                      " JOIN round r ON r.place_id = o.place_id AND r.id = o.round_id"
	                      " WHERE r.state IN ('open', 'settling', 'counting')"
	                      " AND o.withdrawn_at IS NULL"
	                      " GROUP BY o.idea_id HAVING count(*) > 1) twice") > 0)
		village_wrong(v, "an idea is on two ballots");
	if (village_number(v, "SELECT count(*) FROM option o"
	                      " JOIN round r ON r.place_id = o.place_id AND r.id = o.round_id"
	                      " JOIN idea i ON i.place_id = o.place_id AND i.id = o.idea_id"
	                      " WHERE r.state IN ('open', 'settling', 'counting')"
	                      " AND o.withdrawn_at IS NULL AND i.state <> 'checked'") > 0)
		village_wrong(v, "an idea that is not checked is on a ballot");
	if (village_number(v, "SELECT count(*) FROM (SELECT idea_id FROM project"
	                      " GROUP BY idea_id HAVING count(*) > 1) twice") > 0)
		village_wrong(v, "an idea won twice");
}

/* ---- closely ---- */

static void
hear(void *context, struct str line)
{
	village_wrong(context, "check: %.*s", STR_ARG(line));
}

static void
look_at_record(struct village *v, struct spot *spot)
{
	struct act act = village_ask(v, spot, -1);
	struct record_page page;
	struct record_proof proof;
	struct leaf_page leaf;
	int64_t size;

	if (act_record_show(&act, INT64_MAX, 3, &page) != OK || page.size < spot->head_size) {
		village_wrong(v, "the record of %s shrank", spot->slug);
		return;
	}
	if (spot->head_size > 0 &&
	    (act_consistency_show(&act, spot->head_size, &size, &proof) != OK || size != page.size ||
	     !record_verify_consistency(spot->head_size, spot->head_root, size, page.root, &proof)))
		village_wrong(v, "the record of %s did not only grow", spot->slug);
	for (size_t i = 0; i < page.leaves.len; i++)
		if (act_leaf_show(&act, page.leaves.ptr[i].id, &leaf) != OK ||
		    !record_verify_inclusion(record_leaf_hash(leaf.body), leaf.position, leaf.size,
		                             page.root, &leaf.proof))
			village_wrong(v, "a line's proof does not hold");
	spot->head_size = page.size;
	spot->head_root = page.root;
}

static void
look_at_ideas(struct village *v, struct spot *spot)
{
	struct act act = village_ask(v, spot, -1);

	for (int i = 0; i < spot->ideas_len; i++) {
		const struct sim_idea *idea = &spot->ideas[i];
		struct idea_by_id_row row;

		if (idea_by_id(act.db, act.arena, act.place.id, idea->id, &row) != OK)
			village_wrong(v, "an idea is gone: %s", idea->title);
		else if (!str_is(row.title, idea->title) || row.version != idea->version ||
		         row.judgement != idea->judgement || row.comments != idea->comments ||
		         !str_is(row.state, idea_state_name(idea->state)))
			village_wrong(v, "an idea is not as was said: %s", idea->title);
	}
}

static void
look_at_money(struct village *v, struct spot *spot)
{
	struct act act = village_ask(v, spot, -1);
	struct money_page money;
	int64_t paid = 0;

	for (int i = 0; i < spot->payments_len; i++) {
		const struct sim_payment *payment = &spot->payments[i];

		paid += payment->taken_back ? 0 : payment->amount;
		if (village_number(v, "SELECT count(*) FROM posting WHERE entry_id = %lld"
		                      " AND amount = %lld", (long long)payment->id.value,
		                   (long long)payment->amount) != 1)
			village_wrong(v, "a payment is gone");
	}
	if (act_money_show(&act, (struct instant){ 0 }, &money) != OK)
		village_wrong(v, "no money page");
	else if (money.totals.paid.minor != paid ||
	         money.totals.granted.minor != money.totals.pot.minor + money.totals.set_aside.minor +
	                                               money.totals.promised.minor + paid)
		village_wrong(v, "the money does not add up");
}

/* Nobody is told what is in the box. */
static void
look_before_count(struct village *v, struct spot *spot, const struct sim_round *round)
{
	for (int who = -1; who <= TREASURER; who++) {
		struct act act = village_ask(v, spot, who);
		struct result result;
		struct outcome outcome;
		struct buf out;

		buf_init(&out, EXPORT_MAX);
		if (act_result_show(&act, round->id, &result) != NOT_FOUND ||
		    act_round_export(&act, round->id, &out) != NOT_FOUND || out.len > 0 ||
		    act_outcome_show(&act, round->id, (struct outcome_id){ 1 }, &outcome) != NOT_FOUND)
			village_wrong(v, "told before the count");
		buf_release(&out);
	}
}

/* As many votes for each option as people chose it. */
static void
look_at_count(struct village *v, struct spot *spot, const struct sim_round *round)
{
	struct act act = village_ask(v, spot, -1);
	struct result result;

	if (act_result_show(&act, round->id, &result) != OK) {
		village_wrong(v, "counted, and no result");
		return;
	}
	for (size_t i = 0; i < result.options_len; i++) {
		int64_t number = result.options[i].number, votes = 0;

		for (int p = 0; p < spot->people_len; p++)
			votes += round->ballots[p].in_box && round->ballots[p].choice >> (number - 1) & 1;
		if (votes != result.options[i].votes)
			village_wrong(v, "option %lld: %lld chose it, %lld counted", (long long)number,
			              (long long)votes, (long long)result.options[i].votes);
	}
}

static unsigned
choice_of(const struct ballot_choice *choice)
{
	unsigned bits = 0;

	for (size_t i = 0; i < choice->len; i++)
		bits |= 1u << (choice->numbers[i] - 1);
	return bits;
}

static void
look_at_ballots(struct village *v, struct spot *spot, const struct sim_round *round)
{
	for (int i = 0; i < spot->people_len; i++) {
		const struct sim_ballot *ballot = &round->ballots[i];
		struct act act = village_ask(v, spot, i);
		struct ballot_paper paper;
		bool found;

		if (ballot->in_box && (act_ballot_find(&act, round->id, ballot->receipt, &found) != OK ||
		                       !found))
			village_wrong(v, "a receipt's ballot is not in the box");
		/* One's own ballot is found as long as it may change, and never after the count. */
		if (act.who.id.value == 0 || act_ballot_show(&act, round->id, &paper) != OK)
			continue;
		if (paper.in_box && choice_of(&paper.choice) != ballot->choice)
			village_wrong(v, "a ballot is not as it was cast");
		if (paper.in_box && round->state == ROUND_COUNTED)
			village_wrong(v, "a ballot is still found by its voter after the count");
		if (round->state == ROUND_OPEN && paper.in_box != ballot->in_box)
			village_wrong(v, "a ballot is not found by its voter");
	}
}

void
village_look_closely(struct village *v)
{
	struct act act = village_ask(v, &v->spots[0], -1);
	struct check check = { .act = &act, .say = hear, .context = v };

	if (act_check_all(&check) != OK)
		village_wrong(v, "check could not be done");
	village_look(v);
	for (int s = 0; s < SPOTS; s++) {
		struct spot *spot = &v->spots[s];

		look_at_record(v, spot);
		look_at_ideas(v, spot);
		look_at_money(v, spot);
		for (int i = 0; i < spot->rounds_len; i++) {
			const struct sim_round *round = &spot->rounds[i];

			if (round->state == ROUND_DRAFT)
				continue;
			look_at_round(v, spot, round);
			look_at_ballots(v, spot, round);
			if (round->state == ROUND_COUNTED)
				look_at_count(v, spot, round);
			else
				look_before_count(v, spot, round);
		}
	}
}
