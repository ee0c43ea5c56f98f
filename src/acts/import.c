#include "acts/import.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "acts/count.h"
#include "base/digest.h"
#include "base/locale.h"
#include "base/text.h"
#include "store/import.sql.h"
#include "store/place.sql.h"

enum { SLUG_MAX = 40, JSON_MAX = 1 << 20 };

struct importing {
	struct act *act;
	const struct pabulib *file;
	struct round_id round;
	bool has_seed; /* the file says from which number its lot was drawn */
	int64_t scale; /* minor units of the place's currency per unit of the file's money */
};

static struct str
meta_or(const struct pabulib *file, const char *key, struct str otherwise)
{
	struct str value = pabulib_meta(file, key);

	return value.len > 0 ? value : otherwise;
}

/* "Warszawa", "Mokotów", "2020" -> "warszawa-mokotow-2020". */
static enum status
slug_from(struct act *act, const struct pabulib *file, struct str *ret)
{
	struct str whole;
	enum status st = str_format(act->arena, &whole, "%.*s %.*s %.*s",
	                            STR_ARG(pabulib_meta(file, "unit")),
	                            STR_ARG(pabulib_meta(file, "subunit")),
	                            STR_ARG(pabulib_meta(file, "instance")));

	return st == OK ? text_slug(act->arena, whole, SLUG_MAX, ret) : st;
}

/* "31.03.2024", "2024-03-31" or "2024"; the moment of the import when it is none of them. */
static struct instant
date_from(struct str text, struct instant otherwise)
{
	char iso[11];
	struct instant day;

	if (text.len == 10 && text.ptr[2] == '.' && text.ptr[5] == '.')
		(void)snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", text.ptr + 6, text.ptr + 3,
		               text.ptr);
	else if (text.len == 10)
		(void)snprintf(iso, sizeof iso, "%.10s", text.ptr);
	else if (text.len == 4)
		(void)snprintf(iso, sizeof iso, "%.4s-12-31", text.ptr);
	else
		return otherwise;
	return day_parse(str_of(iso), &day) == OK ? day : otherwise;
}

/* The rule of ours that comes nearest to what the file says it was counted by. Cities add points up;
 * rankings they read in ways of their own, so those are read as sets. */
static void
method_from_rule(const struct pabulib *file, struct method *ret)
{
	const struct str rule = pabulib_meta(file, "rule");

	*ret = (struct method){ .rule = DECIDE_GREEDY, .utility = DECIDE_COST,
		                .completion = DECIDE_NONE, .ties = DECIDE_TIES_ID };
	if (file->points != NULL)
		ret->utility = DECIDE_COST_POINTS;
	if (str_is(rule, "greedy-no-skip"))
		ret->rule = DECIDE_GREEDY_NO_SKIP;
	if (str_is(rule, "greedy-threshold") && file->threshold > 0)
		ret->rule = DECIDE_GREEDY_THRESHOLD;
	if (!str_starts(rule, STR("equalshares")))
		return;
	ret->rule = DECIDE_EQUAL_SHARES;
	if (str_starts(rule, STR("equalshares/add1")))
		ret->completion = DECIDE_ADD1_OFFICIAL;
	if (str_is(rule, "equalshares/add1-comparison"))
		ret->completion = DECIDE_COMPARISON;
}

/* Whether the file's ballots say what the utility asks for. */
static bool
utility_fits(const struct pabulib *file, enum decide_utility utility)
{
	if (!decide_utility_has_points(utility))
		return true;
	return utility == DECIDE_BORDA ? file->kind == PABULIB_ORDINAL : file->points != NULL;
}

/* One of the META keys that act_round_export writes: absent, or good. */
static enum status
meta_or_fail(bool absent, enum status parsed, const char *key, struct decide_error *error)
{
	if (absent || parsed == OK)
		return OK;
	return decide_fail(error, 0, str_of(key),
	                   MSG("This is not what “folkmoot export” writes here. Correct it, or take "
	                       "the line out."));
}

