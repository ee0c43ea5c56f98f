#include "store/move.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/time.h"
#include "store/move.sql.h"

enum { ROWS_AT_ONCE = 4000, SQL_MAX = 4000, COLUMNS_MAX = 99 };

/* A row of any table, where it lies. */
struct row {
	bool null[COLUMNS_MAX];
	int64_t ints[COLUMNS_MAX];
	struct str texts[COLUMNS_MAX];
};

static void
row_read(struct db_cursor *c, const struct db_table *t, struct row *ret)
{
	for (int i = 0; i < t->columns; i++) {
		ret->null[i] = db_is_null(c, i);
		if (t->types[i] == 'i')
			ret->ints[i] = ret->null[i] ? 0 : db_int(c, i);
		else
			ret->texts[i] = ret->null[i] ? (struct str){ NULL, 0 } : db_view(c, i);
	}
}

static void
bind(struct db_cursor *c, int index, char type, const struct row *row, int column)
{
	if (row->null[column])
		db_bind_null(c, index);
	else if (type == 'i')
		db_bind_int(c, index, row->ints[column]);
	else if (type == 't')
		db_bind_text(c, index, row->texts[column]);
	else
		db_bind_bytes(c, index, row->texts[column]);
}

static enum status
row_put(struct db *to, const struct db_table *t, const struct row *row)
{
	struct db_cursor c;
	bool more;
	enum status st = db_start(to, t->put, &c);

	if (st != OK)
		return st;
	for (int i = 0; i < t->columns; i++)
		bind(&c, i + 1, t->types[i], row, i);
	st = db_step(&c, &more);
	db_finish(&c);
	return st;
}

/* The row's bytes, told apart from any other's. */
static void
row_add(struct buf *out, const struct db_table *t, const struct row *row)
{
	for (int i = 0; i < t->columns; i++) {
		uint64_t n = t->types[i] == 'i' ? (uint64_t)row->ints[i] : row->texts[i].len;

		buf_add_char(out, row->null[i] ? '0' : t->types[i]);
		buf_add(out, (struct str){ (const char *)&n, sizeof n });
		if (t->types[i] != 'i')
			buf_add(out, row->texts[i]);
	}
}

/* The place's own row has a state that differs on both sides while it moves. */
static bool
is_place(const struct db_table *t)
{
	return strcmp(t->name, "place") == 0;
}

/* ---- all rows ---------------------------------------------------------------------------- */

struct reading {
	struct db *to; /* NULL: only summed up */
	struct buf bytes;
	struct move_sum sum;
	void (*told)(void *context, int64_t rows);
	void *context;
};

static enum status
add_to_sum(struct reading *r, const struct db_table *t, const struct row *row)
{
	buf_clear(&r->bytes);
	buf_add(&r->bytes, digest_bytes(&r->sum.digest));
	row_add(&r->bytes, t, row);
	r->sum.digest = digest_of(buf_str(&r->bytes));
	r->sum.rows++;
	return buf_status(&r->bytes);
}

static enum status
pass_row(struct reading *r, const struct db_table *t, const struct row *row)
{
	enum status st;

	/* Without the place's own row nobody takes what is half there for a place: it comes last. */
	if (is_place(t))
		return OK;
	st = add_to_sum(r, t, row);
	if (st != OK || r->to == NULL)
		return st;
	st = row_put(r->to, t, row);
	if (st == OK && r->sum.rows % ROWS_AT_ONCE == ROWS_AT_ONCE - 1) {
		st = db_commit(r->to);
		if (st == OK)
			st = db_begin_write(r->to);
		if (st == OK && r->told != NULL)
			r->told(r->context, r->sum.rows);
	}
	return st;
}

static enum status
read_table(struct db *from, const struct db_table *t, struct place_id place, struct reading *r)
{
	struct row row;
	struct db_cursor c;
	bool more = false;
	enum status st = db_start(from, t->rows, &c);

	if (st != OK)
		return st;
	db_bind_int(&c, 1, place.value);
	while ((st = db_step(&c, &more)) == OK && more) {
		row_read(&c, t, &row);
		st = pass_row(r, t, &row);
		if (st != OK)
			break;
	}
	db_finish(&c);
	return st;
}

static enum status
read_all(struct db *from, struct place_id place, struct reading *r)
{
	enum status st = OK;

	buf_init(&r->bytes, (size_t)64 << 20);
	for (int i = 0; st == OK && i < db_table_total; i++)
		st = read_table(from, &db_tables[i], place, r);
	buf_release(&r->bytes);
	return st;
}

