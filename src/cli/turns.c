#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "cli/ask.h"
#include "cli/lots.h"
#include "core/decide/lots.h"

const char cli_turns_usage[] =
	"folkmoot turns FILE.csv --values N,N… --rounds N [--seed HEX] [--json]\n"
	"\n"
	"  FILE.csv        columns id, brought (what they had before, in all; 0 unless there)\n"
	"  --values N,N…   what the turns of a round are worth: whole numbers, good ones larger, bad ones\n"
	"                  below 0. Fewer than members: the others have no turn, which is worth 0.\n"
	"  --rounds N      how many rounds\n"
	"  --seed HEX      up to 64 hexadecimal digits, for those who are equal; zeros unless said\n"
	"\n"
	"Who has had the least so far chooses first: docs/rules/lots.md. The order of the rows counts for\n"
	"the lots: keep the file as it was.\n";

enum { ID_MAX = 1000, VALUES_MAX = 10000 };

struct request {
	struct rotation r;
	int64_t values[VALUES_MAX];
	size_t value_count;
	struct str *ids;
};

static bool
set_values(const char *value, void *request)
{
	struct request *q = request;
	struct str list = str_of(value);

	q->value_count = 0;
	while (list.ptr != NULL) {
		struct str number = str_trim(str_next(&list, ','));

		if (q->value_count == VALUES_MAX ||
		    str_to_int(number, &q->values[q->value_count]) != OK ||
		    q->values[q->value_count] < -ROTATION_VALUE_MAX ||
		    q->values[q->value_count] > ROTATION_VALUE_MAX)
			return false;
		q->value_count++;
	}
	return true;
}

static bool
set_rounds(const char *value, void *request)
{
	int64_t n;

	if (str_to_int(str_of(value), &n) != OK || n < 1 || n > ROTATION_ROUNDS_MAX)
		return false;
	((struct request *)request)->r.round_count = (size_t)n;
	return true;
}

static bool
set_seed(const char *value, void *request)
{
	return ask_seed(value, ((struct request *)request)->r.seed);
}

static const struct ask_option options[] = { { "--values", set_values },
	{ "--rounds", set_rounds }, { "--seed", set_seed }, { NULL, NULL } };

static enum status
read_members(const struct csv *csv, struct arena *arena, struct request *q,
             struct decide_error *error)
{
	int64_t *brought = ARENA_ARRAY(arena, csv->row_count, int64_t);
	struct str *sorted = ARENA_ARRAY(arena, csv->row_count, struct str);
	uint32_t *number = ARENA_ARRAY(arena, csv->row_count, uint32_t);
	size_t id, before = csv_column(csv, "brought"), different;
	enum status st = csv_need(csv, "id", &id, error);

	q->ids = ARENA_ARRAY(arena, csv->row_count, struct str);
	if (brought == NULL || sorted == NULL || number == NULL || q->ids == NULL)
		return NO_MEMORY;
	for (size_t row = 0; st == OK && row < csv->row_count; row++) {
		st = csv_text(csv, row, id, ID_MAX, &q->ids[row], error);
		if (st == OK && before < csv->column_count)
			st = csv_int(csv, row, before, -ROTATION_VALUE_MAX, ROTATION_VALUE_MAX,
			             &brought[row], error);
		sorted[row] = q->ids[row];
	}
	if (st == OK)
		st = ask_number(arena, sorted, csv->row_count, number, &different);
	if (st == OK && different < csv->row_count)
		return decide_fail(error, 0, STR("id"),
			MSG("Somebody is there twice: write a row for each person."));
	q->r.brought = brought;
	q->r.member_count = csv->row_count;
	return st;
}

/* Every round has the same turns. */
static enum status
make_rounds(struct request *q, struct arena *arena)
{
	struct rotation_round *rounds = ARENA_ARRAY(arena, q->r.round_count, struct rotation_round);

	if (rounds == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < q->r.round_count; i++)
		rounds[i] = (struct rotation_round){ q->values, q->value_count };
	q->r.rounds = rounds;
	return OK;
}

