/* Two voters and two treasurers who go on whatever happens to the database, and what came of it:
 * the load of deploy/patroni/try.
 *
 *   folkmoot-failover LOG STOP      $FOLKMOOT: the program; FOLKMOOT_TEST_DB: the cluster's URI
 *
 * Seeds a place with an open round and an award, starts the program, and has each of four clients
 * send one form after the other over HTTP. What is not acknowledged is sent again, the same form with
 * the same key, until it is. LOG gets "MILLISECONDS KIND" of each acknowledgement (b: ballot, t:
 * transfer) and of each other answer (x). When the file STOP is there, it stops and looks: is every
 * acknowledged ballot in the box, every acknowledged transfer in the ledger, each once; does
 * `folkmoot check` agree? */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acts/ledger.h"
#include "http/voting.h"

enum { VOTERS = 60000, CLIENTS = 4, AWARD = 90000, PAYMENTS_MAX = 40000, PAUSE_US = 4000 };

static struct {
	struct voting v;
	struct voter treasurer;
	struct project_id project;
	FILE *log;
	const char *stop_file;
	atomic_bool stop;
	atomic_int next_voter, tried[2], other;
	atomic_int paid[CLIENTS]; /* payments acknowledged to each */
	char day[11];
	int port;
} f;

static void
seed_money(void)
{
	struct world *w = &f.v.p.w;
	const struct person tom = { { 900 }, STR_INIT("Tom Reed"), ROLE_MEMBER | ROLE_TREASURER };
	struct account_id account;
	struct token_text token;
	struct refusal why;
	struct instant day;

	world_begin(w);
	world_person(w, w->act.place.id, &tom, NULL);
	world_need(role_insert(w->db, w->act.place.id, tom.id, STR("treasurer"), w->act.now), "role");
	world_need(act_session_start(&w->act, tom.id, &token), "session");
	world_need(db_commit(w->db), "treasurer");
	(void)snprintf(f.treasurer.token, sizeof f.treasurer.token, "%s", token.text);
	(void)snprintf(f.treasurer.csrf, sizeof f.treasurer.csrf, "%s",
	               csrf_token(secrets_server_key(f.v.p.secrets)->bytes, COOKIE_SESSION,
	                          str_of(token.text)).text);
	world_sql(w, "INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, rule,"
	             " utility, completion, ties, who_may, opens_at, closes_at, created_at, ballots)"
	             " VALUES (10, 501, 'Won', '', 'draft', 1, 'approval', 'greedy', 'cost', 'none',"
	             " 'id', 'members', 1, 2, 1, 0)");
	w->act.who = tom;
	world_need(WORLD_DO(w, act_round_reserve(&w->act, (struct round_id){ 501 }, STR("Won"),
	                                         (struct amount){ AWARD }, &account, &why)), "reserve");
	world_need(WORLD_DO(w, act_project_award(&w->act, (struct round_id){ 501 }, account, 1,
	                                         (struct idea_id){ 0 }, STR("Benches"),
	                                         (struct amount){ AWARD }, &f.project, &why)), "award");
	world_need(act_today(&w->act, &day), "today");
	(void)strftime(f.day, sizeof f.day, "%Y-%m-%d", gmtime(&(time_t){ day.us / SECOND_US }));
}

/* ---- the clients ------------------------------------------------------------------------- */

static void
note(char kind)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	/* One write each: lines of several threads do not mix. */
	fprintf(f.log, "%lld %c\n", (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, kind);
	(void)fflush(f.log);
}

/* Sends the form until it is acknowledged, or everything is to stop. */
static bool
send_until(struct http *c, const char *path, const char *form, int want, char kind,
           int64_t voter)
{
	while (true) {
		struct reply *r = http_post_plain(c, path, form);

		if (r->status == want && (voter < 0 || voting_take_code(&f.v, voter, r->body))) {
			note(kind);
			return true;
		}
		atomic_fetch_add(&f.other, 1);
		note('x');
		if (r->status != 503)
			printf("# %d: %.*s\n", r->status, (int)(r->body.len < 3000 ? r->body.len : 3000), r->body.ptr);
		if (atomic_load(&f.stop))
			return false;
		(void)usleep(100000);
	}
}

static void *
vote(void *context)
{
	struct http c;

	(void)context;
	http_init(&c, f.port);
	while (!atomic_load(&f.stop)) {
		int64_t voter = atomic_fetch_add(&f.next_voter, 1);
		char form[VOTING_FORM_MAX], headers[120];

		if (voter >= VOTERS)
			break;
		atomic_fetch_add(&f.tried[0], 1);
		(void)snprintf(headers, sizeof headers, "Cookie: fm_vale=%s\r\n", f.v.voters[voter].token);
		c.headers = headers;
		(void)voting_form(&f.v, voter, form);
		(void)send_until(&c, f.v.ballot_path, form, 200, 'b', voter);
		(void)usleep(PAUSE_US);
	}
	http_close(&c);
	return NULL;
}

