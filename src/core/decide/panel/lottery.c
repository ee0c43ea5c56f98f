#include "core/decide/panel/lottery.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/decide/panel/mixture.h"
#include "core/decide/panel/stages.h"

/* Chances are those aimed at when they are this near. Where all lotteries are further off than
 * this, or after so many cuts, stages take over. */
static const double exact = 1e-7, hopeless = 0.002;
enum { CUTS = 20 };
enum how { GIVEN, CUT, FAR };
/* A panel is at the edge when it goes this share of the way to it; a plane that is this share of
 * the way off what is aimed at is worth a new aim. */
static const double far = 0.6, deep = 0.8;

/* STARTS: panels from which one is made with a kind that is hard to seat. SAMPLES for
 * each kind, and MORE when they don't do; TRUST of them without a look at how far they go, and
 * SAMPLE_NODES for a search. After IDLE times of more samples in vain rounding is in the way. */
enum { STARTS = 40, SAMPLES = 4, MORE = 20, IDLE = 20, TRUST = 15, SAMPLE_NODES = 50 };

static uint64_t
hash_seats(const struct seat *seats, size_t count)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < count; i++) {
		h = (h ^ seats[i].kind) * UINT64_C(0x100000001b3);
		h = (h ^ seats[i].count) * UINT64_C(0x100000001b3);
	}
	return h ^ h >> 29;
}

/* The slot of a panel's seats, or the empty one where it would go. */
static uint32_t *
find_panel(const struct lottery *l, const struct seat *seats, size_t count)
{
	size_t at = (size_t)hash_seats(seats, count) & (l->table_size - 1);

	for (; l->table[at] != 0; at = (at + 1) & (l->table_size - 1)) {
		size_t j = l->table[at] - 1;

		if (l->first[j + 1] - l->first[j] == count &&
		    memcmp(l->seat + l->first[j], seats, count * sizeof *seats) == 0)
			break;
	}
	return &l->table[at];
}

/* Room for one more panel and its seats; what was outgrown stays in the arena. */
static enum status
make_room(struct lottery *l)
{
	size_t most = l->kinds->count < (size_t)l->program.seats ? l->kinds->count
	                                                        : (size_t)l->program.seats;

	if (l->first == NULL || l->panel_count + 2 > l->panels_size) {
		size_t size = l->first == NULL ? 256 : 2 * l->panels_size;
		size_t *first = ARENA_ARRAY(l->arena, size, size_t);
		uint32_t *table = ARENA_ARRAY(l->arena, 2 * size, uint32_t);

		if (first == NULL || table == NULL)
			return NO_MEMORY;
		if (l->first != NULL)
			memcpy(first, l->first, (l->panel_count + 1) * sizeof *first);
		l->first = first;
		l->table = table;
		l->panels_size = size;
		l->table_size = 2 * size;
		for (size_t j = 0; j < l->panel_count; j++)
			*find_panel(l, l->seat + first[j], first[j + 1] - first[j]) = (uint32_t)j + 1;
	}
	if (l->seat == NULL || l->first[l->panel_count] + most > l->seats_size) {
		size_t size = l->seat == NULL ? 64 * most : 2 * l->seats_size + most;
		struct seat *seat = ARENA_ARRAY(l->arena, size, struct seat);

		if (seat == NULL)
			return NO_MEMORY;
		if (l->seat != NULL)
			memcpy(seat, l->seat, l->first[l->panel_count] * sizeof *seat);
		l->seat = seat;
		l->seats_size = size;
	}
	return OK;
}

enum status
lottery_add(struct lottery *l, bool *ret_new)
{
	enum status st = make_room(l);
	struct seat *seats;
	size_t n = 0;
	uint32_t *slot;

	*ret_new = false;
	if (st != OK)
		return st;
	if (!program_allows(&l->program, l->panel))
		return FAILED;
	seats = l->seat + l->first[l->panel_count];
	for (size_t k = 0; k < l->kinds->count; k++)
		if (l->panel[k] > 0)
			seats[n++] = (struct seat){ (uint32_t)k, l->panel[k] };
	slot = find_panel(l, seats, n);
	if (*slot != 0)
		return OK;
	l->first[l->panel_count + 1] = l->first[l->panel_count] + n;
	*slot = (uint32_t)++l->panel_count;
	*ret_new = true;
	return OK;
}

