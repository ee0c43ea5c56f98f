#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "cli/ask.h"
#include "cli/lots.h"
#include "core/decide/allotment.h"

const char cli_allot_usage[] =
	"folkmoot allot FILE.csv --rule serial-dictatorship|ttc|rounds [--things FILE.csv]\n"
	"               [--seed HEX] [--json]\n"
	"\n"
	"  FILE.csv           columns id, choices (things parted by ';', best first; with rounds each\n"
	"                     with its worth: hall=5;hut=2), holds (ttc: what they have now)\n"
	"  --things FILE.csv  columns thing, room; unless given, each thing has room for one\n"
	"  --seed HEX         of the lot for the order of turns; zeros unless said\n"
	"\n"
	"The order of the rows does not matter.\n";

enum { NAME_MAX_BYTES = 1000 };

struct request {
	struct allotment a;
	const char *things_file;
	bool rule;

	struct str *people; /* by number */
	struct str *things;
	/* As read: one entry per choice, with the person's row; then per row what they hold. */
	struct str *named;
	size_t named_count, named_size;
	size_t *row_of;
	int64_t *worth;
};

static bool
set_rule(const char *value, void *request)
{
	struct request *r = request;

	r->rule = true;
	return allotment_rule_parse(str_of(value), &r->a.rule) == OK;
}

static bool
set_seed(const char *value, void *request)
{
	return ask_seed(value, ((struct request *)request)->a.seed);
}

static bool
set_things(const char *value, void *request)
{
	((struct request *)request)->things_file = value;
	return true;
}

static const struct ask_option options[] = { { "--rule", set_rule }, { "--seed", set_seed },
	{ "--things", set_things }, { NULL, NULL } };

/* "hall=5" in two. */
static enum status
read_worth(const struct csv *csv, size_t row, size_t column, struct str *piece, int64_t *ret,
           struct decide_error *error)
{
	size_t sign = str_find(*piece, STR("="));
	struct str digits = str_trim(str_cut(*piece, sign + 1, piece->len));

	if (sign >= piece->len || str_to_int(digits, ret) != OK || *ret < 0 ||
	    *ret > ALLOTMENT_VALUE_MAX)
		return csv_fail(csv, row, column,
		                MSG("With rounds each choice says its worth, a whole number: "
		                    "hall=5;hut=2."), error);
	*piece = str_trim(str_cut(*piece, 0, sign));
	return OK;
}

/* One person's list, into named, row_of and worth. */
static enum status
read_list(const struct csv *csv, size_t row, size_t column, struct request *r,
          struct decide_error *error)
{
	struct str rest = str_trim(csv_cell(csv, row, column));

	while (rest.ptr != NULL && rest.len > 0) {
		struct str piece = str_trim(str_next(&rest, ';'));
		size_t n = r->named_count;
		enum status st = OK;

		if (piece.len == 0)
			continue;
		if (r->a.rule == ALLOTMENT_ROUNDS)
			st = read_worth(csv, row, column, &piece, &r->worth[n], error);
		if (st == OK && (piece.len == 0 || piece.len > NAME_MAX_BYTES))
			st = csv_fail(csv, row, column, MSG("This is no name of a thing."), error);
		if (st != OK)
			return st;
		r->named[n] = piece;
		r->row_of[n] = row;
		r->named_count++;
	}
	return OK;
}

/* Room for all choices of the file: never more than its semicolons and rows. */
static enum status
make_room(const struct csv *csv, size_t choices, size_t things, struct arena *arena,
          struct request *r)
{
	r->named_size = 2 * csv->row_count + things;
	for (size_t row = 0; row < csv->row_count; row++) {
		struct str cell = csv_cell(csv, row, choices);

		for (size_t i = 0; i < cell.len; i++)
			r->named_size += cell.ptr[i] == ';';
	}
	r->named = ARENA_ARRAY(arena, r->named_size, struct str);
	r->row_of = ARENA_ARRAY(arena, r->named_size, size_t);
	r->worth = ARENA_ARRAY(arena, r->named_size, int64_t);
	r->people = ARENA_ARRAY(arena, csv->row_count, struct str);
	return r->named == NULL || r->row_of == NULL || r->worth == NULL || r->people == NULL ?
	       NO_MEMORY : OK;
}

/* People by id; INVALID for one twice. */
static enum status
number_people(const struct csv *csv, size_t id, struct arena *arena, struct request *r,
              uint32_t **ret_number, struct decide_error *error)
{
	size_t different;
	uint32_t *row_of;
	enum status st = OK;

	*ret_number = ARENA_ARRAY(arena, csv->row_count, uint32_t);
	row_of = ARENA_ARRAY(arena, csv->row_count, uint32_t);
	if (*ret_number == NULL || row_of == NULL)
		return NO_MEMORY;
	for (size_t row = 0; st == OK && row < csv->row_count; row++)
		st = csv_text(csv, row, id, NAME_MAX_BYTES, &r->people[row], error);
	if (st == OK)
		st = ask_number(arena, r->people, csv->row_count, *ret_number, &different);
	for (size_t row = 0; st == OK && row < csv->row_count; row++)
		if (row_of[(*ret_number)[row]]++ > 0)
			st = csv_fail(csv, row, id, MSG("There are two rows of this id."), error);
	r->a.person_count = csv->row_count;
	return st;
}

