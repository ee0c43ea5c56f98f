#include "web/html.h"

#include <assert.h>
#include <string.h>

/* By byte, an index into ENTITIES; 0 for what needs no escaping. */
static const uint8_t ESCAPE[256] = { ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5 };
static const struct str ENTITIES[] = {
	STR_INIT(""), STR_INIT("&amp;"), STR_INIT("&lt;"), STR_INIT("&gt;"), STR_INIT("&quot;"),
	STR_INIT("&#39;"),
};

/* Length of the run at the beginning of s that needs no escaping. */
static size_t
plain_run(struct str s)
{
	size_t i = 0;

	while (i < s.len && ESCAPE[(unsigned char)s.ptr[i]] == 0)
		i++;
	return i;
}

void
html_escape(struct buf *out, struct str s)
{
	while (s.len > 0) {
		size_t run = plain_run(s);

		if (run > 0)
			buf_add(out, str_cut(s, 0, run));
		if (run == s.len)
			return;
		buf_add(out, ENTITIES[ESCAPE[(unsigned char)s.ptr[run]]]);
		s = str_cut(s, run + 1, s.len);
	}
}

/* Escapes what was appended as plain text behind offset `from`, in place: what formats write
 * (numbers, money, dates) seldom holds anything to escape, and needs no second buffer. */
static void
escape_tail(struct buf *out, size_t from)
{
	struct str tail = str_cut(buf_str(out), from, out->len);
	size_t more = 0, len = tail.len;
	char *to;

	for (size_t i = plain_run(tail); i < len; i++) {
		uint8_t escape = ESCAPE[(unsigned char)tail.ptr[i]];

		more += escape == 0 ? 0 : ENTITIES[escape].len - 1;
	}
	if (more == 0)
		return;
	for (size_t left = more; left > 0 && !out->failed; ) {
		static const char room[64];
		size_t part = left < sizeof room ? left : sizeof room;

		buf_add(out, (struct str){ room, part });
		left -= part;
	}
	if (out->failed) {
		out->len = from;
		return;
	}
	to = out->ptr + out->len;
	for (size_t i = len; i > 0; i--) {
		char c = out->ptr[from + i - 1];
		uint8_t escape = ESCAPE[(unsigned char)c];
		struct str entity = escape == 0 ? (struct str){ &c, 1 } : ENTITIES[escape];

		to -= entity.len;
		memcpy(to, entity.ptr, entity.len);
	}
}

void
html_put_str(struct html *h, struct str s)
{
	html_escape(h->out, s);
}

void
html_put_number(struct html *h, int64_t n)
{
	size_t from = h->out->len;

	format_number(h->out, &h->format, n);
	escape_tail(h->out, from);
}

void
html_put_count(struct html *h, uint64_t n)
{
	assert(n <= INT64_MAX);
	html_put_number(h, (int64_t)n);
}

void
html_put_money(struct html *h, struct amount amount)
{
	size_t from = h->out->len;

	format_money(h->out, &h->format, amount);
	escape_tail(h->out, from);
}

void
html_put_time(struct html *h, struct instant t)
{
	size_t from = h->out->len;

	format_date_time(h->out, &h->format, t);
	escape_tail(h->out, from);
}

void
html_put_date(struct html *h, struct instant t)
{
	size_t from = h->out->len;

	format_date(h->out, &h->format, t);
	escape_tail(h->out, from);
}

void
html_put_iso(struct html *h, struct instant t)
{
	buf_add_c(h->out, time_text(t).text);
}

void
html_put_safe(struct html *h, struct safe_html s)
{
	buf_add(h->out, s.html);
}

void
html_put_message(struct html *h, const struct message *message)
{
	size_t from = h->out->len;

	if (message->text == NULL)
		return;
	format_message(h->out, &h->format, message);
	escape_tail(h->out, from);
}

void
html_put_percent(struct html *h, int64_t part, int64_t whole)
{
	size_t from = h->out->len;

	format_percent(h->out, &h->format, part, whole);
	escape_tail(h->out, from);
}

void
html_put_plain_int(struct html *h, int64_t n)
{
	buf_add_int(h->out, n);
}

void
html_put_plain_amount(struct html *h, struct amount amount)
{
	buf_add_int(h->out, amount.minor);
}

void
html_put_id_value(struct html *h, int64_t id)
{
	buf_add_c(h->out, id_text(id).text);
}

void
html_put_csrf(struct html *h)
{
	buf_add(h->out, STR("<input type=\"hidden\" name=\"csrf\" value=\""));
	html_escape(h->out, h->layout->csrf);
	buf_add(h->out, STR("\">"));
}

void
html_put_lang(struct html *h)
{
	html_escape(h->out, locale_tag(h->format.locale));
}

void
html_put_dir(struct html *h)
{
	buf_add(h->out, locale_right_to_left(h->format.locale) ? STR("rtl") : STR("ltr"));
}

/* Browsers drop tabs and line breaks inside addresses and read \ as /, so that "/\t/evil" and
 * "/\evil" lead to another host: neither may be there at all. */
static bool
has_only_address_bytes(struct str url)
{
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == '\\' || url.ptr[i] == 0x7F)
			return false;
	return true;
}

