#include "core/decide/panel/mixture.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A column is a vector: by kind, (seats − seats aimed at) / √size, so that the squared length of
 * the mixture is what is wanted small; of a lift −1/√size at its kind. In front of a panel's
 * comes √seats, the same for all, which makes columns independent of each other when panels are
 * affinely so (Wolfe's way to keep Σ weight = 1). */

enum status
mixture_open(struct mixture *m, const struct lottery *l, struct arena *arena)
{
	size_t n = l->kinds->count, most = n + 2;

	*m = (struct mixture){ .l = l, .most = most };
	m->column = ARENA_ARRAY(arena, most, int32_t);
	m->weight = ARENA_ARRAY(arena, most, double);
	m->next = ARENA_ARRAY(arena, most, double);
	m->factor = ARENA_ARRAY(arena, most * (most + 1) / 2, double);
	m->seats = ARENA_ARRAY(arena, n, double);
	m->pull = ARENA_ARRAY(arena, n, double);
	m->side = ARENA_ARRAY(arena, n, double);
	return m->column == NULL || m->weight == NULL || m->next == NULL || m->factor == NULL ||
	               m->seats == NULL || m->pull == NULL || m->side == NULL
	           ? NO_MEMORY
	           : OK;
}

static double *
factor_column(const struct mixture *m, size_t i)
{
	return m->factor + i * (i + 1) / 2;
}

/* The inner product of a column with `side`, √seats apart. */
static double
product(const struct mixture *m, int32_t column)
{
	const struct lottery *l = m->l;
	double sum = 0;

	if (column < 0)
		return -m->side[-1 - column];
	for (size_t i = l->first[column]; i < l->first[column + 1]; i++)
		sum += m->side[l->seat[i].kind] * l->seat[i].count;
	return sum - m->side_seats;
}

static void
weigh_side(struct mixture *m)
{
	m->side_seats = 0;
	for (size_t k = 0; k < m->l->kinds->count; k++)
		m->side_seats += m->side[k] * m->seats[k];
}

/* Makes a column the `side`. */
static void
set_side(struct mixture *m, int32_t column)
{
	const struct lottery *l = m->l;
	const uint32_t *size = l->kinds->size;

	for (size_t k = 0; k < l->kinds->count; k++)
		m->side[k] = column < 0 ? 0 : -m->seats[k] / size[k];
	if (column < 0)
		m->side[-1 - column] = -1.0 / size[-1 - column];
	for (size_t i = column < 0 ? 0 : l->first[column]; column >= 0 && i < l->first[column + 1]; i++)
		m->side[l->seat[i].kind] += (double)l->seat[i].count / size[l->seat[i].kind];
	weigh_side(m);
}

/* v becomes what the transpose of the factor takes to v. */
static void
solve_lower(const struct mixture *m, double *v)
{
	for (size_t i = 0; i < m->count; i++) {
		const double *f = factor_column(m, i);
		double sum = v[i];

		for (size_t k = 0; k < i; k++)
			sum -= f[k] * v[k];
		v[i] = sum / f[i];
	}
}

static void
solve_upper(const struct mixture *m, double *v)
{
	for (size_t i = m->count; i-- > 0;) {
		const double *f = factor_column(m, i);

		v[i] /= f[i];
		for (size_t k = 0; k < i; k++)
			v[k] -= f[k] * v[i];
	}
}

/* Takes in a column, of weight 0. False: it depends on the others, as far as doubles can say. */
static bool
append(struct mixture *m, int32_t column)
{
	double *f = factor_column(m, m->count), own, left;

	if (m->count == m->most)
		return false;
	set_side(m, column);
	for (size_t i = 0; i < m->count; i++)
		f[i] = product(m, m->column[i]) +
		       (column >= 0 && m->column[i] >= 0 ? (double)m->l->program.seats : 0);
	own = product(m, column) + (column >= 0 ? (double)m->l->program.seats : 0);
	solve_lower(m, f);
	left = own;
	for (size_t i = 0; i < m->count; i++)
		left -= f[i] * f[i];
	if (left < 1e-10 * own)
		return false;
	f[m->count] = sqrt(left);
	m->column[m->count] = column;
	m->weight[m->count++] = 0;
	return true;
}

/* Leaves out a column: Givens rotations make the factor a triangle again. */
static void
leave_out(struct mixture *m, size_t at)
{
	for (size_t i = at; i + 1 < m->count; i++) {
		double *diagonal = factor_column(m, i + 1);
		double x = diagonal[i], y = diagonal[i + 1], length = sqrt(x * x + y * y);
		double cosine = x / length, sine = y / length;

		for (size_t j = i + 1; j < m->count; j++) {
			double *f = factor_column(m, j);

			x = f[i];
			y = f[i + 1];
			f[i] = cosine * x + sine * y;
			f[i + 1] = cosine * y - sine * x;
		}
		memcpy(factor_column(m, i), diagonal, (i + 1) * sizeof *diagonal);
		m->column[i] = m->column[i + 1];
		m->weight[i] = m->weight[i + 1];
	}
	m->count--;
}

/* The nearest point of the flat through the columns: weights into `next`. */
static void
solve_flat(struct mixture *m)
{
	double sum = 0;

	for (size_t i = 0; i < m->count; i++)
		m->next[i] = m->column[i] >= 0 ? 1 : 0;
	solve_lower(m, m->next);
	solve_upper(m, m->next);
	for (size_t i = 0; i < m->count; i++)
		sum += m->column[i] >= 0 ? m->next[i] : 0;
	for (size_t i = 0; i < m->count; i++)
		m->next[i] /= sum;
}

/* The nearest mixture of the columns: as far towards that of the flat as no weight goes
 * below 0, without the column whose weight got there, and again. */
static void
settle(struct mixture *m)
{
	for (;;) {
		double step = 1;
		size_t last = m->count;

		solve_flat(m);
		for (size_t i = 0; i < m->count; i++) {
			double way = m->weight[i] - m->next[i];

			if (m->next[i] > 0 || m->weight[i] >= step * way)
				continue;
			step = m->weight[i] / way;
			last = i;
		}
		for (size_t i = 0; i < m->count; i++)
			m->weight[i] += step * (m->next[i] - m->weight[i]);
		if (last == m->count)
			return;
		leave_out(m, last);
	}
}

/* How far the mixture is from what is aimed at; `side` becomes the difference. */
static void
measure(struct mixture *m)
{
	const struct lottery *l = m->l;

	for (size_t k = 0; k < l->kinds->count; k++)
		m->pull[k] = -m->seats[k];
	for (size_t c = 0; c < m->count; c++) {
		int32_t column = m->column[c];

		if (column < 0) {
			m->pull[-1 - column] -= m->weight[c];
			continue;
		}
		for (size_t i = l->first[column]; i < l->first[column + 1]; i++)
			m->pull[l->seat[i].kind] += m->weight[c] * l->seat[i].count;
	}
	m->off = 0;
	m->square = 0;
	for (size_t k = 0; k < l->kinds->count; k++) {
		double seats = m->pull[k];

		m->pull[k] = m->side[k] = seats / l->kinds->size[k];
		m->square += seats * m->pull[k];
		m->off = fmax(m->off, m->at_least ? -m->pull[k] : fabs(m->pull[k]));
	}
	weigh_side(m);
}

/* The column that leads nearest to what is aimed at. False: none does. */
static bool
choose(const struct mixture *m, int32_t *ret)
{
	double least = -1e-9 * m->square;
	bool found = false;

	for (size_t j = 0; j < m->l->panel_count; j++) {
		double value = product(m, (int32_t)j) - m->square;

		if (value >= least)
			continue;
		least = value;
		*ret = (int32_t)j;
		found = true;
	}
	for (size_t k = 0; m->at_least && k < m->l->kinds->count; k++) {
		if (-m->pull[k] >= least)
			continue;
		least = -m->pull[k];
		*ret = -1 - (int32_t)k;
		found = true;
	}
	return found;
}

/* The first of the panels: weight 1. */
static void
start(struct mixture *m)
{
	m->count = 0;
	if (append(m, 0))
		m->weight[0] = 1;
}

void
mixture_aim(struct mixture *m, const double *chance, bool at_least)
{
	size_t count = m->count;
	bool good = count > 0;

	m->at_least = at_least;
	for (size_t k = 0; k < m->l->kinds->count; k++)
		m->seats[k] = chance[k] * m->l->kinds->size[k];
	m->count = 0;
	for (size_t i = 0; i < count && good; i++) {
		double weight = m->weight[i];

		good = append(m, m->column[i]);
		m->weight[i] = weight;
	}
	if (!good)
		start(m);
	else
		settle(m);
}

void
mixture_improve(struct mixture *m, double enough)
{
	double before = INFINITY;
	int32_t column;

	for (;;) {
		measure(m);
		if (m->off <= enough || m->square >= before || !choose(m, &column) ||
		    !append(m, column))
			return;
		before = m->square;
		settle(m);
	}
}
