/* C from statements. The generated code is meant to be read. */
#include "gen_sql.h"

#include <ctype.h>
#include <string.h>

enum { LINE_WIDTH = 96 };

static bool
gives_rows(const struct statement *s)
{
	return s->kind == KIND_ONE || s->kind == KIND_MANY || s->kind == KIND_EACH;
}

/* A remark as a C comment; what would end it early is pulled apart. */
static void
put_comment(struct text *out, const char *words)
{
	if (words == NULL)
		return;
	text_put(out, "/* ");
	for (; *words != '\0'; words++) {
		if (*words == '\n')
			text_put(out, "\n * ");
		else
			text_add(out, words, 1);
		if (words[0] == '*' && words[1] == '/')
			text_put(out, " ");
	}
	text_put(out, " */\n");
}

/* ---- prototypes ------------------------------------------------------------------------ */

struct line {
	struct text *out;
	size_t column, indent;
	bool first;
};

static void
put_argument(struct line *line, const char *argument)
{
	size_t len = strlen(argument);

	if (!line->first) {
		text_put(line->out, ",");
		line->column++;
		if (line->column + 1 + len + 2 > LINE_WIDTH) {
			text_put(line->out, "\n");
			for (size_t i = 0; i < line->indent; i++)
				text_put(line->out, " ");
			line->column = line->indent;
		} else {
			text_put(line->out, " ");
			line->column++;
		}
	}
	line->first = false;
	text_put(line->out, argument);
	line->column += len;
}

static const char *
argument_of(const struct parameter *p)
{
	const char *space = p->type->c_type[0] != '\0' ? " " : "";

	if (p->nullable)
		return take_format("const %s *%s", p->type->c_type, p->name);
	return take_format("%s%s%s", p->type->c_type, space, p->name);
}

static void
put_prototype(struct text *out, const struct statement *s, const char *start)
{
	struct line line = { out, strlen(start) + strlen(s->name) + 1, 0, true };

	line.indent = line.column;
	text_format(out, "%s%s(", start, s->name);
	put_argument(&line, "struct db *db");
	if (s->kind == KIND_ONE || s->kind == KIND_MANY)
		put_argument(&line, "struct arena *arena");
	for (int i = 0; i < s->parameter_count; i++)
		put_argument(&line, argument_of(&s->parameters[i]));
	if (s->kind == KIND_ONE)
		put_argument(&line, take_format("struct %s_row *ret", s->name));
	else if (s->kind == KIND_MANY)
		put_argument(&line, take_format("struct %s_rows *ret", s->name));
	else if (s->kind == KIND_CHANGED)
		put_argument(&line, "int64_t *ret_changed");
	if (s->kind == KIND_EACH) {
		put_argument(&line, take_format("enum status (*each)(void *context, "
		                                "const struct %s_row *row)", s->name));
		put_argument(&line, "void *context");
	}
	text_put(out, ")");
}

/* ---- header ---------------------------------------------------------------------------- */

static void
put_row_struct(struct text *out, const struct statement *s)
{
	text_format(out, "struct %s_row {\n", s->name);
	for (int i = 0; i < s->column_count; i++) {
		const struct column *c = &s->columns[i];

		if (c->nullable)
			text_format(out, "\tbool has_%s;\n", c->name);
		text_format(out, "\t%s %s;\n", c->type->c_type, c->name);
	}
	text_put(out, "};\n");
	if (s->kind == KIND_MANY)
		text_format(out, "struct %s_rows {\n\tstruct %s_row *ptr;\n\tsize_t len;\n};\n",
		            s->name, s->name);
}