/* The exact method, where the file was exported by us. */
static enum status
method_from(struct importing *im, struct method *ret, struct decide_error *error)
{
	const struct pabulib *file = im->file;
	const struct str rule = pabulib_meta(file, "folkmoot_rule");
	const struct str utility = pabulib_meta(file, "folkmoot_utility");
	const struct str completion = pabulib_meta(file, "folkmoot_completion");
	const struct str increment = pabulib_meta(file, "folkmoot_increment");
	const struct str ties = pabulib_meta(file, "folkmoot_ties");
	const struct str seed = pabulib_meta(file, "folkmoot_seed");
	struct amount step = { 0 };
	struct digest digest = { { 0 } };
	enum status st;

	method_from_rule(file, ret);
	if (rule.len == 0)
		return OK;
	*ret = (struct method){ .rule = DECIDE_GREEDY };
	st = meta_or_fail(false, decide_rule_parse(rule, &ret->rule), "folkmoot_rule", error);
	if (st == OK)
		st = meta_or_fail(false, decide_utility_parse(utility, &ret->utility) == OK &&
		                         utility_fits(file, ret->utility) ? OK : INVALID,
		                  "folkmoot_utility", error);
	if (st == OK)
		st = meta_or_fail(false, decide_completion_parse(completion, &ret->completion),
		                  "folkmoot_completion", error);
	if (st == OK)
		st = meta_or_fail(increment.len == 0,
		                  amount_parse(increment, currency_decimals(im->act->place.currency),
		                               &step), "folkmoot_increment", error);
	if (st == OK)
		st = meta_or_fail(false, decide_ties_parse(ties, &ret->ties), "folkmoot_ties", error);
	if (st == OK)
		st = meta_or_fail(seed.len == 0, digest_parse(seed, &digest), "folkmoot_seed", error);
	ret->increment = step.minor;
	memcpy(ret->seed, digest.bytes, sizeof ret->seed);
	im->has_seed = seed.len > 0;
	return st;
}

static enum status
place_make(struct importing *im, struct str slug, struct import_made *ret)
{
	struct act *act = im->act;
	const struct pabulib *file = im->file;
	const struct str unit = pabulib_meta(file, "unit");
	const struct str part = pabulib_meta(file, "subunit");
	struct place *place = &act->place;
	enum status st;

	*place = (struct place){ .id = { chance_id(&act->chance) }, .slug = slug,
		                 .purpose = pabulib_meta(file, "description"),
		                 .language = STR("en"), .zone = STR("UTC"), .imported = true };
	place->currency = meta_or(file, "currency", STR("XXX"));
	if (currency_decimals(place->currency) < 0)
		place->currency = STR("XXX");
	st = part.len > 0 ? str_format(act->arena, &place->name, "%.*s, %.*s", STR_ARG(unit),
	                               STR_ARG(part))
	                  : str_copy(act->arena, unit, &place->name);
	if (st == OK)
		st = place_slug_insert(act->db, slug, place->id);
	if (st == OK)
		st = place_insert(act->db, place->id, slug, place->name, place->purpose,
		                  place->language, place->currency, place->zone, NULL, NULL,
		                  STR("import"), STR("{}"), true, act->now);
	ret->place = place->id;
	ret->slug = slug;
	return st;
}

static enum status
round_make(struct importing *im, struct decide_error *error)
{
	struct act *act = im->act;
	const struct pabulib *file = im->file;
	const struct instant ends = date_from(pabulib_meta(file, "date_end"), act->now);
	const struct instant begins = date_from(pabulib_meta(file, "date_begin"), ends);
	struct str title, intro = pabulib_meta(file, "comment");
	struct method method;
	struct str seed = { (const char *)method.seed, sizeof method.seed };
	struct amount increment;
	int64_t most = 0;
	bool limited = str_to_int(pabulib_meta(file, "max_length"), &most) == OK && most > 0;
	enum status st = str_format(act->arena, &title, "%.*s, %.*s",
	                            STR_ARG(pabulib_meta(file, "description")),
	                            STR_ARG(pabulib_meta(file, "instance")));

	if (st == OK)
		st = method_from(im, &method, error);
	if (st != OK)
		return st;
	increment.minor = method.increment;
	return import_round_add(act->db, act->place.id, im->round, title, intro,
	                        STR("counted"), (struct amount){ file->budget * im->scale },
	                        file->kind == PABULIB_SCORING
	                                ? STR("cumulative") : str_of(pabulib_kind_name(file->kind)),
	                        limited ? &most : NULL, str_of(decide_rule_name(method.rule)),
	                        str_of(decide_utility_name(method.utility)),
	                        str_of(decide_completion_name(method.completion)),
	                        str_of(decide_ties_name(method.ties)), begins, ends, act->now,
	                        (int64_t)file->votes.row_count,
	                        method.increment > 0 ? &increment : NULL,
	                        file->threshold > 0 ? &file->threshold : NULL,
	                        im->has_seed ? &seed : NULL);
}