/* Names of things to numbers, choices to their people's lists. `thing`: number by name's place:
 * the choices, then what is held, then the things file's rows. */
static enum status
make_lists(const uint32_t *person, const uint32_t *thing, struct arena *arena,
           struct request *r)
{
	size_t people = r->a.person_count, count = r->named_count;
	size_t *start = ARENA_ARRAY(arena, people + 2, size_t), *at;
	uint32_t *choice = ARENA_ARRAY(arena, count, uint32_t);
	int64_t *value = ARENA_ARRAY(arena, count, int64_t);

	at = ARENA_ARRAY(arena, people + 1, size_t);
	if (start == NULL || at == NULL || choice == NULL || value == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		start[person[r->row_of[i]] + 1]++;
	for (size_t p = 0; p < people; p++)
		start[p + 1] += start[p];
	memcpy(at, start, (people + 1) * sizeof *at);
	for (size_t i = 0; i < count; i++) {
		size_t to = at[person[r->row_of[i]]]++;

		choice[to] = thing[i];
		value[to] = r->worth[i];
	}
	r->a.start = start;
	r->a.choice = choice;
	r->a.value = value;
	return OK;
}

/* Room of each thing; without a file of things one each. */
static enum status
read_room(const struct csv *things, size_t column, const uint32_t *number, struct arena *arena,
          struct request *r, struct decide_error *error)
{
	int64_t *room = ARENA_ARRAY(arena, r->a.thing_count, int64_t);
	enum status st = OK;

