#include "core/record/record.h"

#include "test.h"

enum { LEAVES = 65 };

static struct digest leaves[LEAVES];

static struct digest
hex(const char *text)
{
	struct digest d = { { 0 } };

	CHECK_INT(digest_parse(str_of(text), &d), OK);
	return d;
}

#define CHECK_HASH(got, want_hex) CHECK_STR(str_of(digest_text(got).text), (want_hex))

/* ---- a second implementation, as RFC 6962, section 2.1, is written ------------------------- */

static size_t
largest_power_below(size_t n)
{
	size_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static struct digest
naive_root(const struct digest *d, size_t n)
{
	size_t k = largest_power_below(n);

	if (n == 0)
		return digest_of(STR(""));
	if (n == 1)
		return d[0];
	return record_node_hash(naive_root(d, k), naive_root(d + k, n - k));
}

static void
naive_path(size_t m, const struct digest *d, size_t n, struct record_proof *ret)
{
	size_t k = largest_power_below(n);

	if (n == 1)
		return;
	naive_path(m < k ? m : m - k, m < k ? d : d + k, m < k ? k : n - k, ret);
	ret->path[ret->len++] = m < k ? naive_root(d + k, n - k) : naive_root(d, k);
}

static void
naive_proof(size_t m, const struct digest *d, size_t n, bool whole, struct record_proof *ret)
{
	size_t k = largest_power_below(n);

	if (m == n) {
		if (!whole)
			ret->path[ret->len++] = naive_root(d, n);
		return;
	}
	naive_proof(m <= k ? m : m - k, m <= k ? d : d + k, m <= k ? k : n - k, m <= k && whole, ret);
	ret->path[ret->len++] = m <= k ? naive_root(d + k, n - k) : naive_root(d, k);
}

/* ---- the nodes as a store would keep them -------------------------------------------------- */

static struct digest stored[8][LEAVES];
static bool has[8][LEAVES];

static struct digest
load(struct record_node node)
{
	CHECK(has[node.level][node.number]);
	return stored[node.level][node.number];
}

static void
load_all(const struct record_node *nodes, size_t count, struct digest *ret)
{
	for (size_t i = 0; i < count; i++)
		ret[i] = load(nodes[i]);
}

static void
append(struct record_tree *tree, struct digest leaf)
{
	struct record_made made[RECORD_LEVELS];
	size_t count = record_append(tree, leaf, made);

	for (size_t i = 0; i < count; i++) {
		CHECK(!has[made[i].node.level][made[i].node.number]); /* each node once */
		has[made[i].node.level][made[i].node.number] = true;
		stored[made[i].node.level][made[i].node.number] = made[i].hash;
	}
}

static void
fill(void)
{
	struct record_tree tree;

	memset(has, 0, sizeof has);
	record_resume(&tree, 0, NULL);
	for (int i = 0; i < LEAVES; i++) {
		char body[20];

		(void)snprintf(body, sizeof body, "leaf %d", i);
		leaves[i] = record_leaf_hash(str_of(body));
		append(&tree, leaves[i]);
	}
}

static void
prove_inclusion(int64_t leaf, int64_t size, struct record_proof *ret)
{
	struct digest hashes[RECORD_NODES_MAX];
	struct record_plan plan;

	record_plan_inclusion(leaf, size, &plan);
	load_all(plan.nodes, plan.node_count, hashes);
	record_prove(&plan, hashes, ret);
}

static void
prove_consistency(int64_t old, int64_t size, struct record_proof *ret)
{
	struct digest hashes[RECORD_NODES_MAX];
	struct record_plan plan;

	record_plan_consistency(old, size, &plan);
	load_all(plan.nodes, plan.node_count, hashes);
	record_prove(&plan, hashes, ret);
}

/* ---- published vectors: certificate-transparency, cpp/merkletree/merkle_tree_test.cc ------- */

static const struct str ct_leaves[8] = { STR_INIT(""), STR_INIT("\0"), STR_INIT("\x10"),
	STR_INIT("\x20\x21"), STR_INIT("\x30\x31"), STR_INIT("\x40\x41\x42\x43"),
	STR_INIT("\x50\x51\x52\x53\x54\x55\x56\x57"),
	STR_INIT("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f") };

static const char *const ct_roots[9] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void
fill_ct(void)
{
	struct record_tree tree;

	memset(has, 0, sizeof has);
	record_resume(&tree, 0, NULL);
	for (int i = 0; i < 8; i++) {
		CHECK_HASH(record_root(&tree), ct_roots[i]);
		leaves[i] = record_leaf_hash(ct_leaves[i]);
		append(&tree, leaves[i]);
	}
	CHECK_HASH(record_root(&tree), ct_roots[8]);
}

static void
check_path(const struct record_proof *proof, const char *const *want, size_t len)
{
	CHECK_INT(proof->len, len);
	for (size_t i = 0; i < len && i < proof->len; i++)
		CHECK_HASH(proof->path[i], want[i]);
}

static void
test_vectors(void)
{
	static const char *const path_0_8[] = {
		"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
		"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
		"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" };
	static const char *const path_5_8[] = {
		"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" };
	static const char *const proof_6_8[] = {
		"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
		"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" };
	static const char *const proof_2_5[] = {
		"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
		"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" };
	struct record_proof proof;

	fill_ct();
	prove_inclusion(0, 8, &proof);
	check_path(&proof, path_0_8, 3);
	prove_inclusion(5, 8, &proof);
	check_path(&proof, path_5_8, 3);
	prove_inclusion(0, 1, &proof);
	check_path(&proof, NULL, 0);
	prove_consistency(1, 8, &proof);
	check_path(&proof, path_0_8, 3);
	prove_consistency(6, 8, &proof);
	check_path(&proof, proof_6_8, 3);
	prove_consistency(2, 5, &proof);
	check_path(&proof, proof_2_5, 2);
	prove_consistency(1, 1, &proof);
	check_path(&proof, NULL, 0);
}

/* A tree resumed from its frontier at any size goes on as the one that never stopped. */
static void
test_growing(void)
{
	fill();
	for (int64_t size = 0; size <= 64; size++) {
		struct record_node frontier[RECORD_LEVELS];
		struct digest hashes[RECORD_LEVELS];
		size_t count = record_frontier(size, frontier);
		struct record_made made[RECORD_LEVELS];
		struct record_tree tree;

		load_all(frontier, count, hashes);
		record_resume(&tree, size, hashes);
		CHECK_INT(tree.size, size);
		CHECK(digest_eq(record_root(&tree), naive_root(leaves, (size_t)size)));
		count = record_append(&tree, leaves[size], made);
		CHECK_INT(made[0].node.number, size);
		CHECK_INT(tree.size, size + 1);
		for (size_t i = 0; i < count; i++)
			CHECK(digest_eq(made[i].hash, load(made[i].node)));
		CHECK(digest_eq(record_root(&tree), naive_root(leaves, (size_t)size + 1)));
	}
}

static bool
same_path(const struct record_proof *a, const struct record_proof *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		if (!digest_eq(a->path[i], b->path[i]))
			return false;
	}
	return true;
}

