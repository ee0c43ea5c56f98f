#include "web/field.h"

#include <string.h>

static bool
is_about(const struct refusal *refusal, const char *name)
{
	return refusal->status != OK && refusal->field != NULL
	       && strcmp(refusal->field, name) == 0;
}

struct field_view
field_of(const struct request *req, const char *name, struct str start)
{
	bool sent = req->route->method == METHOD_POST;
	struct field_view view = { .value = sent ? form_text(req, name) : start };

	view.wrong = is_about(&req->refusal, name);
	if (view.wrong)
		view.why = req->refusal.message;
	return view;
}

enum status
field_amount(const struct request *req, const char *name, bool *ret_has, struct amount *ret,
             struct refusal *why)
{
	struct str text = form_text(req, name);

	*ret_has = text.len > 0;
	if (text.len == 0)
		return OK;
	if (amount_parse(text, currency_decimals(req->act.place.currency), ret) == OK)
		return OK;
	return refuse(why, name, MSG("Write the amount in digits, like 1200 or 1,250.50."));
}

enum status
field_amount_text(struct request *req, bool has, struct amount amount, struct str *ret)
{
	struct buf buf;
	enum status st;

	*ret = STR("");
	if (!has)
		return OK;
	buf_init(&buf, 40);
	amount_write(&buf, amount, currency_decimals(req->act.place.currency));
	st = buf_status(&buf);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&buf), ret);
	buf_release(&buf);
	return st;
}

struct str
field_key(struct request *req)
{
	struct id_text text = id_text(chance_id(&req->act.chance));
	struct str key;

	/* Without room for a key the page itself does not fit either. */
	return str_copy(req->act.arena, str_of(text.text), &key) == OK ? key : STR("");
}

enum status
field_key_read(const struct request *req, const char *name, int64_t *ret)
{
	return id_parse(form_text(req, name), ret);
}