static bool
is_local(struct str url)
{
	if (url.len == 0 || url.ptr[0] == '#' || url.ptr[0] == '?')
		return true;
	return url.ptr[0] == '/' && (url.len == 1 || url.ptr[1] != '/');
}

void
html_put_action(struct html *h, struct str url)
{
	bool good = has_only_address_bytes(url) && is_local(url);

	html_escape(h->out, good ? url : STR("#"));
}

bool
html_url_is_safe(struct str url)
{
	return has_only_address_bytes(url) &&
	       (is_local(url) || str_starts(url, STR("https://")) || str_starts(url, STR("http://")));
}

void
html_put_url(struct html *h, struct str url)
{
	html_escape(h->out, html_url_is_safe(url) ? url : STR("#"));
}

void
html_put_query(struct html *h, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		static const char hex[] = "0123456789ABCDEF";
		unsigned char c = (unsigned char)s.ptr[i];
		char coded[3] = { '%', hex[c >> 4], hex[c & 15] };
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             (c >= '0' && c <= '9') || (c != '\0' && strchr("-_.~", c) != NULL);

		buf_add(h->out, plain ? (struct str){ &s.ptr[i], 1 } : (struct str){ coded, 3 });
	}
}

static void
put_value(struct html *h, const struct html_value *value)
{
	switch (value->kind) {
	case HTML_TEXT:    html_put_str(h, value->text); break;
	case HTML_NUMBER:  html_put_number(h, value->number); break;
	case HTML_PLAIN:   html_put_plain_int(h, value->number); break;
	case HTML_MONEY:   html_put_money(h, value->money); break;
	case HTML_TIME:    html_put_time(h, value->time); break;
	case HTML_DATE:    html_put_date(h, value->time); break;
	case HTML_PERCENT: html_put_percent(h, value->number, value->whole); break;
	case HTML_STRONG:  buf_add(h->out, STR("<strong>")); break;
	case HTML_LINK:
		buf_add(h->out, STR("<a href=\""));
		html_put_url(h, value->text);
		buf_add(h->out, STR("\">"));
		break;
	}
}

static bool
stands_around(const struct html_value *value)
{
	return value->kind == HTML_LINK || value->kind == HTML_STRONG;
}

static void
put_close(struct html *h, const struct html_value *open)
{
	if (open != NULL)
		buf_add(h->out, open->kind == HTML_LINK ? STR("</a>") : STR("</strong>"));
}

static const struct html_value *
find_value(const struct html_value *values, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, values[i].name))
			return &values[i];
	return NULL;
}

/* A translation that lost a {/name} or has one too many still gives well-formed HTML: one
 * element at a time is open, and it is closed at the latest at the end. */
void
html_words(struct html *h, struct str words, const struct html_value *values, size_t count)
{
	const struct html_value *open = NULL;

	while (words.len > 0) {
		size_t brace = str_find(words, STR("{")), end = brace;
		const struct html_value *value;
		struct str name;
		bool closes;

		html_escape(h->out, str_cut(words, 0, brace));
		while (end < words.len && words.ptr[end] != '}')
			end++;
		name = str_cut(words, brace + 1, end);
		closes = name.len > 0 && name.ptr[0] == '/';
		value = find_value(values, count, closes ? str_cut(name, 1, name.len) : name);
		if (value == NULL) {
			html_escape(h->out, str_cut(words, brace, end + 1));
		} else if (closes) {
			if (open == value) {
				put_close(h, open);
				open = NULL;
			}
		} else {
			if (stands_around(value)) {
				put_close(h, open);
				open = value;
			}
			put_value(h, value);
		}
		words = str_cut(words, end + 1, words.len);
	}
	put_close(h, open);
}

struct html_value
html_value_text(const char *name, struct str text)
{
	return (struct html_value){ .name = name, .kind = HTML_TEXT, .text = text };
}

struct html_value
html_value_number(const char *name, int64_t number)
{
	return (struct html_value){ .name = name, .kind = HTML_NUMBER, .number = number };
}

struct html_value
html_value_plain(const char *name, int64_t number)
{
	return (struct html_value){ .name = name, .kind = HTML_PLAIN, .number = number };
}

struct html_value
html_value_money(const char *name, struct amount money)
{
	return (struct html_value){ .name = name, .kind = HTML_MONEY, .money = money };
}

struct html_value
html_value_time(const char *name, struct instant time)
{
	return (struct html_value){ .name = name, .kind = HTML_TIME, .time = time };
}

struct html_value
html_value_date(const char *name, struct instant time)
{
	return (struct html_value){ .name = name, .kind = HTML_DATE, .time = time };
}

struct html_value
html_value_percent(const char *name, int64_t part, int64_t whole)
{
	return (struct html_value){
		.name = name, .kind = HTML_PERCENT, .number = part, .whole = whole };
}

struct html_value
html_value_link(const char *name, struct str url)
{
	return (struct html_value){ .name = name, .kind = HTML_LINK, .text = url };
}

struct html_value
html_value_strong(const char *name)
{
	return (struct html_value){ .name = name, .kind = HTML_STRONG };
}