enum status
move_sum_up(struct db *db, struct place_id place, struct move_sum *ret)
{
	struct reading r = { .to = NULL };
	enum status st = read_all(db, place, &r);

	*ret = r.sum;
	return st;
}

enum status
move_copy(struct db *from, struct db *to, struct place_id place,
          void (*told)(void *context, int64_t rows), void *context, struct move_sum *ret)
{
	struct reading r = { .to = to, .told = told, .context = context };
	enum status st = db_begin_write(to);

	if (st == OK)
		st = read_all(from, place, &r);
	if (st == OK)
		st = move_search_put(to, place);
	if (st == OK)
		st = move_place_row(from, to, place);
	if (st == OK)
		st = move_state_set(to, place, STR("arriving"));
	if (st == OK)
		st = db_commit(to);
	if (st != OK)
		db_rollback(to);
	*ret = r.sum;
	return st;
}

enum status
move_count(struct db *db, struct place_id place, int64_t *ret)
{
	enum status st = OK;

	*ret = 0;
	for (int i = 0; st == OK && i < db_table_total; i++) {
		struct db_cursor c;
		bool more = false;

		st = db_start(db, db_tables[i].count, &c);
		if (st != OK)
			return st;
		db_bind_int(&c, 1, place.value);
		st = db_step(&c, &more);
		if (st == OK)
			*ret += is_place(&db_tables[i]) ? 0 : db_int(&c, 0);
		db_finish(&c);
	}
	return st;
}

static enum status
run_for_place(struct db *db, const struct db_statement *s, struct place_id place)
{
	struct db_cursor c;
	bool more;
	enum status st = db_start(db, s, &c);

	if (st != OK)
		return st;
	db_bind_int(&c, 1, place.value);
	st = db_step(&c, &more);
	db_finish(&c);
	return st;
}

/* One table a transaction: none of them is too large. */
static enum status
clear_one(struct db *db, struct place_id place, int table)
{
	enum status st = db_begin_write(db);

	if (st == OK && table < 0)
		st = move_search_clear(db, place);
	else if (st == OK)
		st = run_for_place(db, db_tables[table].clear, place);
	if (st == OK)
		st = db_commit(db);
	if (st != OK)
		db_rollback(db);
	return st;
}

enum status
move_clear(struct db *db, struct place_id place)
{
	enum status st = OK;

	for (int i = 0; st == OK && i < db_table_total; i++)
		if (is_place(&db_tables[i]))
			st = clear_one(db, place, i);
	if (st == OK)
		st = clear_one(db, place, -1); /* while the ideas are there to be found by */
	for (int i = 0; st == OK && i < db_table_total; i++)
		st = clear_one(db, place, i);
	return st;
}

/* ---- changes behind the copy --------------------------------------------------------------- */

/* The rest of the key as an SQL expression over NEW or OLD. */
static void
put_key(struct buf *sql, const struct db_table *t, const char *row, bool server)
{
	buf_add_c(sql, "''");
	for (int i = 1; i < t->keys; i++) {
		const char *name = t->key_names[i];
		char type = t->types[t->key_columns[i]];

		buf_add_c(sql, i > 1 ? " || ',' || " : " || ");
		if (type == 'i')
			buf_add_format(sql, "CAST(%s.%s AS text)", row, name);
		else if (!server)
			buf_add_format(sql, "lower(hex(%s.%s))", row, name);
		else if (type == 't')
			buf_add_format(sql, "encode(convert_to(%s.%s, 'UTF8'), 'hex')", row, name);
		else
			buf_add_format(sql, "encode(%s.%s, 'hex')", row, name);
	}
}

static void
put_note(struct buf *sql, const struct db_table *t, int number, const char *row, bool server)
{
	buf_add_format(sql, "INSERT INTO moved (place_id, id, number, key) VALUES (%s.place_id, %s, %d, ",
	               row, server ? "CAST(floor(random() * 9007199254740992) AS bigint) * 1000 +"
	                             " CAST(floor(random() * 1000) AS bigint)"
	                           : "abs(random() % 9223372036854775807)", number);
	put_key(sql, t, row, server);
	buf_add_c(sql, ");");
}

static enum status
script(struct db *db, struct buf *sql)
{
	enum status st = CONFLICT;

	buf_add_char(sql, '\0');
	if (buf_status(sql) != OK)
		return NO_MEMORY;
	st = db_script(db, sql->ptr);
	buf_clear(sql);
	return st;
}

