/* Paths, queries and forms of strangers: what gets through is as promised. */
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "web/form.h"
#include "web/router.h"

static const struct route table[] = {
	{ .path = "/{place}/" }, { .path = "/{place}/ideas/{id}" }, { .path = "/{place}/link/{token}" },
	{ .path = NULL },
};
static const struct route *const tables[] = { table, NULL };
static const struct form_field fields[ROUTE_FIELDS_MAX] = {
	{ "a", FIELD_LINE, 8 }, { "b", FIELD_BLOCK, 20 }, { "c", FIELD_MANY, 3 }, { "d", FIELD_FILE, 9 },
	{ "e", FIELD_EACH, 3 } };

static void
check_path(const char *raw)
{
	struct router *router = router_new(tables);
	struct arena arena;
	struct str path;

	arena_init(&arena, 1 << 20);
	if (path_decode(&arena, raw, &path) == OK) {
		struct router_hit hit = router_find(router, METHOD_GET, path);

		CHECK_ALWAYS(path.len > 0 && path.ptr[0] == '/' && path.len <= PATH_MAX_BYTES);
		CHECK_ALWAYS(str_find(path, STR("/../")) == path.len && !str_ends(path, STR("/..")));
		for (size_t i = 0; i < path.len; i++)
			CHECK_ALWAYS((unsigned char)path.ptr[i] >= 0x20);
		CHECK_ALWAYS(hit.route == NULL || hit.place.len > 0);
	}
	arena_release(&arena);
	router_free(router);
}

/* Each value: the field's name, a byte for how it is cut in two, the text up to the next NUL. */
static void
fill(struct intake *intake, struct str input)
{
	while (input.len > 2) {
		char name[2] = { input.ptr[0], '\0' };
		struct str rest = str_cut(input, 2, input.len);
		struct str text = str_cut(rest, 0, str_find(rest, STR("\0")));
		size_t cut = text.len == 0 ? 0 : (unsigned char)input.ptr[1] % text.len;

		intake_add(intake, name, "f", str_cut(text, 0, cut), 0);
		if (cut > 0)
			intake_add(intake, name, "f", str_cut(text, cut, text.len), cut);
		input = str_cut(rest, text.len + 1, rest.len);
	}
}

static void
check_form(struct str input)
{
	struct intake intake;
	struct form form;
	struct refusal why = { .status = OK };
	struct arena arena;
	struct buf file;
	enum status st;

	arena_init(&arena, 1 << 20);
	buf_init(&file, 0);
	intake_init(&intake, fields, &arena, &file);
	fill(&intake, input);
	st = intake_finish(&intake, &form, &why);
	CHECK_ALWAYS(st == OK || st == INVALID || st == TOO_LARGE);
	CHECK_ALWAYS(st == why.status && (st == OK) == (why.message.text == NULL));
	for (size_t i = 0; i < 4; i++)
		CHECK_ALWAYS(fields[i].kind == FIELD_FILE || text_is_utf8(form.values[i].text));
	CHECK_ALWAYS(st != OK || text_length(form.values[0].text) <= 8);
	CHECK_ALWAYS(st != OK || text_length(form.values[1].text) <= 20);
	CHECK_ALWAYS(form.values[4].many_len <= 3);
	CHECK_ALWAYS(form.values[2].many_len <= 3 && form.values[3].text.len <= 9);
	buf_release(&file);
	arena_release(&arena);
}

FUZZ(input)
{
	struct arena arena;
	char *raw;

	arena_init(&arena, 1 << 20);
	raw = str_to_c(&arena, input);
	if (raw != NULL)
		check_path(raw);
	arena_release(&arena);
	check_form(input);
}
