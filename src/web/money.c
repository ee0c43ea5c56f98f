/* Money pages: what everybody may see, and the treasurer's forms. */
#include "web/money.h"

#include <string.h>

#include "base/digest.h"
#include "commons/payment.h"
#include "web/money.html.h"
#include "web/money_entry.html.h"
#include "web/money_pay.html.h"
#include "web/money_project.html.h"
#include "web/route.h"

enum { RECEIPT_BYTES = 10 * 1024 * 1024, BAR_STEP = 60, BAR_TOP = 70, CSV_MAX = 4 << 20,
       PAGE_ENTRIES = 50, CSV_ENTRIES = 1000 };

/* A path of this place, in the request's arena; empty when there is no room (the arena's cap
 * then makes the page fail as a whole). */
static struct str
path_to(struct request *req, const char *what, int64_t id)
{
	struct str path = { NULL, 0 };

	if (page_path(req, &path, "/%s%s", what, id == 0 ? "" : id_text(id).text) != OK)
		return (struct str){ NULL, 0 };
	return path;
}

/* A date in words. Dates are kept as midnight UTC, so the place's zone has no say. */
static struct str
day_words(struct request *req, struct instant day)
{
	struct format f = req->format;
	struct str words = { NULL, 0 };
	struct buf buf;

	f.zone = STR("UTC");
	buf_init(&buf, 200);
	format_date(&buf, &f, day);
	if (buf_status(&buf) != OK || str_copy(req->act.arena, buf_str(&buf), &words) != OK)
		words = (struct str){ NULL, 0 };
	buf_release(&buf);
	return words;
}

/* The two accounts outside the place have names that the program gives; the others' are data. */
static struct str
account_words(struct request *req, const struct money_entry *entry, bool from)
{
	if (from && str_is(entry->kind, "grant"))
		return locale_words(req->format.locale, MSG("Funder"));
	if (str_is(entry->kind, from ? "correction" : "payment"))
		return locale_words(req->format.locale, MSG("Paid out"));
	return from ? entry->from : entry->to;
}

static struct money_row
row_of(struct request *req, const struct money_entry *entry)
{
	return (struct money_row){ .day = day_words(req, entry->day),
	                           .memo = entry->memo,
	                           .path = path_to(req, "money/entries/", entry->id.value),
	                           .amount = entry->amount,
	                           .from = account_words(req, entry, true),
	                           .to = account_words(req, entry, false),
	                           .payment = str_is(entry->kind, "payment") };
}

static enum status
rows_of(struct request *req, const struct money_entry *entries, size_t len,
        struct money_rows *ret)
{
	ret->ptr = ARENA_ARRAY(req->act.arena, len, struct money_row);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++)
		ret->ptr[i] = row_of(req, &entries[i]);
	ret->len = len;
	return OK;
}

static enum status
projects_of(struct request *req, bool with_money_only, struct str chosen,
            struct project_rows *ret)
{
	struct money_project *projects;
	size_t len = 0;
	enum status st = act_project_list(&req->act, &projects, &len);

	if (st != OK)
		return st;
	ret->ptr = ARENA_ARRAY(req->act.arena, len, struct project_row);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++) {
		struct project_row *row = &ret->ptr[ret->len];

		if (with_money_only && projects[i].left.minor == 0)
			continue;
		*row = (struct project_row){
			.title = projects[i].title,
			.path = path_to(req, "money/projects/", projects[i].id.value),
			.award = projects[i].award, .left = projects[i].left };
		st = str_copy(req->act.arena, str_of(id_text(projects[i].id.value).text), &row->id);
		if (st != OK)
			return st;
		row->chosen = str_eq(row->id, chosen);
		ret->len++;
	}
	return OK;
}

/* Bars that begin at zero; the tallest year fills the picture. */
static enum status
bars_of(struct request *req, const struct money_page *page, struct money_page_view *view)
{
	int64_t most = 1;

	view->bars.ptr = ARENA_ARRAY(req->act.arena, page->years_len, struct money_bar);
	if (view->bars.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < page->years_len; i++)
		if (page->years[i].held.minor > most)
			most = page->years[i].held.minor;
	for (size_t i = 0; i < page->years_len; i++) {
		struct money_bar *bar = &view->bars.ptr[i];
		int64_t height = page->years[i].held.minor / (most / BAR_TOP + 1);

		*bar = (struct money_bar){ .year = page->years[i].year, .held = page->years[i].held,
		                           .x = (int64_t)i * BAR_STEP, .height = height,
		                           .y = BAR_TOP - height,
		                           .middle = (int64_t)i * BAR_STEP + 24 };
	}
	view->bars.len = page->years_len;
	view->bars_width = (int64_t)page->years_len * BAR_STEP < 240
	                           ? 240 : (int64_t)page->years_len * BAR_STEP;
	return OK;
}

