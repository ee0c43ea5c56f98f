/* Rounds as Pabulib files (act_round_export of acts/result.h). */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "acts/result.h"
#include "base/digest.h"
#include "base/locale.h"
#include "commons/ballot_choice.h"
#include "core/decide/pabulib.h"
#include "store/import.sql.h"

static struct str
str_of_json(const json_t *string)
{
	return (struct str){ json_string_value(string), json_string_length(string) };
}

/* ---- an import, as it came ---- */

enum { CELLS_MAX = 512 };

static enum status
write_cells(struct buf *out, const json_t *list)
{
	struct str cells[CELLS_MAX];
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > CELLS_MAX)
		return FAILED;
	for (size_t i = 0; i < count; i++)
		cells[i] = str_of_json(json_array_get(list, i));
	pabulib_write_row(out, cells, count, false);
	return OK;
}

static enum status
write_json_row(struct buf *out, struct str text)
{
	json_t *list = json_loadb(text.ptr, text.len, 0, NULL);
	enum status st = list == NULL ? FAILED : write_cells(out, list);

	json_decref(list);
	return st;
}

static enum status
write_line(void *context, const struct import_lines_row *row)
{
	return write_json_row(context, row->cells);
}

static void
write_section(struct buf *out, struct str name)
{
	pabulib_write_row(out, &name, 1, false);
}

static enum status
export_import(struct act *act, struct round_id round, struct buf *out)
{
	struct import_by_round_row row;
	const struct str heads[] = { STR_INIT("key"), STR_INIT("value") };
	json_t *meta, *pair;
	size_t i;
	enum status st = import_by_round(act->db, act->arena, act->place.id, round, &row);

	if (st != OK)
		return st;
	meta = json_loadb(row.meta.ptr, row.meta.len, 0, NULL);
	write_section(out, STR("META"));
	pabulib_write_row(out, heads, 2, false);
	json_array_foreach(meta, i, pair) {
		if (st == OK)
			st = write_cells(out, pair);
	}
	json_decref(meta);
	write_section(out, STR("PROJECTS"));
	if (st == OK)
		st = write_json_row(out, row.option_columns);
	if (st == OK)
		st = import_lines(act->db, act->place.id, round, 1, write_line, out);
	write_section(out, STR("VOTES"));
	if (st == OK)
		st = write_json_row(out, row.ballot_columns);
	if (st == OK)
		st = import_lines(act->db, act->place.id, round, 2, write_line, out);
	return st;
}

/* ---- a round of this place ---- */

struct exporting {
	struct act *act;
	struct buf *out;
	const struct result *result;
	struct str *labels; /* by number - 1; len 0: withdrawn, left out */
	size_t labels_len;
	enum ballot_kind kind;
	struct arena scratch; /* of one ballot */
	int64_t voter;
	int decimals;
};

static void
meta_row(struct buf *out, const char *key, struct str value)
{
	const struct str cells[] = { str_of(key), value };

	pabulib_write_row(out, cells, 2, false);
}

static void
meta_number(struct buf *out, const char *key, int64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof digits, "%lld", (long long)value);
	meta_row(out, key, str_of(digits));
}

static enum status
meta_money(struct exporting *ex, const char *key, struct amount amount)
{
	struct buf text;
	enum status st;

	buf_init(&text, 100);
	amount_write(&text, amount, ex->decimals);
	st = buf_status(&text);
	if (st == OK)
		meta_row(ex->out, key, buf_str(&text));
	buf_release(&text);
	return st;
}

/* The rule as the official rules of Pabulib are called, where it is one of them. */
static struct str
rule_name(const struct count_round_row *round)
{
	if (!str_is(round->rule, "equal-shares"))
		return round->rule;
	if (str_is(round->completion, "comparison"))
		return STR("equalshares/add1-comparison");
	if (str_is(round->completion, "add1") || str_is(round->completion, "add1-official"))
		return STR("equalshares/add1");
	return STR("equalshares");
}

/* The numbers that people were held to, and the rule asks for, where Pabulib has a name for them. */
static void
write_limits(struct exporting *ex)
{
	const struct count_round_row *round = &ex->result->round;

	if (ballot_kind_has_numbers(ex->kind) && round->has_most)
		meta_number(ex->out, "max_length", round->most);
	if (round->has_points)
		meta_number(ex->out, "max_sum_points", round->points);
	if (round->has_points_each)
		meta_number(ex->out, "max_points", round->points_each);
	if (round->has_threshold)
		meta_number(ex->out, "min_project_score_threshold", round->threshold);
}

static enum status
write_meta(struct exporting *ex, int64_t options)
{
	const struct count_round_row *round = &ex->result->round;
	const struct place *place = &ex->act->place;
	struct buf *out = ex->out;
	const struct str heads[] = { STR_INIT("key"), STR_INIT("value") };
	struct time_text begin = time_text(round->opens_at), end = time_text(round->closes_at);
	enum status st;

	write_section(out, STR("META"));
	pabulib_write_row(out, heads, 2, false);
	meta_row(out, "description", round->title);
	meta_row(out, "country", STR("unknown"));
	meta_row(out, "unit", place->name);
	meta_row(out, "instance", str_cut(str_of(end.text), 0, 4));
	meta_number(out, "num_projects", options);
	meta_number(out, "num_votes", round->ballots);
	st = meta_money(ex, "budget", round->budget);
	meta_row(out, "vote_type", round->ballot_kind);
	meta_row(out, "rule", rule_name(round));
	meta_row(out, "date_begin", str_cut(str_of(begin.text), 0, 10));
	meta_row(out, "date_end", str_cut(str_of(end.text), 0, 10));
	meta_row(out, "currency", place->currency);
	write_limits(ex);
	meta_row(out, "folkmoot_rule", round->rule);
	meta_row(out, "folkmoot_utility", round->utility);
	meta_row(out, "folkmoot_completion", round->completion);
	if (st == OK && round->has_increment)
		st = meta_money(ex, "folkmoot_increment", round->increment);
	meta_row(out, "folkmoot_ties", round->ties);
	if (st == OK && round->lot_seed.len == DIGEST_LEN) {
		struct digest seed;

		memcpy(seed.bytes, round->lot_seed.ptr, DIGEST_LEN);
		meta_row(out, "folkmoot_seed", str_of(digest_text(seed).text));
	}
	return st;
}

