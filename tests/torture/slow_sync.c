/* LD_PRELOAD=…/libslow_sync.so SLOW_SYNC_MS=5 PROGRAM: a disk that takes so much longer to
 * sync. The program measured is the one that is shipped. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
wait_a_little(void)
{
	const char *ms = getenv("SLOW_SYNC_MS");
	long delay_ms = ms == NULL ? 0 : strtol(ms, NULL, 10);
	struct timespec delay = { delay_ms / 1000, delay_ms % 1000 * 1000000 };

	(void)nanosleep(&delay, NULL);
}

int
fsync(int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	wait_a_little();
	return real(fd);
}

int
fdatasync(int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");

	wait_a_little();
	return real(fd);
}