/* "DAY.RECORDED.ID" of the last entry shown; the next page begins behind it. */
static enum status
from_parse(struct str text, struct money_from *ret)
{
	struct str rest = text;
	enum status st;

	*ret = (struct money_from){ 0 };
	if (text.len == 0)
		return OK;
	st = str_to_int(str_next(&rest, '.'), &ret->day.us);
	if (st == OK)
		st = str_to_int(str_next(&rest, '.'), &ret->recorded_at.us);
	if (st == OK)
		st = id_parse(rest, &ret->id.value);
	return st;
}

static enum status
money_view(struct request *req, const struct money_page *page, const struct money_list *list,
           struct instant day, struct money_page_view *view)
{
	const struct money_entry *last;
	enum status st = rows_of(req, list->entries, list->entries_len, &view->rows);

	if (st == OK)
		st = projects_of(req, false, (struct str){ NULL, 0 }, &view->projects);
	if (st == OK && day.us == 0)
		st = bars_of(req, page, view);
	view->past = day.us != 0;
	view->day = day_words(req, day);
	view->held.minor = page->totals.pot.minor + page->totals.set_aside.minor +
	                   page->totals.promised.minor;
	view->granted = page->totals.granted;
	view->pot = page->totals.pot;
	view->set_aside = page->totals.set_aside;
	view->promised = page->totals.promised;
	view->paid = page->totals.paid;
	view->page_path = path_to(req, "money", 0);
	view->csv_path = path_to(req, "money/entries.csv", 0);
	view->pay_path = path_to(req, "money/pay", 0);
	view->may_pay = act_allows(&req->act, RIGHT_PAY);
	if (st != OK || !list->more)
		return st;
	last = &list->entries[list->entries_len - 1];
	return str_format(req->act.arena, &view->older_path, "%.*s?date=%.*s&from=%lld.%lld.%s",
	                  STR_ARG(view->page_path), STR_ARG(view->day_value),
	                  (long long)last->day.us, (long long)last->recorded_at.us,
	                  id_text(last->id.value).text);
}

static void
page_money(struct request *req)
{
	struct money_page_view view = { .day_value = form_text(req, "date") };
	struct money_page page;
	struct money_list list;
	struct money_from from;
	struct instant day = { 0 };
	enum status st = from_parse(form_text(req, "from"), &from);

	if (st == OK && view.day_value.len > 0 && day_parse(view.day_value, &day) != OK)
		view.bad_day = true;
	if (st == OK)
		st = act_money_show(&req->act, day, &page);
	if (st == OK)
		st = act_entry_list(&req->act, day, &from, PAGE_ENTRIES, &list);
	if (st == OK)
		st = money_view(req, &page, &list, day, &view);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	page_describe(req, STR("What came in, what is promised, and what was paid."));
	html_money(page_open(req, "money"), &view);
}

static void
page_project(struct request *req)
{
	struct project_page_view view = { .may_pay = act_allows(&req->act, RIGHT_PAY) };
	struct money_project project;
	enum status st = act_project_show(&req->act, (struct project_id){ req->id[0] }, &project);

	if (st == OK)
		st = rows_of(req, project.entries, project.entries_len, &view.rows);
	if (st == OK)
		st = amount_subtract(project.award, project.left, &view.paid);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.title = project.title;
	view.round_title = project.round_title;
	view.round_path = path_to(req, "decisions/", project.round.value);
	view.has_idea = project.idea.value != 0;
	view.idea_path = path_to(req, "ideas/", project.idea.value);
	view.award = project.award;
	view.left = project.left;
	view.pay_path = path_to(req, "money/pay?project=", project.id.value);
	html_money_project(page_open(req, "money"), &view);
}

/* ---- one entry ---- */

