/* For a place that moves house: of every table that is kept by place, its columns and the six
 * statements that move its rows. Made from the schema, so that no later table is forgotten. */
#include "gen_sql.h"

#include <string.h>

enum { COLUMNS_MAX = 99 };

struct table {
	const char *name;
	const char *columns[COLUMNS_MAX];
	char letters[COLUMNS_MAX + 1];
	int count;
	int keys[COLUMNS_MAX]; /* indices of columns, in the key's order */
	int key_count;
};

/* "c1, c2" of the columns `which` says, each with `before` and its number where wanted. */
enum which { ALL, KEYS, OTHERS };

static bool
is_key(const struct table *t, int column)
{
	for (int i = 0; i < t->key_count; i++)
		if (t->keys[i] == column)
			return true;
	return false;
}

static void
put_names(struct text *sql, const struct table *t, enum which which, const char *between,
          const char *form)
{
	int n = which == KEYS ? t->key_count : t->count;
	bool first = true;

	for (int i = 0; i < n; i++) {
		int column = which == KEYS ? t->keys[i] : i;

		if (which == OTHERS && is_key(t, column))
			continue;
		text_put(sql, first ? "" : between);
		first = false;
		/* form: "n" the name, "$" its number, "=" name = $number, "x" name = excluded.name */
		if (*form == '$')
			text_format(sql, "$%d", i + 1);
		else if (*form == '=')
			text_format(sql, "%s = $%d", t->columns[column], i + 1);
		else if (*form == 'x')
			text_format(sql, "%s = excluded.%s", t->columns[column], t->columns[column]);
		else
			text_put(sql, t->columns[column]);
	}
}

static void
put_one(struct text *out, const struct table *t, const char *verb, const char *kind, int number,
        const struct text *sql, int parameters, const char *types, const char *rows)
{
	text_format(out, "static const struct db_statement move_%s_%s = {\n"
	            "\t.number = %d,\n\t.name = \"move_%s_%s\",\n\t.kind = %s,\n\t.sqlite =\n\t\t\"",
	            t->name, verb, number, t->name, verb, kind);
	text_put(out, sql->ptr);
	text_put(out, "\",\n\t.pg =\n\t\t\"");
	text_put(out, sql->ptr);
	text_format(out, "\",\n\t.parameters = %d,\n\t.parameter_types = \"%s\",\n\t.column_types = \"%s\",\n};\n",
	            parameters, types, rows);
}

static void
put_statements(struct text *out, const struct table *t, int number)
{
	struct text rows = { NULL, 0, 0 }, put = rows, get = rows, drop = rows, clear = rows, count = rows;
	char key_types[COLUMNS_MAX + 1] = "";

	for (int i = 0; i < t->key_count; i++)
		key_types[i] = t->letters[t->keys[i]];
	text_put(&rows, "SELECT ");
	put_names(&rows, t, ALL, ", ", "n");
	text_format(&rows, " FROM %s WHERE place_id = $1 ORDER BY ", t->name);
	put_names(&rows, t, KEYS, ", ", "n");
	text_format(&put, "INSERT INTO %s (", t->name);
	put_names(&put, t, ALL, ", ", "n");
	text_put(&put, ") VALUES (");
	put_names(&put, t, ALL, ", ", "$");
	text_put(&put, ") ON CONFLICT (");
	put_names(&put, t, KEYS, ", ", "n");
	text_put(&put, t->key_count == t->count ? ") DO NOTHING" : ") DO UPDATE SET ");
	put_names(&put, t, OTHERS, ", ", "x");
	text_put(&get, "SELECT ");
	put_names(&get, t, ALL, ", ", "n");
	text_format(&get, " FROM %s WHERE ", t->name);
	put_names(&get, t, KEYS, " AND ", "=");
	text_format(&drop, "DELETE FROM %s WHERE ", t->name);
	put_names(&drop, t, KEYS, " AND ", "=");
	text_format(&clear, "DELETE FROM %s WHERE place_id = $1", t->name);
	text_format(&count, "SELECT count(*) FROM %s WHERE place_id = $1", t->name);
	put_one(out, t, "rows", "DB_EACH", number, &rows, 1, "i", t->letters);
	put_one(out, t, "put", "DB_LATER", number + 1, &put, t->count, t->letters, "");
	put_one(out, t, "get", "DB_ONE", number + 2, &get, t->key_count, key_types, t->letters);
	put_one(out, t, "drop", "DB_LATER", number + 3, &drop, t->key_count, key_types, "");
	put_one(out, t, "clear", "DB_CHANGED", number + 4, &clear, 1, "i", "");
	put_one(out, t, "count", "DB_ONE", number + 5, &count, 1, "i", "i");
}

