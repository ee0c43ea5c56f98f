#include "base/status.h"

const char *
status_name(enum status st)
{
	static const char *const names[] = {
		[OK] = "ok",
		[NOT_FOUND] = "not found",
		[REFUSED] = "refused",
		[FORBIDDEN] = "forbidden",
		[SIGN_IN] = "not signed in",
		[INVALID] = "invalid",
		[TOO_LARGE] = "too large",
		[CONFLICT] = "conflict",
		[TOO_MANY] = "too many requests",
		[UNAVAILABLE] = "unavailable",
		[UNKNOWN] = "unknown whether saved",
		[ELSEWHERE] = "kept elsewhere",
		[NO_MEMORY] = "out of memory",
		[TOO_NEW] = "made by a newer version",
		[FAILED] = "failed",
	};
	unsigned i = (unsigned)st;

	return i < sizeof names / sizeof *names ? names[i] : "unknown status";
}
