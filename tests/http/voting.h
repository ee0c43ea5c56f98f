/* A data folder with a place, an open round, and voters who are signed in: for tests that cast
 * ballots over sockets and look afterwards whether each that was acknowledged is in the box.
 *
 *   struct voting v; voting_init(&v, 300);      the server may now be started on v.folder
 *   voting_cast(&v, &c, 0);                     HTTP status; 200: v.voters[0].code is its receipt
 *   CHECK_INT(voting_lost(&v), 0);              the server is gone
 *   voting_release(&v);
 */
#ifndef TESTS_HTTP_VOTING_H
#define TESTS_HTTP_VOTING_H

#include "acts/ballot.h"
#include "acts/polling.h"
#include "acts/session.h"
#include "http/http.h"
#include "store/roll.sql.h"
#include "web/session_cookie.h"

enum { VOTING_CODE_LEN = 39, VOTING_FORM_MAX = 200 };

struct voter {
	char token[sizeof(struct token_text)], csrf[sizeof(struct csrf_token)];
	char code[VOTING_CODE_LEN + 1]; /* of the receipt; empty: no ballot was acknowledged */
};

struct voting {
	struct polling p; /* its world's database is closed */
	const char *folder;
	char ballot_path[80];
	struct voter *voters;
	int64_t voters_len;
};

static inline void
voting_add_voters(struct voting *v)
{
	struct world *w = &v->p.w;
	const uint8_t *key = secrets_server_key(v->p.secrets)->bytes;

	world_begin(w);
	w->act.now = time_now();
	world_need(place_slug_insert(w->db, STR("vale"), w->act.place.id), "slug");
	for (int64_t i = 0; i < v->voters_len; i++) {
		struct person voter = { { 1000 + i }, STR_INIT("Somebody"), ROLE_MEMBER };
		struct token_text token;

		world_person(w, w->act.place.id, &voter, NULL);
		world_need(act_session_start(&w->act, voter.id, &token), "session");
		(void)snprintf(v->voters[i].token, sizeof v->voters[i].token, "%s", token.text);
		(void)snprintf(v->voters[i].csrf, sizeof v->voters[i].csrf, "%s",
		               csrf_token(key, COOKIE_SESSION, str_of(token.text)).text);
	}
	world_need(db_commit(w->db), "voters");
}

/* The database as db_open takes it; a file where the server looks for it by itself. */
static inline void
voting_database(const struct voting *v, char path[static PATH_MAX])
{
	if (v->p.w.scratch.server)
		(void)snprintf(path, PATH_MAX, "%s", v->p.w.scratch.path);
	else
		(void)snprintf(path, PATH_MAX, "%.200s/folkmoot.db", v->folder);
}

/* more: NULL, or what else to put into the place. */
static inline void
voting_init_with(struct voting *v, int64_t voters, void (*more)(void))
{
	struct round_draft draft;
	char path[PATH_MAX];

	*v = (struct voting){ .voters_len = voters };
	v->voters = calloc((size_t)voters, sizeof *v->voters);
	if (v->voters == NULL)
		world_need(NO_MEMORY, "voters");
	polling_init(&v->p);
	v->p.start = time_plus(time_now(), -2 * HOUR_US);
	draft = polling_draft(&v->p);
	draft.closes_at = time_plus(time_now(), DAY_US);
	polling_open(&v->p, &draft);
	voting_add_voters(v);
	if (more != NULL)
		more();
	v->folder = v->p.w.scratch.folder;
	db_close(v->p.w.db);
	beside_close(&v->p.w.beside);
	v->p.w.db = NULL;
	voting_database(v, path);
	if (!v->p.w.scratch.server && rename(v->p.w.scratch.path, path) != 0)
		world_need(FAILED, "rename");
	(void)snprintf(v->ballot_path, sizeof v->ballot_path, "/vale/decisions/%s/ballot",
	               id_text(v->p.round.value).text);
}

static inline void
voting_init(struct voting *v, int64_t voters)
{
	voting_init_with(v, voters, NULL);
}

static inline void
voting_release(struct voting *v)
{
	polling_release(&v->p);
	free(v->voters);
}

/* A ballot's form as a browser sends it; its length. */
static inline int
voting_form(const struct voting *v, int64_t voter, char form[static VOTING_FORM_MAX])
{
	return snprintf(form, VOTING_FORM_MAX, "csrf=%s&choice=1&choice=%d", v->voters[voter].csrf,
	                2 + (int)(voter % 3));
}

/* Keeps the receipt out of the page that acknowledges a ballot; false: it has none. */
static inline bool
voting_take_code(struct voting *v, int64_t voter, struct str page)
{
	static const struct str mark = STR_INIT("translate=\"no\">");
	size_t at = str_find(page, mark);

	if (page.len - at < mark.len + VOTING_CODE_LEN)
		return false;
	(void)snprintf(v->voters[voter].code, VOTING_CODE_LEN + 1, "%.*s", VOTING_CODE_LEN,
	               page.ptr + at + mark.len);
	return true;
}

/* Casts a voter's ballot; the answer's status. */
static inline int
voting_cast(struct voting *v, struct http *c, int64_t voter)
{
	char form[VOTING_FORM_MAX], headers[120];
	struct reply *r;

	(void)snprintf(headers, sizeof headers, "Cookie: fm_vale=%s\r\n", v->voters[voter].token);
	c->headers = headers;
	(void)voting_form(v, voter, form);
	r = http_post_plain(c, v->ballot_path, form);
	c->headers = NULL;
	if (r->status == 200)
		CHECK(voting_take_code(v, voter, r->body));
	return r->status;
}

static inline int
voting_by_bytes(const void *x, const void *y)
{
	return memcmp(x, y, sizeof(struct digest));
}

/* All receipts in the box, sorted. SQLite recovers what a crash left, as at a server's start. */
static inline struct digest *
voting_box(struct voting *v, size_t *ret_len)
{
	struct digest *box = calloc((size_t)v->voters_len, sizeof *box), first = { { 0 } }, last;
	struct roll_receipts_rows rows;
	struct arena arena;
	char path[PATH_MAX];
	struct db *db = NULL;
	const char *why = "memory";

	memset(&last, 0xff, sizeof last);
	voting_database(v, path);
	arena_init(&arena, (size_t)4 << 30);
	if (box == NULL || db_open(path, DB_READ, &db, &why) != OK)
		world_need(FAILED, why);
	db_set_patience(db, 0);
	world_need(roll_receipts(db, &arena, v->p.w.act.place.id, v->p.round, digest_bytes(&first),
	                         digest_bytes(&last), &rows), "the box");
	for (*ret_len = 0; *ret_len < rows.len && *ret_len < (size_t)v->voters_len; (*ret_len)++)
		memcpy(box[*ret_len].bytes, rows.ptr[*ret_len].receipt.ptr, sizeof box->bytes);
	db_close(db);
	arena_release(&arena);
	qsort(box, *ret_len, sizeof *box, voting_by_bytes);
	return box;
}

/* How many acknowledged ballots are not in the box. */
static inline int64_t
voting_lost(struct voting *v)
{
	size_t box_len;
	struct digest *box = voting_box(v, &box_len), receipt;
	int64_t lost = 0;

	for (int64_t i = 0; i < v->voters_len; i++) {
		if (v->voters[i].code[0] == '\0')
			continue;
		world_need(ballot_code_parse(str_of(v->voters[i].code), &receipt), v->voters[i].code);
		lost += bsearch(&receipt, box, box_len, sizeof *box, voting_by_bytes) == NULL;
	}
	free(box);
	return lost;
}

#endif