static struct str
kind_words(struct request *req, struct str kind)
{
	static const struct {
		const char *kind, *words;
	} words[] = {
		{ "grant", MSG("Money came in") },
		{ "reserve", MSG("Set aside for a round") },
		{ "award", MSG("Award to a project") },
		{ "return", MSG("Back to the pot") },
		{ "payment", MSG("Payment") },
		{ "correction", MSG("A payment taken back") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(kind, words[i].kind))
			return locale_words(req->format.locale, words[i].words);
	return kind;
}

static enum status
receipts_of(struct request *req, const struct money_entry_page *page, struct receipt_rows *ret)
{
	ret->ptr = ARENA_ARRAY(req->act.arena, page->receipts_len, struct receipt_row);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < page->receipts_len; i++)
		ret->ptr[i] = (struct receipt_row){
			page->receipts[i].name,
			path_to(req, "money/files/", page->receipts[i].id.value),
			(page->receipts[i].size + 1023) / 1024 };
	ret->len = page->receipts_len;
	return OK;
}

static void
show_entry(struct request *req, struct str reason)
{
	const struct entry_id id = { req->id[0] };
	struct money_entry_page page;
	struct entry_page_view view = { .reason = reason, .problem = req->refusal.message,
	                                .has_problem = req->refusal.status != OK };
	enum status st = act_entry_show(&req->act, id, &page);

	if (st == OK)
		st = receipts_of(req, &page, &view.receipts);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.row = row_of(req, &page.entry);
	view.heading = kind_words(req, page.entry.kind);
	view.recorded_at = page.entry.recorded_at;
	view.has_project = page.entry.project.value != 0;
	view.project_title = page.project_title;
	view.project_path = path_to(req, "money/projects/", page.entry.project.value);
	if (page.corrects.value != 0)
		view.corrects_path = path_to(req, "money/entries/", page.corrects.value);
	if (page.corrected_by.value != 0)
		view.corrected_by_path = path_to(req, "money/entries/", page.corrected_by.value);
	view.whole = page.whole;
	view.payee = page.payee;
	view.reference = page.reference;
	view.recorder = page.recorder;
	view.may_pay = act_allows(&req->act, RIGHT_PAY);
	view.may_take_back = view.may_pay && view.row.payment && page.corrected_by.value == 0;
	if (str_format(req->act.arena, &view.receipt_action, "%.*s/receipts",
	               STR_ARG(view.row.path)) != OK ||
	    str_format(req->act.arena, &view.take_back_action, "%.*s/take-back",
	               STR_ARG(view.row.path)) != OK) {
		page_status(req, NO_MEMORY);
		return;
	}
	html_money_entry(page_open(req, "money"), &view);
}

static void
page_entry(struct request *req)
{
	show_entry(req, (struct str){ NULL, 0 });
}

static enum status
deed_receipt(struct act *act, struct request *req, struct refusal *why)
{
	const struct form_value *file = form_value(req, "receipt");
	struct upload upload = { file->file_name, file->text };

	return act_receipt_add(act, (struct entry_id){ req->id[0] }, &upload, why);
}

static void
page_receipt_added(struct request *req)
{
	if (req->refusal.status != OK)
		show_entry(req, (struct str){ NULL, 0 });
	else
		page_go(req, "/money/entries/%s", id_text(req->id[0]).text);
}

static enum status
deed_take_back(struct act *act, struct request *req, struct refusal *why)
{
	struct entry_id made;

	return act_payment_take_back(act, (struct entry_id){ req->id[0] }, form_text(req, "memo"),
	                             &made, why);
}

static void
page_taken_back(struct request *req)
{
	if (req->refusal.status != OK)
		show_entry(req, form_text(req, "memo"));
	else
		page_go(req, "/money/entries/%s", id_text(req->id[0]).text);
}

static void
page_receipt(struct request *req)
{
	struct str name, type, content;
	enum status st = act_receipt_show(&req->act, (struct file_id){ req->id[0] }, &name, &type,
	                                  &content);
	const char *type_c = st == OK ? str_to_c(req->act.arena, type) : NULL;
	const char *name_c = st == OK ? str_to_c(req->act.arena, name) : NULL;

	if (st == OK && (type_c == NULL || name_c == NULL))
		st = NO_MEMORY;
	if (st != OK)
		page_status(req, st);
	else
		page_file(req, type_c, name_c, content);
}

