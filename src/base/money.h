/* Amounts: whole numbers of minor units (pence, cents). The unit is the account's.
 * Sums are checked: an amount never wraps round. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "base/str.h"

struct amount {
	int64_t minor;
};

MUST_CHECK enum status amount_add(struct amount a, struct amount b, struct amount *ret);
MUST_CHECK enum status amount_subtract(struct amount a, struct amount b, struct amount *ret);

/* "1,234.5", "1234.50", "£1234", "1 234,50 €", "1.234,50" -> minor units for a currency with
 * `decimals` digits (0-4). Let through: one currency sign before or behind, spaces around,
 * thousands set apart by one of comma, space, apostrophe or (where that is not the decimal mark)
 * point; digits of any script. A single comma before 1 or 2 final digits is a decimal comma.
 * INVALID for anything else, for more decimals than the currency has, beyond 10^15 minor units. */
MUST_CHECK enum status amount_parse(struct str text, int decimals, struct amount *ret);
/* Files and averages have finer amounts than currencies. */
enum { AMOUNT_WRITE_DECIMALS_MAX = 12 };
/* Plain decimal text as in files and JSON: 123450 with 2 decimals -> "1234.5";
 * no thousands separator, no trailing zeros. */
void amount_write(struct buf *buf, struct amount amount, int decimals);

#endif
