/* What the verbs that recount a CSV file share: options, seeds, numbers for names, JSON. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/json.h"
#include "cli/file.h"
#include "core/decide/csv.h"

enum { ASK_BAD = 2 }; /* exit code: bad arguments or a bad file */
#define ASK_MEMORY_MAX ((size_t)8 << 30)

struct ask_option {
	const char *name; /* "--seed" */
	bool (*set)(const char *value, void *request); /* false: it can't be this */
};

/* Reads "FILE --name value … --json"; names end with .name NULL. False after one line on stderr. */
bool ask_arguments(int argc, char **argv, const struct ask_option *options, void *request,
                   const char **ret_file, bool *ret_json);
/* Up to 64 hexadecimal digits; zeros are added behind. */
bool ask_seed(const char *value, uint8_t seed[32]);

/* The file as a table. False after one line on stderr. */
bool ask_csv(const char *verb, const char *file, struct arena *arena, struct csv *ret,
             struct str *ret_text);

/* Numbers names by their order (bytes), equal ones the same. names: [count], becomes the different
 * names in order, *ret_different of them; number: [count], as the names came. */
MUST_CHECK enum status ask_number(struct arena *arena, struct str *names, size_t count,
                                  uint32_t *number, size_t *ret_different);

void ask_set(json_t *object, const char *key, json_t *value);
json_t *ask_json_text(struct str text);
json_t *ask_json_amount(int64_t amount, int decimals); /* "12.5" */
json_t *ask_json_seed(const uint8_t seed[32]);
/* Canonical, with a line break; takes the reference. Exit code. */
int ask_print_json(const char *verb, json_t *value);
/* The buffer to stdout; releases it. Exit code. */
int ask_print(const char *verb, struct buf *out);

#endif
