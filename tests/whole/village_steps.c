/* What people of the villages may come to do next, drawn; and what they were told. */
#include <stdio.h>
#include <string.h>

#include "acts/count.h"
#include "acts/job.h"
#include "acts/mail.h"
#include "acts/round.h"
#include "acts/session.h"
#include "village_deeds.h"

#define W(st) (1u << (st))

static uint64_t
draw(struct village *v, uint64_t below)
{
	return chance_below(&v->chance, below);
}

static bool
one_in(struct village *v, uint64_t n)
{
	return draw(v, n) == 0;
}

/* Text of the step that lives until the next. */
static struct str
say(struct village *v, const char *what)
{
	struct str text;

	if (str_format(&v->arena, &text, "%s %llu", what, (unsigned long long)draw(v, 100000)) != OK)
		exit(1);
	return text;
}

/* ---- coming in ---- */

static struct str
code_in_mail(struct village *v, struct spot *spot, const char *email)
{
	struct str code;

	if (str_format(&v->arena, &code, "%06lld",
	               (long long)village_number(
	                       v, "SELECT CAST(substr(body, instr(body, 'you began: ') + 11, 6) AS INT)"
	                          " FROM mail WHERE body LIKE '%%you began: %%' AND place_id = %lld AND recipient = '%s'"
	                          " ORDER BY created_at DESC LIMIT 1",
	                       (long long)spot->place.id.value, email)) != OK)
		exit(1);
	return code;
}

/* Is this person signed in now? If not, they ask for a mail and type its code. */
static bool
come_in(struct village *v, struct spot *spot, int i)
{
	struct resident *person = &spot->people[i];
	struct sim_deed deed = { .v = v, .at = spot, .from = spot, .who = -1 };

	if (time_before(v->now, person->until))
		return true;
	person->token.text[0] = '\0';
	deed.text = str_of(person->email);
	deed.other = str_of(person->name);
	deed.run = deed_sign_in_ask;
	if (sim_do(&deed, W(OK) | W(REFUSED)) != OK)
		return false;
	deed.run = deed_sign_in_code;
	if (one_in(v, 4)) { /* a wrong code first; codes of one place are nothing in the other */
		deed.text = code_in_mail(v, spot, person->email);
		deed.at = spot == &v->spots[0] ? &v->spots[1] : &v->spots[0];
		if (sim_do(&deed, W(OK)) == OK && deed.found)
			village_wrong(v, "a code let somebody in elsewhere");
		deed.at = spot;
		deed.text = STR("1000000");
		if (sim_do(&deed, W(OK)) == OK && deed.found)
			village_wrong(v, "a code of seven digits let somebody in");
	}
	deed.text = code_in_mail(v, spot, person->email);
	if (sim_do(&deed, W(OK)) != OK || !deed.found) {
		village_wrong(v, "the code of the mail does not let in");
		return false;
	}
	person->token = deed.token;
	person->until = time_plus(v->now, SESSION_DAYS * DAY_US);
	person->id = village_ask(v, spot, i).who.id;
	if (person->id.value == 0)
		village_wrong(v, "signed in, and nobody");
	if (sim_do(&deed, W(OK)) == OK && deed.found)
		village_wrong(v, "a code worked twice");
	return true;
}

/* ---- who does it, and whose ids they name ---- */

enum how {
	OWN,      /* somebody of the place, in it */
	STRANGER, /* somebody of the other place, with the token they have there */
	MEDDLER   /* somebody of the place, with ids of the other */
};

struct scene {
	enum how how;
	unsigned role;
	struct spot *of; /* whose ids */
	struct sim_deed deed;
};

static unsigned
roles_of(int who)
{
	return ROLE_MEMBER | (who == STEWARD || who == STEWARD_TOO ? ROLE_STEWARD : 0u) |
	       (who == TREASURER ? ROLE_TREASURER : 0u);
}

