/* Statements on PostgreSQL: values go and come in binary, as libpq's pages on PQexecPrepared and
 * pipeline mode describe. */
#include "store/db_pg.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FETCH = 1000, QUEUED_MAX = 400 };

static struct db_pg *
own_of(struct db_cursor *c)
{
	return (struct db_pg *)c->db;
}

/* Once per statement and connection. */
static bool
slot_init(struct pg_slot *slot, const struct db_statement *statement)
{
	size_t n = (size_t)statement->parameters;
	char *room;

	if (slot->statement != NULL)
		return true;
	room = calloc(n + 1, sizeof *slot->ints + sizeof *slot->values + sizeof *slot->lengths +
	                     sizeof *slot->formats);
	if (room == NULL)
		return false;
	slot->ints = (int64_t *)(void *)room;
	slot->values = (const char **)(void *)(slot->ints + n + 1);
	slot->lengths = (int *)(void *)(slot->values + n + 1);
	slot->formats = slot->lengths + n + 1;
	for (size_t i = 0; i < n; i++)
		slot->formats[i] = 1;
	slot->statement = statement;
	return true;
}

void
pg_slots_release(struct db_pg *db)
{
	for (int i = 0; i < db_statement_total; i++) {
		PQclear(db->slots[i].result);
		free(db->slots[i].ints);
	}
}

enum status
pg_start(struct db *base, const struct db_statement *statement, void **ret_handle)
{
	struct db_pg *db = (struct db_pg *)base;
	struct pg_slot *slot = &db->slots[statement->number];
	const char *why;
	enum status st = pg_connected(db, &why);

	if (st != OK)
		return st;
	if (!slot_init(slot, statement))
		return NO_MEMORY;
	assert(!slot->running); /* a statement can't be run inside itself */
	slot->running = true;
	slot->asked = slot->no_more = slot->own_transaction = false;
	slot->row = -1;
	slot->changes = 0;
	*ret_handle = slot;
	return OK;
}

void
pg_bind_int(struct db_cursor *c, int index, int64_t value)
{
	struct pg_slot *slot = c->handle;

	slot->ints[index - 1] = (int64_t)htobe64((uint64_t)value);
	slot->values[index - 1] = (const char *)&slot->ints[index - 1];
	slot->lengths[index - 1] = sizeof value;
}

/* Bound texts live until db_finish. A NULL pointer would be NULL. */
void
pg_bind_bytes(struct db_cursor *c, int index, struct str value)
{
	struct pg_slot *slot = c->handle;

	assert(value.len <= INT32_MAX);
	slot->values[index - 1] = value.len > 0 ? value.ptr : "";
	slot->lengths[index - 1] = (int)value.len;
}

void
pg_bind_text(struct db_cursor *c, int index, struct str value)
{
	pg_bind_bytes(c, index, value);
}

void
pg_bind_null(struct db_cursor *c, int index)
{
	struct pg_slot *slot = c->handle;

	slot->values[index - 1] = NULL;
	slot->lengths[index - 1] = 0;
}

/* ---- rows by a cursor -------------------------------------------------------------------- */

/* :each may give ten million rows: they come a thousand at a time. */
static enum status
declare(struct db_pg *db, struct pg_slot *slot)
{
	const struct db_statement *s = slot->statement;
	size_t size = strlen(s->pg) + 80;
	char *text = malloc(size);
	bool sent;
	enum status st = OK;

	if (text == NULL)
		return NO_MEMORY;
	slot->own_transaction = !db->in_transaction;
	if (slot->own_transaction)
		st = db_begin_read(&db->db);
	if (st == OK)
		st = pg_make_explicit(db);
	if (st == OK) {
		(void)snprintf(text, size, "DECLARE c%d NO SCROLL CURSOR FOR %s", s->number, s->pg);
		sent = pg_send(db, NULL, NULL, text, s->parameters, s->parameter_types, slot->values,
		               slot->lengths, slot->formats);
		st = sent ? OK : UNAVAILABLE;
	}
	free(text);
	return st;
}

