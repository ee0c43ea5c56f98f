/* For whoever watches the server: /healthz says whether it is well, /metrics how it does. */
#include "acts/watch.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "web/request.h"

/* A batch of deeds never takes longer by itself (store/writer.h's patience, and some). */
#define STUCK_MS (WRITER_PATIENCE_MS + 10000)

static void
say(struct request *req, unsigned http, struct str words)
{
	page_file(req, "text/plain; charset=utf-8", NULL, words);
	req->response->http = http;
}

static void
page_health(struct request *req)
{
	struct desk *desk = exchange_of(req)->worker->server->options.desk;

	if (exchange_reader(exchange_of(req), 0, &req->act.db) != OK || act_watch_alive(&req->act) != OK)
		say(req, MHD_HTTP_SERVICE_UNAVAILABLE, STR("database\n"));
	else if (desk_writer_busy_ms(desk, 0) > STUCK_MS)
		say(req, MHD_HTTP_SERVICE_UNAVAILABLE, STR("writer\n"));
	else
		say(req, MHD_HTTP_OK, STR("well\n"));
}

/* ---- metrics ------------------------------------------------------------------------------ */

/* Somebody on this machine itself, not the world through a proxy; or who was named. */
static bool
may_watch(const struct exchange *x)
{
	const struct server_options *options = &x->worker->server->options;

	for (size_t i = 0; i < options->watchers_len; i++)
		if (address_eq(options->watchers[i], x->line->address))
			return true;
	return address_is_loopback(x->line->address) &&
	       MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "X-Forwarded-For") == NULL &&
	       MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Forwarded") == NULL;
}

/* Each figure of each database; one that does not answer has none. */
static void
put_databases(struct request *req, struct buf *out)
{
	static const struct { const char *name, *help; size_t at; } gauges[] = {
#define GAUGE(name, field, help) { name, help, offsetof(struct watch_figures, field) }
		GAUGE("folkmoot_places", places, "Places in the database."),
		GAUGE("folkmoot_outbox_mails", mails, "Mails that wait to be sent."),
		GAUGE("folkmoot_outbox_age_seconds", oldest_mail_s, "Age of the oldest of them."),
		GAUGE("folkmoot_jobs_due", jobs_due, "Jobs whose time has come."),
		GAUGE("folkmoot_jobs_overdue_seconds", overdue_s, "How long the first has been due."),
		GAUGE("folkmoot_record_waiting", leaves_waiting, "Public acts without a position yet."),
		GAUGE("folkmoot_record_height", height, "Public acts in all records."),
#undef GAUGE
	};
	struct exchange *x = exchange_of(req);
	struct desk *desk = x->worker->server->options.desk;
	struct watch_figures figures[HOMES_MAX];
	bool up[HOMES_MAX];
	int homes = desk_homes(desk);

	for (int i = 0; i < homes; i++) {
		struct act act = req->act;

		up[i] = exchange_reader(x, i, &act.db) == OK && act_watch_figures(&act, &figures[i]) == OK;
		metric_gauge(out, "folkmoot_database_up", "Whether the database answers.", i == 0,
		             "database", desk_home_name(desk, i), up[i]);
	}
	for (int i = 0; i < homes; i++)
		metric_gauge(out, "folkmoot_deeds_waiting", "Deeds in the writer's queue.", i == 0,
		             "database", desk_home_name(desk, i), desk_queue_length(desk, i));
	for (size_t g = 0; g < sizeof gauges / sizeof *gauges; g++)
		for (int i = 0, said = 0; i < homes; i++)
			if (up[i])
				metric_gauge(out, gauges[g].name, gauges[g].help, said++ == 0, "database",
				             desk_home_name(desk, i),
				             *(int64_t *)(void *)((char *)&figures[i] + gauges[g].at));
}

static int64_t
resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long long pages = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*s %lld", &pages) != 1)
		pages = 0;
	(void)fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

static int64_t
requests_in_flight(struct server *server)
{
	int64_t busy = 0;

	(void)pthread_mutex_lock(&server->lock);
	for (struct worker *w = server->workers; w != NULL; w = w->next)
		busy += atomic_load_explicit(&w->busy, memory_order_relaxed);
	(void)pthread_mutex_unlock(&server->lock);
	return busy;
}

static void
page_metrics(struct request *req)
{
	enum { TEXT_MAX = 1 << 20 };
	struct exchange *x = exchange_of(req);
	struct buf out;

	if (!may_watch(x)) {
		page_status(req, NOT_FOUND);
		return;
	}
	buf_init(&out, TEXT_MAX);
	metric_write(&out);
	metric_gauge(&out, "folkmoot_requests_in_flight", "Requests being answered.", true, NULL, NULL,
	             requests_in_flight(x->worker->server));
	metric_gauge(&out, "folkmoot_memory_bytes", "Resident memory.", true, NULL, NULL,
	             resident_bytes());
	metric_gauge(&out, "folkmoot_start_time_seconds", "When the server started, since 1970.", true,
	             NULL, NULL, x->worker->server->started.us / SECOND_US);
	metric_gauge(&out, "folkmoot_version", "Always 1.", true, "version", FOLKMOOT_VERSION, 1);
	put_databases(req, &out);
	buf_add_c(&out, "# EOF\n");
	if (buf_status(&out) == OK)
		page_file_of(req, "application/openmetrics-text; version=1.0.0; charset=utf-8", NULL, &out);
	else
		page_status(req, NO_MEMORY);
	buf_release(&out);
}

const struct route routes_watch[] = {
	{ .method = METHOD_GET, .path = "/healthz", .right = RIGHT_READ, .page = page_health,
	  .fresh = true, .by_itself = true },
	{ .method = METHOD_GET, .path = "/metrics", .right = RIGHT_READ, .page = page_metrics,
	  .fresh = true, .by_itself = true },
	{ .path = NULL },
};
