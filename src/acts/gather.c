#include "acts/gather.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "acts/like.h"
#include "commons/idea_words.h"
#include "store/place.sql.h"
#include "store/search.sql.h"

/* One database's answer, in memory of its own: it may come when nobody waits any more. */
struct answer {
	struct arena arena;
	enum status st;
	bool there;
	struct search_places_rows places;
	struct search_ideas_rows ideas;
};

/* Lives until the last of those who ask and the one who waits has let go. */
struct gathering {
	pthread_mutex_t lock;
	pthread_cond_t comes;
	int holders, homes, there;
	struct desk *desk;
	char *pattern, *words; /* words NULL: no ideas */
	struct answer answers[HOMES_MAX];
};

struct asking {
	struct gathering *gathering;
	int home;
};

static void
let_go(struct gathering *g)
{
	bool last;

	(void)pthread_mutex_lock(&g->lock);
	last = --g->holders == 0;
	(void)pthread_mutex_unlock(&g->lock);
	if (!last)
		return;
	for (int i = 0; i < g->homes; i++)
		arena_release(&g->answers[i].arena);
	(void)pthread_cond_destroy(&g->comes);
	(void)pthread_mutex_destroy(&g->lock);
	free(g->pattern);
	free(g->words);
	free(g);
}

static enum status
ask(struct gathering *g, struct answer *answer, struct db *db)
{
	enum status st = search_places(db, &answer->arena, str_of(g->pattern), GATHER_PLACES,
	                               &answer->places);

	if (st == OK && g->words != NULL)
		st = search_ideas(db, &answer->arena, str_of(g->words), GATHER_IDEAS, &answer->ideas);
	return st;
}

static void *
ask_home(void *context)
{
	struct asking *asking = context;
	struct gathering *g = asking->gathering;
	struct answer *answer = &g->answers[asking->home];
	struct db *db = NULL;
	const char *why;
	enum status st = desk_reader_of(g->desk, asking->home, &db, &why);

	if (st == OK)
		st = ask(g, answer, db);
	db_close(db);
	(void)pthread_mutex_lock(&g->lock);
	answer->st = st;
	answer->there = true;
	g->there++;
	(void)pthread_cond_signal(&g->comes);
	(void)pthread_mutex_unlock(&g->lock);
	desk_asked(g->desk);
	let_go(g);
	free(asking);
	return NULL;
}

static bool
start(struct gathering *g, int home)
{
	struct asking *asking = malloc(sizeof *asking);
	pthread_attr_t detached;
	pthread_t thread;
	bool good;

	if (asking == NULL)
		return false;
	*asking = (struct asking){ g, home };
	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	good = desk_asks(g->desk) && pthread_create(&thread, &detached, ask_home, asking) == 0;
	(void)pthread_attr_destroy(&detached);
	if (!good)
		free(asking);
	return good;
}

static void
wait_for_all(struct gathering *g, int asked)
{
	struct timespec until;
	int left = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)(GATHER_MS % 1000) * 1000000;
	until.tv_sec += GATHER_MS / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (left == 0 && g->there < asked)
		left = pthread_cond_timedwait(&g->comes, &g->lock, &until);
}

