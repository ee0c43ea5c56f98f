#include "cli/count_ranked.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/file.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/picture.h"
#include "core/decide/ranked/scores.h"

enum { EXIT_BAD = 2, MATRIX_MAX = 12 };
#define MEMORY_MAX ((size_t)8 << 30)
#define TEXT_MAX ((size_t)256 << 20)

struct request {
	const char *file, *convert, *svg;
	struct ranked_method method;
	size_t explain, vacancy; /* candidate numbers from 1; 0: none */
	bool json;
};

struct counted {
	struct str text;
	bool scores;
	struct score_election s; /* with scores; s.e is the election in both cases */
	struct ranked_outcome outcome;
};

static bool
parse_number(const char *value, size_t *ret)
{
	int64_t n;

	if (str_to_int(str_of(value), &n) != OK || n < 1 || n > RANKED_CANDIDATES_MAX)
		return false;
	*ret = (size_t)n;
	return true;
}

static bool
is_known(const char *name)
{
	static const char *const names[] = { "--rule", "--seats", "--strength", "--equal", "--ties",
	                                     "--seed", "--vacancy", "--explain", "--convert", "--svg" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
parse_option(const char *name, const char *value, struct request *r)
{
	struct str v = str_of(value);

	if (strcmp(name, "--rule") == 0)
		return ranked_rule_parse(v, &r->method.rule) == OK;
	if (strcmp(name, "--seats") == 0)
		return parse_number(value, &r->method.seats);
	if (strcmp(name, "--strength") == 0)
		return ranked_strength_parse(v, &r->method.strength) == OK;
	if (strcmp(name, "--equal") == 0)
		return ranked_equal_parse(v, &r->method.equal) == OK;
	if (strcmp(name, "--ties") == 0)
		return ranked_ties_parse(v, &r->method.ties) == OK;
	if (strcmp(name, "--vacancy") == 0)
		return parse_number(value, &r->vacancy);
	if (strcmp(name, "--explain") == 0)
		return parse_number(value, &r->explain);
	if (strcmp(name, "--convert") == 0) {
		r->convert = value;
		return str_is(v, "blt") || str_is(v, "preflib") || str_is(v, "csv");
	}
	if (strcmp(name, "--svg") == 0) {
		r->svg = value;
		return value[0] != '\0';
	}
	return ask_seed(value, r->method.seed);
}

static bool
parse_arguments(int argc, char **argv, struct request *r)
{
	*r = (struct request){ .file = NULL };
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (strcmp(a, "--json") == 0) {
			r->json = true;
		} else if (is_known(a)) {
			if (i + 1 == argc) {
				fprintf(stderr, "folkmoot count: %s needs a value\n", a);
				return false;
			}
			if (!parse_option(a, argv[++i], r)) {
				fprintf(stderr, "folkmoot count: %s can't be %s\n", a, argv[i]);
				return false;
			}
		} else if (a[0] == '-' || r->file != NULL) {
			fprintf(stderr, "folkmoot count: unknown argument %s\n", a);
			return false;
		} else {
			r->file = a;
		}
	}
	if (r->file == NULL)
		fprintf(stderr, "folkmoot count: the file is missing\n");
	else if (r->svg != NULL && r->convert != NULL)
		fprintf(stderr, "folkmoot count: --svg draws a count, and --convert counts nothing\n");
	return r->file != NULL && (r->svg == NULL || r->convert == NULL);
}

static bool
ends_in(const char *file, const char *ending)
{
	size_t len = strlen(file), end = strlen(ending);

	return len > end && strcasecmp(file + len - end, ending) == 0;
}

static bool
needs_scores(enum ranked_rule rule)
{
	return rule == RANKED_SCORE || rule == RANKED_MAJORITY_JUDGEMENT || rule == RANKED_STAR;
}

/* A CSV for approval may have either; its heading tells. */
static enum status
read_csv(const struct request *r, struct arena *arena, struct counted *c,
         struct decide_error *error)
{
	enum status st = INVALID;

	if (!needs_scores(r->method.rule)) {
		st = ranked_read_csv(arena, c->text, &c->s.e, error);
		if (st != INVALID || r->method.rule != RANKED_APPROVAL ||
		    !str_is(error->field, "Rank 1"))
			return st;
	}
	c->scores = true;
	return score_read_csv(arena, c->text, &c->s, error);
}

static enum status
read_election(const struct request *r, struct arena *arena, struct counted *c,
              struct decide_error *error)
{
	const char *file = r->file;

	if (ends_in(file, ".csv"))
		return read_csv(r, arena, c, error);
	if (ends_in(file, ".soc") || ends_in(file, ".soi") || ends_in(file, ".toc") ||
	    ends_in(file, ".toi"))
		return ranked_read_preflib(arena, c->text, &c->s.e, error);
	if (ends_in(file, ".blt"))
		return ranked_read_blt(arena, c->text, &c->s.e, error);
	return decide_fail(error, 0, STR("file"),
	                   MSG("Its name must end in .blt, .soc, .soi, .toc, .toi or .csv for this rule."));
}

static enum status
count_it(const struct request *r, struct arena *arena, struct counted *c,
         struct decide_error *error)
{
	enum status st;

	if (c->scores)
		return score_count(&c->s, &r->method, arena, &c->outcome, error);
	st = ranked_count(&c->s.e, &r->method, arena, &c->outcome, error);
	if (st == OK && r->vacancy > 0) {
		struct ranked_outcome before = c->outcome;

		st = ranked_vacancy(&c->s.e, &before, r->vacancy - 1, arena, &c->outcome, error);
	}
	return st;
}

static bool
print(struct buf *out)
{
	bool ok = buf_status(out) == OK;

	if (ok)
		fwrite(buf_str(out).ptr, 1, buf_str(out).len, stdout);
	return ok;
}

static bool
print_json(const struct request *r, const struct counted *c, struct buf *out)
{
	json_t *o = ranked_outcome_json(&c->outcome, &c->s.e);
	struct digest seed;
	bool ok;

	memcpy(seed.bytes, r->method.seed, sizeof seed.bytes);
	json_object_set_new(o, "utility", json_string("none"));
	json_object_set_new(o, "completion", json_string("none"));
	json_object_set_new(o, "budget", json_null());
	json_object_set_new(o, "total_cost", json_string("0"));
	json_object_set_new(o, "seed", json_string(digest_text(seed).text));
	json_object_set_new(o, "input_sha256", json_string(digest_text(digest_of(c->text)).text));
	if (r->vacancy > 0)
		json_object_set_new(o, "vacancy", json_sprintf("%zu", r->vacancy));
	ok = o != NULL && json_write(out, o) == OK;
	buf_add_char(out, '\n');
	json_decref(o);
	return ok && print(out);
}

static void
add_name(struct buf *out, const struct counted *c, size_t candidate, size_t width)
{
	struct str name = c->s.e.candidates[candidate].name;
	size_t length = text_length(name);

	buf_add(out, name);
	for (; length < width; length++)
		buf_add_char(out, ' ');
}

static void
add_votes(struct buf *out, int64_t votes, int decimals)
{
	int64_t unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_add_format(out, "%lld", (long long)(votes / unit));
	if (decimals > 0) /* five places are enough to read */
		buf_add_format(out, ".%0*lld", decimals > 5 ? 5 : decimals,
		               (long long)(votes % unit / (decimals > 5 ? unit / 100000 : 1)));
}

static void
add_names(struct buf *out, const struct counted *c, const char *before,
          const uint32_t *candidates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_add_c(out, i == 0 ? before : ", ");
		add_name(out, c, candidates[i], 0);
	}
}