static enum status
write_options(struct exporting *ex)
{
	const struct str heads[] = { STR_INIT("project_id"), STR_INIT("cost"), STR_INIT("votes"),
		                     STR_INIT("name"), STR_INIT("selected") };
	enum status st = OK;

	write_section(ex->out, STR("PROJECTS"));
	pabulib_write_row(ex->out, heads, 5, false);
	for (size_t number = 1; st == OK && number <= ex->result->options_len; number++) {
		const struct result_option *o = ex->result->options;
		struct str votes;
		struct buf cost;

		while (o->number != (int64_t)number)
			o++;
		if (o->why == OUTCOME_WITHDRAWN)
			continue;
		ex->labels[number - 1] = o->label;
		buf_init(&cost, 100);
		amount_write(&cost, o->cost, ex->decimals);
		st = buf_status(&cost);
		if (st == OK)
			st = str_format(ex->act->arena, &votes, "%lld", (long long)o->votes);
		if (st == OK) {
			const struct str cells[] = { o->label, buf_str(&cost), votes, o->title,
				                     o->place_won > 0 ? STR("1") : STR("0") };

			pabulib_write_row(ex->out, cells, 5, false);
		}
		buf_release(&cost);
	}
	return st;
}

/* The options of a ballot that were not withdrawn, and beside them its points. */
static enum status
write_choice(const struct exporting *ex, const struct ballot_choice *choice, struct buf *vote,
             struct buf *points)
{
	bool first = true;

	for (size_t i = 0; i < choice->len; i++) {
		int64_t number = choice->numbers[i];

		if (number < 1 || (size_t)number > ex->labels_len)
			return FAILED;
		if (ex->labels[number - 1].len == 0)
			continue; /* withdrawn */
		if (!first) {
			buf_add_char(vote, ',');
			buf_add_char(points, ',');
		}
		buf_add(vote, ex->labels[number - 1]);
		if (choice->points != NULL)
			buf_add_int(points, choice->points[i]);
		first = false;
	}
	return buf_status(vote) == OK ? buf_status(points) : buf_status(vote);
}

static enum status
write_ballot(void *context, const struct count_ballots_row *row)
{
	struct exporting *ex = context;
	struct ballot_choice choice;
	struct buf vote, points;
	char voter[24];
	enum status st;

	arena_reset(&ex->scratch);
	buf_init(&vote, 1 << 20);
	buf_init(&points, 1 << 20);
	st = ballot_choice_parse(&ex->scratch, ex->kind, row->choice, &choice);
	if (st == OK)
		st = write_choice(ex, &choice, &vote, &points);
	(void)snprintf(voter, sizeof voter, "%lld", (long long)++ex->voter);
	if (st == OK) {
		const struct str cells[] = { str_of(voter), buf_str(&vote), buf_str(&points) };

		pabulib_write_row(ex->out, cells, ex->kind == BALLOT_CUMULATIVE ? 3 : 2, false);
	}
	buf_release(&points);
	buf_release(&vote);
	return st;
}

static enum status
export_own(struct act *act, const struct result *result, struct buf *out)
{
	const struct str heads[] = { STR_INIT("voter_id"), STR_INIT("vote"), STR_INIT("points") };
	struct exporting ex = { .act = act, .out = out, .result = result,
		                .labels_len = result->options_len,
		                .decimals = currency_decimals(act->place.currency) };
	int64_t options = 0;
	enum status st = ballot_kind_parse(result->round.ballot_kind, &ex.kind);

	if (st != OK)
		return FAILED;
	for (size_t i = 0; i < result->options_len; i++)
		options += result->options[i].why != OUTCOME_WITHDRAWN;
	ex.labels = ARENA_ARRAY(act->arena, result->options_len, struct str);
	if (ex.labels == NULL)
		return NO_MEMORY;
	st = write_meta(&ex, options);
	if (st == OK)
		st = write_options(&ex);
	write_section(out, STR("VOTES"));
	pabulib_write_row(out, heads, ex.kind == BALLOT_CUMULATIVE ? 3 : 2, false);
	arena_init(&ex.scratch, 1 << 20);
	if (st == OK)
		st = count_ballots(act->db, act->place.id, result->round.id, write_ballot, &ex);
	arena_release(&ex.scratch);
	return st;
}

enum status
act_round_export(struct act *act, struct round_id round, struct buf *out)
{
	struct result result;
	enum status st = act_result_show(act, round, &result);

	if (st == OK)
		st = act->place.imported ? export_import(act, round, out)
		                         : export_own(act, &result, out);
	return st == OK ? buf_status(out) : st;
}
