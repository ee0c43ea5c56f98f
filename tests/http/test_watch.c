/* /metrics, /healthz, what the log says of a request, and how many statements each page runs. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/site.h"
#include "store/metric.h"
#include "store/comment.sql.h"
#include "store/idea.sql.h"

/* ---- the text ---------------------------------------------------------------------------- */

static bool
is_number(struct str text)
{
	char *end;

	if (str_is(text, "+Inf"))
		return true;
	(void)strtod(text.ptr, &end);
	return text.len > 0 && end == text.ptr + text.len;
}

/* Each line by the grammar of OpenMetrics, as far as we write it; each sample belongs to the family
 * that was announced before it. */
static int
read_metrics(struct str text)
{
	char family[80] = "";
	bool ended = false;
	int samples = 0;

	while (text.ptr != NULL && text.len > 0) {
		struct str line = str_next(&text, '\n');

		CHECK(!ended);
		ended = str_is(line, "# EOF");
		if (str_starts(line, STR("# TYPE "))) {
			struct str rest = str_cut(line, 7, line.len), name = str_next(&rest, ' ');

			(void)snprintf(family, sizeof family, "%.*s", STR_ARG(name));
			CHECK(str_is(rest, "counter") || str_is(rest, "gauge") || str_is(rest, "histogram"));
		} else if (line.len > 0 && line.ptr[0] != '#') {
			size_t space = str_find(line, STR("} ")) < line.len ? str_find(line, STR("} ")) + 1
			                                                     : str_find(line, STR(" "));

			CHECK(str_starts(line, str_of(family)));
			CHECK(is_number(str_cut(line, space + 1, line.len)));
			samples++;
		}
	}
	CHECK(ended);
	return samples;
}

static int64_t
sample(const struct reply *r, const char *name)
{
	size_t at = str_find(r->body, str_of(name));

	CHECK(at < r->body.len);
	return at < r->body.len ? strtoll(r->body.ptr + at + strlen(name), NULL, 10) : -1;
}

static void
test_metrics(void)
{
	struct site s;
	struct reply *r;
	int64_t before;

	site_open(&s);
	CHECK_INT(http_get(&s.c, "/vale/")->status, 200);
	r = http_get(&s.c, "/metrics");
	CHECK_INT(r->status, 200);
	CHECK(str_find(r->head, STR("application/openmetrics-text; version=1.0.0")) < r->head.len);
	CHECK(read_metrics(r->body) > 80);
	CHECK_INT(sample(r, "\nfolkmoot_places{database=\"main\"} "), 2);
	CHECK_INT(sample(r, "\nfolkmoot_database_up{database=\"main\"} "), 1);
	before = sample(r, "\nfolkmoot_requests_total{class=\"4xx\"} ");
	CHECK_INT(http_get(&s.c, "/vale/nothing")->status, 404);
	CHECK_INT(sample(http_get(&s.c, "/metrics"), "\nfolkmoot_requests_total{class=\"4xx\"} "), before + 1);
	/* Every alert asks for something that is there. */
	site_close(&s);
}

static void
test_who_may(void)
{
	struct site s;

	site_open(&s);
	s.c.headers = "X-Forwarded-For: 192.0.2.7\r\n";
	CHECK_INT(http_get(&s.c, "/metrics")->status, 404);
	s.c.headers = "Forwarded: for=192.0.2.7\r\n";
	CHECK_INT(http_get(&s.c, "/metrics")->status, 404);
	s.c.headers = NULL;
	CHECK_INT(http_get(&s.c, "/metrics")->status, 200);
	CHECK_STR(http_get(&s.c, "/healthz")->body, "well\n");
	site_close(&s);
}

/* The names in the alerts' file are names that /metrics has. */
static void
test_alerts(void)
{
	static char text[20000];
	const char *at = text;
	struct site s;
	struct str body;
	FILE *file = fopen(getenv("ALERTS"), "r");
	int names = 0;

	CHECK(file != NULL);
	if (file == NULL)
		return;
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	(void)fclose(file);
	site_open(&s);
	body = http_get(&s.c, "/metrics")->body;
	while ((at = strstr(at, "folkmoot_")) != NULL) {
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		char name[100];

		(void)snprintf(name, sizeof name, "\n%.*s", (int)len, at);
		CHECK(str_find(body, str_of(name)) < body.len);
		if (str_find(body, str_of(name)) == body.len)
			printf("# %s\n", name);
		names++;
		at += len;
	}
	CHECK(names > 8);
	site_close(&s);
}

/* ---- the log ----------------------------------------------------------------------------- */

