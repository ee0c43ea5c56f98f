/* A thousand places in three databases behind one server: each is answered from its own, one that is
 * away takes nobody else with it, and pages about all of them say who did not answer. On
 * PostgreSQL (tests/pg/both.sh) main is there and the others are files. */
#include <sys/stat.h>
#include <unistd.h>

#include "http/http.h"
#include "store/idea.sql.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "store/scratch.h"
#include "acts/desk.h"
#include "web/server.h"

enum { PLACES = 1000, HOMES = 3 };

static struct {
	struct scratch scratch;
	char where[HOMES][PATH_MAX];
	struct desk *desk;
	struct server *server;
	struct http c;
} s;

static void
need(enum status st, const char *what)
{
	if (st != OK) {
		fprintf(stderr, "%s: %s\n", what, status_name(st));
		exit(1);
	}
}

/* The places whose number leaves `home` when divided by three. */
static void
fill(int home)
{
	struct db *db;
	const char *why = "";

	need(db_open(s.where[home], DB_CREATE, &db, &why), why);
	need(db_begin_write(db), "begin");
	for (int i = home; i < PLACES; i += HOMES) {
		struct place_id place = { 1000 + i };
		char slug[20], name[40], title[60];

		(void)snprintf(slug, sizeof slug, "place-%d", i);
		(void)snprintf(name, sizeof name, i == 5 ? "\xc3\x89" "cole du Lac %d" : "Place number %d", i);
		(void)snprintf(title, sizeof title, "A bench for %d", i);
		need(place_slug_insert(db, str_of(slug), place), "slug");
		need(place_insert(db, place, str_of(slug), str_of(name), STR("To share"), STR("en"), STR("GBP"),
		                  STR("Europe/London"), NULL, NULL, STR("none"), STR("{}"), false,
		                  (struct instant){ 1 }), "place");
		need(person_insert(db, place, (struct person_id){ 5 }, STR("Maya"), NULL, (struct instant){ 1 }),
		     "person");
		need(idea_add(db, place, (struct idea_id){ 1 + i }, (struct person_id){ 5 }, str_of(title),
		              STR("Of oak"), NULL, (struct instant){ i * SECOND_US }), "idea");
		need(idea_search_put(db, place, (struct idea_id){ 1 + i }, str_of(title), STR("Of oak")), "words");
	}
	need(db_commit(db), "commit");
	db_close(db);
}

static void
open_all(void)
{
	struct server_options options;
	const char *why = "";
	char path[PATH_MAX + 32];
	FILE *file;

	scratch_init(&s.scratch);
	(void)snprintf(s.where[0], PATH_MAX, "%s", s.scratch.path);
	(void)snprintf(s.where[1], PATH_MAX, "%.200s/north.db", s.scratch.folder);
	(void)snprintf(s.where[2], PATH_MAX, "%.200s/south.db", s.scratch.folder);
	for (int home = 0; home < HOMES; home++)
		fill(home);
	(void)snprintf(path, sizeof path, "%s/folkmoot.conf", s.scratch.folder);
	file = fopen(path, "w");
	if (file == NULL)
		exit(1);
	fprintf(file, "databases: { main = \"%s\"; north = \"%s\"; south = \"%s\"; };\n", s.where[0],
	        s.where[1], s.where[2]);
	(void)fclose(file);
	server_options_init(&options);
	options.port = 0;
	options.threads = 2;
	need(desk_open(s.scratch.folder, NULL, &s.desk, &why), why);
	options.desk = s.desk;
	need(server_start(&options, &s.server, &why), why);
	http_init(&s.c, server_port(s.server));
}

static void
close_all(void)
{
	http_close(&s.c);
	server_stop(s.server);
	desk_close(s.desk);
	scratch_release(&s.scratch);
}

static int
status_of_place(int i)
{
	char path[60];

	(void)snprintf(path, sizeof path, "/place-%d/ideas", i);
	return http_get(&s.c, path)->status;
}

