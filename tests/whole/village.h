/* A village's year, simulated: two places on one real database, their people, and what these
 * were told was done. Every step is drawn from a seed, so a run can be replayed; the clock is
 * the simulation's own.
 *
 * Deeds go the way they go in the server: writer's queue, SAVEPOINT, commit; each begins with a
 * session token, as a request does. Now and then one of a deed's statements fails: then nothing
 * of the deed may be there, and the same deed is done again.
 */
#ifndef TESTS_WHOLE_VILLAGE_H
#define TESTS_WHOLE_VILLAGE_H

#include <sqlite3.h>

#include "acts/desk.h"
#include "acts/idea.h"
#include "base/digest.h"
#include "commons/ballot.h"
#include "store/scratch.h"

enum {
	SPOTS = 2, /* places: a village and another that has nothing to do with it */
	PEOPLE_MAX = 28,
	IDEAS_MAX = 400,
	ROUNDS_MAX = 80,
	OPTIONS_MAX = 8,
	PAYMENTS_MAX = 400,
	TEXT_MAX = 120,
	STEWARD = 0, STEWARD_TOO = 1, TREASURER = 2,
	STEP_KINDS = 18
};

struct resident {
	char email[40], name[40];
	struct person_id id;
	struct token_text token;
	struct instant until; /* of the token; us 0: not signed in */
};

/* What was acknowledged about an idea. */
struct sim_idea {
	struct idea_id id;
	int64_t key;
	int author;
	char title[TEXT_MAX];
	int64_t version, judgement, comments;
	enum idea_state state;
};

struct sim_ballot {
	bool in_box, struck;
	struct digest receipt;
	unsigned choice; /* bit i: option i + 1 */
};

struct sim_round {
	struct round_id id;
	enum round_state state; /* as acknowledged; jobs move it on (settle, count) */
	struct instant opens_at, closes_at;
	bool residents, replaced;
	int64_t most;
	int options;
	struct sim_ballot ballots[PEOPLE_MAX];
};

struct sim_payment {
	struct entry_id id;
	struct project_id project;
	int64_t amount;
	bool taken_back;
};

struct spot {
	const char *slug;
	struct place place;
	int people_len;
	struct resident people[PEOPLE_MAX];
	int ideas_len;
	struct sim_idea ideas[IDEAS_MAX];
	int rounds_len;
	struct sim_round rounds[ROUNDS_MAX];
	int payments_len;
	struct sim_payment payments[PAYMENTS_MAX];
	int64_t head_size; /* the last head of the record that was seen */
	struct digest head_root;
};

struct village {
	struct scratch scratch;
	struct desk *desk;
	struct db *reader;
	struct beside beside; /* to look at tables with */
	struct arena arena;  /* of one step */
	struct chance chance; /* draws what happens */
	uint64_t deeds;      /* each has a seed of its own */
	struct instant now;
	struct spot spots[SPOTS];
	bool twisted;        /* its people choose otherwise, and nothing else is different */
	bool uncounted;      /* its rounds close, and nobody counts them */
	int step;
	const char *doing;
	int64_t done, refused, faults, twice;
	int wrong;           /* what should not be */
	int counts[STEP_KINDS]; /* how often each kind of step did something */
};

void village_init(struct village *v, uint64_t seed, bool twisted);
void village_release(struct village *v);
/* One thing that somebody does, or the clock. */
void village_step(struct village *v);
/* Each kind of step did what it is for at least once. */
void village_was_busy(struct village *v);

/* What must always hold: a cheap look at what can still change, and all of it. */
void village_look(struct village *v);
void village_look_closely(struct village *v);

/* Says that something is not as it should be, once more. */
void village_wrong(struct village *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The first column of the first row, 0 when it is NULL or there is none. */
int64_t village_number(struct village *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* SQL that the program has no statement for. */
void village_sql(struct village *v, const char *sql);
/* A digest of every row of every table. `no_ballots`: but of what is on ballots and what
 * secret keys make (keys differ from run to run). */
struct digest village_state(struct village *v, bool no_ballots);
/* A question by somebody of the place, or nobody (-1). */
struct act village_ask(struct village *v, struct spot *spot, int who);

#endif
