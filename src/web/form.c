#include "web/form.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

enum {
	TEXT_TOTAL_MAX = 1 << 20, /* bytes of all text of one form */
	MANY_VALUE_MAX = 40,      /* code points */
	MANY_FIRST = 16,          /* values there is room for at first; a power of two */
	FILE_NAME_MAX = 120,
	PARTS_EXTRA = 100         /* undeclared parts that are dropped without a word */
};

static bool
is_many(const struct form_field *field)
{
	return field->kind == FIELD_MANY || field->kind == FIELD_EACH;
}

void
intake_init(struct intake *intake, const struct form_field fields[ROUTE_FIELDS_MAX],
            struct arena *arena, struct buf *file)
{
	*intake = (struct intake){ .fields = fields, .arena = arena, .file = file,
	                           .parts_max = PARTS_EXTRA };
	while (intake->count < ROUTE_FIELDS_MAX && fields[intake->count].kind != FIELD_NONE) {
		const struct form_field *field = &fields[intake->count++];

		if (field->kind == FIELD_FILE)
			file->max = field->max;
		intake->parts_max += is_many(field) ? field->max + 1 : 1;
	}
}

static void
fail(struct intake *intake, enum status st, const char *field)
{
	if (intake->st != OK)
		return;
	intake->st = st;
	intake->field = field;
}

static void
append(struct intake *intake, struct raw_text *text, struct str piece, const char *field)
{
	if (text->size - text->len < piece.len) {
		size_t size = (text->len + piece.len) * (text->len == 0 ? 1 : 2);
		char *grown = arena_bytes(intake->arena, size);

		if (grown == NULL) {
			fail(intake, NO_MEMORY, field);
			return;
		}
		if (text->len > 0)
			memcpy(grown, text->ptr, text->len);
		text->ptr = grown;
		text->size = size;
	}
	if (piece.len > 0)
		memcpy(text->ptr + text->len, piece.ptr, piece.len);
	text->len += piece.len;
}

/* Room for one more value; few forms have as many as they may. */
static bool
many_room(struct intake *intake, size_t at)
{
	size_t len = intake->many_len[at];
	struct raw_text *grown;

	/* Doubled whenever it is full: at 0, MANY_FIRST and the powers of two above. */
	if (len > 0 && (len < MANY_FIRST || (len & (len - 1)) != 0))
		return true;
	grown = ARENA_ARRAY(intake->arena, len == 0 ? MANY_FIRST : 2 * len, struct raw_text);
	if (grown == NULL) {
		fail(intake, NO_MEMORY, intake->fields[at].name);
		return false;
	}
	if (len > 0)
		memcpy(grown, intake->many[at], len * sizeof *grown);
	intake->many[at] = grown;
	return true;
}

static void
add_many(struct intake *intake, size_t at, struct str piece, bool begins)
{
	const struct form_field *field = &intake->fields[at];
	size_t len = intake->many_len[at];
	struct raw_text *value;

	/* An empty one is used again for the next, but where each is beside another's. */
	if (begins && (len == 0 || field->kind == FIELD_EACH || intake->many[at][len - 1].len > 0)) {
		if (len == field->max)
			fail(intake, TOO_LARGE, field->name);
		if (len >= field->max || !many_room(intake, at))
			return;
		intake->many_len[at] = ++len;
	}
	if (len == 0 || intake->st != OK)
		return;
	value = &intake->many[at][len - 1];
	/* More than any good value: enough to know that it is too long. */
	if (value->len <= 4 * MANY_VALUE_MAX)
		append(intake, value, piece, field->name);
}

static void
add_file(struct intake *intake, size_t at, const char *file_name, struct str piece, bool begins)
{
	const struct form_field *field = &intake->fields[at];

	if (file_name == NULL || file_name[0] == '\0')
		return; /* a file field that was left empty, or is no file */
	if (begins) {
		buf_clear(intake->file);
		if (str_copy(intake->arena, str_of(file_name), &intake->file_name[at]) != OK)
			fail(intake, NO_MEMORY, field->name);
	}
	if (piece.len > field->max - intake->file->len)
		fail(intake, TOO_LARGE, field->name);
	if (intake->st == OK)
		buf_add(intake->file, piece);
	if (intake->file->failed)
		fail(intake, NO_MEMORY, field->name);
}

static bool
is_overfull(struct intake *intake, struct str piece, bool begins, const char *field)
{
	if (begins && ++intake->parts > intake->parts_max)
		fail(intake, TOO_LARGE, NULL);
	if (piece.len > TEXT_TOTAL_MAX - intake->text_total) {
		fail(intake, TOO_LARGE, field);
		return true;
	}
	intake->text_total += piece.len;
	return intake->parts > intake->parts_max;
}

void
intake_add(struct intake *intake, const char *name, const char *file_name, struct str piece,
           uint64_t offset)
{
	bool begins = offset == 0;
	size_t at = 0;

	if (name == NULL)
		return;
	while (at < intake->count && strcmp(name, intake->fields[at].name) != 0)
		at++;
	if (at < intake->count && intake->fields[at].kind == FIELD_FILE) {
		add_file(intake, at, file_name, piece, begins);
		return;
	}
	if (at == intake->count) {
		if (begins && ++intake->parts > intake->parts_max)
			fail(intake, TOO_LARGE, NULL);
		if (strcmp(name, CSRF_FIELD) == 0 && intake->csrf.len + piece.len <= CSRF_MAX)
			append(intake, &intake->csrf, piece, NULL);
		return;
	}
	if (is_overfull(intake, piece, begins, intake->fields[at].name))
		return;
	if (is_many(&intake->fields[at])) {
		add_many(intake, at, piece, begins);
		return;
	}
	if (begins)
		intake->text[at].len = 0; /* sent twice: the last counts */
	append(intake, &intake->text[at], piece, intake->fields[at].name);
}