/* What the log says while `ask` is done, in the arena. */
static struct str
logged(struct site *s, void (*ask)(struct site *s))
{
	char path[PATH_MAX + 8];
	int kept = dup(STDERR_FILENO), fd;
	char *text;
	ssize_t n;

	(void)snprintf(path, sizeof path, "%.*s/log", PATH_MAX - 8, s->scratch.folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	(void)dup2(fd, STDERR_FILENO);
	ask(s);
	(void)usleep(50000);
	(void)dup2(kept, STDERR_FILENO);
	text = arena_bytes(&s->scratch.arena, 65536);
	n = pread(fd, text, 65536, 0);
	(void)close(fd);
	(void)close(kept);
	return (struct str){ text, n < 0 ? 0 : (size_t)n };
}

static enum status
sleep_long(struct act *act, struct request *req, struct refusal *why)
{
	(void)act;
	(void)req;
	(void)why;
	(void)usleep(1100 * 1000);
	return UNAVAILABLE;
}

static void
ask_slowly(struct site *s)
{
	http_get(&s->c, "/vale/test-in");
	CHECK_INT(http_post(&s->c, "/vale/test-slow", "email=secret%40person.example&code=424242")->status,
	          503);
}

static void
page_slow(struct request *req)
{
	page_go(req, "/");
}

static const struct route slow_routes[] = {
	{ .method = METHOD_POST, .path = "/{place}/test-slow", .right = RIGHT_READ, .deed = sleep_long,
	  .page = page_slow, .fields = { { "email", FIELD_LINE, 40 }, { "code", FIELD_LINE, 10 } } },
	{ .path = NULL },
};

static void
test_log(void)
{
	struct site s;
	struct str text;

	site_open_with(&s, slow_routes);
	text = logged(&s, ask_slowly);
	CHECK(str_find(text, STR("event=request.slow")) < text.len);
	CHECK(str_find(text, STR("event=request.failed")) < text.len);
	CHECK(str_find(text, STR("/{place}/test-slow")) < text.len);
	/* Every line says which request; none says who or what. */
	while (text.ptr != NULL && text.len > 0) {
		struct str line = str_next(&text, '\n');

		CHECK(line.len == 0 || str_find(line, STR(" request=")) < line.len);
		if (line.len > 0 && str_find(line, STR(" request=")) == line.len)
			printf("# %.*s\n", STR_ARG(line));
		CHECK(str_find(line, STR("secret")) == line.len);
		CHECK(str_find(line, STR("person.example")) == line.len);
		CHECK(str_find(line, STR("424242")) == line.len);
		CHECK(str_find(line, STR("vale")) == line.len);
	}
	site_close(&s);
}

/* ---- statements -------------------------------------------------------------------------- */

static enum status
add_rows(struct db *db, void *context)
{
	const int *range = context;
	enum status st = OK;

	for (int i = range[0]; st == OK && i < range[1]; i++) {
		struct idea_id idea = { 1000 + i };
		struct instant now = { time_now().us - i };

		st = idea_add(db, vale, idea, maya, STR("A bench"), STR("Under the lime tree"), NULL, now);
		if (st == OK)
			st = idea_version_add(db, vale, idea, 1, STR("A bench"), STR("Under the lime tree"), NULL,
			                      maya, now, STR("salt"));
		if (st == OK)
			st = idea_search_put(db, vale, idea, STR("A bench"), STR("Under the lime tree"));
		for (int c = 0; st == OK && c < i % 3 + 1; c++)
			st = comment_add(db, vale, idea, (struct comment_id){ 10 * i + c + 1 }, idris, STR("Yes"),
			                 now, STR("salt"));
	}
	return st;
}

static int64_t
statements(struct http *c, const char *path)
{
	int64_t before = metric_counted(METRIC_STATEMENTS);

	CHECK_INT(http_get(c, path)->status, 200);
	(void)usleep(2000); /* counted when the answer is out */
	return metric_counted(METRIC_STATEMENTS) - before;
}

/* Number of statements of each page, signed in as a steward; the same with 3 ideas as with 60. */
static void
test_statements(void)
{
	/* A page has place and person in one, and then what it shows. */
	static const struct { const char *path; int64_t want; } pages[] = {
		{ "/vale/", 7 },
		{ "/vale/ideas", 3 },
		{ "/vale/ideas?q=bench", 4 },
		{ "/vale/ideas/00000000000za", 4 },
		{ "/vale/ideas/00000000000za/history", 5 },
		{ "/vale/ideas/new", 2 },
		{ "/vale/decisions", 3 },
		{ "/vale/record", 4 },
		{ "/vale/queue", 6 },
		{ "/vale/about", 5 },
	};
	int few[] = { 0, 12 }, many[] = { 12, 60 };
	struct site s;

	site_open(&s);
	CHECK_INT(desk_run(s.desk, add_rows, few), OK);
	site_sign_in(&s.c, ana);
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
			int64_t got = statements(&s.c, pages[i].path);

			CHECK_INT(got, pages[i].want);
			if (got != pages[i].want)
				printf("# %s: %lld statements\n", pages[i].path, (long long)got);
		}
		if (round == 0)
			CHECK_INT(desk_run(s.desk, add_rows, many), OK);
	}
	site_close(&s);
}

static const struct test_case cases[] = {
	{ "metrics: OpenMetrics text, line by line", test_metrics },
	{ "metrics: not for the world", test_who_may },
	{ "metrics: alerts ask for what is there", test_alerts },
	{ "log: slow and failed requests by number, without anybody's words", test_log },
	{ "pages: so many statements each, however many rows", test_statements },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
