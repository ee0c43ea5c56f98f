/* The worked examples of docs/rules, for the tests that recompute them: blocks between two marks,
 * and tables behind a line <!-- COMMAND -->. The test is compiled with DOCS, the folder docs. */
#ifndef TESTS_DOC_H
#define TESTS_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "test.h"

/* The whole page docs/rules/NAME. */
static inline struct str
doc_read(struct arena *arena, const char *name)
{
	enum { MOST = 1 << 20 };
	char path[1000], *text = arena_bytes(arena, MOST);
	FILE *in;
	size_t len;

	(void)snprintf(path, sizeof path, DOCS "/rules/%s", name);
	in = fopen(path, "r");
	if (in == NULL || text == NULL) {
		printf("# %s can't be read\n", path);
		abort();
	}
	len = fread(text, 1, MOST, in);
	(void)fclose(in);
	return (struct str){ text, len };
}

/* Goes behind the next mark; false when it comes no more. */
static inline bool
doc_behind(struct str *rest, const char *mark)
{
	size_t at = str_find(*rest, str_of(mark));

	if (at == rest->len)
		return false;
	*rest = str_cut(*rest, at + strlen(mark), rest->len);
	return true;
}

/* What stands up to the next mark, or the end; goes behind it. */
static inline struct str
doc_until(struct str *rest, const char *mark)
{
	struct str found = str_cut(*rest, 0, str_find(*rest, str_of(mark)));

	*rest = str_cut(*rest, found.len + strlen(mark), rest->len);
	return found;
}

/* The next block ```KIND … ```. */
static inline struct str
doc_block(struct str *rest, const char *kind)
{
	char mark[20];

	(void)snprintf(mark, sizeof mark, "```%s\n", kind);
	if (!doc_behind(rest, mark)) {
		printf("# there is no block of %s\n", kind);
		abort();
	}
	return doc_until(rest, "```");
}

/* What stands here must be what was computed. */
static inline void
doc_check(struct str here, struct str computed)
{
	if (str_starts(here, computed))
		return;
	CHECK(!"what stands in the document");
	printf("# it should be:\n%.*s", STR_ARG(computed));
}

/* The same for the rows of the table whose mark ends here: behind this line and two of heading. */
static inline void
doc_check_table(struct str here, const struct buf *rows)
{
	for (int line = 0; line < 3; line++)
		(void)str_next(&here, '\n');
	doc_check(here, buf_str(rows));
}

#endif
