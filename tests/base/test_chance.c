/* The stream may never change: draws and orders on record are replayed from their seeds. */
#include "base/chance.h"

#include "base/digest.h"
#include "test.h"

static void
count_up(struct chance *chance)
{
	uint8_t seed[32];

	for (int i = 0; i < 32; i++)
		seed[i] = (uint8_t)i;
	chance_from_seed(chance, seed);
}

static bool
is_hex(const uint8_t *bytes, const char *hex)
{
	for (size_t i = 0; hex[2 * i] != '\0'; i++) {
		char two[3];

		(void)snprintf(two, sizeof two, "%02x", bytes[i]);
		if (two[0] != hex[2 * i] || two[1] != hex[2 * i + 1])
			return false;
	}
	return true;
}

/* head -c 1024 /dev/zero | openssl enc -chacha20 -K 0001…1f -iv 0000000000000000666f6c6b6d6f6f74 */
static void
test_vector(void)
{
	struct chance chance;
	uint8_t bytes[1024];

	count_up(&chance);
	chance_bytes(&chance, bytes, sizeof bytes);
	CHECK(is_hex(bytes, "5864c020fb39b534bec037b59b2b5aa13b1e166103a14fa87686d2e76cfe1017"
	                    "7504b142dfe7724d989939596344ca075a4ebcf580079a7ddacf592541b2e810"));
	CHECK(is_hex(bytes + 15 * 32,
	             "630b9b640dffbc10088e21555471c08eec83b2a9c09173948ef59040c98737ec"
	             "3da5f7c9919171b349d56752dcf785e5c8313aaa3ae34ef8261d253ea37cf654"));
}

/* The same bytes in whatever portions they are taken. */
static void
test_portions(void)
{
	struct chance chance;
	uint8_t whole[3000], parts[3000];
	size_t at = 0;

	count_up(&chance);
	chance_bytes(&chance, whole, sizeof whole);
	count_up(&chance);
	for (size_t i = 0; at < sizeof parts; i++) {
		size_t piece = i * 7 % 100;

		if (piece > sizeof parts - at)
			piece = sizeof parts - at;
		chance_bytes(&chance, parts + at, piece);
		at += piece;
	}
	CHECK(memcmp(whole, parts, sizeof whole) == 0);
}

/* What is made from the stream: big-endian numbers, rejection, Fisher-Yates from the end. The
 * order was worked out from openssl's bytes by another program. */
static void
test_made(void)
{
	struct chance chance;
	size_t order[10];

	count_up(&chance);
	CHECK(chance_u64(&chance) == 0x5864c020fb39b534);
	CHECK_INT(chance_id(&chance), INT64_C(0xbec037b59b2b5aa1) >> 1 & INT64_MAX);
	CHECK_INT(chance_below(&chance, 1000), 0x3b1e166103a14fa8 % 1000);
	for (size_t i = 0; i < 10; i++)
		order[i] = i;
	chance_shuffle(&chance, order, 10);
	for (size_t i = 0; i < 10; i++)
		CHECK_INT(order[i], ((size_t[]){ 0, 2, 8, 5, 6, 4, 3, 7, 1, 9 })[i]);
}

static void
test_below(void)
{
	struct chance chance;
	int seen[6] = { 0 };
	bool high = false;

	count_up(&chance);
	for (int i = 0; i < 60000; i++)
		seen[chance_below(&chance, 6)]++;
	for (int i = 0; i < 6; i++) /* six standard deviations */
		CHECK(seen[i] > 10000 - 550 && seen[i] < 10000 + 550);
	CHECK_INT(chance_below(&chance, 1), 0);
	for (int i = 0; i < 100; i++) { /* half of all values are rejected */
		uint64_t value = chance_below(&chance, (UINT64_C(1) << 63) + 1);

		CHECK(value <= UINT64_C(1) << 63);
		high |= value > UINT64_C(1) << 62;
	}
	CHECK(high);
}

static void
test_shuffle(void)
{
	struct chance chance;
	int seen[6] = { 0 };

	count_up(&chance);
	for (int i = 0; i < 60000; i++) {
		size_t order[3] = { 0, 1, 2 };

		chance_shuffle(&chance, order, 3);
		CHECK_INT(1 << order[0] | 1 << order[1] | 1 << order[2], 7);
		seen[order[0] * 2 + (order[1] > order[2])]++;
	}
	for (int i = 0; i < 6; i++)
		CHECK(seen[i] > 10000 - 550 && seen[i] < 10000 + 550);
	chance_shuffle(&chance, NULL, 0);
}

static void
test_system(void)
{
	struct chance a, b;

	chance_from_system(&a);
	chance_from_system(&b);
	CHECK(chance_u64(&a) != chance_u64(&b));
}

static const struct test_case cases[] = {
	{ "chance: the stream", test_vector },
	{ "chance: in portions", test_portions },
	{ "chance: what is made from it", test_made },
	{ "chance: below a bound", test_below },
	{ "chance: orders", test_shuffle },
	{ "chance: seeds of the system differ", test_system },
};
TEST_MAIN(cases)