static enum status
fetch(struct db_pg *db, struct pg_slot *slot)
{
	char text[64];
	enum status st;

	PQclear(slot->result);
	slot->result = NULL;
	slot->row = -1;
	(void)snprintf(text, sizeof text, "FETCH %d FROM c%d", (int)FETCH, slot->statement->number);
	if (!pg_send(db, NULL, NULL, text, 0, "", NULL, NULL, NULL))
		return UNAVAILABLE;
	st = pg_collect(db, &slot->result);
	slot->no_more = st != OK || PQntuples(slot->result) < FETCH;
	return st;
}

static void
close_cursor(struct db_pg *db, struct pg_slot *slot)
{
	char text[32];

	if (slot->own_transaction) {
		db_rollback(&db->db);
	} else if (db->in_transaction && !db->failed) {
		(void)snprintf(text, sizeof text, "CLOSE c%d", slot->statement->number);
		(void)pg_send(db, NULL, NULL, text, 0, "", NULL, NULL, NULL);
	}
}

/* ---- rows -------------------------------------------------------------------------------- */

static enum status
ask(struct db_pg *db, struct pg_slot *slot)
{
	const struct db_statement *s = slot->statement;
	enum status st;

	slot->asked = true;
	db->last = s->name;
	if (s->kind == DB_EACH) {
		st = declare(db, slot);
		return st == OK ? fetch(db, slot) : st;
	}
	if (!pg_send(db, s->name, &slot->prepared, s->pg, s->parameters, s->parameter_types,
	             slot->values, slot->lengths, slot->formats))
		return UNAVAILABLE;
	/* Not without end: the server's answers to what is queued wait to be read. */
	if (s->kind == DB_LATER && db->in_transaction && db->queued < QUEUED_MAX)
		return OK;
	st = pg_collect(db, &slot->result);
	if (st == OK && s->kind >= DB_EXEC && !db->in_transaction)
		pg_note_commit(); /* by itself */
	if (st == OK && s->kind == DB_CHANGED)
		slot->changes = strtoll(PQcmdTuples(slot->result), NULL, 10);
	return st;
}

enum status
pg_step(struct db_cursor *c, bool *ret_row)
{
	struct db_pg *db = own_of(c);
	struct pg_slot *slot = c->handle;
	enum status st = OK;

	*ret_row = false;
	if (!slot->asked)
		st = ask(db, slot);
	else if (slot->statement->kind == DB_EACH && !slot->no_more &&
	         slot->row + 1 >= PQntuples(slot->result))
		st = fetch(db, slot);
	if (st != OK || slot->result == NULL)
		return st;
	slot->row++;
	*ret_row = slot->row < PQntuples(slot->result);
	return OK;
}

bool
pg_is_null(struct db_cursor *c, int column)
{
	struct pg_slot *slot = c->handle;

	return PQgetisnull(slot->result, slot->row, column) != 0;
}

int64_t
pg_number(const PGresult *result, int row, int column)
{
	const uint8_t *at = (const uint8_t *)PQgetvalue(result, row, column);
	int len = PQgetlength(result, row, column);
	/* bool and the smaller integers are sign-extended. */
	uint64_t value = len > 0 && len > 1 && at[0] >= 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < len; i++)
		value = value << 8 | at[i];
	return (int64_t)value;
}

int64_t
pg_integer(struct db_cursor *c, int column)
{
	struct pg_slot *slot = c->handle;

	return pg_number(slot->result, slot->row, column);
}

struct str
pg_view(struct db_cursor *c, int column)
{
	struct pg_slot *slot = c->handle;

	return (struct str){ PQgetvalue(slot->result, slot->row, column),
		             (size_t)PQgetlength(slot->result, slot->row, column) };
}

int64_t
pg_changes(struct db_cursor *c)
{
	struct pg_slot *slot = c->handle;

	return slot->changes;
}

void
pg_finish(struct db_cursor *c)
{
	struct pg_slot *slot = c->handle;

	if (slot->asked && slot->statement->kind == DB_EACH)
		close_cursor(own_of(c), slot);
	PQclear(slot->result);
	slot->result = NULL;
	slot->running = false;
}
