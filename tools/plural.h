/* The Plural-Forms line of a .po file: "nplurals=3; plural=(n==1 ? 0 : n%10>=2 ? 1 : 2);" */
#ifndef TOOLS_PLURAL_H
#define TOOLS_PLURAL_H

#include <stdbool.h>

/* Number of forms, or -1 when the line can't be read. */
int plural_count(const char *header);
/* The index for n by the line's C expression (GNU gettext manual, "Plural forms");
 * false when it is malformed or divides by 0. */
bool plural_index(const char *header, unsigned long n, unsigned long *ret);

#endif
