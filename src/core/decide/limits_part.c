/* From a .pb file and limits to the election about one pot. */
#include "core/decide/limits_file.h"
#include "core/decide/pabulib_inside.h"

struct making {
	const struct pabulib *pb;
	const struct limits_file *limits;
	const struct limits_pot *pot;     /* NULL: everything */
	uint32_t number;                  /* of the pot; 0: everything */
	enum decide_utility utility;
	struct arena *arena;
	struct limits_part *part;
	struct decide_error *error;
	uint32_t *choices, *points;       /* of one ballot */
	size_t *named;                    /* by option: the vote (from 1) that named it last */
};

static bool
has(const struct making *m, uint32_t project)
{
	return m->limits->pot_of[project] == m->number;
}

static enum status
add_options(struct making *m, struct election_making *election, int finer)
{
	size_t count = m->pot == NULL ? m->pb->projects.row_count : m->pot->count;

	m->choices = ARENA_ARRAY(m->arena, count, uint32_t);
	m->points = ARENA_ARRAY(m->arena, count, uint32_t);
	m->named = ARENA_ARRAY(m->arena, count, size_t);
	if (m->choices == NULL || m->points == NULL || m->named == NULL)
		return NO_MEMORY;
	for (size_t o = 0; o < count; o++) {
		size_t p = m->pot == NULL ? o : m->pot->projects[o];
		int64_t cost;
		enum status st = pabulib_refine(m->pb->project[p].cost, finer, STR("cost"), &cost,
		                                m->error);

		if (st != OK)
			return st;
		election_option(election, m->pb->project[p].id, cost, false);
	}
	return OK;
}

/* Whether a vote's voter may vote on the pot. */
static bool
is_entitled(const struct making *m, size_t v)
{
	size_t from = 0, to;

	if (m->pot == NULL || m->pot->voter_count == 0)
		return true;
	for (to = m->pot->voter_count; from < to;) {
		size_t middle = from + (to - from) / 2;

		if (m->pot->voters[middle] == m->limits->district[v])
			return true;
		if (m->pot->voters[middle] < m->limits->district[v])
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

/* Adds a project of the vote, with the larger sizes of it up to the next that the vote names. */
static size_t
add_choice(struct making *m, size_t v, uint32_t project, uint32_t points, size_t n)
{
	struct limits_size size = m->limits->size[project];

	do {
		m->choices[n] = m->limits->option_of[project];
		m->points[n++] = points;
		if (size.of == NULL || ++size.place == size.of->count)
			break;
		project = size.of->projects[size.place];
	} while (m->named[m->limits->option_of[project]] != v + 1);
	return n;
}

static void
add_vote(struct making *m, struct election_making *election, size_t v)
{
	const uint32_t *named = m->pb->option + m->pb->start[v];
	size_t count = m->pb->start[v + 1] - m->pb->start[v], n = 0;
	bool has_points = decide_utility_has_points(m->utility), any = false;

	for (size_t i = 0; i < count; i++)
		if (has(m, named[i])) {
			m->named[m->limits->option_of[named[i]]] = v + 1;
			any = true;
		}
	if (!is_entitled(m, v)) {
		m->part->not_entitled += any;
		return;
	}
	for (size_t i = 0; any && i < count; i++)
		if (has(m, named[i]))
			n = add_choice(m, v, named[i],
			               has_points ? pabulib_points_at(m->pb, m->utility, v, i) : 1, n);
	election_ballot(election, m->choices, has_points ? m->points : NULL, n);
}

/* The limits of this pot, about its options. */
static enum status
set_limits(struct making *m)
{
	const struct limits_file *f = m->limits;
	size_t group_count = 0, need_count = 0;
	struct limits_group *groups;
	struct limits_need *needs;

	for (size_t g = 0; g < f->group_count; g++)
		group_count += has(m, f->groups[g].options[0]);
	for (size_t i = 0; i < f->need_count; i++)
		need_count += has(m, f->needs[i].option);
	groups = ARENA_ARRAY(m->arena, group_count, struct limits_group);
	needs = ARENA_ARRAY(m->arena, need_count, struct limits_need);
	if (groups == NULL || needs == NULL)
		return NO_MEMORY;
	group_count = need_count = 0;
	for (size_t g = 0; g < f->group_count; g++) {
		const struct limits_group *from = &f->groups[g];
		uint32_t *options;

		if (!has(m, from->options[0]))
			continue;
		options = ARENA_ARRAY(m->arena, from->option_count, uint32_t);
		if (options == NULL)
			return NO_MEMORY;
		for (size_t i = 0; i < from->option_count; i++)
			options[i] = f->option_of[from->options[i]];
		groups[group_count] = *from;
		groups[group_count++].options = options;
	}
	for (size_t i = 0; i < f->need_count; i++)
		if (has(m, f->needs[i].option))
			needs[need_count++] = (struct limits_need){ f->option_of[f->needs[i].option],
			                                            f->option_of[f->needs[i].other],
			                                            f->needs[i].line };
	return limits_set(&m->part->e, groups, group_count, needs, need_count, m->arena, m->error);
}

enum status
limits_part_of(const struct pabulib *pb, const struct limits_file *limits, size_t pot,
               enum decide_utility utility, int least_decimals, struct arena *arena,
               struct limits_part *ret, struct decide_error *error)
{
	struct making m = { .pb = pb, .limits = limits, .utility = utility, .arena = arena,
	                    .part = ret, .error = error };
	int decimals = pb->decimals > least_decimals ? pb->decimals : least_decimals;
	struct election_making election;
	int64_t budget;
	enum status st;

	*ret = (struct limits_part){ .not_entitled = 0 };
	if (limits == NULL)
		return pabulib_election(pb, utility, least_decimals, arena, &ret->e, error);
	st = pabulib_check_utility(pb, utility, error);
	if (limits->pot_count > 0) {
		m.pot = &limits->pots[pot];
		m.number = (uint32_t)pot;
		ret->project = m.pot->projects;
	}
	if (st == OK)
		st = pabulib_refine(pb->budget, decimals - pb->decimals, STR("budget"), &budget, error);
	if (st != OK)
		return st;
	election_begin(&election, arena, decimals, m.pot == NULL ? budget : m.pot->budget);
	st = add_options(&m, &election, decimals - pb->decimals);
	if (m.pot == NULL)
		election_expect(&election, pb->votes.row_count, pb->start[pb->votes.row_count]);
	for (size_t v = 0; st == OK && v < pb->votes.row_count; v++)
		add_vote(&m, &election, v);
	if (st == OK)
		st = election_end(&election, &ret->e, error);
	if (st == OK)
		ret->e.threshold = pb->threshold;
	return st == OK ? set_limits(&m) : st;
}
