#include "commons/sign_in.h"

#include <string.h>

#include "base/text.h"

enum status
sign_in_may_mail(int64_t last_quarter, int64_t last_day, struct refusal *why)
{
	if (last_quarter >= SIGN_IN_MAILS_PER_QUARTER)
		return refuse(why, "email",
		              MSG("We have sent several mails to this address already. Look in your "
		                  "mail, also among the unwanted, or try again in 15 minutes."));
	if (last_day >= SIGN_IN_MAILS_PER_DAY)
		return refuse(why, "email",
		              MSG("We have sent very many mails to this address today. "
		                  "Please try again tomorrow."));
	return OK;
}

enum status
sign_in_may_use(const struct sign_in_facts *facts, struct instant now, struct refusal *why)
{
	if (facts->used)
		return refuse(why, NULL,
		              MSG("This was used already; it works only once. Ask for a new mail."));
	if (!time_before(now, facts->expires_at))
		return refuse(why, NULL,
		              MSG("This is more than 15 minutes old and works no more. "
		                  "Ask for a new mail."));
	if (facts->tries >= SIGN_IN_TRIES)
		return refuse(why, NULL,
		              MSG("Five wrong codes were typed, so this code works no more. "
		                  "Ask for a new mail."));
	if (!facts->right)
		return refuse(why, "code",
		              MSG("That is not the code in the newest mail. Look again and type "
		                  "all six digits."));
	return OK;
}

static bool
email_byte_may_be(char c)
{
	return c > ' ' && c < 0x7f && strchr("()<>[]:;,\"\\@", c) == NULL;
}

static bool
domain_may_be(struct str domain)
{
	struct str rest = domain;
	int labels = 0;

	while (rest.ptr != NULL) {
		struct str label = str_next(&rest, '.');

		if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' ||
		    label.ptr[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++) {
			char c = label.ptr[i];

			if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      (c >= '0' && c <= '9') || c == '-'))
				return false;
		}
		labels++;
	}
	return labels >= 2;
}

static bool
local_part_may_be(struct str local)
{
	if (local.len == 0 || local.len > 64 || local.ptr[0] == '.' ||
	    local.ptr[local.len - 1] == '.' || str_find(local, STR("..")) < local.len)
		return false;
	for (size_t i = 0; i < local.len; i++)
		if (!email_byte_may_be(local.ptr[i]))
			return false;
	return true;
}

enum status
email_may_be(struct str email, const char *field, struct refusal *why)
{
	size_t at = str_find(email, STR("@"));

	if (email.len == 0)
		return refuse(why, field, MSG("Type your e-mail address."));
	if (email.len > EMAIL_MAX || at == email.len ||
	    !local_part_may_be(str_cut(email, 0, at)) ||
	    !domain_may_be(str_cut(email, at + 1, email.len)))
		return refuse(why, field,
		              MSG("That does not look like an e-mail address. It needs an @ and "
		                  "a dot, like name@example.org."));
	return OK;
}

enum status
person_name_may_be(struct str name, const char *field, struct refusal *why)
{
	if (name.len == 0)
		return refuse(why, field, MSG("Type the name that your neighbours know you by."));
	if (text_length(name) > PERSON_NAME_MAX)
		return refuse_with(why, field, MSG("A name can have at most {most} letters."),
		                   message_number("most", PERSON_NAME_MAX));
	return OK;
}

bool
sign_in_code_read(struct str typed, char ret[SIGN_IN_CODE_LEN + 1])
{
	int digits = 0;

	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.ptr[i];

		if (c == ' ' || c == '-')
			continue;
		if (c < '0' || c > '9' || digits == SIGN_IN_CODE_LEN)
			return false;
		ret[digits++] = c;
	}
	ret[digits] = '\0';
	return digits == SIGN_IN_CODE_LEN;
}

bool
sign_in_next_may_be(struct str slug, struct str path)
{
	struct str rest;

	if (path.len == 0 || path.len > 200 || path.ptr[0] != '/')
		return false;
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];

		if (c <= ' ' || c >= 0x7f || c == '\\')
			return false;
	}
	rest = str_cut(path, 1, path.len);
	if (!str_starts(rest, slug))
		return false;
	rest = str_cut(rest, slug.len, rest.len);
	if (rest.len > 0 && rest.ptr[0] != '/' && rest.ptr[0] != '?')
		return false;
	/* "%2e" is a dot to browsers. */
	return str_find(path, STR("//")) == path.len && str_find(path, STR("/.")) == path.len &&
	       str_find(path, STR("%2e")) == path.len && str_find(path, STR("%2E")) == path.len;
}
