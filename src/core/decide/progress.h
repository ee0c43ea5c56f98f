/* How far long work has come, for whoever waits for it. Whoever asks passes one, or NULL; it is called
 * one at a time, for each run of a rule, by the thread that asked or one that counts beside it; and it
 * changes nothing about the answer. */
#ifndef CORE_DECIDE_PROGRESS_H
#define CORE_DECIDE_PROGRESS_H

#include <stddef.h>

struct decide_progress {
	/* done of all steps; all 0: nobody knows how many there will be. */
	void (*step)(void *context, size_t done, size_t all);
	void *context;
};

static inline void
decide_progress_step(const struct decide_progress *progress, size_t done, size_t all)
{
	if (progress != NULL)
		progress->step(progress->context, done, all);
}

#endif