static void
add_stage(struct buf *out, const struct counted *c, size_t i)
{
	const struct ranked_outcome *o = &c->outcome;
	const struct ranked_stage *s = &o->stages[i];

	buf_add_format(out, "\nStage %zu: ", i + 1);
	if (s->deed == RANKED_DEED_SURPLUS) {
		buf_add_c(out, "surplus of ");
		add_name(out, c, s->who, 0);
		buf_add_c(out, " passed on, each ballot worth ");
		add_votes(out, s->transfer_value, o->decimals);
	} else if (s->deed == RANKED_DEED_EXCLUDED) {
		add_names(out, c, "votes passed on of ", s->excluded, s->excluded_count);
	} else {
		buf_add_c(out, s->deed == RANKED_DEED_FIRST ? "first preferences"
		          : s->deed == RANKED_DEED_REST ? "as many are left as seats"
		          : "shares of the elected found anew");
	}
	if (s->tied > 0)
		buf_add_format(out, " (chosen of %zu equal ones by %s)", s->tied,
		               s->by_stage ? "an earlier stage" : "the order of ties");
	buf_add_c(out, "\n  quota ");
	add_votes(out, s->quota, o->decimals);
	buf_add_c(out, ", with nobody any more ");
	add_votes(out, s->exhausted + s->lost, o->decimals);
	buf_add_char(out, '\n');
	for (size_t k = 0; k < o->candidate_count; k++) {
		if (s->votes[k] == 0)
			continue;
		buf_add_c(out, "  ");
		add_name(out, c, k, 40);
		buf_add_char(out, ' ');
		add_votes(out, s->votes[k], o->decimals);
		buf_add_char(out, '\n');
	}
	add_names(out, c, "  elected: ", s->elected, s->elected_count);
	buf_add_c(out, s->elected_count > 0 ? "\n" : "");
	if (s->deed != RANKED_DEED_EXCLUDED && s->excluded_count > 0) {
		add_names(out, c, "  excluded: ", s->excluded, s->excluded_count);
		buf_add_char(out, '\n');
	}
}

