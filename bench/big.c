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

/* Projects with an award and five payments each, on 2,000 days; a record whose tree is one full subtree. */
static void
fill_money_and_record(void)
{
	int64_t projects = members > 6400 ? 3000 : 3, leaves = members > 6400 ? 1048576 : 1024;
	int top = members > 6400 ? 20 : 10;

	sql("INSERT INTO account (place_id, id, kind, name, floor, balance) SELECT 10, 70000000 + i, CASE i WHEN 1"
	    " THEN 'source' WHEN 2 THEN 'pot' WHEN 3 THEN 'paid' ELSE 'award' END, 'Account ' || i, NULL, 0 %s",
	    numbers(projects + 3));
	sql("INSERT INTO entry (place_id, id, kind, happened_on, recorded_at, memo, project_id, client_key)"
	    " SELECT 10, 80000000 + i, CASE WHEN i <= %lld THEN 'award' ELSE 'payment' END, 86400000000 * (i %% 2000),"
	    " 86400000000 * (i %% 2000) + i, 'Entry ' || i, 71000000 + 1 + (i - 1) %% %lld, %s %s", (long long)projects,
	    (long long)projects, bytes("e"), numbers(projects * 6));
	sql("INSERT INTO posting (place_id, entry_id, line, account_id, amount) SELECT 10, 80000000 + i, 1,"
	    " CASE WHEN i <= %lld THEN 70000002 ELSE 70000004 + (i - 1) %% %lld END, CASE WHEN i <= %lld THEN -600"
	    " ELSE -100 END %s", (long long)projects, (long long)projects, (long long)projects, numbers(projects * 6));
	sql("INSERT INTO posting (place_id, entry_id, line, account_id, amount) SELECT 10, 80000000 + i, 2,"
	    " CASE WHEN i <= %lld THEN 70000004 + (i - 1) %% %lld ELSE 70000003 END, CASE WHEN i <= %lld THEN 600"
	    " ELSE 100 END %s", (long long)projects, (long long)projects, (long long)projects, numbers(projects * 6));
	sql("INSERT INTO project (place_id, id, round_id, number, title, award, account_id, created_at) SELECT 10,"
	    " 71000000 + i, 600, i, 'Project ' || i, 600, 70000003 + i, 1 %s", numbers(projects));
	sql("UPDATE account SET balance = (SELECT coalesce(sum(amount), 0) FROM posting p WHERE p.place_id = 10 AND"
	    " p.account_id = account.id) WHERE place_id = 10 AND id BETWEEN 70000001 AND 79999999");
	sql("DELETE FROM leaf_waiting WHERE place_id = 10");
	sql("INSERT INTO leaf (place_id, id, hash, body) SELECT 10, 90000000 + i, %s,"
	    " '{\"act\":\"roll-joined\",\"at\":\"2026-01-01T00:00:00Z\",\"n\":' || i || '}' %s", bytes("l"), numbers(leaves));
	sql("INSERT INTO leaf_position (place_id, position, leaf_id) SELECT 10, i - 1, 90000000 + i %s", numbers(leaves));
	sql("INSERT INTO tree_node (place_id, level, number, hash) SELECT 10, 0, i - 1, %s %s", bytes("l"), numbers(leaves));
	sql("INSERT INTO tree_node (place_id, level, number, hash) SELECT 10, %d, 0, %s %s", top, bytes("t"), numbers(1));
	sql("INSERT INTO tree_head (place_id, size, root, made_at) SELECT 10, %lld, %s, 1 %s", (long long)leaves,
	    bytes("t"), numbers(1));
}

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
	fill_money_and_record();
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
	measure(&c, "money", "/vale/money", requests);
	measure(&c, "record", "/vale/record", requests);
	measure(&c, "queue", "/vale/queue", requests);
	(void)snprintf(path, sizeof path, "/vale/decisions/%s/roll", id_text(v.p.round.value).text);
	measure(&c, "the roll", path, members > 6400 ? 30 : requests);
	(void)snprintf(path, sizeof path, "/vale/decisions/%s/turnout", id_text(v.p.round.value).text);
	measure(&c, "turnout", path, members > 6400 ? 30 : requests);
	http_close(&c);
	(void)http_server_stop(&server);
	voting_release(&v);
	return 0;
}
