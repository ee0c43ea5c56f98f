#include "acts/money.h"

#include "acts/ledger.h"
#include "base/digest.h"
#include "base/locale.h"
#include "commons/payment.h"
#include "store/ledger.sql.h"

/* ---- seeing ---- */

static void
totals_add(struct money_totals *totals, struct str kind, struct amount sum)
{
	if (str_is(kind, "source"))
		totals->granted.minor = -sum.minor;
	else if (str_is(kind, "pot"))
		totals->pot = sum;
	else if (str_is(kind, "round"))
		totals->set_aside = sum;
	else if (str_is(kind, "award"))
		totals->promised = sum;
	else if (str_is(kind, "paid"))
		totals->paid = sum;
}

static enum status
totals_load(struct act *act, struct instant day, struct money_totals *ret)
{
	enum status st;

	*ret = (struct money_totals){ 0 };
	if (day.us == 0) {
		struct money_totals_rows rows;

		st = money_totals(act->db, act->arena, act->place.id, &rows);
		for (size_t i = 0; st == OK && i < rows.len; i++)
			totals_add(ret, rows.ptr[i].kind, rows.ptr[i].total);
		return st == OK && rows.len == 0 ? NOT_FOUND : st;
	}
	struct money_totals_on_rows rows;

	st = money_totals_on(act->db, act->arena, act->place.id, day, &rows);
	for (size_t i = 0; st == OK && i < rows.len; i++)
		totals_add(ret, rows.ptr[i].kind, rows.ptr[i].total);
	return st;
}

static int
year_of(struct instant day)
{
	int y, m, d;

	time_date(day.us / DAY_US, &y, &m, &d);
	return y;
}

/* What was held at the end of each year, from the first entry to this year. */
static enum status
years_load(struct act *act, struct money_page *ret)
{
	struct money_flow_rows flow;
	struct instant today;
	struct amount held = { 0 };
	size_t next = 0;
	int first, last;
	enum status st = money_flow(act->db, act->arena, act->place.id, &flow);

	if (st == OK)
		st = act_today(act, &today);
	if (st != OK || flow.len == 0)
		return st;
	first = year_of(flow.ptr[0].happened_on);
	last = year_of(today) > first ? year_of(today) : first;
	ret->years = ARENA_ARRAY(act->arena, (size_t)(last - first + 1), struct money_year);
	if (ret->years == NULL)
		return NO_MEMORY;
	for (int year = first; year <= last; year++) {
		for (; next < flow.len && year_of(flow.ptr[next].happened_on) <= year; next++)
			held.minor += flow.ptr[next].total.minor;
		ret->years[ret->years_len++] = (struct money_year){ year, held };
	}
	return OK;
}

enum status
act_money_show(struct act *act, struct instant day, struct money_page *ret)
{
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct money_page){ 0 };
	if (st == OK)
		st = totals_load(act, day, &ret->totals);
	if (st == OK)
		st = years_load(act, ret);
	return st;
}

enum status
act_entry_list(struct act *act, struct instant day, const struct money_from *from, int64_t most,
               struct money_list *ret)
{
	const bool newest = from->id.value == 0;
	struct entry_list_rows rows;
	struct instant on = newest ? (struct instant){ INT64_MAX } : from->day;
	enum status st;

	*ret = (struct money_list){ 0 };
	if (newest && day.us != 0)
		on.us = day.us + 1; /* everything of that day, nothing of the next */
	st = act_require(act, RIGHT_READ);
	if (st == OK)
		st = entry_list(act->db, act->arena, act->place.id, on,
		                newest ? (struct instant){ INT64_MIN } : from->recorded_at,
		                from->id, most + 1, &rows);
	if (st != OK)
		return st;
	ret->more = rows.len > (size_t)most;
	ret->entries_len = ret->more ? (size_t)most : rows.len;
	ret->entries = ARENA_ARRAY(act->arena, ret->entries_len, struct money_entry);
	if (ret->entries == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < ret->entries_len; i++) {
		const struct entry_list_row *row = &rows.ptr[i];

		ret->entries[i] = (struct money_entry){
			.id = row->id, .kind = row->kind, .day = row->happened_on,
			.recorded_at = row->recorded_at, .memo = row->memo, .amount = row->amount,
			.from = row->from_name, .to = row->to_name, .project = row->project_id,
			.round = row->round_id };
	}
	return OK;
}

