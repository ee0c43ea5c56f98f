/* What an engine gives db.c: SQLite (db_sqlite.c) and PostgreSQL (db_pg.c). Only these include it;
 * everybody else sees store/db.h, which says what each call means. */
#ifndef STORE_DB_ENGINE_H
#define STORE_DB_ENGINE_H

#include "store/db.h"

struct db_engine {
	bool remote; /* a commit may be cut in the middle */
	void (*close)(struct db *db);
	enum status (*begin)(struct db *db, bool write);
	enum status (*commit)(struct db *db);
	void (*rollback)(struct db *db);
	bool (*in_transaction)(const struct db *db);
	enum status (*savepoint)(struct db *db);
	enum status (*release)(struct db *db);
	void (*rollback_to)(struct db *db);
	bool (*is_sound)(const struct db *db);
	bool (*may_retry)(const struct db *db);
	int64_t (*data_version)(struct db *db);
	int64_t (*lag_ms)(struct db *db);
	void (*set_patience)(struct db *db, int ms);
	enum status (*script)(struct db *db, const char *sql);
	enum status (*backup)(struct db *db, const char *to_path);
	enum status (*start)(struct db *db, const struct db_statement *statement, void **ret_handle);
	void (*bind_int)(struct db_cursor *c, int index, int64_t value);
	void (*bind_text)(struct db_cursor *c, int index, struct str value);
	void (*bind_bytes)(struct db_cursor *c, int index, struct str value);
	void (*bind_null)(struct db_cursor *c, int index);
	enum status (*step)(struct db_cursor *c, bool *ret_row);
	bool (*is_null)(struct db_cursor *c, int column);
	int64_t (*integer)(struct db_cursor *c, int column);
	struct str (*view)(struct db_cursor *c, int column);
	int64_t (*changes)(struct db_cursor *c);
	void (*finish)(struct db_cursor *c);
};

/* The first member of each engine's own struct. */
struct db {
	const struct db_engine *engine;
	int64_t statement_count;
	int64_t write_count; /* those that may have changed something */
	int64_t fail_at; /* of statement_count; 0: never */
};

/* "FMoo": tells our database from any other. */
enum { DB_APPLICATION_ID = 0x464d6f6f };

enum status db_sqlite_open(const char *path, enum db_mode mode, struct db **ret,
                           const char **ret_why);
enum status db_pg_open(const char *url, enum db_mode mode, struct db **ret, const char **ret_why);

#endif
