#include "core/decide/limits_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/decide/csv.h"

enum column { KIND, NAME, PROJECTS, MIN_COST, MAX_COST, MIN_WINNERS, MAX_WINNERS, BUDGET, VOTERS,
              COLUMNS };
static const char *const columns[COLUMNS] = { "kind", "name", "projects", "min_cost", "max_cost",
                                              "min_winners", "max_winners", "budget", "voters" };

enum kind { EXCLUSIVE, GROUP, CATEGORY, SIZES, NEEDS, POT, KINDS };
#define BIT(column) (1u << (column))
#define FIGURES (BIT(MIN_COST) | BIT(MAX_COST) | BIT(MIN_WINNERS) | BIT(MAX_WINNERS))
/* Cells that a row must and may have, besides its kind and name. */
static const struct {
	const char *name;
	unsigned must, may;
} kinds[KINDS] = {
	[EXCLUSIVE] = { "exclusive", BIT(PROJECTS), 0 },
	[GROUP] = { "group", BIT(PROJECTS), FIGURES },
	[CATEGORY] = { "category", 0, FIGURES },
	[SIZES] = { "sizes", BIT(PROJECTS), 0 },
	[NEEDS] = { "needs", BIT(PROJECTS), 0 },
	[POT] = { "pot", BIT(PROJECTS) | BIT(BUDGET), BIT(VOTERS) },
};

/* A project or a district, and its number. */
struct named {
	struct str name;
	uint32_t number;
};

struct reading {
	struct arena *arena;
	const struct pabulib *pb;
	struct limits_file *file;
	struct decide_error *error;
	struct csv csv;
	size_t at[COLUMNS];     /* csv.column_count: the file has no such column */
	struct named *projects;  /* by id */
	struct named *districts; /* of votes; NULL before they are asked for */
	size_t district_count;
	struct str *categories; /* cells of projects; NULL before they are asked for */
	size_t *seen;           /* by project: the row (from 1) that named it last */
};

static struct str
cell(const struct reading *r, size_t row, enum column column)
{
	return r->at[column] == r->csv.column_count ? STR("")
	       : str_trim(csv_cell(&r->csv, row, r->at[column]));
}

static enum status
fail(const struct reading *r, size_t row, enum column column, const char *text)
{
	return decide_fail(r->error, r->csv.lines[row], str_of(columns[column]), text);
}

static enum status
fail_with(const struct reading *r, size_t row, enum column column, const char *text,
          const char *name, struct str value)
{
	return decide_fail_with(r->error, r->csv.lines[row], str_of(columns[column]), text,
	                        message_text(name, value));
}

/* Every column is one of ours: a slip in a heading would else go unseen. */
static enum status
find_columns(struct reading *r)
{
	enum status st;

	for (size_t c = 0; c < r->csv.column_count; c++) {
		bool known = false;

		for (size_t i = 0; i < COLUMNS; i++)
			known = known || csv_column(&r->csv, columns[i]) == c;
		if (!known)
			return decide_fail_with(r->error, r->csv.header_line, r->csv.columns[c],
				MSG("There can be no column {name} here."),
				message_text("name", r->csv.columns[c]));
	}
	for (size_t i = 0; i < COLUMNS; i++)
		r->at[i] = csv_column(&r->csv, columns[i]);
	st = csv_need(&r->csv, columns[KIND], &r->at[KIND], r->error);
	return st == OK ? csv_need(&r->csv, columns[NAME], &r->at[NAME], r->error) : st;
}

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

/* NULL: none is called that. */
static const struct named *
find(const struct named *table, size_t count, struct str name)
{
	struct named key = { name, 0 };

	return bsearch(&key, table, count, sizeof *table, by_name);
}

static enum status
index_projects(struct reading *r)
{
	size_t count = r->pb->projects.row_count;

	r->projects = ARENA_ARRAY(r->arena, count, struct named);
	r->seen = ARENA_ARRAY(r->arena, count, size_t);
	if (r->projects == NULL || r->seen == NULL)
		return NO_MEMORY;
	for (size_t p = 0; p < count; p++)
		r->projects[p] = (struct named){ r->pb->project[p].id, (uint32_t)p };
	qsort(r->projects, count, sizeof *r->projects, by_name);
	return OK;
}

static enum status
find_project(struct reading *r, size_t row, enum column column, struct str id, uint32_t *ret)
{
	const struct named *found = find(r->projects, r->pb->projects.row_count, id);

	if (found == NULL)
		return fail_with(r, row, column, MSG("There is no project {id}."), "id", id);
	*ret = found->number;
	return OK;
}