/* ---- recording a payment ---- */

/* A fresh key for a form; sent with it, so that the same form pays once. */
static enum status
new_key(struct request *req, struct str *ret)
{
	uint8_t bytes[16];

	chance_bytes(&req->act.chance, bytes, sizeof bytes);
	return str_copy(req->act.arena, str_of(token_text(bytes, sizeof bytes).text), ret);
}

static bool
problem_is(const struct request *req, const char *field)
{
	return req->refusal.status != OK && req->refusal.field != NULL &&
	       strcmp(req->refusal.field, field) == 0;
}

static void
show_pay(struct request *req, struct pay_page_view *view, struct str chosen)
{
	enum status st = projects_of(req, true, chosen, &view->projects);

	view->action = path_to(req, "money/pay", 0);
	view->has_problem = req->refusal.status != OK;
	view->problem = req->refusal.message;
	view->problem_project = problem_is(req, "project");
	view->problem_amount = problem_is(req, "amount");
	view->problem_day = problem_is(req, "day");
	view->problem_payee = problem_is(req, "payee");
	view->problem_reference = problem_is(req, "reference");
	view->problem_memo = problem_is(req, "memo");
	view->problem_receipt = problem_is(req, "receipt");
	if (st == OK)
		st = str_format(req->act.arena, &view->problem_link, "#%s",
		                req->refusal.field == NULL ? "amount" : req->refusal.field);
	if (st != OK)
		page_status(req, st);
	else
		html_money_pay(page_open(req, "money"), view);
}

static void
page_pay(struct request *req)
{
	struct pay_page_view view = { 0 };
	struct instant today;
	struct local_time local;
	enum status st = zone_to_local(req->act.place.zone, req->act.now, &local);

	if (st == OK)
		st = new_key(req, &view.key);
	if (st == OK) {
		today.us = time_days(local.year, local.month, local.day) * DAY_US;
		st = str_copy(req->act.arena, str_of(day_text(today).text), &view.day);
	}
	if (st != OK)
		page_status(req, st);
	else
		show_pay(req, &view, form_text(req, "project"));
}

static enum status
deed_pay(struct act *act, struct request *req, struct refusal *why)
{
	const struct form_value *file = form_value(req, "receipt");
	struct entry_id *made = ARENA_NEW(act->arena, struct entry_id);
	struct payment payment = { .memo = form_text(req, "memo"),
	                           .payee = form_text(req, "payee"),
	                           .reference = form_text(req, "reference"),
	                           .receipt = { file->file_name, file->text },
	                           .client_key = form_text(req, "key") };

	if (made == NULL)
		return NO_MEMORY;
	req->result = made;
	if (id_parse(form_text(req, "project"), &payment.project.value) != OK)
		return refuse(why, "project", MSG("Choose the project that the money is for."));
	if (amount_parse(form_text(req, "amount"), currency_decimals(act->place.currency),
	                 &payment.amount) != OK)
		return refuse(why, "amount", MSG("Write the amount in figures, like 120 or 99.50."));
	if (day_parse(form_text(req, "day"), &payment.day) != OK)
		return refuse(why, "day",
		              MSG("Write the day as year, month and day, like 2026-11-21."));
	return act_payment_record(act, &payment, made, why);
}

static void
page_paid(struct request *req)
{
	const struct entry_id *made = req->result;
	struct pay_page_view view = { .key = form_text(req, "key"),
	                              .amount = form_text(req, "amount"),
	                              .day = form_text(req, "day"),
	                              .payee = form_text(req, "payee"),
	                              .reference = form_text(req, "reference"),
	                              .memo = form_text(req, "memo") };

	if (req->refusal.status != OK)
		show_pay(req, &view, form_text(req, "project"));
	else
		page_go(req, "/money/entries/%s", id_text(made->value).text);
}

/* ---- all entries as a table ---- */

/* A cell of CSV (RFC 4180); a leading =, +, -, @ gets a ' so that no spreadsheet runs it. */
static void
csv_text(struct buf *out, struct str text)
{
	buf_add_c(out, "\"");
	if (text.len > 0 && strchr("=+-@\t", text.ptr[0]) != NULL)
		buf_add_c(out, "'");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_add_c(out, "\"");
		buf_add_char(out, text.ptr[i]);
	}
	buf_add_c(out, "\"");
}