	if (room == NULL)
		return NO_MEMORY;
	for (size_t t = 0; t < r->a.thing_count; t++)
		room[t] = things == NULL ? 1 : -1;
	for (size_t row = 0; things != NULL && st == OK && row < things->row_count; row++) {
		if (room[number[row]] >= 0)
			return csv_fail(things, row, 0, MSG("This thing stands here twice."), error);
		st = csv_int(things, row, column, 0, ALLOTMENT_ROOM_MAX, &room[number[row]], error);
	}
	r->a.room = room;
	return st;
}

struct files {
	struct csv people, things;
	size_t id, choices, holds, thing, room; /* columns */
	bool has_things;
	const char *wrong; /* the file that an error is about */
};

static enum status
find_columns(struct files *f, struct request *r, struct decide_error *error)
{
	enum status st = csv_need(&f->people, "id", &f->id, error);

	if (st == OK)
		st = csv_need(&f->people, "choices", &f->choices, error);
	f->holds = csv_column(&f->people, "holds");
	if (st != OK || !f->has_things)
		return st;
	f->wrong = r->things_file;
	st = csv_need(&f->things, "thing", &f->thing, error);
	return st == OK ? csv_need(&f->things, "room", &f->room, error) : st;
}

/* What the people's rows name must be in the file of things. */
static enum status
check_known(const struct files *f, const struct request *r, const uint32_t *thing,
            const uint32_t *held, struct decide_error *error)
{
	if (!f->has_things)
		return OK;
	for (size_t i = 0; i < r->named_count; i++)
		if (r->a.room[thing[i]] < 0)
			return decide_fail_with(error, f->people.lines[r->row_of[i]], STR("choices"),
			                        MSG("There is no thing {name}."),
			                        message_text("name", r->things[thing[i]]));
	for (size_t row = 0; held != NULL && row < f->people.row_count; row++)
		if (held[row] != ALLOTMENT_NONE && r->a.room[held[row]] < 0)
			return csv_fail(&f->people, row, f->holds, MSG("There is no such thing."),
			                error);
	return OK;
}

static enum status
read_all(struct files *f, struct arena *arena, struct request *r, struct decide_error *error)
{
	const struct csv *p = &f->people;
	size_t rows = f->has_things ? f->things.row_count : 0, count, held_at;
	uint32_t *person, *thing, *held = NULL, *holds = NULL;
	const char *people_file = f->wrong;
	enum status st = find_columns(f, r, error);

	if (st != OK)
		return st;
	f->wrong = people_file;
	st = make_room(p, f->choices, rows, arena, r);
	if (st == OK)
		st = number_people(p, f->id, arena, r, &person, error);
	for (size_t row = 0; st == OK && row < p->row_count; row++)
		st = read_list(p, row, f->choices, r, error);
	thing = ARENA_ARRAY(arena, r->named_size, uint32_t);
	if (st == OK && thing == NULL)
		st = NO_MEMORY;
	if (st != OK)
		return st;
	count = held_at = r->named_count;
	if (r->a.rule == ALLOTMENT_TTC && f->holds < p->column_count) {
		held = ARENA_ARRAY(arena, p->row_count, uint32_t);
		holds = ARENA_ARRAY(arena, p->row_count, uint32_t);
		if (held == NULL || holds == NULL)
			return NO_MEMORY;
		for (size_t row = 0; row < p->row_count; row++)
			if (str_trim(csv_cell(p, row, f->holds)).len > 0)
				r->named[count++] = str_trim(csv_cell(p, row, f->holds));
	}
	f->wrong = r->things_file;
	for (size_t row = 0; st == OK && row < rows; row++)
		st = csv_text(&f->things, row, f->thing, NAME_MAX_BYTES, &r->named[count + row],
		              error);
	r->things = r->named;
	if (st == OK)
		st = ask_number(arena, r->named, count + rows, thing, &r->a.thing_count);
	if (st == OK)
		st = read_room(f->has_things ? &f->things : NULL, f->room, thing + count, arena, r,
		               error);
	if (st != OK)
		return st;
	f->wrong = people_file;
	for (size_t row = 0; held != NULL && row < p->row_count; row++) {
		held[row] = str_trim(csv_cell(p, row, f->holds)).len > 0 ? thing[held_at++] :
		            ALLOTMENT_NONE;
		holds[person[row]] = held[row];
	}
	r->a.holds = holds;
	st = check_known(f, r, thing, held, error);
	return st == OK ? make_lists(person, thing, arena, r) : st;
}

static int
print_json(const struct request *r, const struct allotment_outcome *out, struct str text)
{
	json_t *o = json_object(), *picks = json_array();

	for (size_t i = 0; i < out->pick_count; i++) {
		const struct allotment_pick *p = &out->picks[i];
		json_t *pick = json_object();

		ask_set(pick, "free", json_integer(p->free));
		ask_set(pick, "id", ask_json_text(r->people[p->person]));
		ask_set(pick, "rank", json_integer(p->rank));
		ask_set(pick, "step", json_integer(p->step));
		ask_set(pick, "thing", p->thing == ALLOTMENT_NONE ? json_null() :
		        ask_json_text(r->things[p->thing]));
		ask_set(pick, "turn", json_integer(out->turn[p->person]));
		json_array_append_new(picks, pick);
	}
	ask_set(o, "input_sha256", json_string(digest_text(digest_of(text)).text));
	ask_set(o, "people", json_integer((json_int_t)r->a.person_count));
	ask_set(o, "picks", picks);
	ask_set(o, "rule", json_string(allotment_rule_name(r->a.rule)));
	ask_set(o, "seed", ask_json_seed(r->a.seed));
	ask_set(o, "things", json_integer((json_int_t)r->a.thing_count));
	return ask_print_json("allot", o);
}

static int
print_table(const struct request *r, const struct allotment_outcome *out)
{
	struct buf text;

	buf_init(&text, (size_t)1 << 30);
	buf_add_format(&text, "%s, %zu people, %zu things\n\n%-5s %-24s %-24s %6s %6s %6s\n",
	               allotment_rule_name(r->a.rule), r->a.person_count, r->a.thing_count, "turn",
	               "who", "gets", "choice", "free", r->a.rule == ALLOTMENT_TTC ? "circle" : "round");
	for (size_t i = 0; i < out->pick_count; i++) {
		const struct allotment_pick *p = &out->picks[i];
		struct str thing = p->thing == ALLOTMENT_NONE ? STR("nothing") : r->things[p->thing];

		buf_add_format(&text, "%-5u %-24.*s %-24.*s %6u %6u %6u\n", out->turn[p->person],
		               STR_ARG(r->people[p->person]), STR_ARG(thing), p->rank, p->free,
		               p->step);
	}
	return ask_print("allot", &text);
}

static int
allot_file(struct request *r, const char *file, bool json, struct arena *arena)
{
	struct files f = { .has_things = r->things_file != NULL, .wrong = file };
	struct decide_error error = { 0 };
	struct allotment_outcome out;
	struct str text, things_text;
	enum status st;

	if (!ask_csv("allot", file, arena, &f.people, &text) ||
	    (f.has_things && !ask_csv("allot", r->things_file, arena, &f.things, &things_text)))
		return ASK_BAD;
	st = read_all(&f, arena, r, &error);
	if (st == OK) {
		st = allotment_make(&r->a, arena, &out, &error);
		/* It is about a person by number: people are in order of their ids. */
		for (size_t row = 0; st == INVALID && error.line > 0 && row < f.people.row_count; row++)
			if (str_eq(str_trim(csv_cell(&f.people, row, f.id)), r->people[error.line - 1])) {
				error.line = f.people.lines[row];
				break;
			}
	}
	if (st != OK) {
		cli_say_error("allot", f.wrong, st, &error);
		return ASK_BAD;
	}
	return json ? print_json(r, &out, text) : print_table(r, &out);
}

int
cli_allot(int argc, char **argv)
{
	struct request r = { .rule = false };
	struct arena arena;
	const char *file;
	bool json;
	int code;

	if (!ask_arguments(argc, argv, options, &r, &file, &json))
		return ASK_BAD;
	if (!r.rule) {
		fprintf(stderr, "folkmoot allot: --rule is missing\n");
		return ASK_BAD;
	}
	arena_init(&arena, ASK_MEMORY_MAX);
	code = allot_file(&r, file, json, &arena);
	arena_release(&arena);
	return code;
}