static void
put_entry(struct text *out, const struct table *t)
{
	text_format(out, "\t{ .name = \"%s\", .columns = %d, .types = \"%s\", .keys = %d,\n"
	            "\t  .key_columns = { ", t->name, t->count, t->letters, t->key_count);
	for (int i = 0; i < t->key_count; i++)
		text_format(out, i == 0 ? "%d" : ", %d", t->keys[i]);
	text_put(out, " }, .key_names = { ");
	for (int i = 0; i < t->key_count; i++)
		text_format(out, i == 0 ? "\"%s\"" : ", \"%s\"", t->columns[t->keys[i]]);
	text_format(out, " },\n\t  .rows = &move_%s_rows, .put = &move_%s_put, .get = &move_%s_get,\n"
	            "\t  .drop = &move_%s_drop, .clear = &move_%s_clear, .count = &move_%s_count },\n",
	            t->name, t->name, t->name, t->name, t->name, t->name);
}

/* Not a place's rows, or what finds them again in the target by itself. */
static bool
stays(const char *table)
{
	return strcmp(table, "place_slug") == 0 || strcmp(table, "writer") == 0 ||
	       strcmp(table, "moved") == 0 || strncmp(table, "idea_search", 11) == 0;
}

static struct table *
read_table(struct sqlite3 *declared, const char *name)
{
	struct table *t = take(sizeof *t);
	struct schema_column column;

	t->name = take_copy(name, strlen(name));
	for (int i = 0; schema_column(declared, name, i, &column); i++) {
		const struct type *type = type_of(column.type, strlen(column.type));

		if (type == NULL || i == COLUMNS_MAX)
			return NULL; /* one engine's own, in its own words: a test names those that stay */
		t->columns[i] = take_copy(column.name, strlen(column.name));
		t->letters[i] = type->letter;
		t->count = i + 1;
		if (column.key > 0) {
			t->keys[column.key - 1] = i;
			t->key_count++;
		}
	}
	if (t->key_count == 0 || strcmp(t->columns[t->keys[0]], "place_id") != 0)
		return NULL; /* not kept by place */
	return t;
}

int
tables_read(struct schema *schema, struct table ***ret)
{
	struct table **tables = NULL;
	const char *name;
	int count = 0;

	for (int i = 0; (name = schema_table(schema, i)) != NULL; i++) {
		struct table *t = stays(name) ? NULL : read_table(schema_declared(schema), name);

		if (t == NULL)
			continue;
		tables = take_room(tables, (size_t)count, sizeof *tables);
		tables[count++] = t;
	}
	*ret = tables;
	return count;
}

int
tables_put_statements(struct text *out, struct table *const *tables, int count, int number)
{
	for (int i = 0; i < count; i++, number += 6)
		put_statements(out, tables[i], number);
	return number;
}

void
tables_put_list(struct text *out, struct table *const *tables, int count)
{
	for (int i = 0; i < count; i++)
		text_format(out, "\t&move_%s_rows, &move_%s_put, &move_%s_get, &move_%s_drop, &move_%s_clear,"
		            " &move_%s_count,\n", tables[i]->name, tables[i]->name, tables[i]->name,
		            tables[i]->name, tables[i]->name, tables[i]->name);
}

void
tables_put_table(struct text *out, struct table *const *tables, int count)
{
	text_put(out, "\nconst struct db_table db_tables[] = {\n");
	for (int i = 0; i < count; i++)
		put_entry(out, tables[i]);
	text_format(out, "};\nconst int db_table_total = %d;\n", count);
}
