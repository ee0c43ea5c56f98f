/* The words for an enum's values on the command line, in the database and in JSON: one table, and
 * both ways through it. For enum decide_ties
 *
 *	static const char *const ties_names[] = { "id", "cost-votes-lot" };
 *	NAMES(decide_ties, ties_names)
 *
 * defines const char *decide_ties_name(enum decide_ties), which is never NULL, and
 * enum status decide_ties_parse(struct str name, enum decide_ties *ret): INVALID when there is none
 * of that name. Their declarations stand beside the enum. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <assert.h>

#include "base/status.h"
#include "base/str.h"

#define NAMES(type, names)                                                                  \
	const char *type##_name(enum type value)                                            \
	{                                                                                   \
		assert((size_t)value < sizeof(names) / sizeof *(names));                    \
		return (names)[value];                                                      \
	}                                                                                   \
                                                                                            \
	enum status type##_parse(struct str name, enum type *ret)                           \
	{                                                                                   \
		for (size_t i = 0; i < sizeof(names) / sizeof *(names); i++)                \
			if (str_is(name, (names)[i])) {                                     \
				*ret = (enum type)i;                                        \
				return OK;                                                  \
			}                                                                   \
		return INVALID;                                                             \
	}

#endif
