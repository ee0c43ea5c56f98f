/* What tools/gen_po refuses, with its reason. The program's path is in GEN_PO. What it makes of
 * good files: tests/base/test_translated.c. */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define HEADER(forms)                                                                      \
	"msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"        \
	"\"Plural-Forms: " forms "\\n\"\n\n"
#define TWO "nplurals=2; plural=n != 1;"

/* What gen_po prints about one file of this name. */
static const char *
complaint(const char *name, const char *text, int *ret_status)
{
	static char output[4096];
	char folder[] = "/tmp/gen_po.XXXXXX", path[100], out[100], command[400];
	FILE *file;
	size_t len;

	CHECK(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	(void)snprintf(out, sizeof out, "%s/words.c", folder);
	file = fopen(path, "w");
	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	(void)snprintf(command, sizeof command, "\"%s\" %s %s 2>&1", getenv("GEN_PO"), out, path);
	file = popen(command, "r");
	CHECK(file != NULL);
	len = fread(output, 1, sizeof output - 1, file);
	output[len] = '\0';
	*ret_status = WEXITSTATUS(pclose(file));
	CHECK((access(out, F_OK) == 0) == (*ret_status == 0));
	(void)remove(path);
	(void)remove(out);
	(void)rmdir(folder);
	return output;
}

static void
test_table(void)
{
	static const struct {
		const char *name, *text, *want; /* NULL: accepted */
	} table[] = {
		{ "nl.po", HEADER(TWO) "msgid \"Vote\"\nmsgstr \"Stem\"\n", NULL },
		{ "pt-BR.po", HEADER(TWO) "msgid \"Vote\"\nmsgstr \"Voto\"\n",
		  "gives 1 form 0, where CLDR sees no difference to form 1" },
		{ "pt-BR.po", HEADER("nplurals=2; plural=(n > 1);"), NULL },
		{ "nl.txt", HEADER(TWO), "must be a language tag and .po" },
		{ "nl_NL.po", HEADER(TWO), "no language tag" },
		{ "nl.po", "msgid \"a\"\nmsgstr \"b\"\n", "header must say charset=UTF-8" },
		{ "nl.po", "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n",
		  "needs Plural-Forms" },
		{ "nl.po", HEADER("nplurals=2; plural=n != ;"), "can't use Plural-Forms" },
		{ "nl.po", HEADER("nplurals=2; plural=n / 0;"), "can't use Plural-Forms" },
		{ "nl.po", HEADER("nplurals=2; plural=(n != 1;"), "can't use Plural-Forms" },
		{ "nl.po", HEADER("nplurals=2; plural=n;"), "can't use Plural-Forms" },
		{ "nl.po", HEADER("nplurals=9; plural=n != 1;"), "can't use Plural-Forms" },
		{ "nl.po", HEADER(TWO) "msgid \"By {name}\"\nmsgstr \"Van {naam}\"\n",
		  "the English has no {naam}" },
		{ "nl.po", HEADER(TWO) "msgid \"By {name}\"\nmsgstr \"Van {name\"\n",
		  "a { without its }" },
		{ "nl.po", HEADER(TWO) "msgid \"One\"\nmsgid_plural \"{n} ideas\"\n"
		  "msgstr[0] \"{n} idee\"\nmsgstr[1] \"{n} ideeen\"\n", NULL },
		{ "nl.po", HEADER(TWO) "msgctxt \"x\"\nmsgid \"a\"\nmsgstr \"b\"\n", "contexts are not used" },
		{ "nl.po", HEADER(TWO) "msgid \"a\nmsgstr \"b\"\n", "end-of-line within string" },
		{ "nl.po", HEADER(TWO) "#, fuzzy\nmsgid \"{a}\"\nmsgstr \"{b}\"\n", NULL },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int status = -1;
		const char *output = complaint(table[i].name, table[i].text, &status);
		bool right = table[i].want == NULL ? status == 0 && *output == '\0'
		                                   : status == 1 && strstr(output, table[i].want) != NULL;

		if (!right)
			printf("# %zu: %s gave %d: %s\n", i, table[i].name, status, output);
		CHECK(right);
	}
}

static const struct test_case cases[] = {
	{ "gen_po refuses what would show a reader something wrong", test_table },
};
TEST_MAIN(cases)
