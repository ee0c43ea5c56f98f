/* An outcome as JSON, and in sentences. */
#include <string.h>

#include "core/decide/ranked/outcome.h"

const char *
ranked_deed_name(enum ranked_deed deed)
{
	static const char *const names[] = {
		[RANKED_DEED_FIRST] = "first", [RANKED_DEED_SURPLUS] = "surplus",
		[RANKED_DEED_EXCLUDED] = "excluded", [RANKED_DEED_ITERATED] = "iterated",
		[RANKED_DEED_REST] = "rest" };

	return names[deed];
}

const char *
ranked_why_name(enum ranked_why why)
{
	static const char *const names[] = {
		[RANKED_WON] = "won", [RANKED_WON_REST] = "won-rest",
		[RANKED_EXCLUDED_THEN] = "excluded", [RANKED_LEFT_OVER] = "left-over",
		[RANKED_BEATEN] = "beaten", [RANKED_FEWER] = "fewer",
		[RANKED_TIE_LOST] = "tie-lost", [RANKED_STOOD_DOWN] = "withdrawn" };

	return names[why];
}

static json_t *
id_of(size_t candidate)
{
	return json_sprintf("%zu", candidate + 1);
}

static json_t *
ids_of(const uint32_t *candidates, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, id_of(candidates[i]));
	return list;
}

/* In units of 10^-decimals: "12.50000". */
static void
add_amount(struct buf *out, int64_t amount, int decimals)
{
	uint64_t size = amount < 0 ? -(uint64_t)amount : (uint64_t)amount, unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_add_format(out, "%s%llu", amount < 0 ? "-" : "", (unsigned long long)(size / unit));
	if (decimals > 0)
		buf_add_format(out, ".%0*llu", decimals, (unsigned long long)(size % unit));
}

static json_t *
amount_of(int64_t amount, int decimals)
{
	struct buf text;
	json_t *ret;

	buf_init(&text, 64);
	add_amount(&text, amount, decimals);
	ret = json_stringn(buf_str(&text).ptr, buf_str(&text).len);
	buf_release(&text);
	return ret;
}

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *
stage_json(const struct ranked_outcome *o, size_t i)
{
	const struct ranked_stage *s = &o->stages[i];
	json_t *out = json_object(), *votes = json_array(), *moved = json_array();

	for (size_t c = 0; c < o->candidate_count; c++) {
		int64_t was = i == 0 ? 0 : s[-1].votes[c];

		json_array_append_new(votes, amount_of(s->votes[c], o->decimals));
		json_array_append_new(moved, amount_of(s->votes[c] - was, o->decimals));
	}
	set(out, "deed", json_string(ranked_deed_name(s->deed)));
	set(out, "votes", votes);
	set(out, "transfers", moved);
	set(out, "quota", amount_of(s->quota, o->decimals));
	set(out, "exhausted", amount_of(s->exhausted, o->decimals));
	set(out, "lost", amount_of(s->lost, o->decimals));
	set(out, "elected", ids_of(s->elected, s->elected_count));
	set(out, "excluded", ids_of(s->excluded, s->excluded_count));
	set(out, "tied", json_integer((json_int_t)s->tied));
	set(out, "tie_by_stage", json_boolean(s->by_stage));
	if (s->deed == RANKED_DEED_SURPLUS) {
		set(out, "candidate", id_of(s->who));
		set(out, "transfer_value", amount_of(s->transfer_value, o->decimals));
	}
	if (s->deed == RANKED_DEED_SURPLUS || o->method.rule == RANKED_STV_MEEK ||
	    o->method.rule == RANKED_STV_MEEK_PRF)
		set(out, "surplus", amount_of(s->surplus, o->decimals));
	return out;
}

static json_t *
square(const struct ranked_outcome *o, const int64_t *cells, bool margins)
{
	size_t n = o->candidate_count;
	json_t *rows = json_array();

	for (size_t a = 0; a < n; a++) {
		json_t *row = json_array();

		for (size_t b = 0; b < n; b++)
			json_array_append_new(row, json_integer(
				cells[a * n + b] - (margins ? cells[b * n + a] : 0)));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *
pairs_json(const struct ranked_outcome *o)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->pair_count; i++) {
		const struct ranked_pair *p = &o->pairs[i];
		json_t *pair = json_object();

		set(pair, "winner", id_of(p->winner));
		set(pair, "loser", id_of(p->loser));
		set(pair, "votes", json_integer(p->votes));
		set(pair, "against", json_integer(p->against));
		set(pair, "locked", json_boolean(p->locked));
		json_array_append_new(list, pair);
	}
	return list;
}

static json_t *
scores_json(const struct ranked_outcome *o)
{
	json_t *list = json_array();

	for (size_t c = 0; c < o->candidate_count; c++) {
		const struct ranked_score *s = &o->scores[c];
		json_t *score = json_object();

		if (o->method.rule == RANKED_BORDA)
			set(score, "total", json_sprintf("%lld%s", (long long)(s->total / 2),
			                                 s->total % 2 != 0 ? ".5" : ""));
		else
			set(score, "total", json_sprintf("%lld", (long long)s->total));
		if (o->method.rule == RANKED_MAJORITY_JUDGEMENT) {
			set(score, "median", json_integer(s->median));
			set(score, "above", json_integer(s->above));
			set(score, "below", json_integer(s->below));
		}
		if (o->method.rule == RANKED_STAR) {
			set(score, "finalist", json_boolean(s->finalist));
			set(score, "final", json_integer(s->final));
		}
		json_array_append_new(list, score);
	}
	return list;
}

