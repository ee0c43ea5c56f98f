#include "acts/sign_in.h"

#include "acts/session.h"
#include "commons/sign_in.h"
#include "store/secrets.h"
#include "test.h"
#include "world.h"

static void
open_world(struct world *w)
{
	char folder[PATH_MAX + 16];
	const char *why;

	world_init(w);
	(void)snprintf(folder, sizeof folder, "%s/secrets", w->scratch.folder);
	world_need(secrets_open(folder, &w->act.secrets, &why), "secrets");
	world_sql(w, "INSERT INTO place_slug (slug, place_id) VALUES ('vale', 10)");
	w->act.who = nobody;
}

static void
close_world(struct world *w)
{
	secrets_close(w->act.secrets);
	world_release(w);
}

struct asked {
	struct sign_in_id id;
	struct str token, code, body; /* from the mail */
};

/* What stands behind `mark` in the newest mail, up to white space. */
static struct str
behind(struct str body, const char *mark)
{
	size_t at = str_find(body, str_of(mark)), to;

	if (at == body.len)
		return STR("");
	at += strlen(mark);
	for (to = at; to < body.len && body.ptr[to] > ' '; to++)
		;
	return str_cut(body, at, to);
}

static struct asked
ask(struct world *w, const char *email, const char *name, const char *next)
{
	struct sign_in_ask ask = { str_of(email), str_of(name), str_of(next) };
	struct asked ret = { .body = { NULL, 0 } };
	struct refusal why = { 0 };

	world_sql(w, "DELETE FROM mail");
	CHECK_INT(WORLD_DO(w, act_sign_in_ask(&w->act, &ask, &ret.id, &why)), OK);
	CHECK_INT(world_number(w, "SELECT count(*) FROM mail"), 1);
	ret.body = world_text(w, "SELECT body FROM mail");
	ret.token = behind(ret.body, "https://vale.example/vale/join/link?t=");
	ret.code = behind(ret.body, "where you began: ");
	CHECK_INT(ret.code.len, 6);
	CHECK_INT(ret.token.len, 43); /* 32 bytes */
	return ret;
}

static enum status
by_code(struct world *w, struct sign_in_id id, struct str code, const char *name,
        struct sign_in_end *end)
{
	CHECK_INT(WORLD_DO(w, act_sign_in_by_code(&w->act, id, code, str_of(name), end)), OK);
	return end->refusal.status;
}

static enum status
by_link(struct world *w, struct str token, const char *name, struct sign_in_end *end)
{
	CHECK_INT(WORLD_DO(w, act_sign_in_by_link(&w->act, token, str_of(name), end)), OK);
	return end->refusal.status;
}

/* Who a session token stands for; empty: nobody. */
static struct str
who(struct world *w, const struct sign_in_end *end)
{
	struct act act = w->act;

	CHECK_INT(act_session_enter(&act, w->act.place.slug, str_of(end->token.text)), OK);
	return act.who.name;
}

static void
joins_by_code(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;

	open_world(&w);
	asked = ask(&w, "New@Vale.example", "Nia Newe", "/vale/ideas");
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), OK);
	CHECK_STR(who(&w, &end), "Nia Newe");
	CHECK_STR(end.next, "/vale/ideas");
	CHECK_INT(world_number(&w, "SELECT count(*) FROM person WHERE email = 'new@vale.example'"), 1);
	/* neither code nor link works a second time */
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), REFUSED);
	CHECK_INT(by_link(&w, asked.token, "", &end), REFUSED);
	close_world(&w);
}

static void
joins_by_link(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;
	struct sign_in_link link;

	open_world(&w);
	asked = ask(&w, "maya@vale.example", "", "https://elsewhere.example/");
	CHECK_INT(act_sign_in_link_show(&w.act, asked.token, &link), OK);
	CHECK_INT(link.refusal.status, OK);
	CHECK(!link.ask_name);
	CHECK_INT(act_sign_in_link_show(&w.act, asked.token, &link), OK); /* looking uses nothing up */
	CHECK_INT(link.refusal.status, OK);
	CHECK_INT(by_link(&w, asked.token, "Another Name", &end), OK);
	CHECK_STR(who(&w, &end), "Maya Osei"); /* who is known keeps the name */
	CHECK_INT(end.next.len, 0);
	CHECK_INT(act_sign_in_link_show(&w.act, asked.token, &link), OK);
	CHECK_INT(link.refusal.status, REFUSED);
	CHECK_INT(by_link(&w, asked.token, "", &end), REFUSED);
	CHECK_INT(by_link(&w, STR("nonsense"), "", &end), REFUSED);
	close_world(&w);
}

static void
asks_for_a_missing_name(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;
	struct sign_in_link link;

	open_world(&w);
	asked = ask(&w, "new@vale.example", "", "");
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), REFUSED);
	CHECK_STR(str_of(end.refusal.field), "name");
	CHECK_INT(act_sign_in_link_show(&w.act, asked.token, &link), OK);
	CHECK(link.ask_name);
	CHECK_INT(by_code(&w, asked.id, asked.code, "Nia Newe", &end), OK);
	CHECK_STR(who(&w, &end), "Nia Newe");
	close_world(&w);
}