static void *
pay(void *context)
{
	int client = (int)(intptr_t)context;
	struct http c;
	char headers[120];

	http_init(&c, f.port);
	(void)snprintf(headers, sizeof headers, "Cookie: fm_vale=%s\r\n", f.treasurer.token);
	c.headers = headers;
	for (int i = 0; i < PAYMENTS_MAX && !atomic_load(&f.stop); i++) {
		char form[400];

		atomic_fetch_add(&f.tried[1], 1);
		(void)snprintf(form, sizeof form, "csrf=%s&key=client-%d-payment-%d&project=%s&amount=0.01"
		               "&day=%s&memo=Screws&payee=Shop&reference=R", f.treasurer.csrf, client, i,
		               id_text(f.project.value).text, f.day);
		if (send_until(&c, "/vale/money/pay", form, 303, 't', -1))
			atomic_fetch_add(&f.paid[client], 1);
		(void)usleep(PAUSE_US);
	}
	http_close(&c);
	return NULL;
}

/* ---- what came of it --------------------------------------------------------------------- */

static int64_t
number(struct beside *b, const char *sql)
{
	struct arena arena;
	struct str text;
	int64_t n = -1;

	arena_init(&arena, 4096);
	if (beside_value(b, sql, &arena, &text) != OK || str_to_int(text, &n) != OK)
		n = -1;
	arena_release(&arena);
	return n;
}

static bool
check_agrees(const char *database)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execl(getenv("FOLKMOOT"), "folkmoot", "check", "--data", f.v.folder, "--db", database, NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Payments that a client had acknowledged and the ledger does not have. */
static int64_t
payments_lost(struct beside *b)
{
	int64_t lost = 0;

	for (int client = 0; client < CLIENTS; client++) {
		char sql[300];

		/* Keys were used one after the other: of n acknowledged ones the first n are there. */
		(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM entry WHERE kind = 'payment' AND"
		               " convert_from(client_key, 'UTF8') LIKE 'client-%d-payment-%%' AND"
		               " CAST(split_part(convert_from(client_key, 'UTF8'), '-', 4) AS int) < %d",
		               client, f.paid[client]);
		lost += f.paid[client] - number(b, sql);
	}
	return lost;
}

static int
look(void)
{
	char database[PATH_MAX];
	struct beside b;
	int64_t lost, lost_money, boxed, voted, payments, balance, twice;
	int64_t acknowledged[2] = { 0, 0 };
	bool agrees;

	voting_database(&f.v, database);
	beside_open(&b, database);
	lost = voting_lost(&f.v);
	lost_money = payments_lost(&b);
	boxed = number(&b, "SELECT count(*) FROM ballot");
	voted = number(&b, "SELECT count(*) FROM roll WHERE voted = 1");
	payments = number(&b, "SELECT count(*) FROM entry WHERE kind = 'payment'");
	balance = number(&b, "SELECT sum(balance) FROM account WHERE kind = 'paid'");
	for (int64_t i = 0; i < f.v.voters_len; i++)
		acknowledged[0] += f.v.voters[i].code[0] != '\0';
	for (int i = 0; i < CLIENTS; i++)
		acknowledged[1] += f.paid[i];
	/* A ballot for each voter, a penny for each payment, and no more of either than were tried. */
	twice = (boxed != voted) + (balance != payments) + (boxed > f.tried[0]) + (payments > f.tried[1]);
	agrees = check_agrees(database);
	printf("ballots: %lld acknowledged, %lld lost; transfers: %lld acknowledged, %lld lost; "
	       "%s doubled; check %s; %d other answers\n", (long long)acknowledged[0], (long long)lost,
	       (long long)acknowledged[1], (long long)lost_money, twice == 0 ? "none" : "SOME",
	       agrees ? "agrees" : "DIFFERS", atomic_load(&f.other));
	beside_close(&b);
	return lost == 0 && lost_money == 0 && twice == 0 && agrees && acknowledged[0] > 0 &&
	       acknowledged[1] > 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	char database[PATH_MAX];
	struct http_server server;
	pthread_t clients[CLIENTS];
	int bad;

	if (argc != 3 || getenv("FOLKMOOT_TEST_DB") == NULL || getenv("FOLKMOOT") == NULL) {
		fprintf(stderr, "usage: FOLKMOOT=… FOLKMOOT_TEST_DB=… folkmoot-failover LOG STOP\n");
		return 2;
	}
	http_patience_ms = 60000;
	f.log = fopen(argv[1], "w");
	f.stop_file = argv[2];
	if (f.log == NULL)
		return 2;
	voting_init_with(&f.v, VOTERS, seed_money);
	voting_database(&f.v, database);
	http_server_start(&server, f.v.folder, (const char *const[]){ "--db", database, NULL });
	f.port = server.port;
	for (int i = 0; i < CLIENTS; i++)
		if (pthread_create(&clients[i], NULL, i < 2 ? vote : pay, (void *)(intptr_t)i) != 0)
			return 2;
	while (access(f.stop_file, F_OK) != 0)
		(void)usleep(100000);
	atomic_store(&f.stop, true);
	for (int i = 0; i < CLIENTS; i++)
		(void)pthread_join(clients[i], NULL);
	bad = http_server_stop(&server) != 0;
	bad |= look();
	(void)fclose(f.log);
	voting_release(&f.v);
	return bad;
}