static json_t *
fates_json(const struct ranked_outcome *o, const struct ranked_election *e)
{
	json_t *list = json_array();

	for (size_t c = 0; c < o->candidate_count; c++) {
		const struct ranked_fate *f = &o->fates[c];
		struct str name = e->candidates[c].name;
		json_t *fate = json_object();

		set(fate, "id", id_of(c));
		set(fate, "name", json_stringn(name.ptr, name.len));
		set(fate, "why", json_string(ranked_why_name(f->why)));
		set(fate, "place", json_integer((json_int_t)f->place));
		if (o->stages != NULL && f->why != RANKED_STOOD_DOWN) {
			set(fate, "stage", json_integer((json_int_t)f->stage));
			set(fate, "votes", amount_of(f->votes, o->decimals));
		}
		if (f->why == RANKED_BEATEN || f->why == RANKED_FEWER || f->why == RANKED_TIE_LOST)
			set(fate, "by", id_of(f->by));
		if (f->why == RANKED_BEATEN) {
			set(fate, "for", json_integer(f->for_it));
			set(fate, "against", json_integer(f->against));
		}
		json_array_append_new(list, fate);
	}
	return list;
}

json_t *
ranked_outcome_json(const struct ranked_outcome *o, const struct ranked_election *e)
{
	json_t *out = json_object(), *stages = json_array(), *names = json_array();

	for (size_t i = 0; i < o->winner_count; i++) {
		struct str name = e->candidates[o->winners[i]].name;

		json_array_append_new(names, json_stringn(name.ptr, name.len));
	}
	set(out, "rule", json_string(ranked_rule_name(o->method.rule)));
	set(out, "ties", json_string(ranked_ties_name(o->method.ties)));
	set(out, "equal_ranks", json_string(ranked_equal_name(o->method.equal)));
	set(out, "strength", json_string(ranked_strength_name(o->method.strength)));
	set(out, "seats", json_integer((json_int_t)o->seats));
	set(out, "voters", json_integer(o->voters));
	set(out, "valid", json_integer(o->valid));
	set(out, "options", json_integer((json_int_t)o->candidate_count));
	set(out, "winners", ids_of(o->winners, o->winner_count));
	set(out, "winner_names", names);
	set(out, "candidates", fates_json(o, e));
	for (size_t i = 0; i < o->stage_count; i++)
		json_array_append_new(stages, stage_json(o, i));
	set(out, "stages", stages);
	if (o->preferred != NULL) {
		set(out, "matrix", square(o, o->preferred, false));
		set(out, "margins", square(o, o->preferred, true));
	}
	if (o->path != NULL)
		set(out, "paths", square(o, o->path, false));
	if (o->method.rule == RANKED_PAIRS)
		set(out, "pairs", pairs_json(o));
	if (o->order != NULL)
		set(out, "order", ids_of(o->order, o->order_count));
	if (o->winning != NULL)
		set(out, "winning", ids_of(o->winning, o->winning_count));
	if (o->scores != NULL)
		set(out, "scores", scores_json(o));
	return out;
}

static void
explain_loss(const struct ranked_outcome *o, const struct ranked_election *e,
             const struct ranked_fate *f, struct buf *out)
{
	struct str by = e->candidates[f->by].name;

	switch (f->why) {
	case RANKED_EXCLUDED_THEN:
		buf_add_format(out, " was excluded at stage %zu with the fewest votes: ", f->stage);
		add_amount(out, f->votes, o->decimals);
		break;
	case RANKED_LEFT_OVER:
		buf_add_c(out, " was left when all seats were filled, with votes: ");
		add_amount(out, f->votes, o->decimals);
		break;
	case RANKED_BEATEN:
		if (o->path != NULL)
			buf_add_format(out, " lost to %.*s: the strongest chain of majorities from %.*s is "
			               "%lld strong, the one back %lld", STR_ARG(by), STR_ARG(by),
			               (long long)f->for_it, (long long)f->against);
		else
			buf_add_format(out, " stands below %.*s by the majorities that count; %lld voters "
			               "put %.*s above, %lld below", STR_ARG(by), (long long)f->for_it,
			               STR_ARG(by), (long long)f->against);
		break;
	case RANKED_FEWER:
		buf_add_format(out, " came behind %.*s", STR_ARG(by));
		break;
	case RANKED_TIE_LOST:
		buf_add_format(out, " was equal with %.*s, and behind in the order of ties",
		               STR_ARG(by));
		break;
	default:
		buf_add_c(out, " was withdrawn");
	}
}

void
ranked_explain(const struct ranked_outcome *o, const struct ranked_election *e, size_t candidate,
               struct buf *out)
{
	const struct ranked_fate *f = &o->fates[candidate];

	buf_add(out, e->candidates[candidate].name);
	if (f->place == 0) {
		explain_loss(o, e, f, out);
	} else {
		buf_add_format(out, " won place %zu", f->place);
		if (o->stages != NULL) {
			buf_add_format(out, " at stage %zu with ", f->stage);
			add_amount(out, f->votes, o->decimals);
			buf_add_c(out, f->why == RANKED_WON_REST
			          ? " votes: as many were left as seats" : " votes: the quota is reached");
		}
	}
	buf_add_char(out, '.');
}