/* ---- one list of all ---------------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	const struct place_card *x = a, *y = b;
	int by = str_cmp(x->name, y->name);

	return by != 0 ? by : str_cmp(x->slug, y->slug);
}

static int
by_time(const void *a, const void *b)
{
	const struct found_idea *x = a, *y = b;

	return (x->at.us < y->at.us) - (x->at.us > y->at.us);
}

static enum status
copy_place(struct arena *arena, const struct search_places_row *row, struct place_card *ret)
{
	enum status st = str_copy(arena, row->slug, &ret->slug);

	if (st == OK)
		st = str_copy(arena, row->name, &ret->name);
	if (st == OK)
		st = str_copy(arena, row->purpose, &ret->purpose);
	ret->people = row->has_people ? row->people : 0;
	return st;
}

static enum status
copy_idea(struct arena *arena, const struct search_ideas_row *row, struct found_idea *ret)
{
	enum status st = str_copy(arena, row->slug, &ret->slug);

	ret->id = row->id;
	ret->at = row->created_at;
	if (st == OK)
		st = str_copy(arena, row->title, &ret->title);
	return st == OK ? str_copy(arena, row->place_name, &ret->place) : st;
}

/* Under the lock. */
static enum status
put_together(struct arena *arena, const struct gathering *g, struct gathered *ret)
{
	size_t places = 0, ideas = 0;
	enum status st = OK;

	for (int i = 0; i < g->homes; i++) {
		bool good = g->answers[i].there && g->answers[i].st == OK;

		ret->silent += !good;
		places += good ? g->answers[i].places.len : 0;
		ideas += good ? g->answers[i].ideas.len : 0;
	}
	ret->places.ptr = ARENA_ARRAY(arena, places, struct place_card);
	ret->ideas.ptr = ARENA_ARRAY(arena, ideas, struct found_idea);
	if (ret->places.ptr == NULL || ret->ideas.ptr == NULL)
		return NO_MEMORY;
	for (int i = 0; i < g->homes; i++) {
		const struct answer *a = &g->answers[i];

		if (!a->there || a->st != OK)
			continue;
		for (size_t n = 0; st == OK && n < a->places.len; n++)
			st = copy_place(arena, &a->places.ptr[n], &ret->places.ptr[ret->places.len++]);
		for (size_t n = 0; st == OK && n < a->ideas.len; n++)
			st = copy_idea(arena, &a->ideas.ptr[n], &ret->ideas.ptr[ret->ideas.len++]);
	}
	if (ret->places.len > 0)
		qsort(ret->places.ptr, ret->places.len, sizeof *ret->places.ptr, by_name);
	if (ret->ideas.len > 0)
		qsort(ret->ideas.ptr, ret->ideas.len, sizeof *ret->ideas.ptr, by_time);
	if (ret->ideas.len > GATHER_IDEAS)
		ret->ideas.len = GATHER_IDEAS;
	return st;
}

/* ---- asking ------------------------------------------------------------------------------- */

static struct gathering *
gathering_new(struct desk *desk, struct str pattern, struct str words)
{
	struct gathering *g = calloc(1, sizeof *g);
	pthread_condattr_t monotonic;

	if (g == NULL)
		return NULL;
	(void)pthread_mutex_init(&g->lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&g->comes, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	g->desk = desk;
	g->homes = desk_homes(desk);
	g->holders = 1;
	g->pattern = strndup(pattern.ptr, pattern.len);
	g->words = words.len > 0 ? strndup(words.ptr, words.len) : NULL;
	for (int i = 0; i < g->homes; i++)
		arena_init(&g->answers[i].arena, 8 << 20);
	if (g->pattern == NULL || (words.len > 0 && g->words == NULL)) {
		let_go(g);
		return NULL;
	}
	return g;
}

enum status
act_gather(const struct act *act, struct desk *desk, struct str typed, struct gathered *ret)
{
	struct gathering *g;
	struct str pattern, words;
	int asked = 0;
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct gathered){ .silent = 0 };
	if (st == OK)
		st = like_pattern(act->arena, typed, &pattern);
	if (st == OK)
		st = idea_words_search(act->arena, typed, &words);
	if (st != OK)
		return st;
	g = gathering_new(desk, pattern, words);
	if (g == NULL)
		return NO_MEMORY;
	(void)pthread_mutex_lock(&g->lock);
	for (int i = 0; i < g->homes; i++) {
		g->holders++;
		if (start(g, i))
			asked++;
		else
			g->holders--;
	}
	wait_for_all(g, asked);
	st = put_together(act->arena, g, ret);
	(void)pthread_mutex_unlock(&g->lock);
	let_go(g);
	return st;
}