/* A known panel into l->panel. */
static void
unpack(const struct lottery *l, size_t j)
{
	memset(l->panel, 0, l->kinds->count * sizeof *l->panel);
	for (size_t i = l->first[j]; i < l->first[j + 1]; i++)
		l->panel[l->seat[i].kind] = l->seat[i].count;
}

/* A panel with one kind into l->panel: from known panels by swaps, then by the integer program. */
static enum status
panel_with(struct lottery *l, size_t kind)
{
	size_t step = l->panel_count / STARTS + 1;

	for (size_t j = 0; j < l->panel_count; j += step) {
		unpack(l, j);
		if (program_force(&l->program, kind, l->panel))
			return OK;
	}
	memset(l->worth, 0, l->kinds->count * sizeof *l->worth);
	return program_with(&l->program, kind, l->worth, l->panel);
}

/* Marks the kinds of l->panel; whether one was new. */
static bool
mark(const struct lottery *l, bool *covered)
{
	bool any = false;

	for (size_t k = 0; k < l->kinds->count; k++) {
		any |= l->panel[k] > 0 && !covered[k];
		covered[k] |= l->panel[k] > 0;
	}
	return any;
}

/* Panels with kinds that none has yet, until no more come; *ret_all: there surely are no more. */
static enum status
cover_many(struct lottery *l, bool *covered, bool *ret_all)
{
	const double none = 1e-9;
	enum status st = OK;

	for (bool any = true; any && st == OK;) {
		double value;
		bool is_new;

		for (size_t k = 0; k < l->kinds->count; k++)
			l->worth[k] = covered[k] ? 0 : 1.0 / l->kinds->size[k];
		if (program_climb(&l->program, l->worth, l->panel) < none)
			st = program_best(&l->program, l->worth, none, l->panel, &value);
		if (st == OK)
			st = lottery_add(l, &is_new);
		any = st == OK && mark(l, covered);
	}
	*ret_all = st == OK && l->program.bound < none;
	return st == UNAVAILABLE ? OK : st == NOT_FOUND ? FAILED : st;
}

/* A panel for every kind. None for it, or none found in PROGRAM_NODES nodes: its people can't be
 * drawn. */
static enum status
cover(struct lottery *l)
{
	size_t n = l->kinds->count;
	bool *covered = ARENA_ARRAY(l->arena, n, bool), all = false;
	enum status st;

	if (covered == NULL)
		return NO_MEMORY;
	(void)mark(l, covered);
	st = cover_many(l, covered, &all);
	for (size_t k = 0; k < n && st == OK; k++) {
		bool is_new;

		if (covered[k])
			continue;
		st = all ? NOT_FOUND : panel_with(l, k);
		if (st == OK)
			st = lottery_add(l, &is_new);
		if (st == OK)
			(void)mark(l, covered);
		if (st == NOT_FOUND || st == UNAVAILABLE) {
			l->uncovered[k] = true;
			st = OK;
		}
	}
	unpack(l, 0); /* some panel, for whoever climbs next */
	return st;
}

enum status
lottery_open(struct lottery *l, const struct kinds *kinds,
             const struct sortition_request *request, struct arena *arena)
{
	static const uint8_t always[32] = "panels around chances";
	size_t n = kinds->count;
	enum status st;
	double worth;
	bool is_new;

	*l = (struct lottery){ .kinds = kinds, .request = request, .arena = arena };
	l->uncovered = ARENA_ARRAY(arena, n, bool);
	l->worth = ARENA_ARRAY(arena, n, double);
	l->chance = ARENA_ARRAY(arena, n, double);
	l->lack = ARENA_ARRAY(arena, n, double);
	l->panel = ARENA_ARRAY(arena, n, uint32_t);
	if (l->uncovered == NULL || l->worth == NULL || l->chance == NULL || l->lack == NULL ||
	    l->panel == NULL)
		return NO_MEMORY;
	chance_from_seed(&l->dice, always);
	st = program_open(&l->program, kinds, request->size, arena);
	if (st != OK)
		return st;
	l->program.nodes_max = 50 * PROGRAM_NODES;
	st = program_best(&l->program, l->worth, -INFINITY, l->panel, &worth);
	l->program.nodes_max = PROGRAM_NODES;
	if (st != OK)
		return st == NOT_FOUND ? REFUSED : st == UNAVAILABLE ? FAILED : st;
	st = lottery_add(l, &is_new);
	if (st == OK)
		st = program_narrow(&l->program);
	if (st == OK)
		st = cover(l);
	return st;
}

