#include "core/record/record.h"

#include <assert.h>
#include <sodium.h>

struct digest
record_leaf_hash(struct str body)
{
	static const unsigned char mark = 0x00;
	crypto_hash_sha256_state state;
	struct digest hash;

	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, &mark, 1);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)body.ptr, body.len);
	(void)crypto_hash_sha256_final(&state, hash.bytes);
	return hash;
}

struct digest
record_node_hash(struct digest left, struct digest right)
{
	static const unsigned char mark = 0x01;
	crypto_hash_sha256_state state;
	struct digest hash;

	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, &mark, 1);
	(void)crypto_hash_sha256_update(&state, left.bytes, sizeof left.bytes);
	(void)crypto_hash_sha256_update(&state, right.bytes, sizeof right.bytes);
	(void)crypto_hash_sha256_final(&state, hash.bytes);
	return hash;
}

struct digest
record_empty_root(void)
{
	return digest_of(STR(""));
}

/* Level of the largest complete subtree within `size` leaves, size > 0. */
static int
top_level(int64_t size)
{
	return 63 - __builtin_clzll((unsigned long long)size);
}

/* The complete subtrees of the leaves [from, to), left to right. `from` must be such that a
 * subtree as large as fits begins there, as it is wherever RFC 6962 splits. */
static size_t
cover(int64_t from, int64_t to, struct record_node *ret)
{
	size_t count = 0;

	while (from < to) {
		int level = top_level(to - from);

		assert((from & ((INT64_C(1) << level) - 1)) == 0);
		ret[count++] = (struct record_node){ level, from >> level };
		from += INT64_C(1) << level;
	}
	return count;
}

/* The tree hash over subtrees of falling size. */
static struct digest
fold(const struct digest *hashes, size_t count)
{
	struct digest hash = hashes[count - 1];

	for (size_t i = count - 1; i > 0; i--)
		hash = record_node_hash(hashes[i - 1], hash);
	return hash;
}

/* ---- growing ----------------------------------------------------------------------------- */

size_t
record_frontier(int64_t size, struct record_node ret[RECORD_LEVELS])
{
	assert(size >= 0 && size < RECORD_SIZE_MAX);
	return cover(0, size, ret);
}

void
record_resume(struct record_tree *tree, int64_t size, const struct digest *hashes)
{
	struct record_node nodes[RECORD_LEVELS];
	size_t count = record_frontier(size, nodes);

	*tree = (struct record_tree){ .size = size };
	for (size_t i = 0; i < count; i++)
		tree->complete[nodes[i].level] = hashes[i];
}

size_t
record_append(struct record_tree *tree, struct digest leaf, struct record_made ret[RECORD_LEVELS])
{
	int64_t number = tree->size;
	struct digest hash = leaf;
	int level = 0;

	assert(tree->size < RECORD_SIZE_MAX - 1);
	ret[0] = (struct record_made){ { 0, number }, hash };
	for (; number & 1; number >>= 1) {
		hash = record_node_hash(tree->complete[level], hash);
		level++;
		ret[level] = (struct record_made){ { level, number >> 1 }, hash };
	}
	tree->complete[level] = hash;
	tree->size++;
	return (size_t)level + 1;
}

struct digest
record_root(const struct record_tree *tree)
{
	struct digest hashes[RECORD_LEVELS];
	size_t count = 0;

	for (int level = RECORD_LEVELS - 1; level >= 0; level--) {
		if (tree->size >> level & 1)
			hashes[count++] = tree->complete[level];
	}
	return count == 0 ? record_empty_root() : fold(hashes, count);
}

/* ---- proving ----------------------------------------------------------------------------- */

struct range {
	int64_t from, to; /* leaves [from, to) */
};

/* RFC 6962 splits n leaves behind the largest power of two that is smaller than n. */
static int64_t
split(struct range range)
{
	return range.from + (INT64_C(1) << top_level(range.to - range.from - 1));
}

/* Appends the path hash over a range. */
static void
plan_hash(struct record_plan *plan, struct range range)
{
	size_t count = cover(range.from, range.to, plan->nodes + plan->node_count);

	plan->node_count += count;
	plan->parts[plan->path_len++] = (unsigned char)count;
}

/* The path lists from the leaves up what the recursion meets from the root down. */
static void
plan_upwards(struct record_plan *plan, const struct range *downwards, int count)
{
	while (count > 0)
		plan_hash(plan, downwards[--count]);
}

void
record_plan_inclusion(int64_t leaf, int64_t size, struct record_plan *ret)
{
	struct range range = { 0, size }, siblings[RECORD_LEVELS];
	int count = 0;

	assert(leaf >= 0 && leaf < size && size < RECORD_SIZE_MAX);
	while (range.to - range.from > 1) {
		int64_t middle = split(range);

		if (leaf < middle) {
			siblings[count++] = (struct range){ middle, range.to };
			range.to = middle;
		} else {
			siblings[count++] = (struct range){ range.from, middle };
			range.from = middle;
		}
	}
	*ret = (struct record_plan){ .node_count = 0 };
	plan_upwards(ret, siblings, count);
}

void
record_plan_consistency(int64_t old, int64_t size, struct record_plan *ret)
{
	struct range range = { 0, size }, siblings[RECORD_LEVELS];
	int count = 0;

	assert(old > 0 && old <= size && size < RECORD_SIZE_MAX);
	while (old < range.to) {
		int64_t middle = split(range);

		if (old <= middle) {
			siblings[count++] = (struct range){ middle, range.to };
			range.to = middle;
		} else {
			siblings[count++] = (struct range){ range.from, middle };
			range.from = middle;
		}
	}
	*ret = (struct record_plan){ .node_count = 0 };
	if (range.from > 0) /* otherwise it is the old tree itself, whose root the verifier has */
		plan_hash(ret, range);
	plan_upwards(ret, siblings, count);
}

void
record_prove(const struct record_plan *plan, const struct digest *hashes, struct record_proof *ret)
{
	ret->len = plan->path_len;
	for (size_t i = 0; i < plan->path_len; i++) {
		ret->path[i] = fold(hashes, plan->parts[i]);
		hashes += plan->parts[i];
	}
}

/* ---- verifying: variable names of RFC 9162 ------------------------------------------------- */

bool
record_verify_inclusion(struct digest hash, int64_t leaf, int64_t size, struct digest root,
                        const struct record_proof *proof)
{
	int64_t fn = leaf, sn = size - 1;
	struct digest r = hash;

	if (leaf < 0 || leaf >= size)
		return false;
	for (size_t i = 0; i < proof->len; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			r = record_node_hash(proof->path[i], r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = record_node_hash(r, proof->path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && digest_eq(r, root);
}

bool
record_verify_consistency(int64_t old, struct digest old_root, int64_t size, struct digest root,
                          const struct record_proof *proof)
{
	int64_t fn = old - 1, sn = size - 1;
	bool is_power = (old & (old - 1)) == 0;
	struct digest fr, sr;
	size_t next = 0;

	if (old <= 0 || old > size)
		return false;
	if (old == size)
		return proof->len == 0 && digest_eq(old_root, root);
	if (proof->len == 0)
		return false;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	fr = sr = is_power ? old_root : proof->path[next++];
	for (; next < proof->len; next++) {
		const struct digest c = proof->path[next];

		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			fr = record_node_hash(c, fr);
			sr = record_node_hash(c, sr);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = record_node_hash(sr, c);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && digest_eq(fr, old_root) && digest_eq(sr, root);
}
