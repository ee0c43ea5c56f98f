#include "acts/record_show.h"

#include <string.h>

enum status
act_record_show(struct act *act, int64_t below, int64_t most, struct record_page *ret)
{
	struct record_head_row head;
	struct record_waiting_total_row waiting;
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct record_page){ .root = record_empty_root() };
	if (st == OK)
		st = record_waiting_total(act->db, act->arena, act->place.id, &waiting);
	if (st != OK)
		return st;
	ret->waiting = waiting.waiting;
	st = record_head(act->db, act->arena, act->place.id, &head);
	if (st == NOT_FOUND)
		return OK;
	if (st == OK)
		st = digest_from(head.root, &ret->root);
	if (st != OK)
		return st;
	ret->size = head.size;
	ret->made_at = head.made_at;
	return record_list(act->db, act->arena, act->place.id, below, most, &ret->leaves);
}

static enum status
prove(struct act *act, const struct record_plan *plan, struct record_proof *ret)
{
	struct digest hashes[RECORD_NODES_MAX];
	enum status st = OK;

	for (size_t i = 0; st == OK && i < plan->node_count; i++) {
		struct record_node_row row;

		st = record_node(act->db, act->arena, act->place.id, plan->nodes[i].level,
		                 plan->nodes[i].number, &row);
		if (st == OK)
			st = digest_from(row.hash, &hashes[i]);
	}
	if (st == OK)
		record_prove(plan, hashes, ret);
	return st;
}

enum status
act_leaf_show(struct act *act, struct leaf_id id, struct leaf_page *ret)
{
	struct record_leaf_row leaf;
	struct record_head_row head;
	struct record_plan plan;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = record_leaf(act->db, act->arena, act->place.id, id, &leaf);
	if (st != OK)
		return st;
	*ret = (struct leaf_page){ .id = id, .body = leaf.body, .placed = leaf.has_position,
		                   .position = leaf.position };
	st = digest_from(leaf.hash, &ret->hash);
	if (st != OK || !ret->placed)
		return st;
	st = record_head(act->db, act->arena, act->place.id, &head);
	if (st == OK)
		st = digest_from(head.root, &ret->root);
	if (st != OK)
		return st;
	ret->size = head.size;
	record_plan_inclusion(ret->position, ret->size, &plan);
	return prove(act, &plan, &ret->proof);
}

enum status
act_consistency_show(struct act *act, int64_t old, int64_t *ret_size, struct record_proof *ret)
{
	struct record_head_row head;
	struct record_plan plan;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = record_head(act->db, act->arena, act->place.id, &head);
	if (st == OK && (old < 1 || old > head.size))
		st = NOT_FOUND;
	if (st != OK)
		return st;
	*ret_size = head.size;
	record_plan_consistency(old, head.size, &plan);
	return prove(act, &plan, ret);
}

static enum status
write_leaf(void *context, const struct record_leaves_row *row)
{
	struct buf *out = context;

	buf_add(out, row->body);
	buf_add_char(out, '\n');
	return buf_status(out);
}

enum status
act_leaves_write(struct act *act, int64_t from, struct buf *out)
{
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK && (from < 0 || from > RECORD_SIZE_MAX))
		st = NOT_FOUND;
	return st == OK ? record_leaves(act->db, act->place.id, from, from + LEAVES_MOST,
	                                write_leaf, out)
	                : st;
}
