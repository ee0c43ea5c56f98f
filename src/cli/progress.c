#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

enum { FIRST_MS = 500, AGAIN_MS = 100, BAR = 40, LINE = BAR + 12 };

void
progress_begin(struct progress *p)
{
	*p = (struct progress){ .next_ms = time_passing_ms() + FIRST_MS, .on = isatty(STDERR_FILENO) == 1 };
}

void
progress_step(void *context, size_t done, size_t all)
{
	static const char full[] = "########################################",
	                  empty[] = "........................................";
	struct progress *p = context;
	int64_t now;
	int filled;

	if (!p->on || (now = time_passing_ms()) < p->next_ms)
		return;
	p->next_ms = now + AGAIN_MS;
	p->shown = true;
	if (all == 0) {
		fprintf(stderr, "\rcounted %zu times ", done);
		return;
	}
	done = done < all ? done : all;
	filled = (int)((double)done / (double)all * BAR);
	fprintf(stderr, "\r[%.*s%.*s] %3d %% ", filled, full, BAR - filled, empty,
	        (int)((double)done / (double)all * 100));
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", LINE, "");
	*p = (struct progress){ .on = false };
}
