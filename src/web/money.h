/* What the money pages show: ready values for money*.html. */
#ifndef WEB_MONEY_H
#define WEB_MONEY_H

#include "acts/money.h"
#include "web/html.h"

struct money_row {
	struct str day;      /* in words, without a zone: it is a date */
	struct str memo;
	struct str path;     /* of the entry */
	struct amount amount;
	struct str from, to;
	bool payment;
};

struct money_rows {
	struct money_row *ptr;
	size_t len;
};

/* A bar of the picture of what was held each year. */
struct money_bar {
	int64_t year;
	struct amount held;
	int64_t x, y, height, middle; /* in the picture's units */
};

struct money_bars {
	struct money_bar *ptr;
	size_t len;
};

struct project_row {
	struct str title, path, id;
	struct amount award, left;
	bool chosen; /* in the payment form */
};

struct project_rows {
	struct project_row *ptr;
	size_t len;
};

struct money_page_view {
	bool past;           /* as it stood on an earlier day */
	struct str day;      /* that day in words */
	struct str day_value; /* for the date input */
	bool bad_day;
	struct amount held; /* pot, set aside and promised together */
	struct amount granted, pot, set_aside, promised, paid;
	struct money_bars bars;
	int64_t bars_width;
	struct money_rows rows;
	struct str older_path; /* empty: no older entries */
	struct str csv_path, pay_path, page_path;
	bool may_pay;
	struct project_rows projects;
};

struct project_page_view {
	struct str title, round_title, round_path, idea_path;
	bool has_idea;
	struct amount award, left, paid;
	struct money_rows rows;
	struct str pay_path;
	bool may_pay;
};

struct receipt_row {
	struct str name, path;
	int64_t kilobytes;
};

struct receipt_rows {
	struct receipt_row *ptr;
	size_t len;
};

struct entry_page_view {
	struct money_row row;
	struct str heading;
	struct str project_title, project_path;
	bool has_project;
	struct str corrects_path, corrected_by_path; /* empty: none */
	bool whole;          /* payee, reference and receipts may be seen */
	struct str payee, reference, recorder;
	struct instant recorded_at;
	struct receipt_rows receipts;
	bool may_pay, may_take_back;
	struct str receipt_action, take_back_action;
	struct message problem; /* text NULL: none */
	bool has_problem;
	struct str reason;   /* typed, kept */
};

struct pay_page_view {
	struct project_rows projects;
	struct str action, key;
	struct str amount, day, payee, reference, memo; /* typed, kept */
	struct str problem_field;
	struct message problem;
	bool has_problem;
	bool problem_project, problem_amount, problem_day, problem_payee, problem_reference,
		problem_memo, problem_receipt;
	struct str problem_link; /* "#amount" */
};

#endif