void
lottery_close(struct lottery *l)
{
	program_close(&l->program);
}

void
lottery_report(const struct lottery *l, double done)
{
	enum { ALL = 1000 };

	if (l->request->progress != NULL)
		l->request->progress(l->request->context, (size_t)(done * ALL), ALL);
}

/* A random number from -1 to 1. */
static double
toss(struct lottery *l)
{
	const int64_t half = (int64_t)1 << 30;

	return (double)((int64_t)chance_below(&l->dice, 2 * (uint64_t)half) - half) / (double)half;
}

/* Into l->panel, one that goes most of the way that l->worth points; `from`: what seats as aimed
 * at are worth. By swaps alone while those are seen to go far enough. */
static enum status
go_far(struct lottery *l, double from)
{
	bool climbed = false;
	enum status st;

	if (l->trust > 0) {
		l->trust--;
		(void)program_climb(&l->program, l->worth, l->panel);
		return OK;
	}
	l->program.nodes_max = SAMPLE_NODES;
	st = program_toward(&l->program, l->worth, from, far, l->panel, &climbed);
	l->program.nodes_max = PROGRAM_NODES;
	l->trust = climbed ? TRUST : 0;
	/* The panel climbed to is one, too. */
	return st == UNAVAILABLE ? OK : st == NOT_FOUND ? FAILED : st;
}

/* Panels all around these chances: each goes far in a random direction, and kinds that have had
 * less than their chance are worth more in the next round, so that the average comes near the
 * chances. (Kalai, Vempala, "Efficient algorithms for online decision problems", 2005: follow the
 * perturbed leader.) Of random points spread evenly around another, twice as many as there are
 * dimensions have it between them as likely as not (Wendel, "A problem in geometric
 * probability", 1962), so that little is left to look for. */
static enum status
sample(struct lottery *l, size_t rounds)
{
	const double random = 1.75, answer = 0.1;
	const uint32_t *size = l->kinds->size;
	enum status st = OK;

	for (size_t round = 0; round < rounds && st == OK; round++) {
		double from = 0;
		bool is_new;

		for (size_t k = 0; k < l->kinds->count; k++) {
			l->worth[k] = l->lack[k] + random * toss(l);
			from += l->worth[k] * l->chance[k] * size[k];
		}
		st = go_far(l, from);
		if (st == OK)
			st = lottery_add(l, &is_new);
		for (size_t k = 0; k < l->kinds->count; k++)
			l->lack[k] += answer * (l->chance[k] - (double)l->panel[k] / size[k]);
	}
	return st;
}

/* The panel worth most, or one worth what is aimed at, added; *ret_most: no panel is worth more
 * (or none that the search finds). */
static enum status
price(struct lottery *l, double aimed, double known, bool *ret_new, double *ret_most)
{
	int64_t gave_up = l->program.gave_up;
	double value = known;
	enum status st = program_best(&l->program, l->worth, aimed, l->panel, &value);

	*ret_new = false;
	if (st == OK)
		st = lottery_add(l, ret_new);
	*ret_most = l->program.gave_up > gave_up ? fmax(value, known) : l->program.bound;
	return st == UNAVAILABLE ? OK : st == NOT_FOUND ? FAILED : st;
}

/* What seats are worth by what the mixture lacks, the most being 1 (GLPK's tolerances are
 * absolute); *ret_aim: what is aimed at, *ret_known: at most that is any panel known. */
static void
set_worth(struct lottery *l, const struct mixture *m, double *ret_aim, double *ret_known)
{
	double largest = 0;

	*ret_aim = 0;
	for (size_t k = 0; k < l->kinds->count; k++)
		largest = fmax(largest, fabs(m->pull[k]));
	for (size_t k = 0; k < l->kinds->count; k++) {
		l->worth[k] = -m->pull[k] / largest;
		*ret_aim += l->worth[k] * m->seats[k];
	}
	*ret_known = *ret_aim - m->square / largest;
}

