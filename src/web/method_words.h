/* What ways to vote and to count are called on pages: a row for each name, with one plain sentence of
 * what it does and for whom. A new rule, utility, completion or tie order is offered (unless it is
 * only for comparing), and explained wherever it is named, once it has a row here. */
#ifndef WEB_METHOD_WORDS_H
#define WEB_METHOD_WORDS_H

#include "base/message.h"
#include "base/str.h"
#include "commons/round_rule.h"
#include "web/html.h"

enum method_part { METHOD_BALLOT, METHOD_RULE, METHOD_UTILITY, METHOD_COMPLETION, METHOD_TIES };

struct method_word {
	const char *name;            /* as in the database */
	const char *label, *sentence; /* English, to be translated */
	bool usual;                  /* METHOD_RULE: shown at once, not under "More ways" */
	bool beside;                 /* named where others are compared, but not offered */
};

/* The usual one first. */
const struct method_word *method_words(enum method_part part, size_t *ret_len);
/* Its label; for a name without a row the name itself. */
struct message method_label(enum method_part part, struct str name);

/* A radio button of a form, for method_choice.html. */
struct choice_row {
	struct str id, field, name;
	struct message label, sentence;
	bool chosen;
};
struct choice_rows { struct choice_row *ptr; size_t len; };
/* The rows of a part whose `usual` is as asked for (other parts than METHOD_RULE: all, with usual
 * false). The first radio button of a field has the field's name as id. */
MUST_CHECK enum status method_choices(struct arena *arena, enum method_part part, bool usual,
                                      const char *field, struct str chosen,
                                      struct choice_rows *ret);

/* "Most points first": a rule with its utility. */
struct message method_name(struct str rule, struct str utility);
/* The same without what the rule adds to its family's: for pictures and heads of tables. */
struct message method_short_name(struct str rule, struct str utility);
/* How it works, in a plain sentence. threshold: of the rule that has one. */
struct message method_sentence(struct str rule, struct str utility, int64_t threshold);

#endif
