/* Pages out of a replica that may be behind: never more than a second, and who has just written
 * sees it at once. Beside the two servers of with_postgres.sh --replica. */
#include <libpq-fe.h>

#include "http/site.h"

static void
sql_at(const char *host, const char *text)
{
	const char *keys[] = { "host", "dbname", NULL }, *values[] = { host, "postgres", NULL };
	PGconn *conn = PQconnectdbParams(keys, values, 0);
	PGresult *result = PQexec(conn, text);
	ExecStatusType st = PQresultStatus(result);

	if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s\n", text, PQerrorMessage(conn));
		exit(1);
	}
	PQclear(result);
	PQfinish(conn);
}

static void
write_settings(const char *folder)
{
	char path[PATH_MAX];
	FILE *file;

	(void)snprintf(path, sizeof path, "%.200s/folkmoot.conf", folder);
	file = fopen(path, "w");
	if (file == NULL)
		exit(1);
	fprintf(file, "databases: { main = \"postgresql:///postgres?host=%s\"; };\n"
	        "replicas: { main = \"postgresql:///postgres?host=%s\"; };\n",
	        getenv("PGHOST"), getenv("PGREPLICA"));
	(void)fclose(file);
}

static void
open_site(struct site *s)
{
	static const struct route *tables[40];
	struct server_options options;
	const char *why = "";
	size_t count = 0;

	for (; route_tables[count] != NULL; count++)
		tables[count] = route_tables[count];
	tables[count] = site_routes;
	scratch_init(&s->scratch);
	write_settings(s->scratch.folder);
	server_options_init(&options);
	options.tables = tables;
	options.port = 0;
	options.threads = 1;
	if (desk_open(s->scratch.folder, NULL, &s->desk, &why) != OK ||
	    desk_run(s->desk, site_fill, NULL) != OK) {
		fprintf(stderr, "desk: %s\n", why);
		exit(1);
	}
	options.desk = s->desk;
	if (server_start(&options, &s->server, &why) != OK)
		exit(1);
	http_init(&s->c, server_port(s->server));
	(void)usleep(1000 * 1000); /* the replica catches up with the schema */
}

static bool
sees(struct http *c, const char *words)
{
	return strstr(http_get(c, "/vale/ideas")->body.ptr, words) != NULL;
}

static void
add_idea(struct http *c, const char *title)
{
	char body[300];
	const char *key = strstr(http_get(c, "/vale/ideas/new")->body.ptr, "name=\"key\" value=\"");

	CHECK(key != NULL);
	if (key == NULL)
		return;
	(void)snprintf(body, sizeof body, "title=%s&body=What+it+is+about&key=%.13s", title, key + 18);
	CHECK_INT(http_post(c, "/vale/ideas/new", body)->status, 303);
}

static void
test_replica(void)
{
	struct site s;
	struct http other;

	open_site(&s);
	http_init(&other, server_port(s.server));
	site_sign_in(&s.c, maya);
	site_sign_in(&other, idris);
	(void)usleep(6000 * 1000); /* past the time in which a writer is served by the primary */
	add_idea(&s.c, "Swings");
	CHECK(sees(&s.c, "Swings"));
	(void)usleep(1000 * 1000);
	CHECK(sees(&s.c, "Swings") && sees(&other, "Swings"));
	/* That it is the replica that serves them: it sees nothing new while it is held. */
	sql_at(getenv("PGREPLICA"), "SELECT pg_wal_replay_pause()");
	add_idea(&s.c, "Benches");
	CHECK(sees(&s.c, "Benches"));
	CHECK(!sees(&other, "Benches"));
	/* A second later it is known to be behind, and nobody is sent there. */
	(void)usleep(1000 * 1000);
	CHECK(sees(&other, "Benches"));
	sql_at(getenv("PGREPLICA"), "SELECT pg_wal_replay_resume()");
	(void)usleep(1000 * 1000);
	CHECK(sees(&other, "Benches"));
	/* Gone altogether. */
	sql_at(getenv("PGREPLICA"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	       " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
	CHECK(sees(&other, "Benches"));
	http_close(&other);
	site_close(&s);
}

static const struct test_case cases[] = {
	{ "replica: pages a second old at most, one's own at once", test_replica },
};

int
main(void)
{
	return test_run_all(cases, 1);
}
