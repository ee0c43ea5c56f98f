/* Files that verbs read, and what is said when they are no good. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "core/decide/pabulib.h"

/* The whole file into the arena. False after one line on stderr. */
bool cli_read_file(const char *verb, const char *name, struct arena *arena, struct str *ret);
/* "folkmoot VERB: FILE:LINE: FIELD: what is wrong", in one line on stderr. */
void cli_say_error(const char *verb, const char *file, enum status st,
                   const struct decide_error *error);
/* Text as a new file; never over an old one. False after one line on stderr. */
bool cli_write_file(const char *verb, const char *name, struct str text);
/* The same in place of whatever file was called so, but for the inputs, which were read: whole or not
 * at all. */
bool cli_replace_file(const char *verb, const char *name, const char *const *inputs, size_t count,
                      struct str text);
/* Seconds since nobody knows when: what something takes is a difference of these. */
double cli_seconds(void);

#endif
