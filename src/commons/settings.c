#include "commons/settings.h"

#include <assert.h>
#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "commons/round.h"

#define AT(field) offsetof(struct place_settings, field)
#define NUMBER(path, field, least, most) { path, SETTING_NUMBER, AT(field), least, most, { 0 } }
#define WORDS(path, field, most) { path, SETTING_TEXT, AT(field), 0, most, { 0 } }
#define CHOICE(path, field, ...) { path, SETTING_TEXT, AT(field), 1, 40, { __VA_ARGS__ } }

const struct setting settings_table[SETTINGS_TOTAL] = {
	NUMBER("limits.ideas_per_day", limits.ideas_per_day, 0, 1000),
	NUMBER("limits.comments_per_day", limits.comments_per_day, 0, 10000),
	CHOICE("round.ballot_kind", round.ballot_kind, "approval", "choose-1", "cumulative", "ordinal"),
	NUMBER("round.most", round.most, 0, 1000),
	NUMBER("round.points", round.points, 0, 1000),
	NUMBER("round.points_each", round.points_each, 0, 1000),
	CHOICE("round.rule", round.rule.rule, "equal-shares", "greedy", "greedy-no-skip",
	       "greedy-threshold", "phragmen"),
	NUMBER("round.threshold", round.rule.threshold, 0, INT64_C(10000000000)),
	CHOICE("round.utility", round.rule.utility, "cost", "cardinality", "points", "cost-points",
	       "borda"),
	CHOICE("round.completion", round.rule.completion, "none", "add1", "add1-official", "add1u",
	       "greedy", "comparison", "exact"),
	{ "round.increment", SETTING_MONEY, AT(round.rule.increment), 0, INT64_C(1000000000000), { 0 } },
	CHOICE("round.ties", round.rule.ties, "id", "cost-votes-lot"),
	CHOICE("round.who_may", round.who_may, "members", "residents"),
	NUMBER("round.least_age", round.least_age, 0, 120),
	NUMBER("round.days", round.days, 1, 365),
	WORDS("words.question", words.question, 120),
	WORDS("words.vote_note", words.vote_note, 200),
};

int64_t *
setting_number(struct place_settings *settings, const struct setting *which)
{
	assert(which->kind != SETTING_TEXT);
	return (int64_t *)((char *)settings + which->offset);
}

struct str *
setting_text(struct place_settings *settings, const struct setting *which)
{
	assert(which->kind == SETTING_TEXT);
	return (struct str *)((char *)settings + which->offset);
}

struct place_settings
settings_default(void)
{
	return (struct place_settings){
		.limits = { .ideas_per_day = 5, .comments_per_day = 50 },
		.round = {
			.ballot_kind = STR("approval"),
			.rule = { .rule = STR("equal-shares"), .utility = STR("cost"),
			          .completion = STR("add1u"), .ties = STR("cost-votes-lot") },
			.who_may = STR("members"),
			.days = 21,
		},
	};
}

static bool
text_may_be(const struct setting *which, struct str text)
{
	if (which->choices[0] == NULL)
		return text_is_utf8(text) && (int64_t)text_length(text) <= which->most;
	for (size_t i = 0; i < SETTING_CHOICES_MAX && which->choices[i] != NULL; i++)
		if (str_is(text, which->choices[i]))
			return true;
	return false;
}

/* A place may only begin its rounds with what a round may be. */
static enum status
round_may_be(const struct round_defaults *round, struct refusal *why)
{
	struct round_draft draft = { .most = round->most, .points = round->points,
		                     .points_each = round->points_each, .rule = round->rule };
	enum status st = ballot_kind_parse(round->ballot_kind, &draft.kind);

	if (st != OK)
		return st;
	if (draft.rule.increment.minor == 0)
		draft.rule.increment.minor = 1; /* stands for a unit of the currency */
	round_draft_tidy(&draft);
	st = round_ballots_may_be(&draft, why);
	for (size_t i = 0; st == REFUSED && i < SETTINGS_TOTAL; i++) {
		const char *path = settings_table[i].path;

		if (strncmp(path, "round.", 6) == 0 && strcmp(path + 6, why->field) == 0) {
			why->field = path;
			break;
		}
	}
	return st;
}

enum status
settings_may_be(const struct place_settings *settings, struct refusal *why)
{
	struct place_settings s = *settings;

	for (size_t i = 0; i < SETTINGS_TOTAL; i++) {
		const struct setting *which = &settings_table[i];

		if (which->kind == SETTING_TEXT) {
			if (!text_may_be(which, *setting_text(&s, which)))
				return refuse(why, which->path,
				              which->choices[0] != NULL
				              ? MSG("This is not one of the words it can be.")
				              : MSG("This is too long."));
		} else {
			int64_t n = *setting_number(&s, which);

			if (n < which->least || n > which->most)
				return refuse(why, which->path,
				              MSG("This number is too small or too large."));
		}
	}
	return round_may_be(&settings->round, why);
}

enum status
settings_write(struct arena *arena, const struct place_settings *settings, struct str *ret)
{
	struct place_settings s = *settings;
	json_t *object = json_object();
	enum status st = NO_MEMORY;
	char *text;

	for (size_t i = 0; i < SETTINGS_TOTAL; i++) {
		const struct setting *which = &settings_table[i];
		json_t *value;

		if (which->kind == SETTING_TEXT) {
			struct str *words = setting_text(&s, which);
			value = json_stringn(words->len > 0 ? words->ptr : "", words->len);
		} else {
			value = json_integer(*setting_number(&s, which));
		}
		if (json_object_set_new(object, which->path, value) != 0)
			goto end;
	}
	text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	if (text != NULL)
		st = str_copy(arena, str_of(text), ret);
	free(text);
end:
	json_decref(object);
	return st;
}

enum status
settings_read(struct arena *arena, struct str json, struct place_settings *ret)
{
	json_t *object = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
	enum status st = OK;

	*ret = settings_default();
	if (!json_is_object(object)) {
		json_decref(object);
		return INVALID;
	}
	for (size_t i = 0; i < SETTINGS_TOTAL && st == OK; i++) {
		const struct setting *which = &settings_table[i];
		const json_t *value = json_object_get(object, which->path);

		if (which->kind != SETTING_TEXT && json_is_integer(value))
			*setting_number(ret, which) = json_integer_value(value);
		else if (which->kind == SETTING_TEXT && json_is_string(value))
			st = str_copy(arena, (struct str){ json_string_value(value),
			                                   json_string_length(value) },
			              setting_text(ret, which));
	}
	json_decref(object);
	return st;
}
