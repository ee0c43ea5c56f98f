/* How pages fare in a place of a million members, 100,000 ideas and 10 million ballots, beside one of
 * a thousand: bench_big MEMBERS IDEAS BALLOTS [REQUESTS]. On a file, or with
 * FOLKMOOT_TEST_DB=postgresql://… there. Ballots are of earlier, counted rounds of a million each (or
 * of MEMBERS) and of one that runs. Prints the 50th and 99th percentile of each page, signed in as a
 * steward, one request after the other. */
#include <time.h>

#include "http/voting.h"

static struct voting v;

static void
sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
sql(const char *format, ...)
{
	char text[2000];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	world_sql(&v.p.w, text);
}

/* Rows of the numbers 1 to n. */
static const char *
numbers(int64_t n)
{
	static char text[2][160];
	static int which;
	char *at = text[which ^= 1];

	if (v.p.w.beside.pg != NULL)
		(void)snprintf(at, sizeof text[0], "FROM generate_series(CAST(1 AS bigint), %lld) AS n(i)", (long long)n);
	else
		(void)snprintf(at, sizeof text[0], "FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		               " SELECT i + 1 FROM n WHERE i < %lld) SELECT i FROM n) n", (long long)n);
	return at;
}

/* 32 bytes that differ with i and salt. */
static const char *
bytes(const char *salt)
{
	static char text[2][120];
	static int which;
	char *at = text[which ^= 1];

	if (v.p.w.beside.pg != NULL)
		(void)snprintf(at, sizeof text[0], "sha256(CAST('%s' || i AS bytea))", salt);
	else
		(void)snprintf(at, sizeof text[0], "randomblob(32)");
	return at;
}

static int64_t members, ideas, ballots;

static void
fill(void)
{
	int64_t per_round = members < 1000000 ? members : 1000000;
	int rounds = (int)(ballots / per_round) - 1;

	sql("INSERT INTO person (place_id, id, name, email, joined_at) SELECT 10, 10000000 + i,"
	    " 'Person ' || i, 'p' || i || '@vale.example', i %s", numbers(members));
	sql("INSERT INTO idea (place_id, id, author_id, title, body, rough_cost, state, created_at,"
	    " changed_at, version, judgement, comments) SELECT 10, 50000000 + i, 10000000 + 1 + i %% %lld,"
	    " 'A ' || CASE i %% 5 WHEN 0 THEN 'bench' WHEN 1 THEN 'shed' WHEN 2 THEN 'lamp' WHEN 3 THEN 'tree'"
	    " ELSE 'path' END || ' for street ' || i, 'Where people of street ' || i || ' meet.', 100 * i,"
	    " 'open', 1000000 * i, 1000000 * i, 1, 0, 1 %s", (long long)members, numbers(ideas));
	sql("INSERT INTO idea_version (place_id, idea_id, version, title, body, author_id, written_at, salt)"
	    " SELECT 10, id, 1, title, body, author_id, created_at, %s FROM (SELECT i.*, i.id AS i FROM idea i"
	    " WHERE place_id = 10 AND id BETWEEN 50000001 AND 99999999) x", bytes("v"));
	sql("INSERT INTO comment (place_id, idea_id, id, author_id, body, created_at, salt) SELECT 10,"
	    " 50000000 + i, i, 101, 'Yes, please.', 1000000 * i, %s %s", bytes("c"), numbers(ideas));
	if (v.p.w.beside.pg != NULL)
		sql("INSERT INTO idea_search (place_id, idea_id, words) SELECT place_id, id,"
		    " folkmoot_vector(title, body) FROM idea WHERE place_id = 10 AND id BETWEEN 50000001 AND 99999999");
	else
		sql("INSERT INTO idea_search (rowid, place, title, body) SELECT id, 'p10', title, body FROM idea"
		    " WHERE place_id = 10 AND id BETWEEN 50000001 AND 99999999");
	for (int r = 0; r <= rounds; r++) {
		int64_t round = r == rounds ? v.p.round.value : 600 + r;
		char salt[20];

		(void)snprintf(salt, sizeof salt, "r%d-", r);
		if (r < rounds)
			sql("INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, rule,"
			    " utility, completion, ties, who_may, opens_at, closes_at, counted_at, created_at,"
			    " ballots) VALUES (10, %lld, 'Round %d', '', 'counted', 1, 'approval', 'greedy', 'cost',"
			    " 'none', 'id', 'members', 1, 2, %d, 1, %lld)", (long long)round, r, r + 2,
			    (long long)per_round);
		sql("INSERT INTO roll (place_id, round_id, person_id, area, struck, voted, receipt)"
		    " SELECT 10, %lld, 10000000 + i, NULL, 0, 1, %s %s", (long long)round, bytes(salt),
		    numbers(per_round));
		sql("INSERT INTO ballot (place_id, round_id, ballot_key, choice) SELECT 10, %lld, %s, '1,2' %s",
		    (long long)round, bytes(salt), numbers(per_round));
	}
	sql("ANALYZE");
}

