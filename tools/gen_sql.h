/* gen_sql: from src/store/NOUN.sql and src/store/migrations/NNNN.sql to typed C functions,
 * at build time (docs/ARCHITECTURE.md has the grammar).
 *
 * gen_sql_text.c    memory, growing text, tokens, complaints
 * gen_sql_schema.c  migrations -> DDL for SQLite and PostgreSQL
 * gen_sql_parse.c   NOUN.sql -> struct statement
 * gen_sql_check.c   prepares statements on SQLite: parameters, columns, place_id
 * gen_sql_write.c   struct statement -> C
 * gen_sql_tables.c  tables -> what moves a place\'s rows
 *
 * Memory is never given back: the program ends soon.
 */
#ifndef GEN_SQL_H
#define GEN_SQL_H

#include <stdbool.h>
#include <stddef.h>

/* ---- text ------------------------------------------------------------------------------ */

/* Zeroed; never NULL. Stays reachable to the end, so that leak checkers are content. */
void *take(size_t size);
char *take_copy(const char *ptr, size_t len);
char *take_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Room for one more item behind `count`: the same array, or a larger copy. */
void *take_room(void *array, size_t count, size_t item_size);

struct text {
	char *ptr; /* NUL-terminated, never NULL once something was added */
	size_t len, size;
};
void text_add(struct text *text, const char *ptr, size_t len);
void text_put(struct text *text, const char *c_string);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "path:line: …" to stderr. complain() goes on (see complaints()), fail() ends the program. */
void complain(const char *path, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
_Noreturn void fail(const char *path, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int complaints(void);

enum token_kind {
	TOKEN_SPACE,
	TOKEN_REMARK,    /* -- to the end of the line; the slice is trimmed and without -- */
	TOKEN_SQLITE,    /* the inside of a "sqlite" block comment */
	TOKEN_PG,        /* the inside of a "pg" block comment */
	TOKEN_WORD,      /* identifier, keyword or number */
	TOKEN_QUOTED,    /* '…' or "…" */
	TOKEN_PARAMETER, /* $N */
	TOKEN_MARK,      /* one other character */
	TOKEN_END
};

struct token {
	enum token_kind kind;
	const char *ptr;
	size_t len;
	int line;
	int number; /* TOKEN_PARAMETER */
};

/* Ends with TOKEN_END. Other block comments become TOKEN_SPACE. */
struct token *tokens_of(const char *path, const char *ptr, size_t len, int line);
bool token_is(const struct token *token, const char *word); /* ASCII case does not matter */
/* Lines broken by a TOKEN_SPACE. */
int token_newlines(const struct token *token);

char *file_read(const char *path, size_t *ret_len);
/* Leaves a file with the same content alone, so that nothing is built again for nothing. */
void file_write(const char *path, const struct text *content);

/* ---- types ----------------------------------------------------------------------------- */

struct type {
	const char *name;   /* "idea_id", "text" */
	const char *c_type; /* "struct idea_id" */
	const char *member; /* ".value"; "" when it is the value itself */
	char letter;        /* i t b, as db_statement.parameter_types */
	bool is_id;
};
/* Reads the kinds of id from base/id.h; before anything else. */
void types_init(const char *id_header_path);
const struct type *type_of(const char *ptr, size_t len); /* NULL: no such type */

/* ---- schema ---------------------------------------------------------------------------- */

struct migration {
	const char *path;
	int version;
	struct text sqlite, pg;
	struct text *afterwards; /* for PostgreSQL, outside the transaction: each a statement */
	size_t afterwards_count;
	struct text declared; /* for SQLite with our own type names, so that it tells them back */
};
struct migration *migration_read(const char *path);

/* ---- statements ------------------------------------------------------------------------ */

enum kind { KIND_ONE, KIND_MANY, KIND_EACH, KIND_EXEC, KIND_CHANGED, KIND_LATER };

struct parameter {
	const struct type *type; /* NULL: not declared */
	const char *name;
	bool nullable;
	bool used_sqlite, used_pg;
};

struct annotation {
	const char *name;
	const struct type *type;
	bool nullable, used;
	int line;
};

struct column {
	const char *name;
	const struct type *type;
	bool nullable;
	bool may_surprise; /* an expression said not to be NULL: looked at in every row */
};

struct statement {
	const char *path, *name, *doc;
	int line, body_line;
	enum kind kind;
	const char *all_places; /* why it may span places, or NULL */
	struct parameter *parameters; /* [number - 1] */
	int parameter_count;
	struct annotation *annotations;
	size_t annotation_count;
	struct text sqlite, pg;
	struct column *columns;
	int column_count;
	int number;
};

struct noun {
	const char *path, *name, *doc;
	struct statement **statements;
	size_t count;
};
struct noun *noun_read(const char *path);

struct schema;
/* Both forms of the schema, in memory. */
struct schema *schema_open(struct migration *const *migrations, size_t count);
void schema_close(struct schema *schema);
/* Complains, or fills the statement's columns. */
void statement_check(struct schema *schema, struct statement *statement);

/* Tables of the schema by number, and their columns by number: false or NULL behind the last. */
struct sqlite3;
struct schema_column {
	const char *name, *type;
	int key; /* place in the primary key, from 1; 0: not in it */
};
const char *schema_table(struct schema *schema, int number);
struct sqlite3 *schema_declared(struct schema *schema);
bool schema_column(struct sqlite3 *declared, const char *table, int number,
                   struct schema_column *ret);

/* gen_sql_tables.c: what moves with a place. */
struct table;
int tables_read(struct schema *schema, struct table ***ret); /* how many */
/* Six statements each, numbered from `number` on; gives the number behind the last. */
int tables_put_statements(struct text *out, struct table *const *tables, int count, int number);
void tables_put_list(struct text *out, struct table *const *tables, int count);
void tables_put_table(struct text *out, struct table *const *tables, int count);

void noun_write(const char *folder, const struct noun *noun);
void table_write(const char *folder, struct noun *const *nouns, size_t count,
                 struct migration *const *migrations, size_t migration_count,
                 struct schema *schema);

#endif
