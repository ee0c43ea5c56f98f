/* A bar for work that takes long: on stderr, where that is a terminal; from half a second on; gone
 * when the work is done. Elsewhere nothing is written, so that scripts see the same bytes. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	int64_t next_ms; /* when it is shown next */
	bool on, shown;
};

void progress_begin(struct progress *progress);
/* As struct decide_progress wants it; context: the struct progress. */
void progress_step(void *context, size_t done, size_t all);
/* Takes the bar away: before anything else is written, and in any case. */
void progress_end(struct progress *progress);

#endif
