/* What people see of the place's money, and what the treasurer does with it. */
#ifndef ACTS_MONEY_H
#define ACTS_MONEY_H

#include "acts/act.h"
#include "base/money.h"

/* ---- seeing ---- */

struct money_totals {
	struct amount granted;  /* came in, all in all */
	struct amount pot;      /* free to decide about */
	struct amount set_aside; /* in rounds that run */
	struct amount promised; /* won and not yet paid */
	struct amount paid;     /* has left */
};

/* One entry as everybody may see it. */
struct money_entry {
	struct entry_id id;
	struct str kind;      /* grant, reserve, award, return, payment, correction */
	struct instant day;   /* midnight UTC of the date */
	struct instant recorded_at;
	struct str memo;
	struct amount amount;
	struct str from, to;  /* names of accounts */
	struct project_id project; /* value 0: none */
	struct round_id round;     /* value 0: none */
};

struct money_year {
	int year;
	struct amount held; /* pot, rounds and awards together at its end */
};

struct money_page {
	struct money_totals totals; /* today, or at the end of the day asked for */
	struct money_year *years;
	size_t years_len;
};

struct money_list {
	struct money_entry *entries; /* newest first */
	size_t entries_len;
	bool more;                   /* older entries follow the last */
};

/* Where a page of entries begins: behind this entry, or at the newest (all zero). */
struct money_from {
	struct instant day, recorded_at;
	struct entry_id id;
};

/* NOT_FOUND where the place has no pot. day: 0 for today. */
MUST_CHECK enum status act_money_show(struct act *act, struct instant day,
                                      struct money_page *ret);
/* At most `most` entries up to the day (0: all), from there on back. */
MUST_CHECK enum status act_entry_list(struct act *act, struct instant day,
                                      const struct money_from *from, int64_t most,
                                      struct money_list *ret);

struct money_project {
	struct project_id id;
	struct str title;
	struct str round_title; /* empty in lists */
	struct round_id round;
	struct idea_id idea;    /* value 0: none */
	struct amount award, left;
	struct instant created_at;
	struct account_id account;
	struct money_entry *entries; /* newest first; NULL in lists */
	size_t entries_len;
};

MUST_CHECK enum status act_project_show(struct act *act, struct project_id id,
                                        struct money_project *ret);
MUST_CHECK enum status act_project_list(struct act *act, struct money_project **ret,
                                        size_t *ret_len);

struct money_receipt {
	struct file_id id;
	struct str name, type;
	int64_t size;
	struct instant uploaded_at;
};

struct money_entry_page {
	struct money_entry entry;
	struct str project_title;
	struct entry_id corrects, corrected_by; /* value 0: none */
	/* Only with RIGHT_RECEIPT_SEE, otherwise empty. */
	bool whole;
	struct str payee, reference, recorder;
	struct money_receipt *receipts;
	size_t receipts_len;
};

MUST_CHECK enum status act_entry_show(struct act *act, struct entry_id id,
                                      struct money_entry_page *ret);

/* The file itself; RIGHT_RECEIPT_SEE. */
MUST_CHECK enum status act_receipt_show(struct act *act, struct file_id id, struct str *ret_name,
                                        struct str *ret_type, struct str *ret_content);

/* ---- doing ---- */

struct upload {
	struct str name, content; /* content empty: none was sent */
};

struct payment {
	struct project_id project;
	struct amount amount;
	struct instant day;
	struct str memo, payee, reference;
	struct upload receipt;
	struct str client_key; /* made by the form; a double click pays once */
};

/* The treasurer records what was paid out of an award. RIGHT_PAY. */
MUST_CHECK enum status act_payment_record(struct act *act, const struct payment *payment,
                                          struct entry_id *ret, struct refusal *why);
/* Adds a receipt to a payment. RIGHT_PAY. */
MUST_CHECK enum status act_receipt_add(struct act *act, struct entry_id entry,
                                       const struct upload *upload, struct refusal *why);
/* Takes back a payment that was recorded by mistake: a new entry, the old one stays. RIGHT_PAY. */
MUST_CHECK enum status act_payment_take_back(struct act *act, struct entry_id entry,
                                             struct str memo, struct entry_id *ret,
                                             struct refusal *why);

#endif