static void
add_matrix(struct buf *out, const struct counted *c)
{
	const struct ranked_outcome *o = &c->outcome;
	size_t n = o->candidate_count;

	buf_add_c(out, "\nHow many voters put the one on the left above the one on top:\n");
	buf_add_format(out, "%44s", "");
	for (size_t b = 0; b < n; b++)
		buf_add_format(out, "%8zu", b + 1);
	for (size_t a = 0; a < n; a++) {
		buf_add_format(out, "\n%3zu ", a + 1);
		add_name(out, c, a, 40);
		for (size_t b = 0; b < n; b++)
			if (a == b)
				buf_add_format(out, "%8s", "-");
			else
				buf_add_format(out, "%8lld", (long long)o->preferred[a * n + b]);
	}
	buf_add_char(out, '\n');
}

static void
add_scores(struct buf *out, const struct counted *c)
{
	const struct ranked_outcome *o = &c->outcome;

	buf_add_char(out, '\n');
	for (size_t i = 0; i < o->order_count; i++) {
		const struct ranked_score *s = &o->scores[o->order[i]];

		buf_add_format(out, "%3zu ", i + 1);
		add_name(out, c, o->order[i], 40);
		if (o->method.rule == RANKED_BORDA)
			buf_add_format(out, " %lld%s points", (long long)(s->total / 2),
			               s->total % 2 != 0 ? ".5" : "");
		else if (o->method.rule == RANKED_MAJORITY_JUDGEMENT)
			buf_add_format(out, " median %lld, %lld gave more, %lld less",
			               (long long)s->median, (long long)s->above, (long long)s->below);
		else
			buf_add_format(out, " %lld%s", (long long)s->total,
			               o->method.rule == RANKED_APPROVAL ? " voters" : " points");
		if (s->finalist)
			buf_add_format(out, ", in the final preferred by %lld", (long long)s->final);
		buf_add_char(out, '\n');
	}
}

static bool
print_table(const struct counted *c, struct buf *out)
{
	const struct ranked_outcome *o = &c->outcome;

	buf_add_format(out, "%s: %zu of %zu candidates elected by %lld voters, %lld ballots count",
	               ranked_rule_name(o->method.rule), o->winner_count, o->candidate_count,
	               (long long)o->voters, (long long)o->valid);
	if (c->s.e.title.len > 0)
		buf_add_format(out, "\n%.*s", STR_ARG(c->s.e.title));
	buf_add_c(out, "\n\n");
	for (size_t i = 0; i < o->winner_count; i++) {
		buf_add_format(out, "%3zu ", i + 1);
		ranked_explain(o, &c->s.e, o->winners[i], out);
		buf_add_char(out, '\n');
	}
	for (size_t k = 0; k < o->candidate_count; k++)
		if (o->fates[k].place == 0) {
			buf_add_c(out, "    ");
			ranked_explain(o, &c->s.e, k, out);
			buf_add_char(out, '\n');
		}
	for (size_t i = 0; i < o->stage_count; i++)
		add_stage(out, c, i);
	if (o->preferred != NULL && o->scores == NULL && o->candidate_count <= MATRIX_MAX)
		add_matrix(out, c);
	if (o->order != NULL && o->scores == NULL) {
		add_names(out, c, "\nThe whole order: ", o->order, o->order_count);
		buf_add_char(out, '\n');
	}
	if (o->scores != NULL)
		add_scores(out, c);
	return print(out);
}