static enum status
watch_sqlite(struct db *db, struct buf *sql, int number, struct place_id place)
{
	static const struct { const char *event, *rows; } events[] = {
		{ "INSERT", "N" }, { "UPDATE", "ON" }, { "DELETE", "O" } };
	const struct db_table *t = &db_tables[number];
	enum status st = OK;

	for (size_t i = 0; st == OK && i < sizeof events / sizeof *events; i++) {
		const char *row = events[i].rows[0] == 'N' ? "NEW" : "OLD";

		buf_add_format(sql, "CREATE TRIGGER IF NOT EXISTS moved_%d_%zu AFTER %s ON %s"
		               " WHEN %s.place_id = %lld BEGIN ", number, i, events[i].event, t->name, row,
		               (long long)place.value);
		for (const char *r = events[i].rows; *r != '\0'; r++)
			put_note(sql, t, number, *r == 'N' ? "NEW" : "OLD", false);
		buf_add_c(sql, " END");
		st = script(db, sql);
	}
	return st;
}

static enum status
watch_server(struct db *db, struct buf *sql, int number, struct place_id place)
{
	const struct db_table *t = &db_tables[number];
	enum status st;

	buf_add_format(sql, "CREATE OR REPLACE FUNCTION moved_%d() RETURNS trigger LANGUAGE plpgsql AS"
	               " $moved$ BEGIN IF TG_OP <> 'INSERT' AND OLD.place_id = %lld THEN ", number,
	               (long long)place.value);
	put_note(sql, t, number, "OLD", true);
	buf_add_format(sql, " END IF; IF TG_OP <> 'DELETE' AND NEW.place_id = %lld THEN ",
	               (long long)place.value);
	put_note(sql, t, number, "NEW", true);
	buf_add_c(sql, " END IF; RETURN NULL; END $moved$");
	st = script(db, sql);
	if (st != OK)
		return st;
	buf_add_format(sql, "CREATE TRIGGER moved_%d AFTER INSERT OR UPDATE OR DELETE ON %s"
	               " FOR EACH ROW EXECUTE FUNCTION moved_%d()", number, t->name, number);
	return script(db, sql);
}

static enum status
forget_changes(struct db *db, struct place_id place)
{
	enum status st = db_begin_write(db);

	if (st == OK)
		st = move_changes_forget(db, place);
	if (st == OK)
		st = db_commit(db);
	if (st != OK)
		db_rollback(db);
	return st;
}

enum status
move_watch(struct db *from, struct place_id place)
{
	bool server = db_is_remote(from);
	struct buf sql;
	enum status st = move_unwatch(from, place);

	buf_init(&sql, SQL_MAX);
	for (int i = 0; st == OK && i < db_table_total; i++) {
		if (is_place(&db_tables[i]))
			continue;
		st = server ? watch_server(from, &sql, i, place) : watch_sqlite(from, &sql, i, place);
	}
	buf_release(&sql);
	return st;
}

enum status
move_unwatch(struct db *from, struct place_id place)
{
	bool server = db_is_remote(from);
	struct buf sql;
	enum status st = OK;

	buf_init(&sql, SQL_MAX);
	for (int i = 0; st == OK && i < db_table_total; i++) {
		for (int event = 0; st == OK && event < (server ? 1 : 3); event++) {
			if (server)
				buf_add_format(&sql, "DROP TRIGGER IF EXISTS moved_%d ON %s", i, db_tables[i].name);
			else
				buf_add_format(&sql, "DROP TRIGGER IF EXISTS moved_%d_%d", i, event);
			st = script(from, &sql);
		}
		if (st == OK && server) {
			buf_add_format(&sql, "DROP FUNCTION IF EXISTS moved_%d()", i);
			st = script(from, &sql);
		}
	}
	buf_release(&sql);
	return st == OK ? forget_changes(from, place) : st;
}

/* ---- catching up --------------------------------------------------------------------------- */

static int
hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum status
unhex(struct arena *arena, struct str hex, struct str *ret)
{
	char *bytes = arena_bytes(arena, hex.len / 2 + 1);

	if (bytes == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		int high = hex_value(hex.ptr[i]), low = hex_value(hex.ptr[i + 1]);

		if (high < 0 || low < 0)
			return FAILED;
		bytes[i / 2] = (char)(high << 4 | low);
	}
	*ret = (struct str){ bytes, hex.len / 2 };
	return OK;
}

