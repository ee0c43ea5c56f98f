/* How ICU writes numbers in one language: learnt once from ICU's own output, then written
 * without it, which is ten times faster. For base/format.c. */
#ifndef BASE_NUMBER_STYLE_H
#define BASE_NUMBER_STYLE_H

#include <unicode/unum.h>

#include "base/buf.h"

struct piece {
	uint8_t len;
	char text[23];
};

struct digit {
	uint8_t len;
	char text[4];
};

struct number_style {
	bool learnt;
	UNumberFormat *icu; /* asked for each number when not learnt; otherwise NULL */
	int decimals;       /* digits behind the point */
	struct digit digits[10];
	struct piece group, point;
	struct piece before[2], after[2]; /* of positive and negative numbers */
	unsigned primary, secondary;      /* digits in the last group and in others */
	unsigned ungrouped;               /* numbers of up to this many digits have no group */
};

/* Takes over `icu`, and gives it as many digits behind the point. The style is used only when it
 * gives ICU's very text for a list of probes; otherwise ICU is kept and asked each time. */
void number_style_open(struct number_style *style, UNumberFormat *icu, int decimals);
void number_style_close(struct number_style *style);

/* ±whole.fraction, where the fraction is in units of 10^-decimals. */
void number_style_write(struct buf *out, const struct number_style *style, bool negative,
                        uint64_t whole, unsigned fraction);
void number_style_write_int(struct buf *out, const struct number_style *style, int64_t n);

/* UTF-16 of ICU as UTF-8 in `out`; empty when it does not fit. */
struct str utf16_to_utf8(const UChar *text, int32_t len, char *out, size_t size);

#endif
