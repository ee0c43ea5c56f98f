/* What SQLite knows about a statement: is it right, which columns, how does it find its rows. */
#include "gen_sql.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

struct schema {
	sqlite3 *strict;   /* as the program makes it */
	sqlite3 *declared; /* the same with our own type names, for sqlite3_column_decltype */
};

static void
run(sqlite3 *db, const char *path, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(path, 0, "SQLite does not take it: %s", sqlite3_errmsg(db));
}

struct schema *
schema_open(struct migration *const *migrations, size_t count)
{
	struct schema *schema = take(sizeof *schema);

	if (sqlite3_open(":memory:", &schema->strict) != SQLITE_OK ||
	    sqlite3_open(":memory:", &schema->declared) != SQLITE_OK)
		fail("gen_sql", 0, "SQLite can't be opened");
	for (size_t i = 0; i < count; i++) {
		const struct migration *m = migrations[i];

		if (m->version != (int)i + 1)
			fail(m->path, 0, "migration %zu is expected here, without gaps", i + 1);
		run(schema->strict, m->path, m->sqlite.ptr);
		run(schema->declared, m->path, m->declared.ptr);
	}
	return schema;
}

void
schema_close(struct schema *schema)
{
	sqlite3_close(schema->strict);
	sqlite3_close(schema->declared);
}

struct sqlite3 *
schema_declared(struct schema *schema)
{
	return schema->declared;
}

static char *
column_copy(sqlite3_stmt *stmt, int column)
{
	return take_copy((const char *)sqlite3_column_text(stmt, column),
	                 (size_t)sqlite3_column_bytes(stmt, column));
}