static struct str
raw_str(const struct raw_text *text)
{
	return (struct str){ text->ptr, text->len };
}

/* Text that could not be taken, made fit to be shown again in its form. */
static struct str
showable(struct raw_text *text)
{
	size_t len = 0;

	if (!text_is_utf8(raw_str(text)))
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->ptr[i];

		if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t')
			text->ptr[len++] = (char)c;
	}
	return (struct str){ text->ptr, len };
}

static enum status
finish_text(struct intake *intake, size_t at, struct form_value *value)
{
	const struct form_field *field = &intake->fields[at];
	enum text_kind kind = field->kind == FIELD_LINE ? TEXT_LINE : TEXT_BLOCK;
	enum status st;

	if (intake->text[at].len == 0)
		return OK;
	st = text_clean(intake->arena, raw_str(&intake->text[at]), kind, field->max, &value->text);
	if (st != OK)
		value->text = showable(&intake->text[at]);
	return st;
}

static enum status
finish_many(struct intake *intake, size_t at, struct form_value *value)
{
	size_t count = intake->many_len[at];

	if (count == 0)
		return OK;
	value->many = ARENA_ARRAY(intake->arena, count + 1, struct str);
	if (value->many == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct str clean;
		enum status st = text_clean(intake->arena, raw_str(&intake->many[at][i]), TEXT_LINE,
		                            MANY_VALUE_MAX, &clean);

		if (st != OK)
			return st;
		if (clean.len > 0 || intake->fields[at].kind == FIELD_EACH)
			value->many[value->many_len++] = clean;
	}
	return OK;
}

static enum status
finish_file(struct intake *intake, size_t at, struct form_value *value)
{
	struct str name = intake->file_name[at];

	if (name.len == 0 || intake->st != OK)
		return OK;
	value->text = buf_str(intake->file);
	if (text_clean(intake->arena, name, TEXT_LINE, FILE_NAME_MAX, &value->file_name) != OK)
		value->file_name = STR("file");
	return OK;
}

static void
explain(struct intake *intake, struct refusal *why)
{
	const struct form_field *field = intake->fields;

	*why = (struct refusal){ .status = intake->st, .field = intake->field };
	while (intake->field != NULL && strcmp(field->name, intake->field) != 0)
		field++;
	if (intake->field == NULL) {
		why->message.text = MSG("This form has more parts than it should.");
	} else if (intake->st == INVALID) {
		why->message.text = MSG("There are characters here that can't be used. Please type it "
		                        "again.");
	} else if (field->kind == FIELD_FILE) {
		why->message.text = MSG("This file is too large. It may have at most {n} megabytes.");
		why->message.values[0] = message_number("n", (int64_t)(field->max >> 20));
	} else if (is_many(field)) {
		why->message.text = MSG("Too many are chosen. Choose at most {n}.");
		why->message.values[0] = message_number("n", (int64_t)field->max);
	} else {
		why->message.text = MSG("This is too long. It may have at most {n} characters.");
		why->message.values[0] = message_number("n", (int64_t)field->max);
	}
}

enum status
intake_finish(struct intake *intake, struct form *ret, struct refusal *why)
{
	memset(ret, 0, sizeof *ret);
	for (size_t i = 0; i < intake->count; i++) {
		struct form_value *value = &ret->values[i];
		enum status st = OK;

		value->field = &intake->fields[i];
		switch (intake->fields[i].kind) {
		case FIELD_NONE:
			break;
		case FIELD_LINE:
		case FIELD_BLOCK:
			st = finish_text(intake, i, value);
			break;
		case FIELD_MANY:
		case FIELD_EACH:
			st = finish_many(intake, i, value);
			break;
		case FIELD_FILE:
			st = finish_file(intake, i, value);
			break;
		}
		if (st != OK)
			fail(intake, st, intake->fields[i].name);
	}
	if (intake->st == INVALID || intake->st == TOO_LARGE)
		explain(intake, why);
	return intake->st;
}

bool
route_takes_file(const struct route *route)
{
	for (size_t i = 0; i < ROUTE_FIELDS_MAX; i++)
		if (route->fields[i].kind == FIELD_FILE)
			return true;
	return false;
}

const struct form_value *
form_value(const struct request *req, const char *name)
{
	for (size_t i = 0; i < ROUTE_FIELDS_MAX && req->route->fields[i].name != NULL; i++)
		if (strcmp(req->route->fields[i].name, name) == 0)
			return &req->form.values[i];
	assert(!"a name that is one of the route's fields");
	return NULL;
}

struct str
form_text(const struct request *req, const char *name)
{
	return form_value(req, name)->text;
}

bool
form_has(const struct request *req, const char *name)
{
	const struct form_value *value = form_value(req, name);

	return value->text.len > 0 || value->many_len > 0;
}
