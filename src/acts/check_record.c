#include <jansson.h>
#include <string.h>

#include "acts/check_inside.h"
#include "core/record/record.h"
#include "store/check.sql.h"
#include "store/record.sql.h"

struct head {
	int64_t size;
	struct str root;
};

/* The tree being built again, and the heads that were published, smallest first. */
struct replay {
	struct check *check;
	struct record_tree tree;
	struct head *heads;
	size_t head_count, heads_size, next_head;
	struct leaf_totals totals;
};

static bool
is_digest(struct str kept, struct digest made)
{
	return kept.len == DIGEST_LEN && memcmp(kept.ptr, made.bytes, DIGEST_LEN) == 0;
}

static enum status
take_head(void *context, const struct record_heads_row *row)
{
	struct replay *r = context;
	struct arena *arena = r->check->act->arena;

	if (r->head_count == r->heads_size) {
		size_t size = r->heads_size == 0 ? 256 : r->heads_size * 2;
		struct head *heads = ARENA_ARRAY(arena, size, struct head);

		if (heads == NULL)
			return NO_MEMORY;
		if (r->head_count > 0)
			memcpy(heads, r->heads, r->head_count * sizeof *heads);
		r->heads = heads;
		r->heads_size = size;
	}
	r->heads[r->head_count].size = row->size;
	return str_copy(arena, row->root, &r->heads[r->head_count++].root);
}

static void
heads_agree(struct replay *r)
{
	while (r->next_head < r->head_count && r->heads[r->next_head].size <= r->tree.size) {
		const struct head *head = &r->heads[r->next_head++];

		if (head->size != r->tree.size || !is_digest(head->root, record_root(&r->tree)))
			check_differs(r->check, "record: the head of %lld lines does not fit the lines",
			              (long long)head->size);
	}
}

static enum status
take_any_leaf(void *context, const struct check_leaves_row *row)
{
	struct replay *r = context;
	json_t *leaf = json_loadb(row->body.ptr, row->body.len, 0, NULL);
	enum status st;

	if (!is_digest(row->hash, record_leaf_hash(row->body)))
		check_differs(r->check, "record: a line does not fit its fingerprint: %.*s",
		              STR_ARG(row->body));
	st = check_leaf(r->check, leaf, &r->totals);
	json_decref(leaf);
	r->check->leaves++;
	return st;
}

static enum status
take_placed_leaf(void *context, const struct record_leaves_row *row)
{
	struct replay *r = context;
	struct act *act = r->check->act;
	struct record_made made[RECORD_LEVELS];
	size_t count;
	enum status st = OK;

	if (row->position != r->tree.size) {
		check_differs(r->check, "record: line %lld is missing", (long long)r->tree.size);
		return CONFLICT;
	}
	count = record_append(&r->tree, record_leaf_hash(row->body), made);
	for (size_t i = 0; st == OK && i < count; i++) {
		struct record_node_row kept;

		st = record_node(act->db, act->arena, act->place.id, made[i].node.level,
		                 made[i].node.number, &kept);
		if (st == NOT_FOUND || (st == OK && !is_digest(kept.hash, made[i].hash)))
			check_differs(r->check, "record: node %d/%lld does not fit the lines",
			              made[i].node.level, (long long)made[i].node.number);
		if (st == NOT_FOUND)
			st = OK;
	}
	heads_agree(r);
	return st;
}

static enum status
totals_agree(struct replay *r)
{
	struct act *act = r->check->act;
	struct check_leaf_totals_row totals;
	enum status st = check_leaf_totals(act->db, act->arena, act->place.id, &totals);

	if (st != OK)
		return st;
	if (totals.leaves != totals.placed + totals.waiting)
		check_differs(r->check, "record: of %lld lines %lld have a position and %lld wait",
		              (long long)totals.leaves, (long long)totals.placed,
		              (long long)totals.waiting);
	check_leaf_totals_agree(r->check, &totals, &r->totals);
	return OK;
}

enum status
check_record(struct check *check)
{
	struct act *act = check->act;
	struct replay r = { .check = check };
	enum status st = record_heads(act->db, act->place.id, take_head, &r);

	record_resume(&r.tree, 0, NULL);
	if (st == OK)
		st = check_leaves(act->db, act->place.id, take_any_leaf, &r);
	if (st == OK)
		st = record_leaves(act->db, act->place.id, 0, INT64_MAX, take_placed_leaf, &r);
	if (st == CONFLICT) /* said already; what follows would only repeat it */
		return OK;
	if (st == OK && r.next_head < r.head_count)
		check_differs(check, "record: a head of %lld lines, and only %lld are there",
		              (long long)r.heads[r.head_count - 1].size, (long long)r.tree.size);
	return st == OK ? totals_agree(&r) : st;
}