static void
put_header(struct text *out, const struct noun *noun)
{
	text_format(out, "/* Made by gen_sql from %s.sql: change that. */\n", noun->name);
	put_comment(out, noun->doc);
	text_put(out, "#ifndef STORE_");
	for (const char *at = noun->name; *at != '\0'; at++)
		text_format(out, "%c", toupper((unsigned char)*at));
	text_put(out, "_SQL_H\n#define STORE_");
	for (const char *at = noun->name; *at != '\0'; at++)
		text_format(out, "%c", toupper((unsigned char)*at));
	text_put(out, "_SQL_H\n\n"
	              "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"
	              "#include \"base/arena.h\"\n#include \"base/id.h\"\n#include \"base/money.h\"\n"
	              "#include \"base/status.h\"\n#include \"base/str.h\"\n#include \"base/time.h\"\n"
	              "#include \"store/db.h\"\n\n");
	for (size_t i = 0; i < noun->count; i++) {
		put_comment(out, noun->statements[i]->doc);
		if (gives_rows(noun->statements[i]))
			put_row_struct(out, noun->statements[i]);
		put_prototype(out, noun->statements[i], "MUST_CHECK enum status ");
		text_put(out, ";\n\n");
	}
	text_put(out, "#endif\n");
}

/* ---- source ---------------------------------------------------------------------------- */

/* A C string of the text, white space folded, over several lines. */
static void
put_string(struct text *out, const char *words)
{
	size_t column = 0;
	bool gap = false;

	text_put(out, "\"");
	for (words += strspn(words, " \t\n"); *words != '\0'; words++) {
		if (*words == ' ' || *words == '\n' || *words == '\t') {
			gap = true;
			continue;
		}
		if (gap) {
			text_put(out, column > 72 ? " \"\n\t\t\"" : " ");
			column = column > 72 ? 0 : column + 1;
		}
		gap = false;
		if (*words == '"' || *words == '\\')
			text_put(out, "\\");
		text_add(out, words, 1);
		column++;
		if (*words == '\'') {
			/* White space inside a quote stays as it is. */
			for (words++; *words != '\'' && *words != '\0'; words++) {
				if (*words == '"' || *words == '\\')
					text_put(out, "\\");
				text_put(out, *words == '\n' ? "\\n" : *words == '\t' ? "\\t" : "");
				if (*words != '\n' && *words != '\t')
					text_add(out, words, 1);
			}
			text_put(out, "'");
		}
	}
	text_put(out, "\"");
}

static const char *const kinds[] = {
	[KIND_ONE] = "DB_ONE", [KIND_MANY] = "DB_MANY", [KIND_EACH] = "DB_EACH",
	[KIND_EXEC] = "DB_EXEC", [KIND_CHANGED] = "DB_CHANGED", [KIND_LATER] = "DB_LATER",
};

static void
put_statement(struct text *out, const struct statement *s)
{
	text_format(out, "extern const struct db_statement %s_statement;\n"
	            "const struct db_statement %s_statement = {\n"
	            "\t.number = %d,\n\t.name = \"%s\",\n\t.kind = %s,\n\t.sqlite =\n\t\t",
	            s->name, s->name, s->number, s->name, kinds[s->kind]);
	put_string(out, s->sqlite.ptr);
	text_put(out, ",\n\t.pg =\n\t\t");
	put_string(out, s->pg.ptr);
	text_format(out, ",\n\t.parameters = %d,\n\t.parameter_types = \"", s->parameter_count);
	for (int i = 0; i < s->parameter_count; i++)
		text_add(out, &s->parameters[i].type->letter, 1);
	text_put(out, "\",\n\t.column_types = \"");
	for (int i = 0; i < s->column_count; i++)
		text_add(out, &s->columns[i].type->letter, 1);
	text_put(out, "\",\n};\n\n");
}

static void
put_bind(struct text *out, const struct parameter *p, int number)
{
	const char *how = p->type->letter == 'i' ? "int" : p->type->letter == 't' ? "text" : "bytes";

	if (!p->nullable) {
		text_format(out, "\tdb_bind_%s(&c_, %d, %s%s);\n", how, number, p->name,
		            p->type->member);
		return;
	}
	text_format(out, "\tif (%s == NULL)\n\t\tdb_bind_null(&c_, %d);\n\telse\n", p->name, number);
	if (*p->type->member != '\0')
		text_format(out, "\t\tdb_bind_%s(&c_, %d, %s->%s);\n", how, number, p->name,
		            p->type->member + 1);
	else
		text_format(out, "\t\tdb_bind_%s(&c_, %d, *%s);\n", how, number, p->name);
}

