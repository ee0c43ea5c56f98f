/* Lines of the record beside what they are about: money, ideas, judgements, comments, rounds. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "acts/check_inside.h"
#include "acts/salted.h"
#include "store/check.sql.h"

static const char *
text_of(const json_t *leaf, const char *name)
{
	const char *text = json_string_value(json_object_get(leaf, name));

	return text == NULL ? "?" : text;
}

static int64_t
number_of(const json_t *leaf, const char *name)
{
	return json_integer_value(json_object_get(leaf, name));
}

/* 0, which is nothing's id, for what is none. */
static int64_t
id_of(const json_t *leaf, const char *name)
{
	int64_t id = 0;

	return id_parse(str_of(text_of(leaf, name)), &id) == OK ? id : 0;
}

/* What is not there is a difference; what can't be read ends the check. */
static enum status
found(struct check *check, enum status st, const char *kind, const char *which, const char *id)
{
	if (st == NOT_FOUND) {
		check_differs(check, "record: a line (%s) names %s %s, which is not there", kind, which,
		              id);
		return OK;
	}
	return st;
}

/* ---- money ---- */

static enum status
money_moved(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	struct act *act = check->act;
	struct entry_id id = { id_of(leaf, "entry") };
	struct check_entry_row entry;
	enum status st = check_entry(act->db, act->arena, act->place.id, id, &entry);

	totals->moved++;
	if (st == NOT_FOUND) {
		check_differs(check, "record: a line names entry %s, which is not in the books",
		              text_of(leaf, "entry"));
		return OK;
	}
	if (st == OK && entry.amount.minor != number_of(leaf, "amount"))
		check_differs(check, "record: entry %s has another amount in the books",
		              text_of(leaf, "entry"));
	return st;
}

/* ---- words ---- */

struct cost_text { char text[24]; };

/* As in the leaf: minor units in digits, empty without a cost. */
static struct cost_text
cost_text(bool has_cost, struct amount cost)
{
	struct cost_text ret = { "" };

	if (has_cost)
		(void)snprintf(ret.text, sizeof ret.text, "%" PRId64, cost.minor);
	return ret;
}

static enum status
words_agree(struct check *check, const json_t *leaf, struct str salt, const struct str *parts,
            size_t len, struct person_id by, const char *which, const char *id)
{
	struct digest_text digest;
	enum status st = salted_digest(salt, parts, len, &digest);

	if (st == OK && (strcmp(digest.text, text_of(leaf, "text")) != 0 ||
	                 by.value != id_of(leaf, "by")))
		check_differs(check, "record: %s %s does not fit its line", which, id);
	return st;
}

static enum status
idea_said(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	struct act *act = check->act;
	struct check_version_row row;
	struct cost_text cost;
	enum status st = check_version(act->db, act->arena, act->place.id,
	                               (struct idea_id){ id_of(leaf, "idea") },
	                               number_of(leaf, "version"), &row);

	totals->versions++;
	if (st != OK)
		return found(check, st, "idea-added or idea-edited", "a version of idea",
		             text_of(leaf, "idea"));
	cost = cost_text(row.has_rough_cost, row.rough_cost);
	return words_agree(check, leaf, row.salt,
	                   (struct str[]){ row.title, row.body, str_of(cost.text) }, 3,
	                   row.author_id, "a version of idea", text_of(leaf, "idea"));
}

static enum status
idea_judged(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	static const char *const kinds[][2] = {
		{ "check", "idea-checked" }, { "decline", "idea-declined" }, { "reopen", "idea-reopened" } };
	struct act *act = check->act;
	struct check_judgement_row row;
	struct cost_text cost;
	enum status st = check_judgement(act->db, act->arena, act->place.id,
	                                 (struct idea_id){ id_of(leaf, "idea") },
	                                 number_of(leaf, "judgement"), &row);

	totals->judgements++;
	if (st != OK)
		return found(check, st, text_of(leaf, "act"), "a judgement of idea",
		             text_of(leaf, "idea"));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_is(row.verdict, kinds[i][0]) && strcmp(text_of(leaf, "act"), kinds[i][1]) != 0)
			check_differs(check, "record: a judgement of idea %s was another",
			              text_of(leaf, "idea"));
	cost = cost_text(row.has_real_cost, row.real_cost);
	return words_agree(check, leaf, row.salt,
	                   (struct str[]){ row.has_owner ? row.owner : STR(""),
	                                   row.has_permission ? row.permission : STR(""),
	                                   str_of(cost.text), row.has_reason ? row.reason : STR("") },
	                   4, row.judged_by, "a judgement of idea", text_of(leaf, "idea"));
}