/* `who` -1: drawn, mostly somebody with this role. */
static bool
set_scene(struct village *v, struct scene *scene, struct spot *of, unsigned role, int who)
{
	uint64_t kind = draw(v, 14);
	struct spot *other = of == &v->spots[0] ? &v->spots[1] : &v->spots[0];
	struct spot *from;

	*scene = (struct scene){ .how = kind == 0 ? STRANGER : kind == 1 ? MEDDLER : OWN,
		                 .role = role, .of = of };
	scene->deed = (struct sim_deed){ .v = v };
	from = scene->how == OWN ? of : other;
	if (who < 0 || scene->how != OWN) {
		who = (int)draw(v, (uint64_t)from->people_len);
		if (role == ROLE_STEWARD && !one_in(v, 6))
			who = one_in(v, 2) ? STEWARD : STEWARD_TOO;
		else if (role == ROLE_TREASURER && !one_in(v, 6))
			who = TREASURER;
	}
	scene->deed.at = scene->how == STRANGER ? of : from;
	scene->deed.from = from;
	scene->deed.who = who;
	return come_in(v, from, who);
}

static struct spot *
some_spot(struct village *v)
{
	return &v->spots[one_in(v, 6) ? 1 : 0];
}

/* What may come of it when all is as it should be: `own`, for who may. */
static enum status
play(struct scene *scene, enum status (*run)(struct sim_deed *, struct act *), unsigned own)
{
	unsigned want = own;

	if (scene->how == STRANGER)
		want = W(SIGN_IN) | W(FORBIDDEN);
	else if ((roles_of(scene->deed.who) & scene->role) == 0)
		want = W(FORBIDDEN);
	else if (scene->how == MEDDLER)
		want = W(NOT_FOUND) | W(REFUSED) | W(INVALID) | W(FORBIDDEN);
	scene->deed.run = run;
	return sim_do(&scene->deed, want);
}

/* ---- ideas ---- */

static struct sim_idea *
some_idea(struct village *v, struct spot *spot)
{
	return spot->ideas_len == 0 ? NULL : &spot->ideas[draw(v, (uint64_t)spot->ideas_len)];
}

static bool
step_idea(struct village *v)
{
	static const char *const words[] = { "Benches for the hill", "A roof for the stage",
		                             "Lights along the ford", "Apple trees", "A slow lane" };
	struct spot *spot = some_spot(v);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	bool empty = one_in(v, 12);

	if (spot->ideas_len == IDEAS_MAX || !set_scene(v, &scene, spot, ROLE_MEMBER, -1))
		return false;
	if (scene.how == MEDDLER)
		return false; /* an idea names no ids */
	d->key = (int64_t)draw(v, INT32_MAX) + 1;
	d->text = empty ? STR("") : say(v, words[draw(v, sizeof words / sizeof *words)]);
	d->other = say(v, "It would be **good** for all of us, and cheap.");
	d->amount = one_in(v, 2) ? 0 : (int64_t)draw(v, 1000000);
	d->yes = !one_in(v, 4);
	if (play(&scene, deed_idea_add, empty ? W(REFUSED) : W(OK) | W(REFUSED)) != OK)
		return false;
	struct sim_idea *idea = &spot->ideas[spot->ideas_len++];

	*idea = (struct sim_idea){ .id = d->idea, .author = d->who, .version = 1 };
	(void)snprintf(idea->title, sizeof idea->title, "%.*s", STR_ARG(d->text));
	sim_again(d);
	return true;
}

static bool
step_edit(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_idea *idea = some_idea(v, spot);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	bool stale = one_in(v, 8), mine;
	unsigned want;

	if (idea == NULL || !set_scene(v, &scene, spot, ROLE_MEMBER, one_in(v, 6) ? -1 : idea->author))
		return false;
	mine = d->who == idea->author;
	d->idea = idea->id;
	d->text = say(v, "Better said");
	d->other = say(v, "With more about why.");
	d->number = idea->version - stale;
	want = !mine ? W(FORBIDDEN) : idea->state != IDEA_OPEN || stale ? W(REFUSED) : W(OK);
	if (play(&scene, deed_idea_edit, want) != OK)
		return false;
	idea->version++;
	(void)snprintf(idea->title, sizeof idea->title, "%.*s", STR_ARG(d->text));
	sim_again(d);
	return true;
}

