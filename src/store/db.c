/* Which engine a database is of, and what both have in common. */
#include "store/db.h"

#include <string.h>

#include "store/db_engine.h"

bool
db_is_server(const char *where)
{
	return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

enum status
db_open(const char *where, enum db_mode mode, struct db **ret, const char **ret_why)
{
	*ret = NULL;
	if (db_is_server(where))
		return db_pg_open(where, mode, ret, ret_why);
	return db_sqlite_open(strncmp(where, "sqlite:", 7) == 0 ? where + 7 : where, mode, ret,
	                      ret_why);
}

void
db_close(struct db *db)
{
	if (db != NULL)
		db->engine->close(db);
}

/* ---- transactions ---------------------------------------------------------------------- */

enum status
db_begin_read(struct db *db)
{
	return db->engine->begin(db, false);
}

enum status
db_begin_write(struct db *db)
{
	return db->engine->begin(db, true);
}

enum status
db_commit(struct db *db)
{
	return db->engine->commit(db);
}

void
db_rollback(struct db *db)
{
	db->engine->rollback(db);
}

bool
db_in_transaction(const struct db *db)
{
	return db->engine->in_transaction(db);
}

enum status
db_savepoint(struct db *db)
{
	return db->engine->savepoint(db);
}

enum status
db_release(struct db *db)
{
	return db->engine->release(db);
}

void
db_rollback_to(struct db *db)
{
	db->engine->rollback_to(db);
}

bool
db_is_remote(const struct db *db)
{
	return db->engine->remote;
}

bool
db_is_sound(const struct db *db)
{
	return db->engine->is_sound(db);
}

bool
db_may_retry(const struct db *db)
{
	return db->engine->may_retry(db);
}

int64_t
db_data_version(struct db *db)
{
	return db->engine->data_version(db);
}

int64_t
db_lag_ms(struct db *db)
{
	return db->engine->lag_ms(db);
}

void
db_set_patience(struct db *db, int ms)
{
	db->engine->set_patience(db, ms);
}

int64_t
db_statement_count(const struct db *db)
{
	return db->statement_count;
}

int64_t
db_write_count(const struct db *db)
{
	return db->write_count;
}

void
db_fail_at(struct db *db, int64_t n)
{
	db->fail_at = n == 0 ? 0 : db->statement_count + n;
}

enum status
db_script(struct db *db, const char *sql)
{
	return db->engine->script(db, sql);
}

enum status
db_backup(struct db *db, const char *to_path)
{
	return db->engine->backup(db, to_path);
}

/* ---- for generated code ---------------------------------------------------------------- */

enum status
db_start(struct db *db, const struct db_statement *statement, struct db_cursor *ret)
{
	enum status st;

	ret->db = db;
	st = db->engine->start(db, statement, &ret->handle);
	if (st != OK)
		return st;
	db->statement_count++;
	db->write_count += statement->kind >= DB_EXEC;
	if (db->statement_count != db->fail_at)
		return OK;
	db->engine->finish(ret);
	return UNAVAILABLE;
}

void
db_bind_int(struct db_cursor *c, int index, int64_t value)
{
	c->db->engine->bind_int(c, index, value);
}

void
db_bind_text(struct db_cursor *c, int index, struct str value)
{
	c->db->engine->bind_text(c, index, value);
}

void
db_bind_bytes(struct db_cursor *c, int index, struct str value)
{
	c->db->engine->bind_bytes(c, index, value);
}

void
db_bind_null(struct db_cursor *c, int index)
{
	c->db->engine->bind_null(c, index);
}

enum status
db_step(struct db_cursor *c, bool *ret_row)
{
	return c->db->engine->step(c, ret_row);
}

bool
db_is_null(struct db_cursor *c, int column)
{
	return c->db->engine->is_null(c, column);
}

int64_t
db_int(struct db_cursor *c, int column)
{
	return c->db->engine->integer(c, column);
}

struct str
db_view(struct db_cursor *c, int column)
{
	return c->db->engine->view(c, column);
}

enum status
db_text(struct db_cursor *c, int column, struct arena *arena, struct str *ret)
{
	return str_copy(arena, db_view(c, column), ret);
}

int64_t
db_changes(struct db_cursor *c)
{
	return c->db->engine->changes(c);
}

void
db_finish(struct db_cursor *c)
{
	c->db->engine->finish(c);
}

void *
db_room(struct arena *arena, void *array, size_t count, size_t item_size)
{
	void *larger;

	if (count > 0 && (count < 8 || (count & (count - 1)) != 0))
		return array;
	larger = arena_array(arena, count == 0 ? 8 : 2 * count, item_size);
	if (larger != NULL && count > 0)
		memcpy(larger, array, count * item_size);
	return larger;
}
