#include "store/log.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/time.h"

enum { LINE_BYTES = 1024, VALUE_BYTES = 200 };

static _Atomic int least = LEVEL_INFO;
static _Atomic int target = STDERR_FILENO;
static _Thread_local char request[32];

struct log_field
log_int(const char *key, int64_t number)
{
	return (struct log_field){ .key = key, .kind = LOG_NUMBER, .number = number };
}

struct log_field
log_id(const char *key, int64_t id_value)
{
	return (struct log_field){ .key = key, .kind = LOG_ID, .number = id_value };
}

struct log_field
log_text(const char *key, struct str text)
{
	return (struct log_field){ .key = key, .kind = LOG_TEXT, .text = text };
}

struct log_field
log_word(const char *key, const char *c_string)
{
	return log_text(key, str_of(c_string));
}

struct log_field
log_status(const char *key, enum status st)
{
	return log_word(key, status_name(st));
}

/* A line in the making: what does not fit is left out, but for the line's end. */
struct line {
	char bytes[LINE_BYTES];
	size_t len;
};

static void
put(struct line *line, const char *ptr, size_t len)
{
	size_t room = LINE_BYTES - 1 - line->len;

	if (len > room)
		len = room;
	if (len > 0)
		memcpy(line->bytes + line->len, ptr, len);
	line->len += len;
}

static bool
is_plain(struct str s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789-_./:+,";

	for (size_t i = 0; i < s.len; i++) {
		if (memchr(plain, s.ptr[i], sizeof plain - 1) == NULL)
			return false;
	}
	return s.len > 0;
}

static void
put_text(struct line *line, struct str s)
{
	static const char hex[] = "0123456789abcdef";

	if (s.len > VALUE_BYTES)
		s.len = VALUE_BYTES;
	if (is_plain(s)) {
		put(line, s.ptr, s.len);
		return;
	}
	put(line, "\"", 1);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		char escaped[4] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

		if (c == '"' || c == '\\')
			put(line, (char[2]){ '\\', (char)c }, 2);
		else if (c < 0x20 || c == 0x7f)
			put(line, escaped, sizeof escaped);
		else
			put(line, s.ptr + i, 1);
	}
	put(line, "\"", 1);
}

static void
put_number(struct line *line, int64_t number)
{
	struct buf digits;

	buf_init(&digits, 32);
	buf_add_int(&digits, number);
	put(line, digits.ptr, digits.len);
	buf_release(&digits);
}

static void
put_field(struct line *line, const struct log_field *field)
{
	put(line, " ", 1);
	put(line, field->key, strlen(field->key));
	put(line, "=", 1);
	if (field->kind == LOG_TEXT)
		put_text(line, field->text);
	else if (field->kind == LOG_ID)
		put_text(line, str_of(id_text(field->number).text));
	else
		put_number(line, field->number);
}

void
log_fields(enum log_level level, const struct log_field *fields, size_t count)
{
	static const char *const names[] = { " debug", " info", " warning", " error" };
	struct line line = { .len = 0 };

	if ((int)level < atomic_load(&least))
		return;
	put(&line, time_text(time_now()).text, TIME_TEXT_LEN);
	put(&line, names[level], strlen(names[level]));
	for (size_t i = 0; i < count; i++) {
		struct log_field request_field = log_word("request", request);

		put_field(&line, &fields[i]);
		if (i == 0 && request[0] != '\0')
			put_field(&line, &request_field);
	}
	line.bytes[line.len++] = '\n';
	/* A log that can't be written is no reason to stop. */
	(void)!write(atomic_load(&target), line.bytes, line.len);
}

void
log_least(enum log_level level)
{
	atomic_store(&least, level);
}

void
log_to(int fd)
{
	atomic_store(&target, fd);
}

void
log_request(struct str id)
{
	size_t len = id.len < sizeof request - 1 ? id.len : sizeof request - 1;

	if (len > 0)
		memcpy(request, id.ptr, len);
	request[len] = '\0';
}