static void
test_every_place_answers(void)
{
	char words[60];
	int wrong = 0;

	open_all();
	for (int i = 0; i < PLACES; i++) {
		(void)snprintf(words, sizeof words, "A bench for %d<", i);
		if (status_of_place(i) != 200 || !reply_has(&s.c.reply, words)) {
			wrong++;
			printf("# place-%d: %d\n", i, s.c.reply.status);
		}
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(http_get(&s.c, "/place-1000/ideas")->status, 404);
	CHECK_INT(desk_home_of_slug(s.desk, STR("place-7")), 1);
	close_all();
}

static void
test_search(void)
{
	struct reply *r;

	open_all();
	r = http_get(&s.c, "/search?q=bench+998");
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "A bench for 998") && reply_has(r, "/place-998/ideas/"));
	CHECK(!reply_has(r, "could not be asked"));
	/* The newest of all databases, in order. */
	r = http_get(&s.c, "/search?q=bench");
	CHECK(reply_has(r, "A bench for 999") && reply_has(r, "A bench for 998") &&
	      reply_has(r, "A bench for 997") && reply_has(r, "A bench for 980") &&
	      !reply_has(r, "A bench for 979"));
	CHECK(reply_has(http_get(&s.c, "/search?q=number+12"), "Place number 123"));
	CHECK(reply_has(http_get(&s.c, "/search?q=%C3%89cole+DU"), "cole du Lac 5"));
	CHECK(reply_has(http_get(&s.c, "/search?q=zzz%25"), "Nothing was found"));
	CHECK(reply_has(http_get(&s.c, "/search?q=%22%29+OR+a%2A"), "</html>"));
	r = http_get(&s.c, "/");
	CHECK(reply_has(r, "Place number 0<") && reply_has(r, "Place number 1<") && reply_has(r, "Place number 2<"));
	close_all();
}

/* One database goes away (its file is no database any more), and comes back. */
static void
test_one_away(void)
{
	char aside[PATH_MAX + 8];
	const char *why = "";

	open_all();
	http_close(&s.c);
	server_stop(s.server);
	desk_close(s.desk);
	(void)snprintf(aside, sizeof aside, "%.300s.aside", s.where[1]);
	CHECK_INT(rename(s.where[1], aside), 0);
	CHECK_INT(mkdir(s.where[1], 0700), 0); /* a folder: can't be opened */
	need(desk_open(s.scratch.folder, NULL, &s.desk, &why), why);
	{
		struct server_options options;

		server_options_init(&options);
		options.port = 0;
		options.desk = s.desk;
		need(server_start(&options, &s.server, &why), why);
	}
	http_init(&s.c, server_port(s.server));
	CHECK_INT(status_of_place(0), 200);
	CHECK_INT(status_of_place(2), 200);
	/* Nobody knows it: it may be a place of the one that is away. */
	CHECK_INT(status_of_place(1), 503);
	CHECK(reply_has(http_get(&s.c, "/search?q=bench"), "could not be asked"));
	CHECK(reply_has(&s.c.reply, "A bench for 999"));
	CHECK(reply_has(http_get(&s.c, "/"), "could not be asked"));
	CHECK(str_find(http_get(&s.c, "/metrics")->body,
	               STR("folkmoot_database_up{database=\"north\"} 0")) < s.c.reply.body.len);
	CHECK_INT(rmdir(s.where[1]), 0);
	CHECK_INT(rename(aside, s.where[1]), 0);
	for (int tries = 0; tries < 100 && status_of_place(1) != 200; tries++)
		(void)usleep(100 * 1000);
	CHECK_INT(status_of_place(1), 200);
	close_all();
}

static const struct test_case cases[] = {
	{ "homes: a thousand places in three databases", test_every_place_answers },
	{ "homes: search over all of them", test_search },
	{ "homes: one database away", test_one_away },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
