/* The record on a real database: positions, heads, proofs that verify. */
#include "acts/sequence.h"

#include <jansson.h>

#include "acts/record_show.h"
#include "acts/world.h"

static void
leaves(struct world *w, int count)
{
	world_begin(w);
	for (int i = 0; i < count; i++)
		world_need(act_record(&w->act, "test", json_pack("{s:i}", "n", i)), "leaf");
	world_need(db_commit(w->db), "commit");
}

static void
test_positions(void)
{
	struct world w;
	bool left;

	world_init(&w);
	leaves(&w, 5);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 3, &left)), OK);
	CHECK(left);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 3, &left)), OK);
	CHECK(!left);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 3, &left)), OK);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM leaf_waiting"), 0);
	CHECK_INT(world_number(&w, "SELECT max(position) FROM leaf_position"), 4);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM tree_head"), 2);
	world_release(&w);
}

static void
test_proofs(void)
{
	struct world w;
	struct record_page page;
	struct leaf_page leaf;
	struct record_proof proof;
	struct digest old_root;
	int64_t size = 0;
	bool left;

	world_init(&w);
	leaves(&w, 11);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), OK);
	CHECK_INT(act_record_show(&w.act, INT64_MAX, 100, &page), OK);
	CHECK_INT(page.size, 11);
	old_root = page.root;
	leaves(&w, 9);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), OK);
	CHECK_INT(act_record_show(&w.act, INT64_MAX, 100, &page), OK);
	CHECK_INT(page.size, 20);
	CHECK_INT(page.leaves.len, 20);
	for (size_t i = 0; i < page.leaves.len; i++) {
		CHECK_INT(act_leaf_show(&w.act, page.leaves.ptr[i].id, &leaf), OK);
		CHECK(record_verify_inclusion(record_leaf_hash(leaf.body), leaf.position, leaf.size,
		                              page.root, &leaf.proof));
	}
	CHECK_INT(act_consistency_show(&w.act, 11, &size, &proof), OK);
	CHECK(record_verify_consistency(11, old_root, size, page.root, &proof));
	CHECK_INT(act_consistency_show(&w.act, 21, &size, &proof), NOT_FOUND);
	CHECK_INT(act_consistency_show(&w.act, 0, &size, &proof), NOT_FOUND);
	world_release(&w);
}

static void
test_places_apart(void)
{
	struct world w;
	struct record_page page;
	bool left;

	world_init(&w);
	leaves(&w, 4);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), OK);
	world_go(&w, WORLD_ELSEWHERE);
	leaves(&w, 2);
	CHECK_INT(act_record_show(&w.act, INT64_MAX, 100, &page), OK);
	CHECK_INT(page.size, 0);
	CHECK_INT(page.waiting, 2);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), OK);
	CHECK_INT(act_record_show(&w.act, INT64_MAX, 100, &page), OK);
	CHECK_INT(page.size, 2);
	world_release(&w);
}

static void
test_leaves_written(void)
{
	struct world w;
	struct buf out;
	bool left;

	world_init(&w);
	leaves(&w, 3);
	CHECK_INT(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), OK);
	buf_init(&out, 10000);
	CHECK_INT(act_leaves_write(&w.act, 3, &out), OK);
	CHECK_INT(out.len, 0);
	CHECK_INT(act_leaves_write(&w.act, 1, &out), OK);
	CHECK(out.len > 0);
	CHECK_INT(act_leaves_write(&w.act, -1, &out), NOT_FOUND);
	CHECK_INT(act_leaves_write(&w.act, INT64_MAX, &out), NOT_FOUND);
	buf_release(&out);
	world_release(&w);
}

static const struct test_case cases[] = {
	{ "record: every leaf gets one position, batch by batch", test_positions },
	{ "record: each leaf's proof verifies, and the tree only grew", test_proofs },
	{ "record: each place has its own", test_places_apart },
	{ "record: lines from any position, and from none that can't be", test_leaves_written },
};
TEST_MAIN(cases)