/* Keeps in mind that no panel is worth more. */
static enum status
add_cut(struct lottery *l, double most)
{
	struct cut *cut = ARENA_ARRAY(l->arena, 1, struct cut);
	double *worth = ARENA_ARRAY(l->arena, l->kinds->count, double);

	if (cut == NULL || worth == NULL)
		return NO_MEMORY;
	memcpy(worth, l->worth, l->kinds->count * sizeof *worth);
	*cut = (struct cut){ worth, most, l->cuts };
	l->cuts = cut;
	return OK;
}

/* At least so far off is some chance of any lottery, where no panel is worth more than `most`: all
 * chances off by one, each to where it is worth most, is worth Σ |worth[k]|·size[k]. */
static double
least_off(const struct lottery *l, double aimed, double most)
{
	double all = 0;

	for (size_t k = 0; k < l->kinds->count; k++)
		all += fabs(l->worth[k]) * l->kinds->size[k];
	return (aimed - most) / all;
}

/* Mixes panels, found as they are needed, until the chances are those aimed at, or that can't be:
 * then a cut is added, or *ret_how says that chances are too far off for cuts. */
static enum status
mix(struct lottery *l, struct mixture *m, enum how *ret_how)
{
	double before = INFINITY;

	for (int idle = 0;; before = m->square) {
		double aimed, known, most;
		bool is_new;
		enum status st;

		mixture_improve(m, exact);
		/* By digits; about half of the work was making samples. */
		lottery_report(l, (1 + log10(fmin(fmax(m->off, exact), 1)) / log10(exact)) / 2);
		*ret_how = m->off <= exact ? GIVEN : CUT;
		if (*ret_how == GIVEN)
			return OK;
		set_worth(l, m, &aimed, &known);
		idle = m->square < before ? 0 : idle + 1;
		if (idle == IDLE)
			return add_cut(l, known);
		st = price(l, aimed, known, &is_new, &most);
		if (st == OK && least_off(l, aimed, most) > hopeless) {
			*ret_how = FAR;
			return OK;
		}
		if (st == OK && (!is_new || most < aimed - deep * (aimed - known)))
			return add_cut(l, most);
		/* Once there are cuts, what is aimed at moves too much. */
		if (st == OK && l->cuts == NULL)
			st = sample(l, MORE);
		if (st != OK)
			return st;
	}
}

/* Leximin: the chances themselves. Maximin: the smallest of them for all, or more. */
static void
aim(struct lottery *l, struct mixture *m)
{
	bool only_least = l->request->algorithm == SORTITION_MAXIMIN;
	double least = 1;

	for (size_t k = 0; k < l->kinds->count; k++)
		if (!l->uncovered[k])
			least = fmin(least, l->chance[k]);
	for (size_t k = 0; k < l->kinds->count; k++)
		l->worth[k] = l->uncovered[k] ? 0 : only_least ? least : l->chance[k];
	mixture_aim(m, l->worth, only_least);
}

/* Aims at the best chances that nothing known forbids, until there is a lottery with them, or
 * that is seen to lead nowhere soon. */
static enum status
approach(struct lottery *l, struct mixture *m, enum how *ret_how)
{
	enum status st = OK;

	*ret_how = CUT;
	l->program.by_half = true;
	for (int cuts = 0; st == OK && *ret_how == CUT && cuts <= CUTS; cuts++) {
		st = target_relaxed(l, l->chance);
		for (int i = 0; st == OK && cuts == 0 && i < SAMPLES; i++) {
			lottery_report(l, (double)i / (2 * SAMPLES));
			st = sample(l, l->kinds->count);
		}
		if (st != OK)
			break;
		aim(l, m);
		st = mix(l, m, ret_how);
	}
	l->program.by_half = false;
	return st;
}

enum status
lottery_solve(struct lottery *l, double **ret_weight)
{
	struct mixture m;
	enum how how;
	enum status st = mixture_open(&m, l, l->arena);

	if (st == OK)
		st = approach(l, &m, &how);
	if (st != OK)
		return st;
	l->in_stages = how != GIVEN;
	if (l->in_stages)
		return stages_solve(l, ret_weight);
	*ret_weight = ARENA_ARRAY(l->arena, l->panel_count, double);
	if (*ret_weight == NULL)
		return NO_MEMORY;
	for (size_t c = 0; c < m.count; c++)
		if (m.column[c] >= 0)
			(*ret_weight)[m.column[c]] = m.weight[c];
	return OK;
}