static double
ms_of(struct http *c, const char *path)
{
	struct timespec a, b;

	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	if (http_get(c, path)->status != 200) {
		fprintf(stderr, "%s: %d\n", path, c->reply.status);
		exit(1);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	return (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(struct http *c, const char *name, const char *path, int requests)
{
	double *ms = calloc((size_t)requests, sizeof *ms);

	for (int i = 0; ms != NULL && i < requests + 20; i++)
		ms[i < 20 ? 0 : i - 20] = ms_of(c, path);
	qsort(ms, (size_t)requests, sizeof *ms, by_size);
	printf("| %s | %.2f | %.2f |\n", name, ms[requests / 2], ms[requests * 99 / 100]);
	(void)fflush(stdout);
	free(ms);
}

static void
fill_as_told(void)
{
	struct world *w = &v.p.w;

	world_begin(w);
	world_need(role_insert(w->db, w->act.place.id, (struct person_id){ 1000 }, STR("steward"),
	                       w->act.now), "steward");
	world_need(db_commit(w->db), "steward");
	fill();
}

int
main(int argc, char **argv)
{
	char database[PATH_MAX], headers[120], path[200];
	struct http_server server;
	struct http c;
	int requests;

	if (argc < 4) {
		fprintf(stderr, "bench_big MEMBERS IDEAS BALLOTS [REQUESTS]\n");
		return 2;
	}
	members = strtoll(argv[1], NULL, 10);
	ideas = strtoll(argv[2], NULL, 10);
	ballots = strtoll(argv[3], NULL, 10);
	requests = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 300;
	http_patience_ms = 600000;
	voting_init_with(&v, 1, fill_as_told);
	voting_database(&v, database);
	http_server_start(&server, v.folder,
	                  v.p.w.scratch.server ? (const char *const[]){ "--db", database, NULL } : NULL);
	http_init(&c, server.port);
	(void)snprintf(headers, sizeof headers, "Cookie: fm_vale=%s\r\n", v.voters[0].token);
	c.headers = headers;
	printf("%s, %lld members, %lld ideas, %lld ballots\n\n| page | half ms | 99%% ms |\n| --- | --: | --: |\n",
	       v.p.w.scratch.server ? "PostgreSQL" : "SQLite", (long long)members, (long long)ideas,
	       (long long)ballots);
	measure(&c, "home", "/vale/", requests);
	measure(&c, "ideas", "/vale/ideas", requests);
	(void)snprintf(path, sizeof path, "/vale/ideas?after=%s", id_text(50000000 + ideas / 2).text);
	measure(&c, "ideas, in the middle", path, requests);
	measure(&c, "ideas with a common word", "/vale/ideas?q=bench", requests);
	(void)snprintf(path, sizeof path, "/vale/ideas?q=street+%lld", (long long)(ideas / 3));
	measure(&c, "ideas with a rare word", path, requests);
	measure(&c, "similar ideas", "/vale/ideas/similar?q=A+bench+for+our+street", requests);
	(void)snprintf(path, sizeof path, "/vale/ideas/%s", id_text(50000000 + ideas / 2).text);
	measure(&c, "one idea", path, requests);
	measure(&c, "decisions", "/vale/decisions", requests);
	(void)snprintf(path, sizeof path, "/vale/decisions/%s", id_text(v.p.round.value).text);
	measure(&c, "a round that runs", path, requests);
	measure(&c, "ballot paper", v.ballot_path, requests);
	(void)snprintf(path, sizeof path, members > 6400 ? "/vale/decisions/%s/box?begins=ab"
	               : "/vale/decisions/%s/box?begins=", id_text(v.p.round.value).text);
	measure(&c, "a drawer of the box", path, requests);
	(void)snprintf(path, sizeof path, "/vale/decisions/%s/roll", id_text(v.p.round.value).text);
	measure(&c, "the roll", path, requests);
	(void)snprintf(path, sizeof path, "/vale/decisions/%s/turnout", id_text(v.p.round.value).text);
	measure(&c, "turnout", path, requests);
	measure(&c, "money", "/vale/money", requests);
	measure(&c, "record", "/vale/record", requests);
	measure(&c, "queue", "/vale/queue", requests);
	http_close(&c);
	(void)http_server_stop(&server);
	voting_release(&v);
	return 0;
}