static enum status
options_make(struct importing *im)
{
	struct act *act = im->act;
	const struct pabulib *file = im->file;
	enum status st = OK;

	for (size_t i = 0; st == OK && i < file->projects.row_count; i++) {
		const struct pabulib_project *p = &file->project[i];

		st = import_option_add(act->db, act->place.id, im->round,
		                       (struct option_id){ chance_id(&act->chance) }, (int64_t)i + 1,
		                       p->id, p->name.len > 0 ? p->name : p->id,
		                       (struct amount){ p->cost * im->scale }, p->selected == 1);
	}
	return st;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* One ballot's choice as the schema spells it: sets ascending, rankings and points as cast. */
static void
choice_write(const struct pabulib *file, size_t vote, uint32_t *scratch, struct buf *out)
{
	const uint32_t from = file->start[vote], len = file->start[vote + 1] - from;
	const bool set = file->kind == PABULIB_APPROVAL || file->kind == PABULIB_CHOOSE_1;

	memcpy(scratch, file->option + from, len * sizeof *scratch);
	if (set)
		qsort(scratch, len, sizeof *scratch, by_number);
	for (uint32_t i = 0; i < len; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		buf_add_int(out, (int64_t)scratch[i] + 1);
		if (file->points != NULL) {
			buf_add_char(out, ':');
			buf_add_int(out, file->points[from + i]);
		}
	}
}

static enum status
ballots_make(struct importing *im)
{
	struct act *act = im->act;
	const struct pabulib *file = im->file;
	uint32_t *scratch = ARENA_ARRAY(act->arena, file->projects.row_count, uint32_t);
	struct buf choice;
	enum status st = scratch == NULL ? NO_MEMORY : OK;

	buf_init(&choice, JSON_MAX);
	for (size_t i = 0; st == OK && i < file->votes.row_count; i++) {
		uint8_t key[DIGEST_LEN];

		/* Random: the order of the file is kept with its lines, not with the ballots. */
		chance_bytes(&act->chance, key, sizeof key);
		buf_clear(&choice);
		choice_write(file, i, scratch, &choice);
		st = buf_status(&choice);
		if (st == OK)
			st = import_ballot_add(act->db, act->place.id, im->round,
			                       (struct str){ (const char *)key, sizeof key },
			                       buf_str(&choice));
	}
	buf_release(&choice);
	return st;
}

/* ---- every cell, for an export without loss ---- */

static json_t *
json_of(struct str s)
{
	return json_stringn(s.ptr == NULL ? "" : s.ptr, s.len);
}

static json_t *
json_list(const struct str *cells, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, json_of(cells[i]));
	return list;
}

/* The text of `json`, whose reference is taken over, into *out. */
static enum status
json_into(struct buf *out, json_t *json)
{
	char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (text == NULL)
		return NO_MEMORY;
	buf_clear(out);
	buf_add_c(out, text);
	free(text);
	return buf_status(out);
}

static enum status
lines_make(struct importing *im, int64_t section, const struct pabulib_table *table)
{
	struct act *act = im->act;
	struct str *cells = ARENA_ARRAY(act->arena, table->column_count, struct str);
	struct arena scratch;
	struct buf text;
	enum status st = cells == NULL ? NO_MEMORY : OK;

	arena_init(&scratch, JSON_MAX);
	buf_init(&text, JSON_MAX);
	for (size_t i = 0; st == OK && i < table->row_count; i++) {
		arena_reset(&scratch);
		st = pabulib_cells(im->file, table, i, &scratch, cells);
		if (st == OK)
			st = json_into(&text, json_list(cells, table->column_count));
		if (st == OK)
			st = import_line_add(act->db, act->place.id, im->round, section,
			                     (int64_t)i + 1, buf_str(&text));
	}
	buf_release(&text);
	arena_release(&scratch);
	return st;
}

