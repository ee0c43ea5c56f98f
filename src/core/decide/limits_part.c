/* From a .pb file and limits to the election about one pot. */
#include <string.h>

#include "core/decide/limits_file.h"
#include "core/decide/pabulib_inside.h"

enum { NO_OPTION = UINT32_MAX };

struct making {
	const struct pabulib *pb;
	const struct limits_file *limits;
	const struct limits_pot *pot;     /* NULL: everything */
	enum decide_utility utility;
	struct arena *arena;
	struct limits_part *part;
	struct decide_error *error;
	uint32_t *option;                 /* by project, or NO_OPTION */
	const struct limits_sizes **sizes; /* by project; NULL: it comes in one */
	size_t *size;                     /* by project: its place among them */
	uint32_t *choices, *points, *scratch;
	size_t *named;                    /* by project: the vote (from 1) that named it last */
	struct str *cells;
	size_t district;
};

static enum status
begin(struct making *m)
{
	size_t projects = m->pb->projects.row_count;

	m->option = ARENA_ARRAY(m->arena, projects, uint32_t);
	m->part->project = ARENA_ARRAY(m->arena, projects, uint32_t);
	m->sizes = ARENA_ARRAY(m->arena, projects, const struct limits_sizes *);
	m->size = ARENA_ARRAY(m->arena, projects, size_t);
	m->choices = ARENA_ARRAY(m->arena, projects, uint32_t);
	m->points = ARENA_ARRAY(m->arena, projects, uint32_t);
	m->scratch = ARENA_ARRAY(m->arena, projects, uint32_t);
	m->named = ARENA_ARRAY(m->arena, projects, size_t);
	m->cells = ARENA_ARRAY(m->arena, m->pb->votes.column_count, struct str);
	m->district = limits_district_column(m->pb);
	if (m->option == NULL || m->part->project == NULL || m->sizes == NULL || m->size == NULL ||
	    m->choices == NULL || m->points == NULL || m->scratch == NULL || m->named == NULL ||
	    m->cells == NULL)
		return NO_MEMORY;
	for (size_t s = 0; s < m->limits->sizes_count; s++)
		for (size_t i = 0; i < m->limits->sizes[s].count; i++) {
			m->sizes[m->limits->sizes[s].projects[i]] = &m->limits->sizes[s];
			m->size[m->limits->sizes[s].projects[i]] = i;
		}
	return OK;
}

static enum status
add_options(struct making *m, struct election_making *election, int finer)
{
	size_t projects = m->pb->projects.row_count, n = 0;

	memset(m->option, 0xff, projects * sizeof *m->option);
	for (size_t i = 0; i < (m->pot == NULL ? projects : m->pot->count); i++) {
		uint32_t p = m->pot == NULL ? (uint32_t)i : m->pot->projects[i];
		int64_t cost;
		enum status st = pabulib_refine(m->pb->project[p].cost, finer, STR("cost"), &cost,
		                                m->error);

		if (st != OK)
			return st;
		m->option[p] = (uint32_t)n;
		m->part->project[n++] = p;
		election_option(election, m->pb->project[p].id, cost, false);
	}
	return OK;
}

/* Whether a vote's voter may vote on the pot. */
static enum status
look_up_voter(struct making *m, size_t v, bool *ret)
{
	*ret = m->pot == NULL || m->pot->voter_count == 0;
	if (*ret)
		return OK;
	if (pabulib_cells(m->pb, &m->pb->votes, v, m->arena, m->cells) != OK)
		return NO_MEMORY;
	for (size_t i = 0; i < m->pot->voter_count; i++)
		*ret = *ret || str_eq(m->pot->voters[i], str_trim(m->cells[m->district]));
	return OK;
}

/* Adds a project of the vote, with the larger sizes of it up to the next that the vote names. */
static size_t
add_choice(struct making *m, size_t v, uint32_t project, uint32_t points, size_t n)
{
	const struct limits_sizes *sizes = m->sizes[project];
	size_t size = m->size[project];

	do {
		m->choices[n] = m->option[project];
		m->points[n++] = points;
		if (sizes == NULL || ++size == sizes->count)
			break;
		project = sizes->projects[size];
	} while (m->named[project] != v + 1);
	return n;
}

static enum status
add_vote(struct making *m, struct election_making *election, size_t v)
{
	size_t from = m->pb->start[v], to = m->pb->start[v + 1], n = 0;
	const uint32_t *points = pabulib_points_of(m->pb, m->utility, v, m->scratch);
	bool entitled;
	enum status st = look_up_voter(m, v, &entitled);

	if (st != OK)
		return st;
	for (size_t i = from; i < to; i++)
		m->named[m->pb->option[i]] = v + 1;
	for (size_t i = from; i < to; i++)
		if (m->option[m->pb->option[i]] != NO_OPTION)
			n = add_choice(m, v, m->pb->option[i], points == NULL ? 1 : points[i - from], n);
	if (entitled)
		election_ballot(election, m->choices, points == NULL ? NULL : m->points, n);
	else
		m->part->not_entitled += n > 0;
	return OK;
}

/* The limits of this pot, about its options. */
static enum status
set_limits(struct making *m)
{
	const struct limits_file *f = m->limits;
	struct limits_group *groups = ARENA_ARRAY(m->arena, f->group_count, struct limits_group);
	struct limits_need *needs = ARENA_ARRAY(m->arena, f->need_count, struct limits_need);
	size_t group_count = 0, need_count = 0;

	if (groups == NULL || needs == NULL)
		return NO_MEMORY;
	for (size_t g = 0; g < f->group_count; g++) {
		const struct limits_group *from = &f->groups[g];
		uint32_t *options = ARENA_ARRAY(m->arena, from->option_count, uint32_t);

		if (options == NULL)
			return NO_MEMORY;
		if (m->option[from->options[0]] == NO_OPTION)
			continue;
		for (size_t i = 0; i < from->option_count; i++)
			options[i] = m->option[from->options[i]];
		groups[group_count] = *from;
		groups[group_count++].options = options;
	}
	for (size_t i = 0; i < f->need_count; i++)
		if (m->option[f->needs[i].option] != NO_OPTION)
			needs[need_count++] = (struct limits_need){ m->option[f->needs[i].option],
			                                            m->option[f->needs[i].other],
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
	if (limits->pot_count > 0)
		m.pot = &limits->pots[pot];
	if (st == OK)
		st = begin(&m);
	if (st == OK)
		st = pabulib_refine(pb->budget, decimals - pb->decimals, STR("budget"), &budget, error);
	if (st != OK)
		return st;
	election_begin(&election, arena, decimals, m.pot == NULL ? budget : m.pot->budget);
	st = add_options(&m, &election, decimals - pb->decimals);
	if (m.pot == NULL)
		election_expect(&election, pb->votes.row_count, pb->start[pb->votes.row_count]);
	for (size_t v = 0; st == OK && v < pb->votes.row_count; v++)
		st = add_vote(&m, &election, v);
	if (st == OK)
		st = election_end(&election, &ret->e, error);
	if (st == OK)
		ret->e.threshold = pb->threshold;
	return st == OK ? set_limits(&m) : st;
}