static bool
step_comment(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_idea *idea = some_idea(v, spot);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	bool empty = one_in(v, 12);

	if (idea == NULL || !set_scene(v, &scene, spot, ROLE_MEMBER, -1))
		return false;
	d->idea = idea->id;
	d->key = (int64_t)draw(v, INT32_MAX) + 1;
	d->text = empty ? STR("") : say(v, "I would help with that, on Saturdays.");
	if (play(&scene, deed_comment, empty ? W(REFUSED) : W(OK)) != OK)
		return false;
	idea->comments++;
	sim_again(d);
	return true;
}

static bool
step_judge(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_idea *idea = some_idea(v, spot);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	uint64_t kind = draw(v, 8);

	if (idea == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	d->idea = idea->id;
	d->judgement = (struct idea_judgement){
		.verdict = kind == 0 ? IDEA_DECLINE : kind == 1 ? IDEA_REOPEN : IDEA_CHECK,
		.seen_version = idea->version - one_in(v, 10), .seen_judgement = idea->judgement };
	if (d->judgement.verdict == IDEA_CHECK) {
		d->judgement.owner = STR("Friends of the hill");
		d->judgement.permission = STR("The council says yes");
		d->judgement.has_cost = true;
		d->judgement.real_cost.minor = 1000 + (int64_t)draw(v, 3000000);
	} else if (d->judgement.verdict == IDEA_DECLINE) {
		d->judgement.reason = STR("The land is not ours to build on.");
	}
	if (play(&scene, deed_idea_judge, W(OK) | W(REFUSED)) != OK)
		return false;
	if (d->judgement.seen_version != idea->version)
		village_wrong(v, "a judgement of an older version was taken");
	idea->judgement++;
	idea->state = idea_state_after(d->judgement.verdict);
	return true;
}

/* ---- rounds ---- */

static struct sim_round *
some_round(struct village *v, struct spot *spot, enum round_state state)
{
	int start = spot->rounds_len == 0 ? 0 : (int)draw(v, (uint64_t)spot->rounds_len);

	for (int i = 0; i < spot->rounds_len; i++) {
		struct sim_round *round = &spot->rounds[(start + i) % spot->rounds_len];

		if (round->state == state)
			return round;
	}
	return spot->rounds_len == 0 || !one_in(v, 8) ? NULL : &spot->rounds[start];
}

static void
draw_round(struct village *v, struct sim_deed *d)
{
	d->text = say(v, "What the money should do");
	d->amount = 1000000 + (int64_t)draw(v, 4000000);
	d->number = one_in(v, 3) ? 1 + (int64_t)draw(v, 3) : 0;
	d->choice = (unsigned)draw(v, 2);
	d->yes = one_in(v, 2);
	d->begin = time_plus(v->now, (int64_t)draw(v, 3) * DAY_US);
	d->end = time_plus(d->begin, (int64_t)(4 + draw(v, 20)) * DAY_US);
}

static void
take_dates(struct sim_round *round, const struct sim_deed *d)
{
	round->opens_at = d->begin;
	round->closes_at = d->end;
	round->residents = d->yes;
	round->most = d->number;
}

/* Puts checked ideas on a draft's ballot. */
static void
fill_ballot(struct village *v, struct spot *spot, struct sim_round *round, struct sim_deed *d)
{
	int start = (int)draw(v, (uint64_t)spot->ideas_len + 1);

	d->picks_len = 0;
	d->round = round->id;
	for (int i = 0; i < spot->ideas_len && d->picks_len < OPTIONS_MAX; i++) {
		const struct sim_idea *idea = &spot->ideas[(start + i) % spot->ideas_len];

		if (idea->state != IDEA_CHECKED ||
		    village_number(v, "SELECT count(*) FROM option o JOIN round r ON r.id = o.round_id"
		                      " WHERE o.idea_id = %lld AND r.state NOT IN ('void', 'draft')",
		                   (long long)idea->id.value) > 0)
			continue;
		d->picks[d->picks_len] = idea->id;
		d->costs[d->picks_len++] = 1000 + (int64_t)draw(v, 800000);
	}
	if (d->picks_len == 0)
		return;
	d->run = deed_round_choose;
	if (sim_do(d, W(OK)) == OK)
		round->options = d->picks_len;
}

static int
rounds_at_work(const struct spot *spot)
{
	int n = 0;

	for (int i = 0; i < spot->rounds_len; i++)
		n += spot->rounds[i].state != ROUND_COUNTED && spot->rounds[i].state != ROUND_VOID;
	return n;
}

static bool
step_draft(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	bool wrong = one_in(v, 12);

	if (spot->rounds_len == ROUNDS_MAX || rounds_at_work(spot) >= 4 ||
	    !set_scene(v, &scene, spot, ROLE_STEWARD, -1) || scene.how == MEDDLER)
		return false;
	draw_round(v, d);
	if (wrong)
		d->end = d->begin;
	if (play(&scene, deed_round_add, wrong ? W(REFUSED) : W(OK)) != OK)
		return false;
	struct sim_round *round = &spot->rounds[spot->rounds_len++];

	*round = (struct sim_round){ .id = d->round };
	take_dates(round, d);
	fill_ballot(v, spot, round, d);
	return true;
}

static bool
step_round_edit(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_DRAFT);
	struct scene scene;
	struct sim_deed *d = &scene.deed;

	if (round == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	draw_round(v, d);
	d->round = round->id;
	if (play(&scene, deed_round_edit, round->state == ROUND_DRAFT ? W(OK) : W(REFUSED)) != OK)
		return false;
	take_dates(round, d);
	fill_ballot(v, spot, round, d);
	return true;
}

static bool
step_open(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_DRAFT);
	struct scene scene;
	bool may;

	if (round == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	may = round->state == ROUND_DRAFT && round->options >= 2 &&
	      time_before(v->now, round->closes_at);
	scene.deed.round = round->id;
	if (play(&scene, deed_round_open, may ? W(OK) | W(REFUSED) : W(REFUSED)) != OK)
		return false;
	round->state = ROUND_OPEN;
	return true;
}

static bool
step_void(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_OPEN);
	struct scene scene;
	bool may;

	if (round == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	may = round->state == ROUND_OPEN || round->state == ROUND_SETTLING;
	scene.deed.round = round->id;
	scene.deed.text = one_in(v, 8) ? STR("No") : STR("A cost was wrong by a zero.");
	if (scene.deed.text.len < 10)
		may = false;
	if (play(&scene, deed_round_void, may ? W(OK) : W(REFUSED)) != OK)
		return false;
	round->state = ROUND_VOID;
	return true;
}

static bool
step_reopen(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_VOID);
	struct scene scene;
	bool may;

	if (round == NULL || spot->rounds_len == ROUNDS_MAX ||
	    !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	may = round->state == ROUND_VOID && !round->replaced;
	scene.deed.round = round->id;
	if (play(&scene, deed_round_reopen, may ? W(OK) : W(REFUSED)) != OK)
		return false;
	struct sim_round *made = &spot->rounds[spot->rounds_len++];

	*made = (struct sim_round){ .id = { scene.deed.number }, .opens_at = round->opens_at,
		                    .closes_at = round->closes_at, .residents = round->residents,
		                    .most = round->most };
	made->options = (int)village_number(v, "SELECT count(*) FROM option WHERE round_id = %lld",
	                                    (long long)made->id.value);
	round->replaced = true;
	return true;
}

static bool
step_withdraw(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_OPEN);
	struct scene scene;
	bool may;

	if (round == NULL || round->options == 0 || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	may = round->state == ROUND_OPEN && time_before(v->now, round->closes_at);
	scene.deed.round = round->id;
	scene.deed.text = STR("The ford is closed for good.");
	scene.deed.option.value =
		village_number(v, "SELECT id FROM option WHERE round_id = %lld AND number = %d",
	                       (long long)round->id.value, 1 + (int)draw(v, (uint64_t)round->options));
	return play(&scene, deed_withdraw, may ? W(OK) | W(REFUSED) : W(REFUSED)) == OK;
}

/* ---- ballots ---- */

/* The same number of other options. */
static unsigned
twisted(unsigned choice, int options)
{
	unsigned all = (1u << options) - 1;

	return options < 2 ? choice : (choice << 1 | choice >> (options - 1)) & all;
}

static unsigned
ballot_want(const struct village *v, const struct sim_round *round, const struct sim_deed *d)
{
	const int ticked = __builtin_popcount(d->choice);

	if (d->choice >> round->options != 0)
		return W(INVALID);
	if (round->state == ROUND_DRAFT)
		return W(NOT_FOUND);
	if (round->state != ROUND_OPEN || time_before(v->now, round->opens_at) ||
	    !time_before(v->now, round->closes_at) || round->ballots[d->who].struck ||
	    (round->residents && !str_is(d->text, "the-ford")) ||
	    (round->most > 0 && ticked > round->most))
		return W(REFUSED);
	return W(OK);
}

static bool
step_ballot(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_OPEN);
	struct scene scene;
	struct sim_deed *d = &scene.deed;

	if (round == NULL || !set_scene(v, &scene, spot, ROLE_MEMBER, -1))
		return false;
	d->round = round->id;
	d->text = one_in(v, 15) ? STR("nowhere") : STR("the-ford");
	d->choice = (unsigned)draw(v, 1u << round->options) & (unsigned)draw(v, 1u << round->options);
	if (one_in(v, 30) && round->options < OPTIONS_MAX)
		d->choice = 1u << round->options;
	else if (v->twisted)
		d->choice = twisted(d->choice, round->options);
	if (play(&scene, deed_ballot, ballot_want(v, round, d)) != OK)
		return false;
	if (d->found != round->ballots[d->who].in_box)
		village_wrong(v, "changed: %d, and a ballot was there: %d", d->found, !d->found);
	round->ballots[d->who] = (struct sim_ballot){ .in_box = true, .receipt = d->receipt,
		                                      .choice = d->choice };
	return true;
}