static enum status
comment_said(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	struct act *act = check->act;
	struct check_comment_row row;
	enum status st = check_comment(act->db, act->arena, act->place.id,
	                               (struct comment_id){ id_of(leaf, "comment") }, &row);

	totals->comments++;
	if (st != OK)
		return found(check, st, "comment-added", "comment", text_of(leaf, "comment"));
	if (row.idea_id.value != id_of(leaf, "idea"))
		check_differs(check, "record: comment %s was about another idea",
		              text_of(leaf, "comment"));
	return words_agree(check, leaf, row.salt, &row.body, 1, row.author_id, "comment",
	                   text_of(leaf, "comment"));
}

/* ---- rounds ---- */

static bool
is_digest_text(struct digest digest, const char *text)
{
	return strcmp(digest_text(digest).text, text) == 0;
}

static enum status
round_opened(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	struct act *act = check->act;
	struct check_round_of_leaf_row row;
	struct digest kept;
	enum status st = check_round_of_leaf(act->db, act->arena, act->place.id,
	                                     (struct round_id){ id_of(leaf, "round") }, &row);

	totals->opened++;
	if (st != OK)
		return found(check, st, "round-opened", "round", text_of(leaf, "round"));
	if (row.has_rules_hash && row.rules_hash.len == sizeof kept.bytes) {
		memcpy(kept.bytes, row.rules_hash.ptr, sizeof kept.bytes);
		if (is_digest_text(kept, text_of(leaf, "rules")))
			return OK;
	}
	check_differs(check, "record: the rules of round %s are not those it was opened with",
	              text_of(leaf, "round"));
	return OK;
}

static enum status
round_counted(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	struct act *act = check->act;
	struct check_round_of_leaf_row row;
	enum status st = check_round_of_leaf(act->db, act->arena, act->place.id,
	                                     (struct round_id){ id_of(leaf, "round") }, &row);

	totals->counted++;
	if (st != OK)
		return found(check, st, "round-counted", "round", text_of(leaf, "round"));
	if (!row.has_detail || !row.has_total_cost ||
	    !is_digest_text(digest_of(row.detail), text_of(leaf, "outcome")) ||
	    row.ballots != number_of(leaf, "ballots") ||
	    row.total_cost.minor != number_of(leaf, "total-cost"))
		check_differs(check, "record: the count of round %s does not fit its line",
		              text_of(leaf, "round"));
	return OK;
}

/* ---- all of them ---- */

static const struct {
	const char *act;
	enum status (*agrees)(struct check *check, const json_t *leaf, struct leaf_totals *totals);
} kinds[] = {
	{ "money-moved", money_moved },     { "idea-added", idea_said },
	{ "idea-edited", idea_said },       { "idea-checked", idea_judged },
	{ "idea-declined", idea_judged },   { "idea-reopened", idea_judged },
	{ "comment-added", comment_said },  { "round-opened", round_opened },
	{ "round-counted", round_counted },
};

enum status
check_leaf(struct check *check, const json_t *leaf, struct leaf_totals *totals)
{
	const char *act = text_of(leaf, "act");
	struct arena *arena = check->act->arena, own;
	enum status st = OK;

	arena_init(&own, arena->cap);
	check->act->arena = &own; /* words and details are looked at once */
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(act, kinds[i].act) == 0)
			st = kinds[i].agrees(check, leaf, totals);
	check->act->arena = arena;
	arena_release(&own);
	return st;
}

void
check_leaf_totals_agree(struct check *check, const struct check_leaf_totals_row *there,
                        const struct leaf_totals *recorded)
{
	const struct {
		const char *what;
		int64_t there, recorded;
	} pairs[] = {
		{ "entries in the books", there->entries, recorded->moved },
		{ "versions of ideas", there->versions, recorded->versions },
		{ "judgements of ideas", there->judgements, recorded->judgements },
		{ "comments", there->comments, recorded->comments },
		{ "opened rounds", there->opened, recorded->opened },
		{ "counted rounds", there->counted, recorded->counted },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i].there != pairs[i].recorded)
			check_differs(check, "record: %" PRId64 " %s, %" PRId64 " in the record",
			              pairs[i].there, pairs[i].what, pairs[i].recorded);
}
