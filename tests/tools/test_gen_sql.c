/* gen_sql refuses what is wrong, naming file and line: small schemas and statements, each
 * beside what must be said (NULL: it must be taken). */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define HEAD "-- A thing.\nCREATE TABLE thing (\n"
#define PLACE "  place_id place_id NOT NULL, -- p\n"
#define KEY "  PRIMARY KEY (place_id, id)\n) /*sqlite WITHOUT ROWID*/;\n"
#define SCHEMA                                                                             \
	HEAD PLACE "  id idea_id NOT NULL, -- i\n  name text, -- n\n  size int NOT NULL, -- s\n" KEY \
	"-- Slugs.\nCREATE TABLE slug (\n  slug text NOT NULL, -- s\n" PLACE                \
	"  PRIMARY KEY (slug)\n);\n"

static const struct {
	const char *schema; /* NULL: SCHEMA */
	const char *statement, *want;
} wrong[] = {
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT name FROM thing WHERE place_id = $1;\n", NULL },

	/* the first line */
	{ NULL, "SELECT 1;\n", "thing.sql:1: a statement begins with -- name:" },
	{ NULL, "-- name: A :one\n", "thing.sql:1: \"A\" is not a name" },
	{ NULL, "-- name: a :some\nSELECT 1;\n", "thing.sql:1: a: behind the name stands :one" },
	{ NULL, "-- name: a :one\n-- name: b :one\nSELECT 1;\n", "thing.sql:1: a has no statement" },
	{ NULL, "-- name: a :one\nSELECT 1\n-- name: b :one\nSELECT 1;\n", "thing.sql:3: a before this has no ;" },
	{ NULL, "-- name: a :one\nSELECT 1\n", "thing.sql:1: a has no end" },
	{ NULL, "-- name: a :exec\n-- $1 place_id\nDELETE FROM thing WHERE place_id = $1;\n"
	        "-- name: a :exec\n-- $1 place_id\nDELETE FROM thing WHERE place_id = $1;\n",
	  "thing.sql:4: a is also in" },

	/* parameters */
	{ NULL, "-- name: a :many\nSELECT name FROM thing\n WHERE place_id = $1;\n",
	  "thing.sql:3: a: $1 is not declared" },
	{ NULL, "-- name: a :many\n-- $1 place_id, $2 int n\nSELECT name FROM thing WHERE place_id = $1;\n",
	  "thing.sql:1: a: $2 (n) is declared and not used" },
	{ NULL, "-- name: a :many\n-- $2 place_id\nSELECT name FROM thing WHERE place_id = $2;\n",
	  "thing.sql:2: $1 is expected here, not \"$2\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id, $2 number\nSELECT 1;\n",
	  "thing.sql:2: no such type: \"number\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id, $2 int\nSELECT 1;\n", "can't be called \"int\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id, $2 text ret\nSELECT 1;\n", "can't be called \"ret\"" },
	{ NULL, "-- name: a :many\n-- $1 text, $2 text\nSELECT 1;\n", "two parameters are called \"text\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id $2 text\nSELECT 1;\n", "\"$2\" is not a name" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT name FROM thing WHERE place_id = ?;\n",
	  "thing.sql:3: parameters are written $1" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT name FROM thing WHERE place_id = $1x;\n",
	  "thing.sql:3: parameters are $1 to $99" },
	{ NULL, "-- name: a :many\n-- $1 place_id\n-- sqlite:\nSELECT name FROM thing WHERE place_id = $1;\n"
	        "-- pg:\nSELECT name FROM thing;\n-- end\n",
	  "$1 (place) is declared and not used for PostgreSQL" },

	/* columns */
	{ NULL, "-- name: a :one\n-- $1 place_id\nSELECT count(*) AS n FROM thing WHERE place_id = $1;\n",
	  "thing.sql:1: a: column n is an expression: declare its type" },
	{ NULL, "-- name: a :one\n-- $1 place_id\n-- m: int\nSELECT id FROM thing WHERE place_id = $1;\n",
	  "thing.sql:3: a has no column m" },
	{ NULL, "-- name: a :one\n-- $1 place_id\n-- size: text\nSELECT size FROM thing WHERE place_id = $1;\n",
	  "thing.sql:3: a: column size is int, not text" },
	{ NULL, "-- name: a :one\n-- $1 place_id\n-- size: idea_id\nSELECT size FROM thing WHERE place_id = $1;\n",
	  NULL },
	{ NULL, "-- name: a :one\n-- $1 place_id\nSELECT id, id FROM thing WHERE place_id = $1;\n",
	  "two columns are called id" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT t.id, u.size FROM thing t LEFT JOIN thing u\n"
	        " ON u.place_id = t.place_id AND u.id = t.id WHERE t.place_id = $1;\n",
	  "column size comes through an outer join" },
	{ NULL, "-- name: a :exec\n-- $1 place_id\nSELECT id FROM thing WHERE place_id = $1;\n",
	  "a gives rows" },
	{ NULL, "-- name: a :one\n-- $1 place_id\nDELETE FROM thing WHERE place_id = $1;\n",
	  "a gives no rows" },

	/* SQL */
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT id,\n  nosuch\n FROM thing WHERE place_id = $1;\n",
	  "thing.sql:4: a: no such column: nosuch" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT id FROM thing\n -- a remark\n"
	        " WHERE place_id = $1 AND id = nosuch;\n",
	  "thing.sql:5: a: no such column: nosuch" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT size::text FROM thing WHERE place_id = $1;\n",
	  "thing.sql:3: :: is PostgreSQL's alone" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT 'a;\n", "thing.sql:3: a quote that does not end" },
	{ NULL, "-- name: a :many\nSELECT /* 1;\n", "thing.sql:2: a comment that does not end" },

	/* places */
	{ NULL, "-- name: a :many\n-- $1 idea_id\nSELECT name FROM thing WHERE id = $1;\n",
	  "thing.sql:1: a: place_id = $N is missing in its WHERE" },
	{ NULL, "-- name: a :many\nSELECT name FROM thing;\n", "place_id = $N is missing" },
	{ NULL, "-- name: a :exec\n-- $1 int place\nDELETE FROM thing WHERE place_id = $1;\n",
	  "place_id = $N is missing" },
	{ NULL, "-- name: a :exec\n-- $1 idea_id\nUPDATE thing SET size = 1 WHERE id = $1;\n",
	  "place_id = $N is missing" },
	{ NULL, "-- name: a :many\n-- all places: the test\nSELECT name FROM thing;\n", NULL },
	{ NULL, "-- name: a :many\n-- all places:\nSELECT name FROM thing;\n", "all places: say why" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT t.id FROM thing t JOIN thing u ON u.id = t.id\n"
	        " WHERE t.place_id = $1;\n",
	  "a goes through all places (\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id\nSELECT id FROM thing\n"
	        " WHERE place_id = $1 AND id IN (SELECT id FROM thing);\n",
	  "a goes through all places (\"" },
	{ NULL, "-- name: a :many\n-- $1 place_id, $2 text\nSELECT t.id FROM slug s JOIN thing t ON t.place_id = s.place_id\n"
	        " WHERE t.place_id = $1 AND s.slug = $2;\n", NULL },

	/* the schema */
	{ HEAD PLACE "  id idea_id NOT NULL,\n" KEY, "", "column thing.id has no remark" },
	{ "CREATE TABLE thing (\n" PLACE "  id idea_id NOT NULL, -- i\n" KEY, "",
	  "0001.sql:1: table thing has no remark" },
	{ HEAD PLACE "  id INTEGER NOT NULL, -- i\n" KEY, "", "0001.sql:4: column id: no such type: INTEGER" },
	{ HEAD PLACE "  id idea_id NOT NULL, -- i\n  PRIMARY KEY (nosuch)\n);\n", "",
	  "SQLite does not take it" },
	{ "-- sqlite:\nCREATE TABLE a (b);\n", "", "-- end is missing" },
	{ "-- A thing.\nCREATE TABLE thing (\n", "", "table thing does not end" },
};

