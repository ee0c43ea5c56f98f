/* The recipes that are part of the program, as text; made from recipes/ at build time. */
#ifndef ACTS_RECIPE_FILES_H
#define ACTS_RECIPE_FILES_H

struct recipe_file {
	const char *name; /* NULL ends the list */
	const char *text;
};

extern const struct recipe_file recipe_files[];

#endif
