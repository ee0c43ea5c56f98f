/* The schema and every statement on PostgreSQL (the server of PGHOST: with_postgres.sh). */
#include <libpq-fe.h>

#include "store/db.h"
#include "test.h"

static PGconn *pg;

/* OIDs of the types that one letter of ours may be (pg_type.h: these never change). */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

static bool
run(const char *sql)
{
	PGresult *result = PQexec(pg, sql);
	ExecStatusType st = PQresultStatus(result);
	bool good = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK;

	if (!good)
		printf("# %s", PQerrorMessage(pg));
	PQclear(result);
	return good;
}

static Oid
oid_of(char letter)
{
	return letter == 'i' ? OID_INT8 : letter == 't' ? OID_TEXT : OID_BYTEA;
}

static bool
is_type(char letter, Oid oid)
{
	return oid == oid_of(letter) ||
	       (letter == 'i' && (oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL));
}

/* Why PostgreSQL does not take it as it is declared; "" when it does. */
static const char *
complaint(const struct db_statement *s)
{
	static char why[600];
	Oid types[100];
	PGresult *result;

	why[0] = '\0';
	for (int i = 0; i < s->parameters; i++)
		types[i] = oid_of(s->parameter_types[i]);
	result = PQprepare(pg, "", s->pg, s->parameters, types);
	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		(void)snprintf(why, sizeof why, "%s: %s", s->name, PQresultErrorMessage(result));
		PQclear(result);
		return why;
	}
	PQclear(result);
	result = PQdescribePrepared(pg, "");
	if (PQnparams(result) != s->parameters || PQnfields(result) != (int)strlen(s->column_types))
		(void)snprintf(why, sizeof why, "%s: has %d parameters and %d columns", s->name,
		               PQnparams(result), PQnfields(result));
	for (int i = 0; why[0] == '\0' && i < PQnfields(result); i++) {
		if (!is_type(s->column_types[i], PQftype(result, i)))
			(void)snprintf(why, sizeof why, "%s: column %s is type %u in PostgreSQL, not "
			               "\"%c\" (write CAST(… AS bigint))", s->name, PQfname(result, i),
			               PQftype(result, i), s->column_types[i]);
	}
	PQclear(result);
	return why;
}

static void
test_schema(void)
{
	CHECK(run("BEGIN"));
	for (int i = 0; i < db_migration_total; i++)
		CHECK(run(db_migrations[i].pg));
	CHECK(run("COMMIT"));
}

static void
test_comments(void)
{
	PGresult *result = PQexec(pg,
		"SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class c"
		"  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
		" WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
		"   AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)");

	CHECK_INT(PQresultStatus(result), PGRES_TUPLES_OK);
	for (int i = 0; i < PQntuples(result); i++)
		printf("# no comment on %s\n", PQgetvalue(result, i, 0));
	CHECK_INT(PQntuples(result), 0);
	PQclear(result);
}

/* What Citus asks of a schema that is split by place_id: it is in every unique key and foreign key.
 * These are not split: a reference table, and one each database has of its own. */
static void
test_split_by_place(void)
{
	PGresult *result = PQexec(pg,
		"SELECT c.relname || ': ' || i.relname FROM pg_index x"
		"  JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
		" WHERE x.indisunique AND c.relnamespace = 'public'::regnamespace"
		"   AND c.relname NOT IN ('place_slug', 'folkmoot_schema')"
		"   AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
		"                    AND a.attname = 'place_id' AND a.attnum = ANY (x.indkey))"
		" UNION ALL SELECT conrelid::regclass || ': ' || conname FROM pg_constraint k"
		" WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
		"   AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.conrelid"
		"                    AND a.attname = 'place_id' AND a.attnum = ANY (k.conkey))"
		" UNION ALL SELECT c.relname || ' has no place_id' FROM pg_class c"
		" WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
		"   AND c.relname NOT IN ('place_slug', 'folkmoot_schema')"
		"   AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
		"                    AND a.attname = 'place_id' AND a.attnotnull)");

	CHECK_INT(PQresultStatus(result), PGRES_TUPLES_OK);
	for (int i = 0; i < PQntuples(result); i++)
		printf("# %s\n", PQgetvalue(result, i, 0));
	CHECK_INT(PQntuples(result), 0);
	PQclear(result);
}

static void
test_statements(void)
{
	CHECK(db_statement_total > 0);
	for (int i = 0; i < db_statement_total; i++) {
		const char *why = complaint(db_statements[i]);

		CHECK_INT(db_statements[i]->number, i);
		CHECK(why[0] == '\0');
		if (why[0] != '\0')
			printf("# %s\n", why);
	}
}

/* The test itself: what is wrong is seen. */
static void
test_broken_is_noticed(void)
{
	static const struct db_statement good = {
		.name = "good", .pg = "SELECT imported FROM place WHERE place_id = $1",
		.parameters = 1, .parameter_types = "i", .column_types = "i" };
	static const struct db_statement broken[] = {
		{ .name = "no such column", .pg = "SELECT nothing FROM place",
		  .parameter_types = "", .column_types = "i" },
		{ .name = "another type", .pg = "SELECT name FROM place",
		  .parameter_types = "", .column_types = "i" },
		{ .name = "numeric", .pg = "SELECT sum(people) FROM place",
		  .parameter_types = "", .column_types = "i" },
		{ .name = "parameter's type", .pg = "SELECT name FROM place WHERE name = $1",
		  .parameters = 1, .parameter_types = "i", .column_types = "t" },
		{ .name = "one parameter more", .pg = "SELECT name FROM place WHERE name = $2",
		  .parameters = 1, .parameter_types = "t", .column_types = "t" },
	};

	CHECK_STR(str_of(complaint(&good)), "");
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		CHECK(complaint(&broken[i])[0] != '\0');
		if (complaint(&broken[i])[0] == '\0')
			printf("# %s\n", broken[i].name);
	}
}

static const struct test_case cases[] = {
	{ "postgresql: the schema is made", test_schema },
	{ "postgresql: every table and column has a comment", test_comments },
	{ "postgresql: every key has place_id, as a split by place needs", test_split_by_place },
	{ "postgresql: every statement is prepared", test_statements },
	{ "postgresql: a broken statement is noticed", test_broken_is_noticed },
};

int
main(void)
{
	int bad;

	pg = PQconnectdb("");
	if (PQstatus(pg) != CONNECTION_OK) {
		printf("not ok postgresql # %s", PQerrorMessage(pg));
		return 1;
	}
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	PQfinish(pg);
	return bad;
}