/* A noted key, into the columns of a row where it stands. */
static enum status
key_read(struct arena *arena, const struct db_table *t, struct place_id place, struct str key,
         struct row *ret)
{
	enum status st = OK;

	memset(ret, 0, sizeof *ret);
	ret->ints[t->key_columns[0]] = place.value;
	for (int i = 1; st == OK && i < t->keys; i++) {
		struct str part = str_next(&key, ',');
		int column = t->key_columns[i];

		st = t->types[column] == 'i' ? str_to_int(part, &ret->ints[column])
		                             : unhex(arena, part, &ret->texts[column]);
	}
	return st;
}

static enum status
start_by_key(struct db *db, const struct db_table *t, const struct db_statement *s,
             const struct row *key, struct db_cursor *ret)
{
	enum status st = db_start(db, s, ret);

	for (int i = 0; st == OK && i < t->keys; i++)
		bind(ret, i + 1, t->types[t->key_columns[i]], key, t->key_columns[i]);
	return st;
}

static enum status
row_drop(struct db *to, const struct db_table *t, const struct row *key)
{
	struct db_cursor c;
	bool more;
	enum status st = start_by_key(to, t, t->drop, key, &c);

	if (st != OK)
		return st;
	st = db_step(&c, &more);
	db_finish(&c);
	return st;
}

/* The row as it is now, when it is there. */
static enum status
row_follow(struct db *from, struct db *to, const struct db_table *t, const struct row *key)
{
	struct row row;
	struct db_cursor c;
	bool more = false;
	enum status st = start_by_key(from, t, t->get, key, &c);

	if (st != OK)
		return st;
	st = db_step(&c, &more);
	if (st == OK && more) {
		row_read(&c, t, &row);
		st = row_put(to, t, &row);
	}
	db_finish(&c);
	return st;
}

/* All the rows go first: one that is new may have the unique words of one that is gone. */
static enum status
follow(struct db *from, struct db *to, struct place_id place, struct arena *arena,
       const struct move_changes_rows *changes)
{
	struct row *key = ARENA_NEW(arena, struct row);
	enum status st = key == NULL ? NO_MEMORY : OK;

	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; st == OK && i < changes->len; i++) {
			const struct db_table *t = &db_tables[changes->ptr[i].number];

			st = key_read(arena, t, place, changes->ptr[i].key, key);
			if (st == OK)
				st = turn == 0 ? row_drop(to, t, key) : row_follow(from, to, t, key);
			if (st == OK && turn == 1 && strcmp(t->name, "idea") == 0)
				st = move_search_put_one(to, place,
				                         (struct idea_id){ key->ints[t->key_columns[1]] });
		}
	for (size_t i = 0; st == OK && i < changes->len; i++)
		st = move_change_done(from, place, changes->ptr[i].id);
	return st;
}

enum status
move_catch_up(struct db *from, struct db *to, struct place_id place, int64_t most, bool hold,
              struct move_pace *ret)
{
	struct move_changes_rows changes = { NULL, 0 };
	struct move_hold_row held;
	int64_t begun;
	struct arena arena;
	enum status st;

	/* Read, followed and forgotten in one transaction of the source: what changes meanwhile is
	 * noted anew. */
	arena_init(&arena, (size_t)256 << 20);
	st = db_begin_write(from);
	if (st == OK)
		st = db_begin_write(to);
	if (st == OK && hold)
		st = move_hold(from, &arena, place, &held);
	begun = time_passing_us();
	if (st == OK)
		st = move_changes(from, &arena, place, most, &changes);
	if (st == OK)
		st = follow(from, to, place, &arena, &changes);
	if (st == OK)
		st = db_commit(to);
	if (st == OK)
		st = db_commit(from);
	if (st != OK) {
		db_rollback(to);
		db_rollback(from);
	}
	*ret = (struct move_pace){ st == OK ? (int64_t)changes.len : 0, time_passing_us() - begun };
	arena_release(&arena);
	return st;
}

enum status
move_place_row(struct db *from, struct db *to, struct place_id place)
{
	struct row *key;
	struct arena arena;
	enum status st = OK;

	arena_init(&arena, 1 << 20);
	key = ARENA_NEW(&arena, struct row);
	if (key == NULL)
		st = NO_MEMORY;
	for (int i = 0; st == OK && i < db_table_total; i++)
		if (is_place(&db_tables[i])) {
			key->ints[db_tables[i].key_columns[0]] = place.value;
			st = row_follow(from, to, &db_tables[i], key);
		}
	arena_release(&arena);
	return st;
}