static void
dies_after_five_tries(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;
	struct str wrong;

	open_world(&w);
	asked = ask(&w, "maya@vale.example", "", "");
	wrong = str_is(asked.code, "111111") ? STR("222222") : STR("111111");
	CHECK_INT(by_code(&w, asked.id, STR("12345"), "", &end), REFUSED); /* a slip: not counted */
	for (int i = 0; i < SIGN_IN_TRIES; i++) {
		CHECK_INT(by_code(&w, asked.id, wrong, "", &end), REFUSED);
		CHECK_STR(str_of(end.refusal.field), "code");
	}
	CHECK_INT(world_number(&w, "SELECT tries FROM sign_in"), SIGN_IN_TRIES);
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), REFUSED);
	CHECK(end.refusal.field == NULL);
	CHECK_INT(end.token.text[0], 0);
	CHECK_INT(by_link(&w, asked.token, "", &end), OK); /* the link can't be guessed */
	close_world(&w);
}

static void
expires(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;

	open_world(&w);
	asked = ask(&w, "maya@vale.example", "", "");
	w.act.now = time_plus(w.act.now, SIGN_IN_LASTS_US);
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), REFUSED);
	CHECK_INT(by_link(&w, asked.token, "", &end), REFUSED);
	w.act.now = time_plus(w.act.now, -1);
	CHECK_INT(by_link(&w, asked.token, "", &end), OK);
	close_world(&w);
}

static void
stays_in_its_place(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;

	open_world(&w);
	asked = ask(&w, "maya@vale.example", "", "");
	world_go(&w, WORLD_ELSEWHERE);
	CHECK_INT(by_code(&w, asked.id, asked.code, "", &end), REFUSED);
	CHECK_INT(by_link(&w, asked.token, "", &end), REFUSED);
	close_world(&w);
}

static void
tells_nobody_who_is_known(void)
{
	struct world w;
	struct asked known, unknown;

	open_world(&w);
	known = ask(&w, "maya@vale.example", "", "");
	unknown = ask(&w, "nobody@vale.example", "", "");
	CHECK_INT(known.body.len, unknown.body.len);
	/* nothing in the database tells code or token */
	CHECK_INT(world_number(&w, "SELECT count(*) FROM sign_in WHERE length(code_hash) = 32"
	                           " AND length(link_hash) = 32"), 2);
	close_world(&w);
}

static void
limits_mails(void)
{
	struct world w;
	struct sign_in_ask again = { STR("Maya@vale.example"), STR(""), STR("") };
	struct sign_in_id id;
	struct refusal why = { 0 };

	open_world(&w);
	for (int i = 0; i < SIGN_IN_MAILS_PER_QUARTER; i++)
		ask(&w, "maya@vale.example", "", "");
	CHECK_INT(WORLD_DO(&w, act_sign_in_ask(&w.act, &again, &id, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "email");
	ask(&w, "idris@vale.example", "", ""); /* another address is not concerned */
	w.act.now = time_plus(w.act.now, SIGN_IN_LASTS_US);
	ask(&w, "maya@vale.example", "", "");
	/* the old ones are forgotten after a day */
	w.act.now = time_plus(w.act.now, 2 * DAY_US);
	ask(&w, "maya@vale.example", "", "");
	CHECK_INT(world_number(&w, "SELECT count(*) FROM sign_in"), 1);
	close_world(&w);
}

/* Who came in when is forgotten with the session. */
static void
forgets_sessions(void)
{
	struct world w;
	struct asked asked;
	struct sign_in_end end;

	open_world(&w);
	asked = ask(&w, "maya@vale.example", "", "");
	CHECK_INT(by_link(&w, asked.token, "", &end), OK);
	w.act.now = time_plus(w.act.now, SESSION_DAYS * DAY_US);
	asked = ask(&w, "maya@vale.example", "", "");
	CHECK_INT(by_link(&w, asked.token, "", &end), OK);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM session"), 1);
	close_world(&w);
}

/* A place made from a file of votes has nobody who could keep it. */
static void
nobody_joins_an_import(void)
{
	struct world w;
	struct sign_in_ask maya_asks = { STR("maya@vale.example"), STR("Maya"), STR("") };
	struct sign_in_id id;
	struct refusal why;

	open_world(&w);
	w.act.place.imported = true;
	CHECK_INT(WORLD_DO(&w, act_sign_in_ask(&w.act, &maya_asks, &id, &why)), NOT_FOUND);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM mail"), 0);
	close_world(&w);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "who is new joins by code, once", joins_by_code },
		{ "who is known signs in by link, once", joins_by_link },
		{ "a missing name is asked for afterwards", asks_for_a_missing_name },
		{ "a code dies after five wrong tries", dies_after_five_tries },
		{ "link and code last 15 minutes", expires },
		{ "nothing works in another place", stays_in_its_place },
		{ "known and unknown addresses get the same", tells_nobody_who_is_known },
		{ "few mails go to one address", limits_mails },
		{ "sessions that are over are forgotten", forgets_sessions },
		{ "nobody joins an imported place", nobody_joins_an_import },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