static void
put_read_column(struct text *out, const struct statement *s, int i)
{
	const struct column *c = &s->columns[i];

	if (c->nullable)
		text_format(out, "\tret->has_%s = !db_is_null(c, %d);\n", c->name, i);
	if (c->may_surprise)
		text_format(out, "\tif (db_is_null(c, %d))\n\t\treturn FAILED; /* said not to be NULL */\n", i);
	if (c->type->letter == 'i')
		text_format(out, "\tret->%s%s = db_int(c, %d)%s;\n", c->name, c->type->member, i,
		            strcmp(c->type->name, "bool") == 0 ? " != 0" : "");
	else if (s->kind == KIND_EACH)
		text_format(out, "\tret->%s = db_view(c, %d);\n", c->name, i);
	else
		text_format(out, "\tif (db_text(c, %d, arena, &ret->%s) != OK)\n"
		            "\t\treturn NO_MEMORY;\n", i, c->name);
}

/* NAME_read(): one row out of the cursor. */
static void
put_read(struct text *out, const struct statement *s)
{
	bool uses_arena = false;

	for (int i = 0; i < s->column_count; i++)
		uses_arena = uses_arena || (s->columns[i].type->letter != 'i' && s->kind != KIND_EACH);
	text_format(out, "static enum status\n%s_read(struct db_cursor *c, ", s->name);
	if (s->kind != KIND_EACH)
		text_put(out, "struct arena *arena, ");
	text_format(out, "struct %s_row *ret)\n{\n", s->name);
	if (!uses_arena && s->kind != KIND_EACH)
		text_put(out, "\t(void)arena;\n");
	for (int i = 0; i < s->column_count; i++)
		put_read_column(out, s, i);
	text_put(out, "\treturn OK;\n}\n\n");
}

static void
put_loop(struct text *out, const struct statement *s)
{
	switch (s->kind) {
	case KIND_ONE:
		text_format(out,
		            "\tst_ = db_step(&c_, &more_);\n"
		            "\tif (st_ == OK)\n"
		            "\t\tst_ = more_ ? %s_read(&c_, arena, ret) : NOT_FOUND;\n", s->name);
		break;
	case KIND_MANY:
		text_format(out,
		            "\twhile ((st_ = db_step(&c_, &more_)) == OK && more_) {\n"
		            "\t\tret->ptr = db_room(arena, ret->ptr, ret->len, sizeof *ret->ptr);\n"
		            "\t\tst_ = ret->ptr == NULL ? NO_MEMORY\n"
		            "\t\t                       : %s_read(&c_, arena, &ret->ptr[ret->len]);\n"
		            "\t\tif (st_ != OK)\n"
		            "\t\t\tbreak;\n"
		            "\t\tret->len++;\n"
		            "\t}\n"
		            "\tif (st_ != OK)\n"
		            "\t\t*ret = (struct %s_rows){ NULL, 0 };\n", s->name, s->name);
		break;
	case KIND_EACH:
		text_format(out,
		            "\twhile ((st_ = db_step(&c_, &more_)) == OK && more_) {\n"
		            "\t\tstruct %s_row row_ = { 0 };\n\n"
		            "\t\tst_ = %s_read(&c_, &row_);\n"
		            "\t\tif (st_ == OK)\n"
		            "\t\t\tst_ = each(context, &row_);\n"
		            "\t\tif (st_ != OK)\n"
		            "\t\t\tbreak;\n"
		            "\t}\n", s->name, s->name);
		break;
	case KIND_EXEC:
	case KIND_CHANGED:
	case KIND_LATER:
		text_put(out, "\tst_ = db_step(&c_, &more_);\n");
		if (s->kind == KIND_CHANGED)
			text_put(out, "\tif (st_ == OK)\n\t\t*ret_changed = db_changes(&c_);\n");
		break;
	}
}

static void
put_function(struct text *out, const struct statement *s)
{
	text_put(out, "enum status\n");
	put_prototype(out, s, "");
	text_format(out, "\n{\n\tstruct db_cursor c_;\n\tbool more_ = false;\n"
	            "\tenum status st_ = db_start(db, &%s_statement, &c_);\n\n", s->name);
	if (s->kind == KIND_ONE)
		text_format(out, "\t*ret = (struct %s_row){ 0 };\n", s->name);
	else if (s->kind == KIND_MANY)
		text_format(out, "\t*ret = (struct %s_rows){ NULL, 0 };\n", s->name);
	else if (s->kind == KIND_CHANGED)
		text_put(out, "\t*ret_changed = 0;\n");
	text_put(out, "\tif (st_ != OK)\n\t\treturn st_;\n");
	for (int i = 0; i < s->parameter_count; i++)
		put_bind(out, &s->parameters[i], i + 1);
	put_loop(out, s);
	text_put(out, "\tdb_finish(&c_);\n\treturn st_;\n}\n\n");
}