static bool
step_challenge(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_round *round = some_round(v, spot, ROUND_OPEN);
	struct scene scene;
	int whose = (int)draw(v, (uint64_t)spot->people_len);
	bool may;

	if (round == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	may = round->ballots[whose].in_box &&
	      (round->state == ROUND_OPEN || round->state == ROUND_SETTLING);
	scene.deed.round = round->id;
	scene.deed.person = spot->people[whose].id;
	scene.deed.text = STR("They moved away in spring.");
	return play(&scene, deed_challenge,
	            may ? W(OK) | W(REFUSED) : W(REFUSED) | W(NOT_FOUND)) == OK;
}

static bool
step_settle(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct scene scene;
	struct sim_deed *d = &scene.deed;
	struct sim_round *round = NULL;

	for (int i = 0; i < spot->rounds_len && round == NULL; i++)
		if (village_number(v, "SELECT count(*) FROM challenge WHERE round_id = %lld"
		                      " AND settled_at IS NULL",
		                   (long long)spot->rounds[i].id.value) > 0 &&
		    spot->rounds[i].state != ROUND_VOID)
			round = &spot->rounds[i];
	if (round == NULL || !set_scene(v, &scene, spot, ROLE_STEWARD, -1))
		return false;
	d->round = round->id;
	d->challenge.value = village_number(v, "SELECT id FROM challenge WHERE round_id = %lld"
	                                       " AND settled_at IS NULL ORDER BY id",
	                                    (long long)round->id.value);
	d->yes = one_in(v, 2);
	d->text = STR("They were asked, and said so.");
	if (play(&scene, deed_settle, W(OK) | W(REFUSED)) != OK)
		return false;
	for (int i = 0; d->yes && i < spot->people_len; i++)
		if (village_number(v, "SELECT person_id = %lld FROM challenge WHERE id = %lld",
		                   (long long)spot->people[i].id.value,
		                   (long long)d->challenge.value) != 0)
			round->ballots[i] = (struct sim_ballot){ .struck = true };
	return true;
}

/* ---- money ---- */

static bool
step_pay(struct village *v)
{
	struct spot *spot = some_spot(v);
	int64_t place = spot->place.id.value, left;
	int projects = (int)village_number(v, "SELECT count(*) FROM project WHERE place_id = %lld",
	                                   (long long)place);
	struct scene scene;
	struct sim_deed *d = &scene.deed;

	if (projects == 0 || spot->payments_len == PAYMENTS_MAX ||
	    !set_scene(v, &scene, spot, ROLE_TREASURER, -1))
		return false;
	d->project.value =
		village_number(v, "SELECT id FROM project WHERE place_id = %lld"
	                          " ORDER BY created_at, round_id, number LIMIT 1 OFFSET %d",
	                       (long long)place, (int)draw(v, (uint64_t)projects));
	left = village_number(v, "SELECT a.balance FROM project p JOIN account a"
	                         " ON a.place_id = p.place_id AND a.id = p.account_id"
	                         " WHERE p.id = %lld", (long long)d->project.value);
	d->amount = (int64_t)draw(v, (uint64_t)left / 2 + 1000);
	if (str_format(&v->arena, &d->text, "pay in step %d", v->step) != OK)
		exit(1);
	if (play(&scene, deed_pay, d->amount > 0 && d->amount <= left ? W(OK) : W(REFUSED)) != OK)
		return false;
	spot->payments[spot->payments_len++] =
		(struct sim_payment){ .id = d->entry, .project = d->project, .amount = d->amount };
	sim_again(d);
	return true;
}

static bool
step_take_back(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct scene scene;
	struct sim_payment *payment;

	if (spot->payments_len == 0 || !set_scene(v, &scene, spot, ROLE_TREASURER, -1))
		return false;
	payment = &spot->payments[draw(v, (uint64_t)spot->payments_len)];
	scene.deed.entry = payment->id;
	scene.deed.text = STR("Paid twice by mistake");
	if (play(&scene, deed_take_back, payment->taken_back ? W(REFUSED) : W(OK)) != OK)
		return false;
	payment->taken_back = true;
	return true;
}

/* ---- coming and going, the record, the clock ---- */

static bool
step_sign_out(struct village *v)
{
	struct spot *spot = some_spot(v);
	int who = (int)draw(v, (uint64_t)spot->people_len);
	struct sim_deed deed = { .v = v, .at = spot, .from = spot, .who = -1, .run = deed_sign_out,
		                 .text = str_of(spot->people[who].token.text) };

	if (deed.text.len == 0 || sim_do(&deed, W(OK)) != OK)
		return false;
	spot->people[who].until = (struct instant){ 0 };
	if (village_ask(v, spot, who).who.id.value != 0)
		village_wrong(v, "signed out, and still there");
	return true;
}

static bool
step_sequence(struct village *v)
{
	struct spot *spot = some_spot(v);
	struct sim_deed deed = { .v = v, .at = spot, .from = spot, .who = -1, .run = deed_sequence,
		                 .amount = 1 + (int64_t)draw(v, 60) };

	return sim_do(&deed, W(OK)) == OK;
}

/* A job of the program, replayable, with a fault now and then. */
static enum status
faulty(struct job_run *run, enum status (*part)(struct job_run *))
{
	struct village *v = run->context;
	uint8_t seed[32] = "a job";
	enum status st;

	memcpy(seed + 24, &v->deeds, sizeof v->deeds);
	v->deeds++;
	chance_from_seed(&run->act.chance, seed);
	db_fail_at(run->act.db, one_in(v, 3) ? 1 + (int64_t)draw(v, 20) : 0);
	st = part(run);
	db_fail_at(run->act.db, 0);
	v->faults += st == UNAVAILABLE;
	if (st != OK && st != UNAVAILABLE)
		village_wrong(v, "a job ended %s", status_name(st));
	return st;
}

static enum status
mail_gone(struct job_run *run)
{
	return act_mail_gone(&run->act, (struct mail_id){ run->subject });
}

static enum status run_close(struct job_run *run) { return faulty(run, job_close_round); }
static enum status run_work(struct job_run *run) { return faulty(run, job_count_round_work); }
static enum status run_count(struct job_run *run) { return faulty(run, job_count_round); }
static enum status run_forget(struct job_run *run) { return faulty(run, round_forget_work); }
static enum status run_mail(struct job_run *run) { return faulty(run, mail_gone); }

static bool
step_jobs(struct village *v)
{
	const struct job_kind kinds[] = {
		{ .name = "close-round", .deed = run_close, .context = v },
		{ .name = "forget-round", .work = run_forget, .context = v },
		{ .name = "send-mail", .deed = run_mail, .context = v },
		{ .name = v->uncounted ? NULL : "count-round", .work = run_work, .deed = run_count,
		  .context = v },
		{ .name = NULL },
	};
	const struct job_settings settings = { .desk = v->desk, .kinds = kinds };
	bool moved = false;

	(void)job_run_due(&settings, v->reader, v->now);
	for (int s = 0; s < SPOTS; s++)
		for (int i = 0; i < v->spots[s].rounds_len; i++) {
			struct sim_round *round = &v->spots[s].rounds[i];
			struct act act = village_ask(v, &v->spots[s], -1);
			struct round now;

			if (round_load(&act, round->id, &now) != OK)
				village_wrong(v, "a round is gone");
			else if (now.facts.state != round->state &&
			         (round->state == ROUND_DRAFT || round->state == ROUND_VOID ||
			          now.facts.state < round->state || now.facts.state == ROUND_VOID ||
			          time_before(v->now, round->closes_at)))
				village_wrong(v, "a round went from %s to %s",
				              round_state_name(round->state),
				              round_state_name(now.facts.state));
			moved |= now.facts.state != round->state;
			round->state = now.facts.state;
		}
	return moved;
}

static const struct {
	const char *name;
	bool (*step)(struct village *v);
	unsigned weight;
} kinds[] = {
	{ "idea", step_idea, 10 },         { "edit", step_edit, 6 },
	{ "comment", step_comment, 8 },    { "judge", step_judge, 12 },
	{ "draft", step_draft, 6 },        { "round-edit", step_round_edit, 3 },
	{ "open", step_open, 8 },          { "void", step_void, 1 },
	{ "reopen", step_reopen, 2 },      { "withdraw", step_withdraw, 2 },
	{ "ballot", step_ballot, 45 },     { "challenge", step_challenge, 6 },
	{ "settle", step_settle, 4 },      { "pay", step_pay, 6 },
	{ "take-back", step_take_back, 2 }, { "sign-out", step_sign_out, 1 },
	{ "sequence", step_sequence, 6 },  { "jobs", step_jobs, 8 },
};

#define KINDS (int)(sizeof kinds / sizeof *kinds)
_Static_assert(sizeof kinds / sizeof *kinds == STEP_KINDS, "one count for each kind of step");

void
village_step(struct village *v)
{
	unsigned total = 0, at;
	int kind = 0;

	for (int i = 0; i < KINDS; i++)
		total += kinds[i].weight;
	at = (unsigned)draw(v, total);
	while (at >= kinds[kind].weight)
		at -= kinds[kind++].weight;
	v->step++;
	v->doing = kinds[kind].name;
	arena_reset(&v->arena);
	v->now = time_plus(v->now, (int64_t)draw(v, 264) * MINUTE_US);
	v->counts[kind] += kinds[kind].step(v);
}

void
village_was_busy(struct village *v)
{
	v->doing = "a year";
	for (int i = 0; i < KINDS; i++) {
		printf("# %s: %d\n", kinds[i].name, v->counts[i]);
		if (v->counts[i] == 0)
			village_wrong(v, "nobody ever did: %s", kinds[i].name);
	}
	if (v->faults == 0 || v->refused == 0 || v->twice == 0)
		village_wrong(v, "without faults, refusals or forms sent twice");
}
