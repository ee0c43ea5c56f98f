#include "cli/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

#define TEXT_MAX ((size_t)1 << 30)

static const struct ask_option *
find_option(const struct ask_option *options, const char *name)
{
	while (options->name != NULL && strcmp(options->name, name) != 0)
		options++;
	return options->name == NULL ? NULL : options;
}

bool
ask_arguments(int argc, char **argv, const struct ask_option *options, void *request,
              const char **ret_file, bool *ret_json)
{
	*ret_file = NULL;
	*ret_json = false;
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		const struct ask_option *option = find_option(options, a);

		if (strcmp(a, "--json") == 0) {
			*ret_json = true;
		} else if (option != NULL) {
			if (++i == argc) {
				fprintf(stderr, "folkmoot %s: %s needs a value\n", argv[0], a);
				return false;
			}
			if (!option->set(argv[i], request)) {
				fprintf(stderr, "folkmoot %s: %s can't be %s\n", argv[0], a, argv[i]);
				return false;
			}
		} else if (a[0] == '-' || *ret_file != NULL) {
			fprintf(stderr, "folkmoot %s: unknown argument %s\n", argv[0], a);
			return false;
		} else {
			*ret_file = a;
		}
	}
	if (*ret_file == NULL)
		fprintf(stderr, "folkmoot %s: the file is missing\n", argv[0]);
	return *ret_file != NULL;
}

bool
ask_seed(const char *value, uint8_t seed[32])
{
	char hex[2 * DIGEST_LEN + 1];
	struct digest d;
	size_t len = strlen(value);

	if (len == 0 || len > 2 * DIGEST_LEN)
		return false;
	memset(hex, '0', sizeof hex);
	memcpy(hex, value, len);
	if (digest_parse((struct str){ hex, 2 * DIGEST_LEN }, &d) != OK)
		return false;
	memcpy(seed, d.bytes, sizeof d.bytes);
	return true;
}

bool
ask_csv(const char *verb, const char *file, struct arena *arena, struct csv *ret,
        struct str *ret_text)
{
	struct decide_error error = { 0 };
	enum status st;

	if (!cli_read_file(verb, file, arena, ret_text))
		return false;
	st = csv_parse(arena, *ret_text, ret, &error);
	if (st != OK)
		cli_say_error(verb, file, st, &error);
	return st == OK;
}

struct named {
	struct str name;
	size_t at;
};

static int
by_name(const void *a, const void *b)
{
	return str_cmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

enum status
ask_number(struct arena *arena, struct str *names, size_t count, uint32_t *number,
           size_t *ret_different)
{
	struct named *named = ARENA_ARRAY(arena, count, struct named);
	size_t n = 0;

	if (named == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		named[i] = (struct named){ names[i], i };
	qsort(named, count, sizeof *named, by_name);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || !str_eq(names[n - 1], named[i].name))
			names[n++] = named[i].name;
		number[named[i].at] = (uint32_t)n - 1;
	}
	*ret_different = n;
	return OK;
}

void
ask_set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

json_t *
ask_json_text(struct str text)
{
	return json_stringn(text.len == 0 ? "" : text.ptr, text.len);
}

json_t *
ask_json_amount(int64_t amount, int decimals)
{
	struct buf out;
	json_t *text;

	buf_init(&out, 64);
	amount_write(&out, (struct amount){ amount }, decimals);
	text = ask_json_text(buf_str(&out));
	buf_release(&out);
	return text;
}

json_t *
ask_json_seed(const uint8_t seed[32])
{
	struct digest d;

	memcpy(d.bytes, seed, sizeof d.bytes);
	return json_string(digest_text(d).text);
}

int
ask_print(const char *verb, struct buf *out)
{
	bool ok = buf_status(out) == OK &&
	          fwrite(buf_str(out).ptr, 1, buf_str(out).len, stdout) == buf_str(out).len &&
	          fflush(stdout) == 0;

	buf_release(out);
	if (!ok)
		fprintf(stderr, "folkmoot %s: the result can't be written\n", verb);
	return ok ? 0 : 1;
}

int
ask_print_json(const char *verb, json_t *value)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	if (json_write(&out, value) != OK)
		out.failed = true;
	json_decref(value);
	buf_add_char(&out, '\n');
	return ask_print(verb, &out);
}
