/* A disk that can lose power: a SQLite VFS over the system's own that remembers what was
 * synced. Writes go to the real file as always; torture_restart() puts each file back to what
 * a disk may hold after the power went: what was synced, and of the rest nothing (or, with
 * keep_some, a chance-drawn part, as disks reorder).
 *
 * One in a process, for all its connections; all calls from any thread.
 */
#ifndef TESTS_TORTURE_VFS_H
#define TESTS_TORTURE_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* Makes it SQLite's default. Before the first db_open. */
void torture_register(void);

/* Power goes at the n-th write, truncation or sync from now (1: the next). From then on every
 * call fails. 0: never. */
void torture_crash_at(int64_t n);
bool torture_crashed(void);
/* Writes, truncations and syncs since the last torture_restart. */
int64_t torture_operations(void);
/* When all connections are closed: the files as the disk holds them, power on again. */
void torture_restart(bool keep_some, uint64_t seed);

enum torture_call { TORTURE_WRITE, TORTURE_SYNC };
/* The next `times` calls of this kind on the -wal file end with this SQLite result code. */
void torture_fail(enum torture_call call, int result, int times);

#endif