/* What is checked, with one thing changed at a time. */
struct claim {
	bool is_inclusion;
	int64_t leaf_or_old, size;
	struct digest hash_or_old_root, root;
	struct record_proof proof;
};

static bool
holds(const struct claim *c)
{
	if (c->is_inclusion)
		return record_verify_inclusion(c->hash_or_old_root, c->leaf_or_old, c->size, c->root,
		                               &c->proof);
	return record_verify_consistency(c->leaf_or_old, c->hash_or_old_root, c->size, c->root,
	                                 &c->proof);
}

static void
check_tampering(const struct claim *honest)
{
	struct claim c = *honest;

	CHECK(holds(&c));
	c.root.bytes[31] ^= 1;
	CHECK(!holds(&c));
	c = *honest;
	c.hash_or_old_root.bytes[0] ^= 0x80;
	CHECK(!holds(&c));
	for (size_t i = 0; i < honest->proof.len; i++) {
		c = *honest;
		c.proof.path[i].bytes[i % 32] ^= 4;
		CHECK(!holds(&c));
		c = *honest; /* one left out */
		memmove(c.proof.path + i, c.proof.path + i + 1,
		        (--c.proof.len - i) * sizeof *c.proof.path);
		CHECK(!holds(&c));
		if (i > 0) { /* two swapped */
			c = *honest;
			c.proof.path[i] = honest->proof.path[i - 1];
			c.proof.path[i - 1] = honest->proof.path[i];
			CHECK(!holds(&c));
		}
	}
	c = *honest; /* one too many */
	c.proof.path[c.proof.len++] = honest->root;
	CHECK(!holds(&c));
	for (int64_t other = -1; other <= honest->size + 1; other++) {
		c = *honest;
		c.leaf_or_old = other;
		CHECK(holds(&c) == (other == honest->leaf_or_old));
	}
	c = *honest;
	c.size = 0;
	CHECK(!holds(&c));
	c.size = -1;
	CHECK(!holds(&c));
}

