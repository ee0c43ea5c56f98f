/* The first steps of the journey with the program itself: a place is set up, people join by the
 * code and by the link of their mail, and go out again. */
#include <dirent.h>
#include <unistd.h>

#include "acts/place.h"
#include "http/http.h"
#include "store/scratch.h"
#include "store/secrets.h"
#include "test.h"

static struct http_server server;
static struct scratch scratch; /* on PostgreSQL the server's database; else not used */

static void
need(bool so, const char *what)
{
	if (!so) {
		fprintf(stderr, "%s\n", what);
		exit(1);
	}
}

/* The key that the server has printed. */
static struct token_text
set_up_key(void)
{
	char path[400];
	struct arena arena;
	struct act act = { .arena = &arena };
	struct token_text key;
	const char *why = "";

	arena_init(&arena, 65536);
	(void)snprintf(path, sizeof path, "%s/folkmoot.db", server.folder);
	need(db_open(scratch.server ? scratch.path : path, DB_READ, &act.db, &why) == OK, why);
	(void)snprintf(path, sizeof path, "%s/secrets", server.folder);
	need(secrets_open(path, &act.secrets, &why) == OK, why);
	need(act_set_up_key(&act, &key) == OK, "key");
	secrets_close(act.secrets);
	db_close(act.db);
	arena_release(&arena);
	return key;
}

/* Waits for a mail to `to`, reads what stands behind `mark`, and takes the mail away. */
static bool
from_mail(const char *to, const char *mark, char *ret, size_t size)
{
	char folder[300], path[700] = "", text[4096];

	(void)snprintf(folder, sizeof folder, "%s/mail", server.folder);
	for (int tries = 0; tries < 500; tries++) {
		DIR *dir = opendir(folder);
		struct dirent *entry;

		while (dir != NULL && (entry = readdir(dir)) != NULL) {
			size_t len;
			FILE *file;
			const char *at;

			if (!str_ends(str_of(entry->d_name), STR(".eml")))
				continue;
			(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
			file = fopen(path, "r");
			need(file != NULL, path);
			len = fread(text, 1, sizeof text - 1, file);
			text[len] = '\0';
			fclose(file);
			at = strstr(text, mark);
			if (strstr(text, to) == NULL || at == NULL)
				continue;
			at += strlen(mark);
			(void)snprintf(ret, size, "%.*s", (int)strcspn(at, " \r\n"), at);
			closedir(dir);
			(void)unlink(path);
			return true;
		}
		if (dir != NULL)
			closedir(dir);
		usleep(10000);
	}
	return false;
}

#define PLACE "recipe=neighbourhood-endowment&purpose=To+decide.&language=en-GB&currency=GBP" \
	"&zone=Europe%2FLondon&areas=Mill+Lane%0AThe+Green&steward_name=Maya+Osei" \
	"&steward_email=maya%40vale.example"

static void
sets_up_a_place(void)
{
	struct token_text key = set_up_key();
	char path[200], body[1000];
	struct reply *r;
	struct http c;

	http_init(&c, server.port);
	r = http_get(&c, "/");
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/set-up");
	CHECK(reply_has(http_get(&c, "/set-up"), "name=\"key\""));
	/* without the key; what was typed stays */
	r = http_post(&c, "/set-up", PLACE "&name=Alder+Vale&pot=5%2C000");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "href=\"#key\""));
	CHECK(reply_has(r, "value=\"Alder Vale\"") && reply_has(r, "value=\"5,000\""));
	(void)snprintf(path, sizeof path, "/set-up?key=%s", key.text);
	CHECK(reply_has(http_get(&c, path), "What this switches on"));
	(void)snprintf(body, sizeof body, "%s&key=%s&name=Alder+Vale&pot=much", PLACE, key.text);
	r = http_post(&c, "/set-up", body);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "id=\"pot-error\"") && reply_has(r, "value=\"much\""));
	(void)snprintf(body, sizeof body, "%s&key=%s&name=Alder+Vale&pot=5%%2C000", PLACE, key.text);
	r = http_post(&c, "/set-up", body);
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/alder-vale/join?ready=1");
	CHECK(reply_has(http_get(&c, "/alder-vale/join?ready=1"), "Alder Vale is ready"));
	/* the same key sets up no other place */
	(void)http_get(&c, "/set-up");
	(void)snprintf(body, sizeof body, "%s&key=%s&name=Other+Vale", PLACE, key.text);
	CHECK_INT(http_post(&c, "/set-up", body)->status, 422);
	CHECK(reply_has(http_get(&c, "/"), "href=\"/alder-vale/\""));
	r = http_get(&c, "/alder-vale/");
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "\xc2\xa3" "5,000 is ours to spend"));
	r = http_get(&c, "/alder-vale/about");
	CHECK(reply_has(r, "Maya Osei") && reply_has(r, "The Green"));
	http_close(&c);
}