/* Takes the next name off a cell's list. */
static enum status
next_name(const struct reading *r, size_t row, enum column column, struct str *list,
          struct str *ret)
{
	*ret = str_trim(str_next(list, ','));
	return ret->len > 0 ? OK : fail(r, row, column, MSG("The list has a comma too many."));
}

/* The projects that a cell lists, in its order. */
static enum status
read_projects(struct reading *r, size_t row, const uint32_t **ret, size_t *ret_count)
{
	struct str list = cell(r, row, PROJECTS);
	uint32_t *projects = ARENA_ARRAY(r->arena, list.len / 2 + 1, uint32_t);
	size_t count = 0;

	if (projects == NULL)
		return NO_MEMORY;
	while (list.ptr != NULL) {
		struct str id;
		uint32_t project = 0;
		enum status st = next_name(r, row, PROJECTS, &list, &id);

		if (st == OK)
			st = find_project(r, row, PROJECTS, id, &project);
		if (st != OK)
			return st;
		if (r->seen[project] == row + 1)
			return fail_with(r, row, PROJECTS, MSG("{id} is there twice."), "id", id);
		r->seen[project] = row + 1;
		projects[count++] = project;
	}
	*ret = projects;
	*ret_count = count;
	return OK;
}

static enum status
read_categories(struct reading *r)
{
	const struct pabulib_table *table = &r->pb->projects;
	struct str *cells = ARENA_ARRAY(r->arena, table->column_count, struct str);
	size_t at = pabulib_column(table, "category");

	r->categories = ARENA_ARRAY(r->arena, table->row_count, struct str);
	if (cells == NULL || r->categories == NULL)
		return NO_MEMORY;
	for (size_t p = 0; at < table->column_count && p < table->row_count; p++) {
		if (pabulib_cells(r->pb, table, p, r->arena, cells) != OK)
			return NO_MEMORY;
		r->categories[p] = cells[at];
	}
	return OK;
}

/* The projects whose categories include the row's name. */
static enum status
find_category(struct reading *r, size_t row, struct str name, const uint32_t **ret,
              size_t *ret_count)
{
	uint32_t *projects = ARENA_ARRAY(r->arena, r->pb->projects.row_count, uint32_t);
	size_t count = 0;
	enum status st = r->categories == NULL ? read_categories(r) : OK;

	if (st != OK || projects == NULL)
		return NO_MEMORY;
	for (uint32_t p = 0; p < r->pb->projects.row_count; p++) {
		struct str list = r->categories[p];
		bool in = false;

		while (list.len > 0 && !in)
			in = str_eq(str_trim(str_next(&list, ',')), name);
		if (in)
			projects[count++] = p;
	}
	if (count == 0)
		return fail_with(r, row, NAME, MSG("No project has the category {name}."), "name",
		                 name);
	*ret = projects;
	*ret_count = count;
	return OK;
}

/* Figures of a group; where a cell is empty, there is no such limit. */
static enum status
read_figures(struct reading *r, size_t row, struct limits_group *g)
{
	struct {
		enum column column;
		int64_t *to;
	} figures[] = { { MIN_COST, &g->min_cost }, { MAX_COST, &g->max_cost },
	                { MIN_WINNERS, &g->min_winners }, { MAX_WINNERS, &g->max_winners } };

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		enum column c = figures[i].column;
		enum status st;

		if (cell(r, row, c).len == 0)
			continue;
		st = c == MIN_COST || c == MAX_COST
			? csv_amount(&r->csv, row, r->at[c], r->file->decimals, ELECTION_MONEY_MAX,
			             figures[i].to, r->error)
			: csv_int(&r->csv, row, r->at[c], 0, LIMITS_OPTIONS_MAX, figures[i].to,
			          r->error);
		if (st != OK)
			return st;
	}
	return OK;
}

/* Each size dearer than the one before. */
static enum status
add_sizes(struct reading *r, size_t row, const struct limits_group *g)
{
	struct limits_sizes *sizes = &r->file->sizes[r->file->sizes_count];

	for (size_t i = 1; i < g->option_count; i++)
		if (r->pb->project[g->options[i]].cost <= r->pb->project[g->options[i - 1]].cost)
			return fail_with(r, row, PROJECTS,
				MSG("Name the sizes from the cheapest on: {id} costs no more than the one before."),
				"id", r->pb->project[g->options[i]].id);
	*sizes = (struct limits_sizes){ g->options, g->option_count };
	for (size_t i = 0; i < g->option_count; i++) {
		struct limits_size *size = &r->file->size[g->options[i]];

		if (size->of != NULL)
			return fail_with(r, row, PROJECTS,
				MSG("{id} is already a size of something else."), "id",
				r->pb->project[g->options[i]].id);
		*size = (struct limits_size){ sizes, i };
	}
	r->file->sizes_count++;
	return OK;
}

