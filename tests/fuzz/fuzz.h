/* A fuzz target: FUZZ(input) { … CHECK_ALWAYS(…); }, run by libFuzzer (tests/fuzz/run). */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ(input)                                                                        \
	static void fuzz_one(struct str input);                                            \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                       \
	{                                                                                  \
		fuzz_one((struct str){ (const char *)data, size });                        \
		return 0;                                                                  \
	}                                                                                  \
	static void fuzz_one(struct str input)

#define CHECK_ALWAYS(condition)                                                            \
	do {                                                                               \
		if (!(condition))                                                          \
			abort();                                                           \
	} while (0)

#endif
