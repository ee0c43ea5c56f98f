/* Translations compiled into the program: what tools/gen_po.c writes from locale/TAG.po. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>

#include "base/str.h"

/* CLDR's plural categories, in CLDR's order. */
enum plural_form {
	PLURAL_ZERO,
	PLURAL_ONE,
	PLURAL_TWO,
	PLURAL_FEW,
	PLURAL_MANY,
	PLURAL_OTHER,
	PLURAL_FORMS
};

struct word_entry {
	const char *english;             /* msgid: the key */
	struct str forms[PLURAL_FORMS];  /* a text without plural has PLURAL_OTHER only */
};

struct word_table {
	const char *tag;                 /* "pl" */
	const struct word_entry *ptr;    /* sorted by strcmp of english */
	size_t len;
};

extern const struct word_table word_tables[]; /* one per locale/TAG.po */
extern const size_t word_table_count;

#endif