static json_t *
meta_json(const struct pabulib *file)
{
	json_t *meta = json_array();

	for (size_t i = 0; i < file->meta_count; i++) {
		const struct str pair[] = { file->meta[i].key, file->meta[i].value };

		(void)json_array_append_new(meta, json_list(pair, 2));
	}
	return meta;
}

static enum status
rest_make(struct importing *im)
{
	struct act *act = im->act;
	const struct pabulib *file = im->file;
	const bool names_winners =
		pabulib_column(&file->projects, "selected") < file->projects.column_count;
	struct buf meta, projects, votes;
	enum status st;

	buf_init(&meta, JSON_MAX);
	buf_init(&projects, JSON_MAX);
	buf_init(&votes, JSON_MAX);
	st = json_into(&meta, meta_json(file));
	if (st == OK)
		st = json_into(&projects,
		               json_list(file->projects.columns, file->projects.column_count));
	if (st == OK)
		st = json_into(&votes, json_list(file->votes.columns, file->votes.column_count));
	if (st == OK)
		st = import_add(act->db, act->place.id, im->round, buf_str(&meta),
		                buf_str(&projects), buf_str(&votes), pabulib_meta(file, "rule"),
		                names_winners);
	buf_release(&votes);
	buf_release(&projects);
	buf_release(&meta);
	if (st == OK)
		st = lines_make(im, 1, &file->projects);
	if (st == OK)
		st = lines_make(im, 2, &file->votes);
	return st;
}

/* ---- counting it again ---- */

static enum status
count_both(struct importing *im, struct decide_error *error)
{
	struct act *act = im->act;
	struct counting counting;
	struct outcome outcome;
	struct outcome_id id;
	struct method other;
	enum status st = counting_load(act, im->round, &counting);

	if (st == OK)
		st = counting_count(&counting.election, &counting.method, act->arena, &outcome, error);
	if (st == OK)
		st = counting_save(act, im->round, &counting, &outcome, true, &id);
	if (st != OK)
		return st;
	other = counting_other(&counting.method);
	st = counting_count(&counting.election, &other, act->arena, &outcome, error);
	if (st == OK)
		st = counting_save(act, im->round, &counting, &outcome, false, &id);
	return st;
}

/* Whole minor units of the currency must be able to hold every amount of the file. */
static enum status
scale_find(struct importing *im, struct decide_error *error)
{
	int decimals = currency_decimals(im->act->place.currency);

	if (im->file->decimals > decimals)
		return decide_fail(error, 0, STR("currency"),
		                   MSG("The amounts have more decimals than the currency has."));
	im->scale = 1;
	for (int i = im->file->decimals; i < decimals; i++)
		im->scale *= 10;
	if (im->file->budget > ELECTION_MONEY_MAX / im->scale)
		return decide_fail(error, 0, STR("budget"), MSG("The budget is too large."));
	for (size_t i = 0; i < im->file->projects.row_count; i++)
		if (im->file->project[i].cost > ELECTION_MONEY_MAX / im->scale)
			return decide_fail(error, 0, STR("cost"), MSG("A cost is too large."));
	return OK;
}

/* The leaf: which file it was, to the byte. */
static enum status
record_import(struct importing *im)
{
	json_t *fields = json_pack("{s:s, s:s}", "round", id_text(im->round.value).text, "file",
	                           digest_text(digest_of(im->file->text)).text);

	return fields == NULL ? NO_MEMORY : act_record(im->act, "file-imported", fields);
}

enum status
act_import(struct act *act, const struct pabulib *file, struct str slug, struct import_made *ret,
           struct decide_error *error)
{
	struct importing im = { .act = act, .file = file };
	struct refusal why;
	enum status st = OK;

	if (slug.len == 0)
		st = slug_from(act, file, &slug);
	if (st == OK && place_slug_may_be(slug, &why) != OK) {
		error->message = why.message;
		return INVALID;
	}
	if (st == OK)
		st = place_make(&im, slug, ret);
	if (st == OK)
		st = scale_find(&im, error);
	im.round.value = chance_id(&act->chance);
	ret->round = im.round;
	if (st == OK)
		st = round_make(&im, error);
	if (st == OK)
		st = options_make(&im);
	if (st == OK)
		st = ballots_make(&im);
	if (st == OK)
		st = rest_make(&im);
	if (st == OK)
		st = count_both(&im, error);
	return st == OK ? record_import(&im) : st;
}
