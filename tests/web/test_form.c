#include "web/form.h"

#include "test.h"

static const struct route route = {
	.fields = { { "title", FIELD_LINE, 10 }, { "body", FIELD_BLOCK, 50 }, { "pick", FIELD_MANY, 2 },
	            { "bill", FIELD_FILE, 8 } },
};

struct stage {
	struct arena arena;
	struct buf file;
	struct intake intake;
	struct request req;
};

static void
stage_open(struct stage *s)
{
	memset(s, 0, sizeof *s);
	arena_init(&s->arena, 1 << 20);
	buf_init(&s->file, 0);
	intake_init(&s->intake, route.fields, &s->arena, &s->file);
	s->req.route = &route;
}

static enum status
stage_finish(struct stage *s)
{
	return intake_finish(&s->intake, &s->req.form, &s->req.refusal);
}

static void
stage_close(struct stage *s)
{
	buf_release(&s->file);
	arena_release(&s->arena);
}

static void
test_pieces(void)
{
	struct stage s;

	stage_open(&s);
	intake_add(&s.intake, "title", NULL, STR(" two  w"), 0);
	intake_add(&s.intake, "title", NULL, STR("ords "), 7);
	intake_add(&s.intake, "body", NULL, STR("e\xcc"), 0); /* a letter cut in two */
	intake_add(&s.intake, "body", NULL, STR("\x81\r\nb"), 2);
	intake_add(&s.intake, "unknown", NULL, STR("dropped"), 0);
	intake_add(&s.intake, "pick", NULL, STR("1"), 0);
	intake_add(&s.intake, "pick", NULL, STR(""), 0);
	intake_add(&s.intake, "pick", NULL, STR("2"), 0);
	intake_add(&s.intake, "bill", "b.pdf", STR("1234"), 0);
	intake_add(&s.intake, "bill", "b.pdf", STR("5678"), 4);
	intake_add(&s.intake, "csrf", NULL, STR("to"), 0);
	intake_add(&s.intake, "csrf", NULL, STR("ken"), 2);
	CHECK_INT(stage_finish(&s), OK);
	CHECK_STR(form_text(&s.req, "title"), "two words");
	CHECK_STR(form_text(&s.req, "body"), "\u00e9\nb");
	CHECK_INT(form_value(&s.req, "pick")->many_len, 2);
	CHECK_STR(form_value(&s.req, "pick")->many[1], "2");
	CHECK_STR(form_text(&s.req, "bill"), "12345678");
	CHECK_STR(form_value(&s.req, "bill")->file_name, "b.pdf");
	CHECK_INT(s.intake.csrf.len, 5);
	stage_close(&s);
}

static void
test_last_counts(void)
{
	struct stage s;

	stage_open(&s);
	intake_add(&s.intake, "title", NULL, STR("first"), 0);
	intake_add(&s.intake, "title", NULL, STR("last"), 0);
	CHECK_INT(stage_finish(&s), OK);
	CHECK_STR(form_text(&s.req, "title"), "last");
	CHECK(!form_has(&s.req, "body"));
	CHECK(!form_has(&s.req, "bill"));
	stage_close(&s);
}

static void
test_limits(void)
{
	static const struct { const char *field, *file, *text; enum status st; } wrong[] = {
		{ "title", NULL, "eleven char", TOO_LARGE },
		{ "title", NULL, "\xff", INVALID },
		{ "title", NULL, "a\x1b", INVALID },
		{ "body", NULL, "\u202e", INVALID },
		{ "pick", NULL, "12345678901234567890123456789012345678901", TOO_LARGE },
		{ "bill", "b", "123456789", TOO_LARGE },
	};
	struct stage s;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		stage_open(&s);
		intake_add(&s.intake, wrong[i].field, wrong[i].file, str_of(wrong[i].text), 0);
		CHECK_INT(stage_finish(&s), wrong[i].st);
		CHECK_STR(str_of(s.req.refusal.field), wrong[i].field);
		CHECK_INT(s.req.refusal.status, wrong[i].st);
		CHECK(s.req.refusal.message.text != NULL);
		stage_close(&s);
	}
}

/* A city's ballot: values come through in order, whatever their number. */
static void
test_very_many(void)
{
	static const struct form_field fields[ROUTE_FIELDS_MAX] = { { "choice", FIELD_MANY, 2000 } };
	static const struct route city = { .fields = { { "choice", FIELD_MANY, 2000 } } };
	struct stage s;
	const struct form_value *value;
	char text[8];

	stage_open(&s);
	s.req.route = &city;
	intake_init(&s.intake, fields, &s.arena, &s.file);
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(text, sizeof text, "%d", i);
		intake_add(&s.intake, "choice", NULL, str_of(text), 0);
	}
	CHECK_INT(stage_finish(&s), OK);
	value = form_value(&s.req, "choice");
	CHECK_INT(value->many_len, 2000);
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(text, sizeof text, "%d", i);
		CHECK_STR(value->many[i], text);
	}
	intake_add(&s.intake, "choice", NULL, STR("one more"), 0);
	CHECK_INT(stage_finish(&s), TOO_LARGE);
	stage_close(&s);
}

/* Beside each of `choice` one of `given`, also where nothing was typed. */
static void
test_each(void)
{
	static const struct form_field fields[ROUTE_FIELDS_MAX] = { { "given", FIELD_EACH, 3 } };
	static const struct route numbers = { .fields = { { "given", FIELD_EACH, 3 } } };
	struct stage s;
	const struct form_value *value;

	stage_open(&s);
	s.req.route = &numbers;
	intake_init(&s.intake, fields, &s.arena, &s.file);
	intake_add(&s.intake, "given", NULL, STR(""), 0);
	intake_add(&s.intake, "given", NULL, STR(" 1"), 0);
	intake_add(&s.intake, "given", NULL, STR("2 "), 2);
	intake_add(&s.intake, "given", NULL, STR(""), 0);
	CHECK_INT(stage_finish(&s), OK);
	value = form_value(&s.req, "given");
	CHECK_INT(value->many_len, 3);
	CHECK_STR(value->many[0], "");
	CHECK_STR(value->many[1], "12");
	CHECK_STR(value->many[2], "");
	intake_add(&s.intake, "given", NULL, STR(""), 0);
	CHECK_INT(stage_finish(&s), TOO_LARGE);
	stage_close(&s);
}

/* The arena is full at each allocation in turn: said, never crashed. */
static void
test_no_memory(void)
{
	enum status st = NO_MEMORY;

	for (long n = 0; st != OK; n++) {
		struct stage s;

		stage_open(&s);
		s.arena.fail_after = n;
		intake_add(&s.intake, "title", NULL, STR("t"), 0);
		intake_add(&s.intake, "pick", NULL, STR("1"), 0);
		intake_add(&s.intake, "bill", "b", STR("1"), 0);
		intake_add(&s.intake, "csrf", NULL, STR("1"), 0);
		st = stage_finish(&s);
		CHECK(st == OK || st == NO_MEMORY);
		CHECK(n < 100);
		stage_close(&s);
	}
}

static const struct test_case cases[] = {
	{ "form: values in pieces", test_pieces },
	{ "form: sent twice, the last counts; not sent is empty", test_last_counts },
	{ "form: limits name the field", test_limits },
	{ "form: two thousand check boxes", test_very_many },
	{ "form: a value beside each of another field", test_each },
	{ "form: out of memory is said", test_no_memory },
};
TEST_MAIN(cases)
