/* What the functions that gen_html writes stand on: output, language, layout, escaping.
 *
 * A template src/web/NAME.html becomes, in "web/NAME.html.h",
 *     void html_NAME(struct html *h, const struct NAME_VIEW *v);
 * Values are escaped by their type (_Generic): struct str is escaped, numbers are formatted,
 * struct safe_html passes; a bare char *, a char or a bit-field does not compile.
 * Output goes to h->out, whose failure is sticky: ask buf_status once, at the end.
 */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/buf.h"
#include "base/id.h"
#include "base/locale.h"

/* HTML that was made safe already (rendered Markdown). Made in web/markdown.c only. */
struct safe_html {
	struct str html;
};

/* What the layout shows around every page. */
struct layout_view {
	struct str place_name;  /* empty outside a place */
	struct str place_path;  /* "/alder-vale", without the last slash; empty outside a place */
	struct str person_name; /* empty: signed out */
	struct str here;        /* which main link is current: "home", "ideas", "decisions",
	                           "money", "record", "queue", or empty */
	struct str path;        /* this page's own path, for sign-in to come back to */
	struct str description; /* Open Graph, where the template has no {{description}}; may be empty */
	struct str absolute;    /* "https://host" for Open Graph addresses; may be empty */
	struct str csrf;        /* token for forms */
	bool steward, treasurer;
	bool money;             /* the place has a pot to show */
	bool imported;          /* votes from a file: nobody joins, no ideas */
	int64_t waiting;        /* steward: how many things wait in the queue */
};

struct html {
	struct buf *out;
	struct format format; /* language, currency, zone */
	const struct layout_view *layout;
};

/* A page as the layout sees it; made by the functions of gen_html. */
struct html_page {
	const void *view;
	void (*title)(struct html *h, const void *view);       /* words without tags */
	void (*description)(struct html *h, const void *view); /* the same; may be NULL */
	void (*content)(struct html *h, const void *view);
};

/* Appends with & < > " ' escaped: for text and for quoted attributes. */
void html_escape(struct buf *out, struct str s);

void html_put_str(struct html *h, struct str s);
void html_put_number(struct html *h, int64_t n);
void html_put_count(struct html *h, uint64_t n);
void html_put_money(struct html *h, struct amount amount);
void html_put_time(struct html *h, struct instant t);  /* date and time in words */
void html_put_date(struct html *h, struct instant t);  /* date in words */
void html_put_iso(struct html *h, struct instant t);   /* RFC 3339, for <time datetime> */
void html_put_safe(struct html *h, struct safe_html s);
void html_put_message(struct html *h, const struct message *message);
void html_put_percent(struct html *h, int64_t part, int64_t whole);
void html_put_csrf(struct html *h);
void html_put_lang(struct html *h); /* for lang="…" and dir="…" */
void html_put_dir(struct html *h);
/* An address: empty, or begins with / (not //), #, ?, http:// or https:// and has no control
 * characters or backslashes; anything else becomes "#". */
void html_put_url(struct html *h, struct str url);
bool html_url_is_safe(struct str url);
/* The same without http:// and https://: where a form is sent. */
void html_put_action(struct html *h, struct str url);
/* Percent-encoded, for a part of an address. */
void html_put_query(struct html *h, struct str s);
void html_put_id_value(struct html *h, int64_t id);
#define html_put_id(h, x) html_put_id_value((h), (x).value)

void html_put_plain_int(struct html *h, int64_t n);
void html_put_plain_amount(struct html *h, struct amount amount); /* minor units */
#define html_put_plain(h, x) \
	_Generic((x), HTML_INTEGERS(html_put_plain_int), unsigned long: html_put_plain_int, \
	unsigned long long: html_put_plain_int, struct amount: html_put_plain_amount)(h, x)

/* sizeof refuses bit-fields, whose type _Generic would not see. */
#define HTML_INTEGERS(function) \
	short: function, int: function, long: function, long long: function, unsigned short: function, \
	unsigned: function
#define HTML_NUMBERS \
	HTML_INTEGERS(html_put_number), unsigned long: html_put_count, \
	unsigned long long: html_put_count

#define html_put(h, x) \
	((void)sizeof(x), _Generic((x), struct str: html_put_str, HTML_NUMBERS, \
	struct amount: html_put_money, struct instant: html_put_time, \
	struct safe_html: html_put_safe)(h, x))
/* In attributes that people read: everything but HTML. */
#define html_put_read(h, x) \
	((void)sizeof(x), _Generic((x), struct str: html_put_str, HTML_NUMBERS, \
	struct amount: html_put_money, struct instant: html_put_time)(h, x))
/* In attributes that machines read only text; write {{plain n}}, {{id x}} or {{iso t}} there. */
#define html_put_attribute(h, x) \
	((void)sizeof(x), _Generic((x), struct str: html_put_str)(h, x))

/* {{if x}}. By address, which refuses bit-fields; what is none of the types must be a list
 * struct { T *ptr; size_t len; }, as struct str is one. */
#define HTML_TRUE(name, type, test) \
	static inline bool html_true_##name(const void *p) { const type *x = p; return test; }
HTML_TRUE(bool, bool, *x)
HTML_TRUE(short, short, *x != 0)
HTML_TRUE(int, int, *x != 0)
HTML_TRUE(long, long, *x != 0)
HTML_TRUE(list, struct str, x->len > 0)
HTML_TRUE(message, struct message, x->text != NULL)
#define html_true(x) \
	(_Generic((x), bool: html_true_bool, short: html_true_short, unsigned short: html_true_short, \
	int: html_true_int, unsigned: html_true_int, long: html_true_long, \
	unsigned long: html_true_long, long long: html_true_long, unsigned long long: html_true_long, \
	struct amount: html_true_long, struct instant: html_true_long, \
	struct message: html_true_message, default: html_true_list)(&(x)) && \
	sizeof(char[_Generic((x), bool: 1, short: 1, unsigned short: 1, int: 1, unsigned: 1, long: 1, \
	unsigned long: 1, long long: 1, unsigned long long: 1, struct amount: 1, struct instant: 1, \
	struct message: 1, default: sizeof(x) == sizeof(struct str) ? 1 : -1)]))

/* A value of words: {name} in the text becomes it; {name}…{/name} stands around words. */
enum html_value_kind {
	HTML_TEXT, HTML_NUMBER, HTML_PLAIN, HTML_MONEY, HTML_TIME, HTML_DATE, HTML_PERCENT,
	HTML_LINK, HTML_STRONG
};

struct html_value {
	const char *name;
	enum html_value_kind kind;
	union {
		struct str text; /* HTML_LINK: the address */
		struct { int64_t number, whole; };
		struct amount money;
		struct instant time;
	};
};

/* Escaped words with their values; a {name} that has no value stays as it is. */
void html_words(struct html *h, struct str words, const struct html_value *values, size_t count);

struct html_value html_value_text(const char *name, struct str text);
struct html_value html_value_number(const char *name, int64_t number);
struct html_value html_value_plain(const char *name, int64_t number);
struct html_value html_value_money(const char *name, struct amount money);
struct html_value html_value_time(const char *name, struct instant time);
struct html_value html_value_date(const char *name, struct instant time);
struct html_value html_value_percent(const char *name, int64_t part, int64_t whole);
struct html_value html_value_link(const char *name, struct str url);
struct html_value html_value_strong(const char *name);
#define html_value(name, x) \
	_Generic((x), struct str: html_value_text, HTML_INTEGERS(html_value_number), \
	unsigned long: html_value_number, unsigned long long: html_value_number, \
	struct amount: html_value_money, struct instant: html_value_time)(name, x)

#endif