static int
write_election(const struct request *r, const struct counted *c, struct arena *arena,
               struct buf *out)
{
	enum status st = REFUSED;

	if (!c->scores)
		st = strcmp(r->convert, "blt") == 0 ? ranked_write_blt(&c->s.e, out)
		     : strcmp(r->convert, "csv") == 0 ? ranked_write_csv(&c->s.e, arena, out)
		     : ranked_write_preflib(&c->s.e, out);
	if (st == REFUSED)
		fprintf(stderr, "folkmoot count: %s: this election can't be written as %s without "
		        "losing something\n", r->file, r->convert);
	return st == OK && print(out) ? 0 : EXIT_BAD;
}

static int
show(const struct request *r, const struct counted *c, struct buf *out)
{
	bool ok;

	if (r->explain > 0) {
		ranked_explain(&c->outcome, &c->s.e, r->explain - 1, out);
		buf_add_char(out, '\n');
		ok = print(out);
	} else {
		ok = r->json ? print_json(r, c, out) : print_table(c, out);
	}
	if (ok && fflush(stdout) == 0)
		return 0;
	fprintf(stderr, "folkmoot count: the result can't be written\n");
	return 1;
}

/* --svg: the outcome as a picture in a file. */
static bool
draw(const struct request *r, const struct counted *c, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct buf out;
	enum status st;
	bool good;

	buf_init(&out, TEXT_MAX);
	st = ranked_picture(&c->s.e, &c->outcome, arena, &out, &error);
	if (st == OK)
		st = buf_status(&out);
	if (st != OK)
		cli_say_error("count", r->file, st, &error);
	good = st == OK && cli_replace_file("count", r->svg, &r->file, 1, buf_str(&out));
	buf_release(&out);
	return good;
}

static int
count_file(const struct request *r, struct arena *arena, struct buf *out)
{
	struct counted c = { .scores = false };
	struct decide_error error = { 0 };
	double began = cli_seconds(), parsed;
	enum status st;

	if (!cli_read_file("count", r->file, arena, &c.text))
		return EXIT_BAD;
	st = read_election(r, arena, &c, &error);
	parsed = cli_seconds();
	if (st == OK && r->convert != NULL)
		return write_election(r, &c, arena, out);
	if (st == OK && r->explain > c.s.e.candidate_count)
		st = decide_fail(&error, 0, STR("--explain"), MSG("There is no such candidate."));
	if (st == OK && r->vacancy > 0 && c.scores)
		st = decide_fail(&error, 0, STR("--vacancy"),
		                 MSG("Only stv-scottish and stv-wig can be recounted for a vacancy."));
	if (st == OK)
		st = count_it(r, arena, &c, &error);
	if (st != OK) {
		cli_say_error("count", r->file, st, &error);
		return EXIT_BAD;
	}
	if (r->svg != NULL && !draw(r, &c, arena))
		return EXIT_BAD;
	fprintf(stderr, "read in %.4f s, counted in %.4f s\n", parsed - began, cli_seconds() - parsed);
	return show(r, &c, out);
}

bool
cli_count_is_ranked(int argc, char **argv)
{
	enum ranked_rule rule;

	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--rule") == 0 &&
		    ranked_rule_parse(str_of(argv[i + 1]), &rule) == OK)
			return true;
	return false;
}

int
cli_count_ranked(int argc, char **argv)
{
	struct request r;
	struct arena arena;
	struct buf out;
	int code;

	if (!parse_arguments(argc, argv, &r))
		return EXIT_BAD;
	arena_init(&arena, MEMORY_MAX);
	buf_init(&out, TEXT_MAX);
	code = count_file(&r, &arena, &out);
	buf_release(&out);
	arena_release(&arena);
	return code;
}
