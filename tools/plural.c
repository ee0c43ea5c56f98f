#include "plural.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *at;
	unsigned long n;
	int depth;
	bool broken;
};

/* Binary operators, longer spellings first; a higher level binds tighter. */
static const struct operator {
	const char *spelling;
	int level;
} operators[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 3 }, { "!=", 3 }, { "<=", 4 }, { ">=", 4 }, { "<", 4 },
	{ ">", 4 },  { "+", 5 },  { "-", 5 },  { "*", 6 },  { "/", 6 },  { "%", 6 },
};

static unsigned long choice(struct reader *r);

static void
skip_space(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static bool
take(struct reader *r, const char *spelling)
{
	skip_space(r);
	if (strncmp(r->at, spelling, strlen(spelling)) != 0)
		return false;
	r->at += strlen(spelling);
	return true;
}

static unsigned long
operand(struct reader *r)
{
	unsigned long value;
	char *end;

	if (++r->depth > 100)
		r->broken = true;
	if (r->broken)
		return 0;
	if (take(r, "!")) {
		value = !operand(r);
	} else if (take(r, "(")) {
		value = choice(r);
		r->broken |= !take(r, ")");
	} else if (take(r, "n")) {
		value = r->n;
	} else {
		value = strtoul(r->at, &end, 10);
		r->broken |= !isdigit((unsigned char)*r->at);
		r->at = end;
	}
	r->depth--;
	return value;
}

static unsigned long
apply(struct reader *r, const char *op, unsigned long a, unsigned long b)
{
	switch (op[0]) {
	case '|': return a || b;
	case '&': return a && b;
	case '=': return a == b;
	case '!': return a != b;
	case '<': return op[1] == '=' ? a <= b : a < b;
	case '>': return op[1] == '=' ? a >= b : a > b;
	case '+': return a + b;
	case '-': return a - b;
	case '*': return a * b;
	default: break;
	}
	r->broken |= b == 0;
	if (b == 0)
		return 0;
	return op[0] == '/' ? a / b : a % b;
}

static const struct operator *
next_operator(struct reader *r, int level)
{
	skip_space(r);
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		const struct operator *op = &operators[i];

		if (strncmp(r->at, op->spelling, strlen(op->spelling)) == 0)
			return op->level >= level ? op : NULL;
	}
	return NULL;
}

/* Operators of at least this level, by precedence climbing. */
static unsigned long
binary(struct reader *r, int level)
{
	unsigned long value = operand(r);
	const struct operator *op;

	while (!r->broken && (op = next_operator(r, level)) != NULL) {
		r->at += strlen(op->spelling);
		value = apply(r, op->spelling, value, binary(r, op->level + 1));
	}
	return value;
}

static unsigned long
choice(struct reader *r)
{
	unsigned long value = binary(r, 1), yes, no;

	if (!take(r, "?"))
		return value;
	yes = choice(r);
	r->broken |= !take(r, ":");
	no = r->broken ? 0 : choice(r);
	return value ? yes : no;
}

int
plural_count(const char *header)
{
	const char *at = strstr(header, "nplurals=");
	long count = at == NULL ? 0 : strtol(at + strlen("nplurals="), NULL, 10);

	return count >= 1 && count <= 6 ? (int)count : -1;
}

bool
plural_index(const char *header, unsigned long n, unsigned long *ret)
{
	const char *at = strstr(header, "plural=");
	struct reader r = { .n = n };

	if (at == NULL)
		return false;
	r.at = at + strlen("plural=");
	*ret = choice(&r);
	skip_space(&r);
	return !r.broken && (*r.at == ';' || *r.at == '\0');
}