static void
joins_by_code(void)
{
	struct http c, other;
	struct reply *r;
	char code[20], body[100];

	http_init(&c, server.port);
	CHECK(reply_has(http_get(&c, "/alder-vale/join?next=%2Falder-vale%2Fabout"),
	                "value=\"/alder-vale/about\""));
	r = http_post(&c, "/alder-vale/join", "email=nobody&name=Nia&next=");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "id=\"email-error\"") && reply_has(r, "value=\"nobody\""));
	r = http_post(&c, "/alder-vale/join", "email=Nia%40vale.example&next=%2Falder-vale%2Fabout");
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/alder-vale/join/code");
	CHECK(from_mail("<nia@vale.example>", "where you began: ", code, sizeof code));
	CHECK(reply_has(http_get(&c, "/alder-vale/join/code"), "autocomplete=\"one-time-code\""));
	CHECK_INT(http_post(&c, "/alder-vale/join/code", "code=12")->status, 422);
	/* another browser can do nothing with it */
	http_init(&other, server.port);
	(void)http_get(&other, "/alder-vale/join");
	(void)snprintf(body, sizeof body, "code=%s", code);
	CHECK_INT(http_post(&other, "/alder-vale/join/code", body)->status, 422);
	http_close(&other);
	r = http_post(&c, "/alder-vale/join/code", body);
	CHECK_INT(r->status, 200); /* new here: the name is asked for */
	CHECK(reply_has(r, "What is your name?"));
	(void)snprintf(body, sizeof body, "code=%s&asked=1&name=", code);
	r = http_post(&c, "/alder-vale/join/code", body);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "id=\"name-error\""));
	(void)snprintf(body, sizeof body, "code=%s&name=Nia+Newe", code);
	r = http_post(&c, "/alder-vale/join/code", body);
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/alder-vale/about");
	r = http_get(&c, "/alder-vale/");
	CHECK(reply_has(r, "Nia Newe"));
	CHECK_INT(http_post(&c, "/alder-vale/leave", "")->status, 303);
	CHECK(!reply_has(http_get(&c, "/alder-vale/"), "Nia Newe"));
	http_close(&c);
}

static void
joins_by_link(void)
{
	struct http c, phone;
	struct reply *r;
	char link[300], body[100];
	const char *path;

	http_init(&c, server.port);
	(void)http_get(&c, "/alder-vale/join");
	CHECK_INT(http_post(&c, "/alder-vale/join", "email=ana%40vale.example&name=Ana+Silva")->status,
	          303);
	http_close(&c);
	CHECK(from_mail("<ana@vale.example>", "on the page: http://", link, sizeof link));
	path = strchr(link, '/');
	need(path != NULL, "a link");
	http_init(&phone, server.port); /* opened elsewhere, and by a mail scanner before */
	CHECK(reply_has(http_get(&phone, path), "ana@vale.example"));
	r = http_get(&phone, path);
	CHECK(reply_has(r, "<button"));
	CHECK(!reply_has(r, "class=\"name\""));
	(void)snprintf(body, sizeof body, "t=%s", strchr(path, '=') + 1);
	CHECK_INT(http_post(&phone, "/alder-vale/join/link", body)->status, 303);
	CHECK(reply_has(http_get(&phone, "/alder-vale/"), "Ana Silva"));
	/* a second time it leads on to a new mail */
	r = http_get(&phone, path);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "works only once") && reply_has(r, "href=\"/alder-vale/join\""));
	http_close(&phone);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a place is set up in the browser", sets_up_a_place },
		{ "joining by code", joins_by_code },
		{ "joining by link", joins_by_link },
	};
	const char *more[] = { "--db", scratch.path, NULL };
	int failed;

	scratch_init(&scratch);
	http_server_start(&server, NULL, scratch.server ? more : NULL);
	failed = test_run_all(cases, sizeof cases / sizeof *cases);
	failed |= http_server_stop(&server) != 0;
	scratch_release(&scratch);
	return failed;
}
