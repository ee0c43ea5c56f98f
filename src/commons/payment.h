/* Payments out of a project's award, and taking one back that was recorded by mistake. */
#ifndef COMMONS_PAYMENT_H
#define COMMONS_PAYMENT_H

#include "base/message.h"

enum { PAYMENT_MEMO_MAX = 200, PAYMENT_PAYEE_MAX = 120, PAYMENT_REFERENCE_MAX = 80 };

struct payment_facts {
	struct amount amount;
	struct amount left;        /* of the project's award */
	struct instant day;        /* midnight UTC of the day it was paid */
	struct instant today;      /* likewise */
	struct instant project_day; /* the day the project began */
	bool has_payee, has_reference;
};

/* May the treasurer record this payment? Fields: amount, day, payee, reference. */
MUST_CHECK enum status payment_may_be_recorded(const struct payment_facts *facts,
                                               struct refusal *why);

struct correction_facts {
	bool is_payment;
	bool corrected_already;
	bool has_reason;
};

MUST_CHECK enum status payment_may_be_taken_back(const struct correction_facts *facts,
                                                 struct refusal *why);

/* The media type of a receipt by its first bytes: application/pdf, image/png, image/jpeg,
 * image/webp; NULL for anything else, whatever its name says. */
const char *receipt_type(struct str content);

#endif