static void
csv_rows(struct request *req, struct buf *out, const struct money_list *page)
{
	int decimals = currency_decimals(req->act.place.currency);

	for (size_t i = 0; i < page->entries_len; i++) {
		const struct money_entry *e = &page->entries[i];

		buf_add_c(out, id_text(e->id.value).text);
		buf_add_format(out, ",%s,%.*s,", day_text(e->day).text, STR_ARG(e->kind));
		csv_text(out, e->from);
		buf_add_c(out, ",");
		csv_text(out, e->to);
		buf_add_c(out, ",");
		amount_write(out, e->amount, decimals);
		buf_add_format(out, ",%.*s,", STR_ARG(req->act.place.currency));
		csv_text(out, e->memo);
		buf_add_c(out, "\r\n");
	}
}

static void
page_csv(struct request *req)
{
	struct money_from from = { 0 };
	struct money_list page;
	struct buf out;
	struct str content = { NULL, 0 };
	enum status st;

	buf_init(&out, CSV_MAX);
	buf_add_c(&out, "id,day,kind,from,to,amount,currency,what for\r\n");
	do {
		st = act_entry_list(&req->act, (struct instant){ 0 }, &from, CSV_ENTRIES, &page);
		if (st != OK || page.entries_len == 0)
			break;
		csv_rows(req, &out, &page);
		from = (struct money_from){ page.entries[page.entries_len - 1].day,
			                    page.entries[page.entries_len - 1].recorded_at,
			                    page.entries[page.entries_len - 1].id };
	} while (page.more);
	if (st == OK)
		st = buf_status(&out);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&out), &content);
	buf_release(&out);
	if (st != OK)
		page_status(req, st);
	else
		page_file(req, "text/csv; charset=utf-8", "entries.csv", content);
}

const struct route routes_money[] = {
	{ .method = METHOD_GET, .path = "/{place}/money", .right = RIGHT_READ, .page = page_money,
	  .fields = { { "date", FIELD_LINE, 10 }, { "from", FIELD_LINE, 80 } } },
	{ .method = METHOD_GET, .path = "/{place}/money/entries.csv", .right = RIGHT_READ,
	  .page = page_csv, .per_minute = 30 },
	{ .method = METHOD_GET, .path = "/{place}/money/projects/{id}", .right = RIGHT_READ,
	  .page = page_project },
	{ .method = METHOD_GET, .path = "/{place}/money/entries/{id}", .right = RIGHT_READ,
	  .page = page_entry },
	{ .method = METHOD_POST, .path = "/{place}/money/entries/{id}/receipts", .right = RIGHT_PAY,
	  .fields = { { "receipt", FIELD_FILE, RECEIPT_BYTES } }, .deed = deed_receipt,
	  .page = page_receipt_added },
	{ .method = METHOD_POST, .path = "/{place}/money/entries/{id}/take-back",
	  .right = RIGHT_PAY, .fields = { { "memo", FIELD_LINE, PAYMENT_MEMO_MAX } },
	  .deed = deed_take_back, .page = page_taken_back },
	{ .method = METHOD_GET, .path = "/{place}/money/files/{id}", .right = RIGHT_RECEIPT_SEE,
	  .page = page_receipt, .memory = 2 * RECEIPT_BYTES },
	{ .method = METHOD_GET, .path = "/{place}/money/pay", .right = RIGHT_PAY, .page = page_pay,
	  .fields = { { "project", FIELD_LINE, 13 } } },
	{ .method = METHOD_POST, .path = "/{place}/money/pay", .right = RIGHT_PAY,
	  .fields = { { "key", FIELD_LINE, 40 },
	              { "project", FIELD_LINE, 13 },
	              { "amount", FIELD_LINE, 24 },
	              { "day", FIELD_LINE, 10 },
	              { "memo", FIELD_LINE, PAYMENT_MEMO_MAX },
	              { "payee", FIELD_LINE, PAYMENT_PAYEE_MAX },
	              { "reference", FIELD_LINE, PAYMENT_REFERENCE_MAX },
	              { "receipt", FIELD_FILE, RECEIPT_BYTES } },
	  .deed = deed_pay, .page = page_paid },
	{ .path = NULL },
};
