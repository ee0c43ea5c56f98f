#include "acts/move.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "acts/check.h"
#include "acts/place.h"
#include "store/move.h"
#include "store/move.sql.h"
#include "store/place.sql.h"

/* Changes that one transaction follows: at most AT_ONCE, and FEW before it is known how long they
 * take. */
enum { FEW = 100, AT_ONCE = 50000, TURNS_MAX = 1000, TRIES_MAX = 10 };
#define MEMORY_MAX ((size_t)8 << 30)

/* One place on its way. */
struct moving {
	struct mover *mover;
	struct place_id place;
	struct str slug;
	struct arena *arena;
	int64_t change_us; /* what following one change took last; 0: none has been yet */
};

static void say(struct mover *mover, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
say(struct mover *mover, const char *format, ...)
{
	char line[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof line, format, args);
	va_end(args);
	mover->say(mover->context, str_of(line));
}

static bool
dies(const struct mover *mover, int step)
{
	return mover->dies != NULL && mover->dies(mover->context, step);
}

static bool
stopped(const struct mover *mover)
{
	return mover->stop != NULL && atomic_load(mover->stop);
}

/* A transaction's end, one way or the other. */
static enum status
end(struct db *db, enum status st)
{
	if (st == OK)
		st = db_commit(db);
	if (st != OK)
		db_rollback(db);
	return st;
}

/* ---- state -------------------------------------------------------------------------------- */

/* Empty: the place is not in this database. */
static enum status
state_of(struct moving *m, struct db *db, struct str *ret)
{
	struct move_state_row row;
	enum status st = move_state(db, m->arena, m->place, &row);

	*ret = st == OK ? row.state : STR("");
	return st == NOT_FOUND ? OK : st;
}

/* REFUSED: it was not in that state. */
static enum status
change_state(struct moving *m, struct db *db, const char *was, const char *is)
{
	int64_t changed = 0;
	enum status st = db_begin_write(db);

	if (st == OK)
		st = move_state_change(db, m->place, str_of(was), str_of(is), &changed);
	if (st == OK && changed == 0)
		st = REFUSED;
	return end(db, st);
}

/* ---- checks ------------------------------------------------------------------------------- */

static enum status
check(struct moving *m, struct db *db, const char *where)
{
	struct arena arena;
	struct act act = { .db = db, .arena = &arena, .now = time_now() };
	struct check check = { .act = &act, .say = m->mover->say, .context = m->mover->context };
	enum status st;

	arena_init(&arena, MEMORY_MAX);
	st = db_begin_read(db);
	if (st == OK)
		st = act_place_by_id(db, &arena, m->place, &act.place);
	if (st == OK)
		st = act_check(&check);
	db_rollback(db);
	arena_release(&arena);
	if (st == OK && check.differences > 0) {
		say(m->mover, "/%.*s has %lld differences in the %s: it does not move like this.",
		    STR_ARG(m->slug), (long long)check.differences, where);
		st = REFUSED;
	}
	return st;
}

static enum status
same_root(struct moving *m)
{
	struct move_root_row from, to;
	enum status a = move_root(m->mover->from, m->arena, m->place, &from);
	enum status b = move_root(m->mover->to, m->arena, m->place, &to);

	if (a == NOT_FOUND && b == NOT_FOUND)
		return OK;
	if (a != OK || b != OK)
		return a != OK ? a : b;
	return from.size == to.size && str_eq(from.root, to.root) ? OK : FAILED;
}

static enum status
same_count(struct moving *m)
{
	int64_t from, to;
	enum status st = move_count(m->mover->from, m->place, &from);

	if (st == OK)
		st = move_count(m->mover->to, m->place, &to);
	return st == OK && from != to ? FAILED : st;
}

/* ---- catching up -------------------------------------------------------------------------- */

/* Another's transaction met ours, or had the lock for too long: once more, a little later. */
static bool
again(struct moving *m, enum status st, int tries)
{
	if ((st != UNAVAILABLE && !db_may_retry(m->mover->from) && !db_may_retry(m->mover->to)) ||
	    tries >= TRIES_MAX || stopped(m->mover))
		return false;
	(void)usleep(1000u << tries);
	return true;
}

static bool
is_quick(const struct moving *m, int64_t open)
{
	int64_t most_us = MOVE_QUICK_MS * INT64_C(1000);

	if (m->mover->never_quick)
		return false;
	return open == 0 || (m->change_us > 0 && open * m->change_us <= most_us);
}

/* One transaction of changes. */
static enum status
follow(struct moving *m, bool hold, struct move_pace *ret)
{
	int64_t most = m->change_us == 0 ? FEW : MOVE_QUICK_MS * INT64_C(1000) / m->change_us;
	enum status st;
	int tries = 0;

	most = most < 1 ? 1 : most > AT_ONCE ? AT_ONCE : most;
	do
		st = move_catch_up(m->mover->from, m->mover->to, m->place, most, hold, ret);
	while (st != OK && again(m, st, tries++));
	return st;
}

/* As many changes as were open when the round began. Where the deeds have to wait meanwhile, they
 * have their turn after each transaction, for a quarter of its time. */
static enum status
follow_round(struct moving *m, int64_t open, bool hold)
{
	struct move_pace pace = { .changes = 1 }, all = { 0 };
	enum status st = OK;

	while (st == OK && all.changes < open && pace.changes > 0) {
		st = stopped(m->mover) ? UNAVAILABLE : follow(m, hold, &pace);
		if (st != OK)
			break;
		all.changes += pace.changes;
		all.us += pace.us;
		m->change_us = all.us / (all.changes + 1) + 1;
		if (hold || !db_is_remote(m->mover->from))
			(void)usleep((useconds_t)(pace.us / 4));
	}
	return st;
}

/* Until what is open takes no longer than MOVE_QUICK_MS. A round that leaves more than half of what it
 * found shows that changes come about as fast as they are followed: the rounds after it hold the
 * place's deeds back. Free rounds halve what is open and held ones are counted: there is an end. */
static enum status
catch_up(struct moving *m)
{
	struct move_open_row was, is = { 0 };
	bool hold = false;
	int held = 0;
	enum status st = move_open(m->mover->from, m->arena, m->place, &was);

	while (st == OK && !is_quick(m, was.open)) {
		if (hold && held == 0)
			say(m->mover, "/%.*s: changes come about as fast as they are copied. From now on "
			    "its deeds wait, for about %d ms at a time.", STR_ARG(m->slug), MOVE_QUICK_MS);
		if (hold && held++ == MOVE_HELD_ROUNDS) {
			say(m->mover, "/%.*s: changes come faster than they can be copied, %lld wait. "
			    "Move it when less is going on, or from a machine nearer to both databases.",
			    STR_ARG(m->slug), (long long)was.open);
			return UNAVAILABLE;
		}
		st = follow_round(m, was.open, hold);
		if (st == OK)
			st = move_open(m->mover->from, m->arena, m->place, &is);
		hold |= is.open > was.open / 2;
		was = is;
	}
	return st;
}

/* No deed comes any more: to the last change. */
static enum status
follow_all(struct moving *m)
{
	struct move_pace pace = { .changes = 1 };
	enum status st = OK;

	for (int turn = 0; st == OK && pace.changes > 0; turn++)
		st = turn < TURNS_MAX ? follow(m, false, &pace) : UNAVAILABLE;
	return st;
}

/* ---- the steps ---------------------------------------------------------------------------- */

static void
tell_rows(void *context, int64_t rows)
{
	struct moving *m = context;

	if (rows / 100000 != (rows - 4000) / 100000)
		say(m->mover, "/%.*s: %lld rows so far", STR_ARG(m->slug), (long long)rows);
}

static enum status
copy(struct moving *m)
{
	struct mover *mover = m->mover;
	struct move_sum read, written = { 0 };
	enum status st = move_watch(mover->from, m->place);

	if (st == OK)
		st = db_begin_read(mover->from);
	if (st == OK)
		st = move_copy(mover->from, mover->to, m->place, tell_rows, m, &read);
	db_rollback(mover->from);
	if (st == OK)
		st = db_begin_read(mover->to);
	if (st == OK)
		st = move_sum_up(mover->to, m->place, &written);
	db_rollback(mover->to);
	if (st == OK && (read.rows != written.rows || !digest_eq(read.digest, written.digest))) {
		say(mover, "/%.*s: what arrived is not what left.", STR_ARG(m->slug));
		st = FAILED;
	}
	mover->rows = read.rows;
	return st;
}

/* The place is the target's from the commit on. */
static enum status
arrive(struct moving *m)
{
	struct db *to = m->mover->to;
	int64_t changed;
	struct str state;
	enum status st = db_begin_write(to);

	if (st == OK)
		st = move_place_row(m->mover->from, to, m->place);
	if (st == OK)
		st = move_slug_put(to, m->slug, m->place, &changed);
	if (st == OK)
		st = move_state_set(to, m->place, STR("here"));
	st = end(to, st);
	if (st != UNKNOWN)
		return st;
	/* The commit was cut: did it arrive? */
	for (int tries = 0; tries < 30 && (st = state_of(m, to, &state)) != OK; tries++)
		(void)nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
	return st == OK && !str_is(state, "here") ? UNAVAILABLE : st;
}

/* Nobody asks the source for it any more. */
static enum status
leave(struct moving *m)
{
	enum status st = move_unwatch(m->mover->from, m->place);

	return st == OK ? move_clear(m->mover->from, m->place) : st;
}

/* Back to how it was. */
static enum status
undo(struct moving *m)
{
	struct str state;
	enum status st = state_of(m, m->mover->to, &state);

	if (st == OK && str_is(state, "here"))
		return REFUSED;
	if (st == OK) {
		st = change_state(m, m->mover->from, "leaving", "here");
		st = st == REFUSED ? OK : st; /* it was not leaving */
	}
	if (st == OK)
		st = move_unwatch(m->mover->from, m->place);
	if (st == OK)
		st = move_clear(m->mover->to, m->place);
	return st;
}

static enum status
last_step(struct moving *m)
{
	struct mover *mover = m->mover;
	int64_t begun = time_passing_us();
	enum status st;
	int tries = 0;

	do
		st = change_state(m, mover->from, "here", "leaving");
	while (st != OK && again(m, st, tries++));
	if (st == OK && dies(mover, 3))
		return FAILED;
	if (st == OK)
		st = follow_all(m);
	if (st == OK)
		st = same_count(m);
	if (st == OK)
		st = same_root(m);
	if (st == OK && dies(mover, 4))
		return FAILED;
	if (st == OK)
		st = arrive(m);
	mover->last_step_ms = (time_passing_us() - begun) / 1000;
	return st;
}

/* Steps 1 to 6 of a place that is whole in the source and not in the target. */
static enum status
move(struct moving *m)
{
	struct mover *mover = m->mover;
	enum status st = check(m, mover->from, "source");

	if (st == OK && dies(mover, 1))
		return FAILED;
	if (st == OK)
		st = copy(m);
	if (st == OK)
		st = check(m, mover->to, "target"); /* before what comes piece by piece */
	if (st == OK)
		st = catch_up(m);
	if (st == OK && dies(mover, 2))
		return FAILED;
	if (st == OK && stopped(mover))
		st = UNAVAILABLE;
	if (st == OK)
		st = last_step(m);
	if (st == FAILED && mover->dies != NULL)
		return st;
	if (st != OK) {
		say(mover, "/%.*s does not move: %s. It stays where it was.", STR_ARG(m->slug),
		    status_name(st));
		if (undo(m) != OK)
			say(mover, "/%.*s: that could not be undone either; run the same again.",
			    STR_ARG(m->slug));
		return st;
	}
	if (dies(mover, 5))
		return FAILED;
	return leave(m);
}

/* ---- from the path ------------------------------------------------------------------------ */

/* *ret_state: in the source; empty when only its path is left there. */
static enum status
find(struct moving *m, struct str *ret_state)
{
	struct move_place_by_slug_row row;
	enum status st = move_place_by_slug(m->mover->from, m->arena, m->slug, &row);

	if (st == NOT_FOUND)
		say(m->mover, "There is no place /%.*s in the source.", STR_ARG(m->slug));
	if (st != OK)
		return st;
	m->place = row.place_id;
	*ret_state = row.has_state ? row.state : STR("");
	return OK;
}

static enum status
is_path_free(struct moving *m)
{
	struct move_place_by_slug_row row;
	enum status st = move_place_by_slug(m->mover->to, m->arena, m->slug, &row);

	if (st == NOT_FOUND || (st == OK && row.place_id.value == m->place.value))
		return OK;
	if (st == OK)
		say(m->mover, "The path /%.*s is another place's in the target.", STR_ARG(m->slug));
	return st == OK ? REFUSED : st;
}

static enum status
move_found(struct moving *m)
{
	struct str source, target;
	enum status st = find(m, &source);

	if (st == OK)
		st = state_of(m, m->mover->to, &target);
	if (st == OK && str_is(target, "here")) {
		if (str_is(source, "here")) {
			say(m->mover, "/%.*s is in both databases: that must not be.", STR_ARG(m->slug));
			return REFUSED;
		}
		return leave(m); /* a move that was cut behind its step 5 */
	}
	if (st == OK && source.len == 0) {
		say(m->mover, "/%.*s has moved away before.", STR_ARG(m->slug));
		return REFUSED;
	}
	if (st == OK && (str_is(source, "arriving") || str_is(target, "leaving"))) {
		say(m->mover, "/%.*s is on its way between two databases: end that move first.",
		    STR_ARG(m->slug));
		return REFUSED;
	}
	if (st == OK)
		st = is_path_free(m);
	if (st == OK)
		st = undo(m); /* what an earlier try has left */
	return st == OK ? move(m) : st;
}

enum status
act_move_place(struct mover *mover, struct str slug)
{
	struct arena arena;
	struct moving m = { .mover = mover, .slug = slug, .arena = &arena };
	enum status st;

	arena_init(&arena, 1 << 20);
	db_set_patience(mover->from, 0);
	db_set_patience(mover->to, 0);
	st = move_found(&m);
	if (st == OK)
		say(mover, "/%.*s has moved: %lld rows, %lld ms without deeds.", STR_ARG(slug),
		    (long long)mover->rows, (long long)mover->last_step_ms);
	arena_release(&arena);
	return st;
}

enum status
act_move_undo(struct mover *mover, struct str slug)
{
	struct arena arena;
	struct moving m = { .mover = mover, .slug = slug, .arena = &arena };
	struct str state;
	enum status st;

	arena_init(&arena, 1 << 20);
	st = find(&m, &state);
	if (st == OK)
		st = undo(&m);
	if (st == REFUSED)
		say(mover, "/%.*s has moved already; move it back instead.", STR_ARG(slug));
	if (st == OK)
		say(mover, "/%.*s stays where it was.", STR_ARG(slug));
	arena_release(&arena);
	return st;
}

enum status
act_move_all(struct mover *mover, struct arena *arena)
{
	struct place_homes_rows places;
	enum status st = place_homes(mover->from, arena, &places);

	for (size_t i = 0; st == OK && i < places.len && !stopped(mover); i++)
		st = act_move_place(mover, places.ptr[i].slug);
	return st == OK && stopped(mover) ? UNAVAILABLE : st;
}
