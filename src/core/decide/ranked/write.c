/* Elections written as files that other tools read: see files.h. */
#include "core/decide/ranked/files.h"

static bool
in_number_order(const struct ranked_election *e)
{
	for (size_t c = 0; c < e->candidate_count; c++)
		if (e->candidates[c].tie != c)
			return false;
	return true;
}

static void
add_tie_order(const struct ranked_election *e, struct buf *out)
{
	buf_add_c(out, "[tie");
	for (size_t place = 0; place < e->candidate_count; place++)
		for (size_t c = 0; c < e->candidate_count; c++)
			if (e->candidates[c].tie == place)
				buf_add_format(out, " %zu", c + 1);
	buf_add_c(out, "]\n");
}

enum status
ranked_write_blt(const struct ranked_election *e, struct buf *out)
{
	buf_add_format(out, "%zu %zu\n", e->candidate_count, e->seats);
	for (size_t c = 0; c < e->candidate_count; c++)
		if (e->candidates[c].withdrawn)
			buf_add_format(out, "-%zu\n", c + 1);
	if (!in_number_order(e))
		add_tie_order(e, out);
	for (size_t b = 0; b < e->ballot_count; b++) {
		buf_add_int(out, e->weight[b]);
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			buf_add_char(out, (e->choice[i] & RANKED_SAME) != 0 ? '=' : ' ');
			buf_add_int(out, (e->choice[i] & ~RANKED_SAME) + INT64_C(1));
		}
		buf_add_c(out, " 0\n");
	}
	buf_add_c(out, "0\n");
	for (size_t c = 0; c < e->candidate_count; c++) {
		buf_add_quoted(out, e->candidates[c].name);
		buf_add_char(out, '\n');
	}
	buf_add_quoted(out, e->title);
	buf_add_char(out, '\n');
	return buf_status(out);
}

static void
add_line(struct buf *out, struct str s)
{
	buf_add(out, s);
	buf_add_char(out, '\n');
}

enum status
ranked_write_preflib(const struct ranked_election *e, struct buf *out)
{
	const char *comma = "";

	buf_add_c(out, "# TITLE: ");
	add_line(out, e->title);
	buf_add_format(out, "# NUMBER ALTERNATIVES: %zu\n# NUMBER VOTERS: %lld\n"
	               "# NUMBER UNIQUE ORDERS: %zu\n# SEATS: %zu\n", e->candidate_count,
	               (long long)e->voters, e->ballot_count, e->seats);
	for (size_t c = 0; c < e->candidate_count; c++) {
		buf_add_format(out, "# ALTERNATIVE NAME %zu: ", c + 1);
		add_line(out, e->candidates[c].name);
	}
	for (size_t c = 0; c < e->candidate_count; c++)
		if (e->candidates[c].withdrawn) {
			buf_add_format(out, "%s%zu", *comma == '\0' ? "# WITHDRAWN: " : comma, c + 1);
			comma = ",";
		}
	if (*comma != '\0')
		buf_add_char(out, '\n');
	for (size_t b = 0; b < e->ballot_count; b++) {
		size_t end = e->start[b + 1];

		buf_add_format(out, "%lu:", (unsigned long)e->weight[b]);
		for (size_t i = e->start[b]; i < end; i++) {
			bool same = (e->choice[i] & RANKED_SAME) != 0;
			bool more = i + 1 < end && (e->choice[i + 1] & RANKED_SAME) != 0;

			buf_add_c(out, i == e->start[b] ? " " : ",");
			buf_add_format(out, "%s%lu%s", more && !same ? "{" : "",
			               (unsigned long)(e->choice[i] & ~RANKED_SAME) + 1,
			               same && !more ? "}" : "");
		}
		buf_add_char(out, '\n');
	}
	return buf_status(out);
}

/* Whether the CSV's reader would make the same of it. */
static enum status
fits_csv(const struct ranked_election *e, struct arena *arena, size_t *longest)
{
	bool *named = ARENA_ARRAY(arena, e->candidate_count, bool);
	size_t all = 0;

	if (named == NULL)
		return NO_MEMORY;
	*longest = 1;
	for (size_t b = 0; b < e->ballot_count; b++) {
		size_t len = e->start[b + 1] - e->start[b];

		*longest = len > *longest ? len : *longest;
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			if ((e->choice[i] & RANKED_SAME) != 0)
				return REFUSED;
			named[e->choice[i]] = true;
		}
	}
	for (size_t c = 0; c < e->candidate_count; c++) {
		struct str name = e->candidates[c].name;

		all += named[c];
		if (e->candidates[c].withdrawn || ranked_csv_is_mark(name) ||
		    !str_eq(name, str_trim(name)))
			return REFUSED;
		for (size_t k = 0; k < c; k++)
			if (str_eq(name, e->candidates[k].name))
				return REFUSED;
	}
	return all == e->candidate_count ? OK : REFUSED;
}

enum status
ranked_write_csv(const struct ranked_election *e, struct arena *arena, struct buf *out)
{
	size_t longest;
	enum status st = fits_csv(e, arena, &longest);

	if (st != OK)
		return st;
	buf_add_c(out, "Count");
	for (size_t i = 0; i < longest; i++)
		buf_add_format(out, ",Rank %zu", i + 1);
	buf_add_char(out, '\n');
	for (size_t b = 0; b < e->ballot_count; b++) {
		buf_add_int(out, e->weight[b]);
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			buf_add_char(out, ',');
			buf_add_quoted(out, e->candidates[e->choice[i]].name);
		}
		for (size_t i = e->start[b + 1] - e->start[b]; i < longest; i++)
			buf_add_char(out, ',');
		buf_add_char(out, '\n');
	}
	return buf_status(out);
}