static int64_t
value_of(const struct request *q, uint32_t slot)
{
	return slot == ROTATION_NO_TURN ? 0 : q->values[slot];
}

static int
print_json(const struct request *q, const struct rotation_outcome *out, struct str text)
{
	json_t *o = json_object(), *rounds = json_array(), *totals = json_array();

	for (size_t i = 0; i < q->r.round_count; i++) {
		json_t *turns = json_array();

		for (size_t m = 0; m < q->r.member_count; m++) {
			uint32_t slot = out->slot[i * q->r.member_count + m];
			json_t *turn = json_object();

			ask_set(turn, "id", ask_json_text(q->ids[m]));
			ask_set(turn, "turn", slot == ROTATION_NO_TURN ? json_null()
			                      : json_integer((json_int_t)slot + 1));
			ask_set(turn, "value", json_integer(value_of(q, slot)));
			json_array_append_new(turns, turn);
		}
		json_array_append_new(rounds, turns);
	}
	for (size_t m = 0; m < q->r.member_count; m++) {
		json_t *total = json_object();

		ask_set(total, "id", ask_json_text(q->ids[m]));
		ask_set(total, "total", json_integer(out->totals[m]));
		json_array_append_new(totals, total);
	}
	ask_set(o, "bound", json_integer(out->bound));
	ask_set(o, "input_sha256", json_string(digest_text(digest_of(text)).text));
	ask_set(o, "rounds", rounds);
	ask_set(o, "seed", ask_json_seed(q->r.seed));
	ask_set(o, "totals", totals);
	return ask_print_json("turns", o);
}

static int
print_table(const struct request *q, const struct rotation_outcome *out)
{
	struct buf text;

	buf_init(&text, (size_t)1 << 30);
	for (size_t i = 0; i < q->r.round_count; i++) {
		buf_add_format(&text, "Round %zu: ", i + 1);
		for (size_t m = 0; m < q->r.member_count; m++) {
			uint32_t slot = out->slot[i * q->r.member_count + m];

			buf_add_format(&text, m == 0 ? "%.*s " : ", %.*s ", STR_ARG(q->ids[m]));
			if (slot == ROTATION_NO_TURN)
				buf_add_c(&text, "no turn");
			else
				buf_add_int(&text, q->values[slot]);
		}
		buf_add_char(&text, '\n');
	}
	buf_add_c(&text, "\nIn all: ");
	for (size_t m = 0; m < q->r.member_count; m++)
		buf_add_format(&text, m == 0 ? "%.*s %lld" : ", %.*s %lld", STR_ARG(q->ids[m]),
		               (long long)out->totals[m]);
	buf_add_format(&text, "\nNo two were ever more than %lld apart.\n", (long long)out->bound);
	return ask_print("turns", &text);
}

static int
turns_file(struct request *q, const char *file, bool json, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct rotation_outcome out;
	struct csv csv;
	struct str text;
	enum status st;

	if (!ask_csv("turns", file, arena, &csv, &text))
		return ASK_BAD;
	st = read_members(&csv, arena, q, &error);
	if (st == OK)
		st = make_rounds(q, arena);
	if (st == OK) {
		st = rotation_make(&q->r, arena, &out, &error);
		error.line = 0; /* a round's, which is no line of the file */
	}
	if (st != OK) {
		cli_say_error("turns", file, st, &error);
		return ASK_BAD;
	}
	return json ? print_json(q, &out, text) : print_table(q, &out);
}

int
cli_turns(int argc, char **argv)
{
	static struct request q;
	struct arena arena;
	const char *file;
	bool json;
	int code;

	if (!ask_arguments(argc, argv, options, &q, &file, &json))
		return ASK_BAD;
	if (q.value_count == 0 || q.r.round_count == 0) {
		fprintf(stderr, "folkmoot turns: %s is missing\n",
		        q.value_count == 0 ? "--values" : "--rounds");
		return ASK_BAD;
	}
	arena_init(&arena, ASK_MEMORY_MAX);
	code = turns_file(&q, file, json, &arena);
	arena_release(&arena);
	return code;
}
