/* What a request reads with: which database, primary or replica, one snapshot; and who is asking. */
#include "acts/session.h"
#include "web/request.h"

struct desk *
exchange_desk(const struct exchange *x)
{
	return x->worker->server->options.desk;
}

struct db *
exchange_db(const struct exchange *x)
{
	return x->replica ? x->worker->replicas[x->home] : x->worker->dbs[x->home];
}

/* A number that is another whenever one of the databases is. */
int64_t
exchange_version(struct exchange *x)
{
	int64_t sum = 0;

	x->worker->versions[x->home] = db_data_version(exchange_db(x));
	for (int i = 0; i < desk_homes(exchange_desk(x)); i++)
		sum += x->worker->versions[i];
	return sum;
}

/* One snapshot for all that a request reads at once. */
enum status
exchange_begin_read(struct exchange *x)
{
	enum status st = db_begin_read(exchange_db(x));

	x->read_us = time_passing_us();
	x->statements = db_statement_count(exchange_db(x));
	x->reading = st == OK;
	return st;
}

void
exchange_end_read(struct exchange *x)
{
	if (!x->reading)
		return;
	/* COMMIT is the cheap end of a transaction that has only read. */
	if (db_commit(exchange_db(x)) != OK)
		db_rollback(exchange_db(x));
	metric_observe(METRIC_DB_READ, time_passing_us() - x->read_us);
	metric_add(METRIC_STATEMENTS, db_statement_count(exchange_db(x)) - x->statements);
	x->reading = false;
}

/* ---- who and where ---------------------------------------------------------------------- */

/* Pages may be a second old, but for whoever has just done something: those come from the primary,
 * as all do while the replica is away or behind. */
void
exchange_choose_replica(struct exchange *x)
{
	enum { LAG_MOST_MS = 500, AGAIN_MS = 5000 };
	struct db **db = &x->worker->replicas[x->home];
	const char *why;

	if (x->req.route->method != METHOD_GET || !desk_has_replica(exchange_desk(x), x->home) ||
	    exchange_cookie(x, COOKIE_WROTE).len > 0)
		return;
	if (*db == NULL && clock_ms() >= x->worker->replica_again_ms[x->home]) {
		x->worker->replica_again_ms[x->home] = clock_ms() + AGAIN_MS;
		(void)!desk_replica_of(exchange_desk(x), x->home, db, &why);
	}
	x->replica = *db != NULL && db_lag_ms(*db) <= LAG_MOST_MS;
}

enum status
exchange_reader(struct exchange *x, int home, struct db **ret)
{
	struct db **db = &x->worker->dbs[home];
	const char *why;
	enum status st = *db != NULL ? OK : desk_reader_of(exchange_desk(x), home, db, &why);

	*ret = *db;
	return st;
}

enum status
exchange_open_reader(struct exchange *x)
{
	struct db *db;

	return exchange_reader(x, x->home, &db);
}

static enum status
enter(struct exchange *x)
{
	struct request *req = &x->req;
	struct str language = STR("en");
	uint8_t seed[32];
	enum status st = OK;

	req->act.db = exchange_db(x);
	chance_bytes(&x->worker->chance, seed, sizeof seed);
	chance_from_seed(&req->act.chance, seed);
	if (x->slug.len > 0) {
		st = act_session_enter(&req->act, x->slug, x->session);
		language = req->act.place.language;
	}
	req->format = (struct format){
		.locale = locale_negotiate(exchange_header(x, "Accept-Language"), locale_get(language)),
		.currency = req->act.place.currency,
		.zone = req->act.place.zone,
	};
	if (st == OK)
		st = act_require(&req->act, req->route->right);
	return st;
}

/* Its place was not where it was thought to be: has it moved? Then x->home is another. */
bool
exchange_has_moved(struct exchange *x)
{
	int home = x->home;

	if (x->slug.len == 0 || !desk_look_again(exchange_desk(x)))
		return false;
	x->home = desk_home_of_slug(exchange_desk(x), x->slug);
	return x->home != home;
}

enum status
exchange_enter(struct exchange *x)
{
	enum status st = exchange_begin_read(x);

	if (st == OK)
		st = enter(x);
	if (x->replica && (st == UNAVAILABLE || st == NOT_FOUND)) { /* better ask the primary */
		exchange_end_read(x);
		x->replica = false;
		st = exchange_begin_read(x);
		if (st == OK)
			st = enter(x);
	}
	if (st != NOT_FOUND)
		return st;
	exchange_end_read(x);
	if (!exchange_has_moved(x)) {
		/* It may be a place of a database that does not answer. */
		st = desk_any_silent(exchange_desk(x)) ? UNAVAILABLE : NOT_FOUND;
		return exchange_begin_read(x) == OK ? st : UNAVAILABLE;
	}
	st = exchange_open_reader(x);
	if (st == OK)
		st = exchange_begin_read(x);
	return st == OK ? enter(x) : st;
}
