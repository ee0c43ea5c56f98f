/* The program's log: one line an event, to stderr, for the operator.
 *
 *   2026-12-06T20:00:00Z warning event=mail.failed request=k3v9 attempts=3 status=unavailable
 *
 * LOG(LEVEL_WARNING, "mail.failed", log_int("attempts", 3), log_status("status", st));
 * Never a name, an address, an e-mail or what somebody wrote: ids and numbers. Whole lines
 * come out of all threads (one write each); a value with odd characters is quoted, a long one
 * is cut.
 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };

struct log_field {
	const char *key;
	enum { LOG_NUMBER, LOG_TEXT, LOG_ID } kind;
	int64_t number;
	struct str text;
};

struct log_field log_int(const char *key, int64_t number);
struct log_field log_id(const char *key, int64_t id_value);
struct log_field log_text(const char *key, struct str text); /* read at once, not kept */
struct log_field log_word(const char *key, const char *c_string);
struct log_field log_status(const char *key, enum status st);

/* The first field is the event's name. */
void log_fields(enum log_level level, const struct log_field *fields, size_t count);

#define LOG(level, ...) LOG_FIELDS((level), LOG_EVENT_(__VA_ARGS__, ))
#define LOG_EVENT_(event, ...) ((struct log_field[]){ log_word("event", event), __VA_ARGS__ })
#define LOG_FIELDS(level, fields) log_fields((level), (fields), sizeof(fields) / sizeof *(fields))

/* What is less is not written. At first LEVEL_INFO. */
void log_least(enum log_level level);
/* Where to; at first 2 (stderr). */
void log_to(int fd);
/* Until the next call, lines of this thread carry request=ID (cut at 31 bytes); "" for none. */
void log_request(struct str id);

#endif