static enum status
add_group(struct reading *r, size_t row, enum kind kind, struct str name)
{
	struct limits_file *f = r->file;
	struct limits_group *g = &f->groups[f->group_count];
	bool one = kind == EXCLUSIVE || kind == SIZES;
	enum status st;

	if (f->group_count == LIMITS_GROUPS_MAX)
		return fail(r, row, KIND, MSG("There are too many groups."));
	for (size_t i = 0; i < f->group_count; i++)
		if (str_eq(f->groups[i].name, name))
			return fail_with(r, row, NAME, MSG("Two groups are called {name}."), "name",
			                 name);
	*g = (struct limits_group){ .name = name, .max_cost = -1, .max_winners = one ? 1 : -1,
	                            .line = r->csv.lines[row] };
	st = kind == CATEGORY ? find_category(r, row, name, &g->options, &g->option_count)
	                      : read_projects(r, row, &g->options, &g->option_count);
	if (st == OK && one && g->option_count < 2)
		st = fail(r, row, PROJECTS, MSG("Name two projects or more."));
	if (st == OK && !one)
		st = read_figures(r, row, g);
	if (st == OK && kind == SIZES)
		st = add_sizes(r, row, g);
	f->group_count += st == OK;
	return st;
}

static enum status
add_needs(struct reading *r, size_t row, struct str name)
{
	const uint32_t *others;
	uint32_t project = 0;
	size_t count;
	enum status st = find_project(r, row, NAME, name, &project);

	if (st == OK)
		st = read_projects(r, row, &others, &count);
	if (st == OK && count > LIMITS_NEEDS_MAX - r->file->need_count)
		return fail(r, row, KIND, MSG("There are too many needs."));
	for (size_t i = 0; st == OK && i < count; i++)
		r->file->needs[r->file->need_count++] =
			(struct limits_need){ project, others[i], r->csv.lines[row] };
	return st;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Numbers the districts of votes, so that no pot needs to read the votes again. at: their column. */
static enum status
index_districts(struct reading *r, size_t at)
{
	const struct pabulib_table *table = &r->pb->votes;
	struct str *cells = ARENA_ARRAY(r->arena, table->column_count, struct str);
	struct named *votes = ARENA_ARRAY(r->arena, table->row_count, struct named);

	r->file->district = ARENA_ARRAY(r->arena, table->row_count, uint32_t);
	if (cells == NULL || votes == NULL || r->file->district == NULL)
		return NO_MEMORY;
	for (size_t v = 0; v < table->row_count; v++) {
		if (pabulib_cells(r->pb, table, v, r->arena, cells) != OK)
			return NO_MEMORY;
		votes[v] = (struct named){ str_trim(cells[at]), (uint32_t)v };
	}
	qsort(votes, table->row_count, sizeof *votes, by_name);
	/* Each district once, in the place of votes that have been looked at. */
	r->districts = votes;
	for (size_t i = 0; i < table->row_count; i++) {
		struct named vote = votes[i];
		size_t count = r->district_count;

		if (count == 0 || !str_eq(r->districts[count - 1].name, vote.name)) {
			r->districts[count] = (struct named){ vote.name, (uint32_t)count };
			r->district_count++;
		}
		r->file->district[vote.number] = (uint32_t)r->district_count - 1;
	}
	return OK;
}

/* The votes' column district, or else neighborhood. */
static enum status
read_districts(struct reading *r, size_t row)
{
	const struct pabulib_table *table = &r->pb->votes;
	size_t at = pabulib_column(table, "district");

	if (at == table->column_count)
		at = pabulib_column(table, "neighborhood");
	if (at == table->column_count)
		return fail(r, row, VOTERS,
			MSG("The votes don't say who lives where: they have no column district or neighborhood."));
	return index_districts(r, at);
}

static enum status
read_voters(struct reading *r, size_t row, struct limits_pot *pot)
{
	struct str list = cell(r, row, VOTERS);
	enum status st = OK;

	if (list.len == 0)
		return OK;
	if (r->districts == NULL)
		st = read_districts(r, row);
	if (st != OK)
		return st;
	pot->voters = ARENA_ARRAY(r->arena, list.len / 2 + 1, uint32_t);
	if (pot->voters == NULL)
		return NO_MEMORY;
	while (list.ptr != NULL) {
		const struct named *found;
		struct str name;

		st = next_name(r, row, VOTERS, &list, &name);
		if (st != OK)
			return st;
		found = find(r->districts, r->district_count, name);
		if (found == NULL)
			return fail_with(r, row, VOTERS, MSG("No voter's district is called {name}."),
			                 "name", name);
		pot->voters[pot->voter_count++] = found->number;
	}
	qsort(pot->voters, pot->voter_count, sizeof *pot->voters, by_number);
	return OK;
}

/* Puts the pot's projects into it. */
static enum status
fill_pot(struct reading *r, size_t row, struct limits_pot *pot)
{
	struct limits_file *f = r->file;
	const uint32_t *listed;
	uint32_t *projects;
	enum status st = read_projects(r, row, &listed, &pot->count);

	if (st != OK)
		return st;
	projects = ARENA_ARRAY(r->arena, pot->count, uint32_t);
	if (projects == NULL)
		return NO_MEMORY;
	memcpy(projects, listed, pot->count * sizeof *projects);
	qsort(projects, pot->count, sizeof *projects, by_number);
	pot->projects = projects;
	for (size_t i = 0; i < pot->count; i++) {
		if (f->pot_of[projects[i]] < LIMITS_POTS_MAX)
			return fail_with(r, row, PROJECTS, MSG("{id} is in two pots."), "id",
			                 r->pb->project[projects[i]].id);
		f->pot_of[projects[i]] = (uint32_t)f->pot_count;
		f->option_of[projects[i]] = (uint32_t)i;
	}
	return OK;
}

static enum status
add_pot(struct reading *r, size_t row, struct str name)
{
	struct limits_file *f = r->file;
	struct limits_pot *pot = &f->pots[f->pot_count];
	enum status st;

	if (f->pot_count == LIMITS_POTS_MAX)
		return fail(r, row, KIND, MSG("There are too many pots."));
	for (size_t i = 0; i < f->pot_count; i++)
		if (str_eq(f->pots[i].name, name))
			return fail_with(r, row, NAME, MSG("Two pots are called {name}."), "name", name);
	*pot = (struct limits_pot){ .name = name, .line = r->csv.lines[row] };
	st = csv_amount(&r->csv, row, r->at[BUDGET], f->decimals, ELECTION_MONEY_MAX, &pot->budget,
	                r->error);
	if (st == OK && pot->budget == 0)
		st = fail(r, row, BUDGET, MSG("The budget must be above zero."));
	if (st == OK)
		st = fill_pot(r, row, pot);
	if (st == OK)
		st = read_voters(r, row, pot);
	f->pot_count += st == OK;
	return st;
}

/* Which kind a row is, and that it has the cells of that kind and no others. */
static enum status
read_kind(struct reading *r, size_t row, enum kind *ret)
{
	struct str name = cell(r, row, KIND);
	unsigned may;

	*ret = EXCLUSIVE;
	while (*ret < KINDS && !str_is(name, kinds[*ret].name))
		++*ret;
	if (*ret == KINDS)
		return fail(r, row, KIND,
			MSG("This must be exclusive, group, category, sizes, needs or pot."));
	may = kinds[*ret].must | kinds[*ret].may;
	for (enum column c = PROJECTS; c < COLUMNS; c++) {
		bool empty = cell(r, row, c).len == 0;

		if (empty && (kinds[*ret].must & BIT(c)) != 0)
			return fail(r, row, c, MSG("This cell is empty."));
		if (!empty && (may & BIT(c)) == 0)
			return fail_with(r, row, c, MSG("This cell must be empty in a row of kind {kind}."),
			                 "kind", name);
	}
	return OK;
}

static enum status
read_row(struct reading *r, size_t row)
{
	struct str name;
	enum kind kind;
	enum status st = read_kind(r, row, &kind);

	if (st == OK)
		st = csv_text(&r->csv, row, r->at[NAME], LIMITS_NAME_MAX, &name, r->error);
	if (st != OK)
		return st;
	switch (kind) {
	case NEEDS:
		return add_needs(r, row, name);
	case POT:
		return add_pot(r, row, name);
	default:
		return add_group(r, row, kind, name);
	}
}

static enum status
make_room(struct reading *r)
{
	struct limits_file *f = r->file;
	size_t projects = r->pb->projects.row_count;
	size_t rows = r->csv.row_count + 1; /* the next one is looked at before it is counted */

	f->groups = ARENA_ARRAY(r->arena, rows, struct limits_group);
	f->needs = ARENA_ARRAY(r->arena, LIMITS_NEEDS_MAX, struct limits_need);
	f->sizes = ARENA_ARRAY(r->arena, rows, struct limits_sizes);
	f->pots = ARENA_ARRAY(r->arena, rows, struct limits_pot);
	f->size = ARENA_ARRAY(r->arena, projects, struct limits_size);
	f->pot_of = ARENA_ARRAY(r->arena, projects, uint32_t);
	f->option_of = ARENA_ARRAY(r->arena, projects, uint32_t);
	if (f->groups == NULL || f->needs == NULL || f->sizes == NULL || f->pots == NULL ||
	    f->size == NULL || f->pot_of == NULL || f->option_of == NULL)
		return NO_MEMORY;
	for (size_t p = 0; p < projects; p++)
		f->pot_of[p] = LIMITS_POTS_MAX;
	return OK;
}

/* That a group or a need stays within one pot. */
static enum status
check_within(const struct reading *r)
{
	const struct limits_file *f = r->file;

	for (size_t g = 0; g < f->group_count; g++)
		for (size_t i = 1; i < f->groups[g].option_count; i++)
			if (f->pot_of[f->groups[g].options[i]] != f->pot_of[f->groups[g].options[0]])
				return decide_fail_with(r->error, f->groups[g].line,
					str_of(columns[PROJECTS]),
					MSG("{name} has projects of two pots."),
					message_text("name", f->groups[g].name));
	for (size_t i = 0; i < f->need_count; i++)
		if (f->pot_of[f->needs[i].option] != f->pot_of[f->needs[i].other])
			return decide_fail_with(r->error, f->needs[i].line, str_of(columns[PROJECTS]),
				MSG("{id} is in another pot."),
				message_text("id", r->pb->project[f->needs[i].other].id));
	return OK;
}

/* What pots must be together. */
static enum status
check_pots(const struct reading *r)
{
	const struct limits_file *f = r->file;
	__int128 sum = 0, budget = r->pb->budget;

	for (size_t p = 0; p < r->pb->projects.row_count; p++)
		if (f->pot_of[p] == LIMITS_POTS_MAX)
			return decide_fail_with(r->error, 0, str_of(columns[PROJECTS]),
				MSG("{id} is in no pot."), message_text("id", r->pb->project[p].id));
	for (size_t i = 0; i < f->pot_count; i++)
		sum += f->pots[i].budget;
	for (int i = r->pb->decimals; i < f->decimals; i++)
		budget *= 10;
	if (sum != budget)
		return decide_fail(r->error, 0, str_of(columns[BUDGET]),
			MSG("The pots together don't have the budget that the votes' file says."));
	return check_within(r);
}

/* Where there are no pots, everything is in one. */
static void
fill_one_pot(struct limits_file *f, size_t projects)
{
	for (size_t p = 0; p < projects; p++) {
		f->pot_of[p] = 0;
		f->option_of[p] = (uint32_t)p;
	}
}

enum status
limits_read(struct arena *arena, struct str text, const struct pabulib *pb, int decimals,
            struct limits_file *ret, struct decide_error *error)
{
	struct reading r = { .arena = arena, .pb = pb, .file = ret, .error = error };
	enum status st = csv_parse(arena, text, &r.csv, error);

	*ret = (struct limits_file){ .decimals = decimals };
	if (st == OK && r.csv.row_count > LIMITS_ROWS_MAX) {
		(void)decide_fail(error, 0, STR(""), MSG("There are too many rows."));
		return TOO_LARGE;
	}
	if (st == OK)
		st = find_columns(&r);
	if (st == OK && r.csv.row_count == 0)
		st = decide_fail(error, r.csv.header_line, STR(""),
			MSG("There is no limit below the headings: write a row for each."));
	if (st == OK)
		st = index_projects(&r);
	if (st == OK)
		st = make_room(&r);
	for (size_t row = 0; st == OK && row < r.csv.row_count; row++)
		st = read_row(&r, row);
	if (st == OK && ret->pot_count > 0)
		return check_pots(&r);
	if (st == OK)
		fill_one_pot(ret, pb->projects.row_count);
	return st;
}