const char *
schema_table(struct schema *schema, int number)
{
	static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND"
		" name NOT LIKE 'sqlite_%' ORDER BY name LIMIT 1 OFFSET ?1";
	sqlite3_stmt *stmt = NULL;
	const char *name = NULL;

	if (sqlite3_prepare_v2(schema->declared, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_int(stmt, 1, number) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		name = column_copy(stmt, 0);
	sqlite3_finalize(stmt);
	return name;
}

bool
schema_column(struct sqlite3 *declared, const char *table, int number, struct schema_column *ret)
{
	static const char sql[] = "SELECT name, type, pk FROM pragma_table_info(?1) WHERE cid = ?2";
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (sqlite3_prepare_v2(declared, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_bind_int(stmt, 2, number) == SQLITE_OK)
		found = sqlite3_step(stmt) == SQLITE_ROW;
	if (found)
		*ret = (struct schema_column){ .name = column_copy(stmt, 0), .type = column_copy(stmt, 1),
			                       .key = sqlite3_column_int(stmt, 2) };
	/* SQLite says its own types in capitals. */
	for (char *at = found ? (char *)(uintptr_t)ret->type : NULL; at != NULL && *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	sqlite3_finalize(stmt);
	return found;
}

static sqlite3_stmt *
prepare(sqlite3 *db, const struct statement *s)
{
	sqlite3_stmt *stmt = NULL;
	const char *tail = NULL;
	int line = s->body_line, offset;

	if (sqlite3_prepare_v2(db, s->sqlite.ptr, -1, &stmt, &tail) == SQLITE_OK) {
		tail += strspn(tail, " \n");
		if (stmt == NULL || *tail != '\0')
			complain(s->path, line, "%s: one statement is expected", s->name);
		return stmt;
	}
	offset = sqlite3_error_offset(db);
	for (int i = 0; i < offset; i++)
		line += s->sqlite.ptr[i] == '\n';
	complain(s->path, line, "%s: %s", s->name, sqlite3_errmsg(db));
	return NULL;
}

static void
check_parameters(const struct statement *s)
{
	for (int i = 0; i < s->parameter_count; i++) {
		const struct parameter *p = &s->parameters[i];

		if (!p->used_sqlite || !p->used_pg)
			complain(s->path, s->line, "%s: $%d (%s) is declared and not used%s", s->name,
			         i + 1, p->name, p->used_sqlite ? " for PostgreSQL"
			         : p->used_pg ? " for SQLite" : "");
	}
}

/* ---- columns --------------------------------------------------------------------------- */

static struct annotation *
annotation_of(struct statement *s, const char *name)
{
	for (size_t i = 0; i < s->annotation_count; i++) {
		if (strcmp(s->annotations[i].name, name) == 0)
			return &s->annotations[i];
	}
	return NULL;
}

static const struct token *
next_thing(const struct token *token)
{
	do {
		token++;
	} while (token->kind == TOKEN_SPACE);
	return token;
}

/* Does an outer join make this table's columns NULL where there is no partner? */
static bool
is_outer_joined(const struct token *tokens, const char *table)
{
	for (; tokens->kind != TOKEN_END; tokens++) {
		const struct token *t = tokens;

		if (token_is(t, "RIGHT") || token_is(t, "FULL"))
			return true;
		if (!token_is(t, "LEFT"))
			continue;
		t = next_thing(t);
		if (token_is(t, "OUTER"))
			t = next_thing(t);
		if (!token_is(t, "JOIN"))
			continue;
		t = next_thing(t);
		if (token_is(t, table) || token_is(t, "("))
			return true;
	}
	return false;
}

/* SQLite keeps the types it knows ("text", "int") as capitals. */
static const struct type *
type_of_declared(const char *declared)
{
	char *name = take_copy(declared, strlen(declared));

	for (char *at = name; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return type_of(name, strlen(name));
}

/* Type and nullability of a plain column, from the schema. */
static bool
column_from_table(const struct schema *schema, sqlite3_stmt *stmt, int i, struct column *ret)
{
	const char *declared = sqlite3_column_decltype(stmt, i);
	const char *table = sqlite3_column_table_name(stmt, i);
	const char *origin = sqlite3_column_origin_name(stmt, i);
	int not_null = 0;

	if (declared == NULL || table == NULL || origin == NULL)
		return false;
	ret->type = type_of_declared(declared);
	if (ret->type == NULL ||
	    sqlite3_table_column_metadata(schema->declared, NULL, table, origin, NULL, NULL,
	                                  &not_null, NULL, NULL) != SQLITE_OK)
		return false;
	ret->nullable = !not_null;
	return true;
}

static void
check_column(const struct schema *schema, struct statement *s, const struct token *tokens,
             sqlite3_stmt *stmt, int i)
{
	struct column *column = &s->columns[i];
	struct annotation *a;
	bool plain;

	column->name = take_copy(sqlite3_column_name(stmt, i), strlen(sqlite3_column_name(stmt, i)));
	a = annotation_of(s, column->name);
	plain = column_from_table(schema, stmt, i, column);
	for (int before = 0; before < i; before++) {
		if (strcmp(s->columns[before].name, column->name) == 0)
			complain(s->path, s->line, "%s: two columns are called %s", s->name,
			         column->name);
	}
	if (a != NULL) {
		a->used = true;
		if (plain && column->type->letter != a->type->letter)
			complain(s->path, a->line, "%s: column %s is %s, not %s", s->name,
			         column->name, column->type->name, a->type->name);
		column->may_surprise = !a->nullable;
		column->type = a->type;
		column->nullable = a->nullable;
	} else if (!plain) {
		complain(s->path, s->line, "%s: column %s is an expression: declare its type "
		         "(-- %s: TYPE)", s->name, column->name, column->name);
	} else if (!column->nullable &&
	           is_outer_joined(tokens, sqlite3_column_table_name(stmt, i))) {
		complain(s->path, s->line, "%s: column %s comes through an outer join: declare it "
		         "(-- %s: %s?)", s->name, column->name, column->name, column->type->name);
	}
}

static void
check_columns(const struct schema *schema, struct statement *s, const struct token *tokens,
              sqlite3_stmt *stmt)
{
	bool gives_rows = s->kind == KIND_ONE || s->kind == KIND_MANY || s->kind == KIND_EACH;

	s->column_count = sqlite3_column_count(stmt);
	if (gives_rows != (s->column_count > 0)) {
		complain(s->path, s->line, gives_rows ? "%s gives no rows: is it :exec or :changed?"
		         : "%s gives rows: is it :one or :many?", s->name);
		return;
	}
	s->columns = take(sizeof *s->columns * (size_t)(s->column_count + 1));
	for (int i = 0; i < s->column_count; i++)
		check_column(schema, s, tokens, stmt, i);
	for (size_t i = 0; i < s->annotation_count; i++) {
		if (!s->annotations[i].used)
			complain(s->path, s->annotations[i].line, "%s has no column %s", s->name,
			         s->annotations[i].name);
	}
}

/* ---- one place at a time --------------------------------------------------------------- */

static bool
is_place_parameter(const struct statement *s, const struct token *token)
{
	return token->kind == TOKEN_WORD && token[-1].len == 1 && token[-1].ptr[0] == '?' &&
	       token->ptr[0] >= '1' && token->ptr[0] <= '9' &&
	       strcmp(s->parameters[strtol(token->ptr, NULL, 10) - 1].type->name, "place_id") == 0;
}

/* Is there "place_id = $N", N a place's id, behind a WHERE? Inserted values need only have it. */
static bool
names_its_place(const struct statement *s, const struct token *tokens)
{
	bool where = false, insert_values = false;

	for (const struct token *t = tokens; t->kind != TOKEN_END; t++) {
		insert_values = insert_values || token_is(t, "VALUES");
		where = where || token_is(t, "WHERE");
		if (insert_values && is_place_parameter(s, t))
			return true;
		if (where && token_is(t, "place_id")) {
			const struct token *sign = next_thing(t);

			if (token_is(sign, "=") && is_place_parameter(s, next_thing(sign) + 1))
				return true;
		}
	}
	return false;
}

/* Is it a table whose key begins with place_id? */
static bool
is_kept_by_place(const struct schema *schema, const char *table, size_t len)
{
	static const char sql[] = "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'place_id' AND pk = 1";
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (sqlite3_prepare_v2(schema->strict, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, table, (int)len, SQLITE_STATIC) == SQLITE_OK)
		found = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return found;
}

/* The table that "X" means in a plan: itself, or that X is another name for. */
static bool
plan_name_is_kept_by_place(const struct schema *schema, const struct token *tokens,
                           const char *name)
{
	if (is_kept_by_place(schema, name, strlen(name)))
		return true;
	for (; tokens->kind != TOKEN_END; tokens++) {
		const struct token *alias = next_thing(tokens);

		if (tokens->kind != TOKEN_WORD)
			continue;
		if (token_is(alias, "AS"))
			alias = next_thing(alias);
		if (token_is(alias, name) && is_kept_by_place(schema, tokens->ptr, tokens->len))
			return true;
	}
	return false;
}

/* Every table must be entered by place_id: neither other places' rows nor whole tables are
 * read. SQLite's plan says how each is entered. */
static void
check_plan(const struct schema *schema, const struct statement *s, const struct token *tokens)
{
	const char *sql = take_format("EXPLAIN QUERY PLAN ");
	struct text explain = { NULL, 0, 0 };
	sqlite3_stmt *stmt = NULL;

	text_put(&explain, sql);
	text_put(&explain, s->sqlite.ptr);
	if (sqlite3_prepare_v2(schema->strict, explain.ptr, -1, &stmt, NULL) != SQLITE_OK)
		fail(s->path, s->line, "%s: %s", s->name, sqlite3_errmsg(schema->strict));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(stmt, 3);
		char name[128];

		if (sscanf(detail, "SCAN %127s", name) != 1 &&
		    sscanf(detail, "SEARCH %127s", name) != 1)
			continue;
		if (strstr(detail, "(place_id=?") == NULL && strstr(detail, "VIRTUAL") == NULL &&
		    plan_name_is_kept_by_place(schema, tokens, name))
			complain(s->path, s->line, "%s goes through all places (\"%s\"): join on "
			         "place_id too, or say -- all places: why", s->name, detail);
	}
	sqlite3_finalize(stmt);
}

void
statement_check(struct schema *schema, struct statement *s)
{
	const struct token *tokens = tokens_of(s->path, s->sqlite.ptr, s->sqlite.len, s->body_line);
	sqlite3_stmt *strict, *declared;

	check_parameters(s);
	strict = prepare(schema->strict, s);
	if (strict == NULL)
		return;
	declared = prepare(schema->declared, s);
	if (declared != NULL)
		check_columns(schema, s, tokens, declared);
	if (s->all_places == NULL && !names_its_place(s, tokens))
		complain(s->path, s->line, "%s: place_id = $N is missing in its WHERE (or say "
		         "-- all places: why)", s->name);
	if (s->all_places == NULL)
		check_plan(schema, s, tokens);
	sqlite3_finalize(strict);
	sqlite3_finalize(declared);
}