static void
test_inclusion(void)
{
	fill();
	for (int64_t size = 1; size <= 64; size++) {
		struct digest root = naive_root(leaves, (size_t)size);

		for (int64_t leaf = 0; leaf < size; leaf++) {
			struct claim claim = { true, leaf, size, leaves[leaf], root, { .len = 0 } };
			struct record_proof naive = { .len = 0 };

			prove_inclusion(leaf, size, &claim.proof);
			naive_path((size_t)leaf, leaves, (size_t)size, &naive);
			CHECK(same_path(&claim.proof, &naive));
			check_tampering(&claim);
		}
	}
}

static void
test_consistency(void)
{
	fill();
	for (int64_t size = 1; size <= 64; size++) {
		struct digest root = naive_root(leaves, (size_t)size);

		for (int64_t old = 1; old <= size; old++) {
			struct claim claim = { false, old, size, naive_root(leaves, (size_t)old), root,
				{ .len = 0 } };
			struct record_proof naive = { .len = 0 };

			prove_consistency(old, size, &claim.proof);
			naive_proof((size_t)old, leaves, (size_t)size, true, &naive);
			CHECK(same_path(&claim.proof, &naive));
			check_tampering(&claim);
		}
	}
}

/* A log that changed an old leaf can't show that it only grew. */
static void
test_rewritten_history(void)
{
	fill();
	for (int64_t old = 1; old < 20; old++) {
		struct digest old_root = naive_root(leaves, (size_t)old);

		for (int64_t changed = 0; changed < old; changed++) {
			struct digest other[20];
			struct record_proof proof = { .len = 0 };

			memcpy(other, leaves, sizeof other);
			other[changed] = hex(ct_roots[1]);
			naive_proof((size_t)old, other, 20, true, &proof);
			CHECK(!record_verify_consistency(old, old_root, 20, naive_root(other, 20), &proof));
		}
	}
}

/* Few nodes are read, however large the tree. */
static void
test_large(void)
{
	struct record_plan plan;

	record_plan_inclusion(123456789, 1000000007, &plan);
	CHECK_INT(plan.path_len, 30);
	CHECK(plan.node_count < 60);
	record_plan_inclusion(0, RECORD_SIZE_MAX - 1, &plan);
	CHECK_INT(plan.path_len, 62);
	CHECK(plan.node_count <= RECORD_NODES_MAX);
	record_plan_consistency(RECORD_SIZE_MAX - 2, RECORD_SIZE_MAX - 1, &plan);
	CHECK(plan.path_len <= RECORD_PATH_MAX);
	CHECK(plan.node_count <= RECORD_NODES_MAX);
	record_plan_consistency((INT64_C(1) << 61) + 1, RECORD_SIZE_MAX - 1, &plan);
	CHECK(plan.path_len <= RECORD_PATH_MAX);
	CHECK(plan.node_count <= RECORD_NODES_MAX);
}

static const struct test_case cases[] = {
	{ "record: published vectors", test_vectors },
	{ "record: growing, stopping and resuming", test_growing },
	{ "record: every inclusion proof to 64 leaves, and every tampering", test_inclusion },
	{ "record: every consistency proof to 64 leaves, and every tampering", test_consistency },
	{ "record: rewritten history shows", test_rewritten_history },
	{ "record: large trees", test_large },
};
TEST_MAIN(cases)
