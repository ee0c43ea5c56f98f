/* Recipes: read from libconfig files (recipes/NAME.conf, part of the program), checked, and
 * turned into a plan for a place. */
#ifndef ACTS_RECIPE_H
#define ACTS_RECIPE_H

#include "base/arena.h"
#include "commons/recipe.h"

/* The names of those that are part of the program, from 0; NULL behind the last. The first is
 * the default. */
const char *recipe_name(size_t index);

/* NOT_FOUND: no such recipe. Those of the program are in order: the tests read them all. */
MUST_CHECK enum status recipe_by_name(struct arena *arena, struct str name, struct recipe *ret);

/* Reads a recipe's text. INVALID: *ret_why says "FILE:LINE: what is wrong", in English, for who
 * writes the file. A setting that nobody knows is wrong, as it is mostly a slip of the pen. */
MUST_CHECK enum status recipe_read(struct arena *arena, struct str file, struct str text,
                                   struct recipe *ret, struct str *ret_why);

/* The plan of a place as the recipe has it, still without slug, name, and people. */
MUST_CHECK enum status recipe_plan(struct arena *arena, const struct recipe *recipe,
                                   struct place_plan *ret);

#endif