static char folder[] = "/tmp/folkmoot-XXXXXX";

static void
put(const char *name, const char *content)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0)
		abort();
}

/* Runs gen_sql on the two files; its exit code, and what it said. */
static int
generate(char *said, size_t size)
{
	char command[1024];
	FILE *pipe;
	int how;

	(void)snprintf(command, sizeof command, "%s %s %s %s/0001.sql %s/thing.sql 2>&1",
	               getenv("GEN_SQL"), getenv("ID_H"), folder, folder, folder);
	pipe = popen(command, "r");
	if (pipe == NULL)
		abort();
	said[fread(said, 1, size - 1, pipe)] = '\0';
	how = pclose(pipe);
	return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void
test_refusals(void)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char said[4096];
		int code;
		bool good;

		put("0001.sql", wrong[i].schema == NULL ? SCHEMA : wrong[i].schema);
		put("thing.sql", wrong[i].statement);
		code = generate(said, sizeof said);
		good = wrong[i].want == NULL ? code == 0
		                             : code == 1 && strstr(said, wrong[i].want) != NULL;
		CHECK(good);
		if (!good)
			printf("# %s%s# wanted: %s\n# said: %s", wrong[i].schema == NULL ? "" : wrong[i].schema,
			       wrong[i].statement, wrong[i].want == NULL ? "nothing" : wrong[i].want, said);
	}
}

/* Several wrong statements are all named in one run. */
static void
test_all_at_once(void)
{
	char said[4096];

	put("0001.sql", SCHEMA);
	put("thing.sql", "-- name: a :many\nSELECT name FROM thing;\n"
	                 "-- name: b :exec\n-- $1 place_id\nDELETE FROM nosuch WHERE place_id = $1;\n");
	CHECK_INT(generate(said, sizeof said), 1);
	CHECK(strstr(said, "thing.sql:1: a") != NULL);
	CHECK(strstr(said, "thing.sql:5: b: no such table: nosuch") != NULL);
}

static const struct test_case cases[] = {
	{ "gen_sql: what is wrong is refused, with its place", test_refusals },
	{ "gen_sql: all that is wrong is named at once", test_all_at_once },
};

int
main(void)
{
	static const char *const names[] = { "0001.sql", "thing.sql", "thing.sql.h", "thing.sql.c",
		"statements.c" };
	int bad;

	if (mkdtemp(folder) == NULL || getenv("GEN_SQL") == NULL || getenv("ID_H") == NULL)
		return 1;
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];

		(void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
	return bad;
}