void
noun_write(const char *folder, const struct noun *noun)
{
	struct text header = { NULL, 0, 0 }, source = { NULL, 0, 0 };

	put_header(&header, noun);
	file_write(take_format("%s/%s.sql.h", folder, noun->name), &header);
	text_format(&source, "/* Made by gen_sql from %s.sql: change that. */\n"
	            "#include \"store/%s.sql.h\"\n\n", noun->name, noun->name);
	for (size_t i = 0; i < noun->count; i++) {
		put_statement(&source, noun->statements[i]);
		if (gives_rows(noun->statements[i]))
			put_read(&source, noun->statements[i]);
		put_function(&source, noun->statements[i]);
	}
	file_write(take_format("%s/%s.sql.c", folder, noun->name), &source);
}

/* ---- all of them ----------------------------------------------------------------------- */

/* Line by line, as it stands. */
static void
put_script(struct text *out, const struct text *script)
{
	text_put(out, "\"");
	for (size_t i = 0; i < script->len; i++) {
		char c = script->ptr[i];

		if (c == '\n')
			text_put(out, "\\n\"\n\t\t\"");
		else if (c == '"' || c == '\\')
			text_format(out, "\\%c", c);
		else
			text_add(out, &c, 1);
	}
	text_put(out, "\"");
}

static void
put_afterwards(struct text *out, struct migration *const *migrations, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text_format(out, "\nstatic const char *const afterwards_%zu[] = {\n", i);
		for (size_t n = 0; n < migrations[i]->afterwards_count; n++) {
			text_put(out, "\t\t");
			put_script(out, &migrations[i]->afterwards[n]);
			text_put(out, ",\n");
		}
		text_put(out, "\t\tNULL\n};\n");
	}
}

void
table_write(const char *folder, struct noun *const *nouns, size_t count,
            struct migration *const *migrations, size_t migration_count,
            struct schema *schema)
{
	struct text out = { NULL, 0, 0 };
	struct table **tables;
	int table_count = tables_read(schema, &tables), total = 0;

	text_put(&out, "/* Made by gen_sql: every statement and migration. */\n"
	               "#include \"store/db.h\"\n\n");
	for (size_t n = 0; n < count; n++) {
		for (size_t i = 0; i < nouns[n]->count; i++)
			text_format(&out, "extern const struct db_statement %s_statement;\n",
			            nouns[n]->statements[i]->name);
	}
	put_afterwards(&out, migrations, migration_count);
	for (size_t n = 0; n < count; n++)
		total += (int)nouns[n]->count;
	total = tables_put_statements(&out, tables, table_count, total);
	text_put(&out, "\nconst struct db_statement *const db_statements[] = {\n");
	for (size_t n = 0; n < count; n++) {
		for (size_t i = 0; i < nouns[n]->count; i++)
			text_format(&out, "\t&%s_statement,\n", nouns[n]->statements[i]->name);
	}
	tables_put_list(&out, tables, table_count);
	text_format(&out, "};\nconst int db_statement_total = %d;\n\n"
	            "const struct db_migration db_migrations[] = {\n", total);
	for (size_t i = 0; i < migration_count; i++) {
		text_put(&out, "\t{ .sqlite =\n\t\t");
		put_script(&out, &migrations[i]->sqlite);
		text_put(&out, ",\n\t  .pg =\n\t\t");
		put_script(&out, &migrations[i]->pg);
		text_format(&out, ",\n\t  .pg_afterwards = afterwards_%zu },\n", i);
	}
	text_format(&out, "};\nconst int db_migration_total = %d;\n", (int)migration_count);
	tables_put_table(&out, tables, table_count);
	file_write(take_format("%s/statements.c", folder), &out);
}