static enum status
project_entries(struct act *act, struct money_project *project)
{
	struct entry_list_of_project_rows rows;
	enum status st = entry_list_of_project(act->db, act->arena, act->place.id, project->id,
	                                       &rows);

	if (st != OK)
		return st;
	project->entries = ARENA_ARRAY(act->arena, rows.len, struct money_entry);
	if (project->entries == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		project->entries[i] = (struct money_entry){
			.id = rows.ptr[i].id, .kind = rows.ptr[i].kind, .day = rows.ptr[i].happened_on,
			.memo = rows.ptr[i].memo, .amount = rows.ptr[i].amount,
			.from = rows.ptr[i].from_name, .to = rows.ptr[i].to_name,
			.project = project->id };
	project->entries_len = rows.len;
	return OK;
}

static enum status
project_load(struct act *act, struct project_id id, struct money_project *ret)
{
	struct project_by_id_row row;
	enum status st = project_by_id(act->db, act->arena, act->place.id, id, &row);

	if (st != OK)
		return st;
	*ret = (struct money_project){
		.id = row.id, .title = row.title, .round_title = row.round_title,
		.round = row.round_id, .idea = row.idea_id, .award = row.award, .left = row.left_over,
		.created_at = row.created_at, .account = row.account_id };
	return OK;
}

enum status
act_project_show(struct act *act, struct project_id id, struct money_project *ret)
{
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = project_load(act, id, ret);
	if (st == OK)
		st = project_entries(act, ret);
	return st;
}

enum status
act_project_list(struct act *act, struct money_project **ret, size_t *ret_len)
{
	struct project_list_rows rows;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = project_list(act->db, act->arena, act->place.id, &rows);
	if (st != OK)
		return st;
	*ret = ARENA_ARRAY(act->arena, rows.len, struct money_project);
	if (*ret == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		(*ret)[i] = (struct money_project){ .id = rows.ptr[i].id, .title = rows.ptr[i].title,
		                                    .award = rows.ptr[i].award,
		                                    .left = rows.ptr[i].left_over,
		                                    .account = rows.ptr[i].account_id };
	*ret_len = rows.len;
	return OK;
}

static enum status
receipts_load(struct act *act, struct money_entry_page *page)
{
	struct file_list_of_entry_rows rows;
	enum status st = file_list_of_entry(act->db, act->arena, act->place.id, page->entry.id,
	                                    &rows);

	if (st != OK)
		return st;
	page->receipts = ARENA_ARRAY(act->arena, rows.len, struct money_receipt);
	if (page->receipts == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		page->receipts[i] = (struct money_receipt){ rows.ptr[i].id, rows.ptr[i].name,
		                                            rows.ptr[i].type, rows.ptr[i].size,
		                                            rows.ptr[i].uploaded_at };
	page->receipts_len = rows.len;
	return OK;
}

enum status
act_entry_show(struct act *act, struct entry_id id, struct money_entry_page *ret)
{
	struct entry_by_id_row row;
	struct money_project project = { 0 };
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = entry_by_id(act->db, act->arena, act->place.id, id, &row);
	if (st == OK && row.has_project_id)
		st = project_load(act, row.project_id, &project);
	if (st != OK)
		return st;
	*ret = (struct money_entry_page){
		.entry = { .id = row.id, .kind = row.kind, .day = row.happened_on,
		           .recorded_at = row.recorded_at, .memo = row.memo, .amount = row.amount,
		           .from = row.from_name, .to = row.to_name, .project = row.project_id,
		           .round = row.round_id },
		.project_title = project.title,
		.corrects = row.corrects_id,
		.corrected_by = row.corrected_by,
		.whole = act_allows(act, RIGHT_RECEIPT_SEE) };
	if (!ret->whole)
		return OK;
	ret->payee = row.payee;
	ret->reference = row.reference;
	ret->recorder = row.recorder;
	return receipts_load(act, ret);
}

enum status
act_receipt_show(struct act *act, struct file_id id, struct str *ret_name, struct str *ret_type,
                 struct str *ret_content)
{
	struct file_by_id_row row;
	enum status st = act_require(act, RIGHT_RECEIPT_SEE);

	if (st == OK)
		st = file_by_id(act->db, act->arena, act->place.id, id, &row);
	if (st != OK)
		return st;
	*ret_name = row.name;
	*ret_type = row.type;
	*ret_content = row.content;
	return OK;
}

/* ---- doing ---- */

static enum status
receipt_save(struct act *act, struct entry_id entry, const struct upload *upload,
             struct refusal *why)
{
	const char *type = receipt_type(upload->content);
	struct digest digest = digest_of(upload->content);
	struct file_id id = { chance_id(&act->chance) };

	if (type == NULL)
		return refuse(why, "receipt",
		              MSG("This kind of file can't be kept here. Send a PDF, or a picture as "
		                  "JPEG, PNG or WebP."));
	return file_add(act->db, act->place.id, id, entry, upload->name, str_of(type),
	                (int64_t)upload->content.len,
	                digest_bytes(&digest), upload->content,
	                act->who.id, act->now);
}

/* The payment's move, checked against the award. */
static enum status
payment_move(struct act *act, const struct payment *payment, struct move *ret,
             struct refusal *why)
{
	struct account_by_kind_row paid;
	struct money_project project;
	struct payment_facts facts = { .amount = payment->amount, .day = payment->day,
	                               .has_payee = payment->payee.len > 0,
	                               .has_reference = payment->reference.len > 0 };
	struct local_time began;
	enum status st = project_load(act, payment->project, &project);

	if (st == NOT_FOUND)
		return refuse(why, "project", MSG("Choose the project that the money is for."));
	if (st == OK)
		st = account_by_kind(act->db, act->arena, act->place.id, STR("paid"), &paid);
	if (st == OK)
		st = act_today(act, &facts.today);
	if (st == OK)
		st = zone_to_local(act->place.zone, project.created_at, &began);
	if (st != OK)
		return st;
	facts.left = project.left;
	facts.project_day.us = time_days(began.year, began.month, began.day) * DAY_US;
	*ret = (struct move){ .kind = "payment", .from = project.account, .to = paid.id,
	                      .amount = payment->amount, .day = payment->day,
	                      .memo = payment->memo.len > 0 ? payment->memo : project.title,
	                      .payee = payment->payee, .reference = payment->reference,
	                      .project = payment->project, .client_key = payment->client_key };
	return payment_may_be_recorded(&facts, why);
}

/* The second click of a double click: what it asks for is done, even if the award could not pay
 * for it twice. NOT_FOUND: not done yet, or the form was sent for something else. */
static enum status
paid_before(struct act *act, const struct payment *payment, struct entry_id *ret)
{
	struct entry_by_key_row before;
	struct money_project project;
	enum status st = entry_by_key(act->db, act->arena, act->place.id, payment->client_key, &before);

	if (st == OK)
		st = project_load(act, payment->project, &project);
	if (st != OK)
		return st;
	*ret = before.id;
	return before.amount.minor == payment->amount.minor &&
	       before.from_account.value == project.account.value ? OK : NOT_FOUND;
}

enum status
act_payment_record(struct act *act, const struct payment *payment, struct entry_id *ret,
                   struct refusal *why)
{
	struct move move;
	bool again;
	enum status st = act_require(act, RIGHT_PAY);

	if (st != OK)
		return st;
	if (payment->client_key.len == 0)
		return INVALID;
	st = paid_before(act, payment, ret);
	if (st != NOT_FOUND)
		return st;
	st = payment_move(act, payment, &move, why);
	if (st == OK)
		st = ledger_move(act, &move, ret, &again, why);
	if (st == OK && !again && payment->receipt.content.len > 0)
		st = receipt_save(act, *ret, &payment->receipt, why);
	return st;
}

enum status
act_receipt_add(struct act *act, struct entry_id entry, const struct upload *upload,
                struct refusal *why)
{
	struct entry_by_id_row row;
	enum status st = act_require(act, RIGHT_PAY);

	if (st == OK)
		st = entry_by_id(act->db, act->arena, act->place.id, entry, &row);
	if (st != OK)
		return st;
	if (!str_is(row.kind, "payment"))
		return refuse(why, "receipt", MSG("Only a payment can have a receipt."));
	if (upload->content.len == 0)
		return refuse(why, "receipt", MSG("Choose a file first."));
	return receipt_save(act, entry, upload, why);
}

enum status
act_payment_take_back(struct act *act, struct entry_id entry, struct str memo,
                      struct entry_id *ret, struct refusal *why)
{
	struct entry_by_id_row row;
	struct correction_facts facts = { .has_reason = memo.len > 0 };
	struct move move = { .kind = "correction", .memo = memo, .corrects = entry };
	struct digest key;
	enum status st = act_require(act, RIGHT_PAY);

	if (st == OK)
		st = entry_by_id(act->db, act->arena, act->place.id, entry, &row);
	if (st != OK)
		return st;
	facts.is_payment = str_is(row.kind, "payment");
	facts.corrected_already = row.has_corrected_by;
	st = payment_may_be_taken_back(&facts, why);
	if (st == OK)
		st = act_today(act, &move.day);
	if (st == OK)
		st = str_format(act->arena, &move.client_key, "take-back/%s", id_text(entry.value).text);
	if (st != OK)
		return st;
	key = digest_of(move.client_key);
	st = str_copy(act->arena, digest_bytes(&key), &move.client_key);
	move.from = row.to_account;
	move.to = row.from_account;
	move.amount = row.amount;
	move.project = row.project_id;
	if (st == OK)
		st = ledger_move(act, &move, ret, NULL, why);
	return st;
}
