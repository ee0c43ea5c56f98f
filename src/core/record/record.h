/* The record: an append-only log as a Merkle tree, so that anybody can check that a leaf is in
 * it and that it only ever grew, without trusting who keeps it.
 *
 * Hashes, paths and proofs are those of RFC 6962 (Certificate Transparency), section 2.1; the
 * two verifications are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
 *
 * The tree is kept as the hashes of its complete subtrees: node (level, number) covers the
 * leaves [number * 2^level, (number + 1) * 2^level). A complete node never changes, so the store
 * only ever adds rows. This engine says which nodes it needs, the caller loads them:
 *
 *     append:  record_frontier -> load -> record_resume -> record_append … -> record_root
 *     prove:   record_plan_inclusion / _consistency -> load -> record_prove
 *     verify:  record_verify_inclusion / _consistency
 *
 * Pure; takes no memory. Sizes and leaf numbers are below 2^62.
 */
#ifndef CORE_RECORD_RECORD_H
#define CORE_RECORD_RECORD_H

#include <stddef.h>

#include "base/digest.h"

enum {
	RECORD_LEVELS = 62,
	RECORD_PATH_MAX = RECORD_LEVELS + 1,  /* hashes in a proof */
	RECORD_NODES_MAX = 2 * RECORD_LEVELS  /* nodes that a proof is made from */
};
#define RECORD_SIZE_MAX (INT64_C(1) << RECORD_LEVELS)

struct record_node {
	int level;      /* 0: leaves */
	int64_t number; /* from 0, left to right */
};

/* 2.1: SHA-256(0x00 || body), SHA-256(0x01 || left || right), SHA-256() of no leaf. */
struct digest record_leaf_hash(struct str body);
struct digest record_node_hash(struct digest left, struct digest right);
struct digest record_empty_root(void);

/* ---- growing ---- */

struct record_tree {
	int64_t size;
	struct digest complete[RECORD_LEVELS]; /* by level, where `size` has that bit */
};

/* The complete subtrees that a tree of `size` leaves consists of, largest (leftmost) first. */
size_t record_frontier(int64_t size, struct record_node ret[RECORD_LEVELS]);
/* The tree of `size` leaves from the hashes of record_frontier(size), in that order. Size 0
 * needs none. */
void record_resume(struct record_tree *tree, int64_t size, const struct digest *hashes);

struct record_made {
	struct record_node node;
	struct digest hash;
};

/* Appends a leaf hash (its number is the size before). Gives the nodes that it completes, the
 * leaf itself first: all of them are to be stored. */
size_t record_append(struct record_tree *tree, struct digest leaf,
                     struct record_made ret[RECORD_LEVELS]);
struct digest record_root(const struct record_tree *tree);

/* ---- proving ---- */

/* What to load for a proof: path hash i is made from the next parts[i] of `nodes`. */
struct record_plan {
	size_t node_count, path_len;
	struct record_node nodes[RECORD_NODES_MAX];
	unsigned char parts[RECORD_PATH_MAX];
};

struct record_proof {
	size_t len;
	struct digest path[RECORD_PATH_MAX];
};

/* 2.1.1, PATH(leaf, D[size]): 0 <= leaf < size. */
void record_plan_inclusion(int64_t leaf, int64_t size, struct record_plan *ret);
/* 2.1.2, PROOF(old, D[size]): 0 < old <= size (no hashes when they are equal). */
void record_plan_consistency(int64_t old, int64_t size, struct record_plan *ret);
/* hashes[i] is that of plan->nodes[i]. */
void record_prove(const struct record_plan *plan, const struct digest *hashes,
                  struct record_proof *ret);

/* Is `hash` leaf number `leaf` of the tree of `size` leaves with this root? */
bool record_verify_inclusion(struct digest hash, int64_t leaf, int64_t size, struct digest root,
                             const struct record_proof *proof);
/* Does the tree of `size` leaves begin with the tree of `old` leaves, old > 0? */
bool record_verify_consistency(int64_t old, struct digest old_root, int64_t size,
                               struct digest root, const struct record_proof *proof);

#endif
