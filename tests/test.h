/* A test program in one header: TEST(name) { CHECK(...); } and TEST_MAIN(cases).
 * Prints one line per case ("ok", "not ok", "skip"), which ./test adds up. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct test_case {
	const char *name;
	void (*run)(void);
};

static int test_failures;          /* of the running case */
static const char *test_skip_why;  /* set by test_skip */

#define CHECK(condition)                                                                   \
	do {                                                                               \
		if (!(condition)) {                                                        \
			test_failures++;                                                   \
			printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #condition);   \
		}                                                                          \
	} while (0)

#define CHECK_INT(got, want)                                                               \
	do {                                                                               \
		long long got_ = (long long)(got), want_ = (long long)(want);              \
		if (got_ != want_) {                                                       \
			test_failures++;                                                   \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__,      \
			       #got, got_, want_);                                         \
		}                                                                          \
	} while (0)

#define CHECK_STR(got, want)                                                               \
	do {                                                                               \
		struct str got_ = (got);                                                   \
		const char *want_ = (want);                                                \
		if (!str_is(got_, want_)) {                                                \
			test_failures++;                                                   \
			printf("# %s:%d: %s is \"%.*s\", not \"%s\"\n", __FILE__, __LINE__, \
			       #got, STR_ARG(got_), want_);                                \
		}                                                                          \
	} while (0)

/* Says why this case can't run here; then return from it. */
static inline void
test_skip(const char *why)
{
	test_skip_why = why;
}

static inline int
test_run_all(const struct test_case *cases, size_t count)
{
	int bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < count; i++) {
		test_failures = 0;
		test_skip_why = NULL;
		cases[i].run();
		if (test_failures > 0)
			printf("not ok %s\n", cases[i].name);
		else if (test_skip_why != NULL)
			printf("skip %s # %s\n", cases[i].name, test_skip_why);
		else
			printf("ok %s\n", cases[i].name);
		bad += test_failures > 0;
	}
	return bad > 0;
}

#define TEST_MAIN(cases)                                                                   \
	int main(void)                                                                     \
	{                                                                                  \
		return test_run_all((cases), sizeof(cases) / sizeof *(cases));             \
	}

#endif
