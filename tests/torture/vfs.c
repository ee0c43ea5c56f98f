#include "torture/vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"

/* A write (bytes != NULL) or a truncation to `offset`. */
struct change {
	struct change *next;
	int64_t offset;
	size_t len;
	unsigned char *bytes;
};

/* A file as the disk has it. Lives on while no connection has it open. */
struct disk_file {
	struct disk_file *next;
	char *path;
	unsigned char *durable;
	size_t len;
	struct change *first, **end; /* not synced yet, in order */
};

struct open_file {
	sqlite3_file base;
	struct disk_file *disk; /* NULL: temporary, not looked at */
	bool is_wal;
	sqlite3_file *real;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;
static struct disk_file *disk_files;
static int64_t operations, crash_at;
static bool crashed;
static struct { int result, times; } faults[2]; /* by enum torture_call */

static void *
need(void *memory)
{
	if (memory == NULL) {
		perror("torture");
		abort();
	}
	return memory;
}

/* ---- the disk -------------------------------------------------------------------------- */

static void
apply(struct disk_file *disk, const struct change *change)
{
	size_t end = (size_t)change->offset + change->len;

	if (change->bytes == NULL) {
		disk->len = disk->len < end ? disk->len : end;
		return;
	}
	if (end > disk->len) {
		disk->durable = need(realloc(disk->durable, end));
		memset(disk->durable + disk->len, 0, end - disk->len);
		disk->len = end;
	}
	memcpy(disk->durable + change->offset, change->bytes, change->len);
}

static void
forget_first(struct disk_file *disk)
{
	struct change *change = disk->first;

	disk->first = change->next;
	free(change->bytes);
	free(change);
	if (disk->first == NULL)
		disk->end = &disk->first;
}

static void
note_change(struct disk_file *disk, const void *bytes, size_t len, int64_t offset)
{
	struct change *change = need(calloc(1, sizeof *change));

	change->offset = offset;
	change->len = len;
	if (bytes != NULL) {
		change->bytes = need(malloc(len > 0 ? len : 1));
		memcpy(change->bytes, bytes, len);
	}
	*disk->end = change;
	disk->end = &change->next;
}

/* What is there when first opened counts as synced. */
static void
read_whole(struct disk_file *disk)
{
	FILE *file = fopen(disk->path, "rb");
	unsigned char part[65536];
	size_t got;

	while (file != NULL && (got = fread(part, 1, sizeof part, file)) > 0) {
		disk->durable = need(realloc(disk->durable, disk->len + got));
		memcpy(disk->durable + disk->len, part, got);
		disk->len += got;
	}
	if (file != NULL)
		fclose(file);
}

static struct disk_file *
disk_file_of(const char *path)
{
	struct disk_file *disk;

	for (disk = disk_files; disk != NULL; disk = disk->next) {
		if (strcmp(disk->path, path) == 0)
			return disk;
	}
	disk = need(calloc(1, sizeof *disk));
	disk->path = need(strdup(path));
	disk->end = &disk->first;
	read_whole(disk);
	disk->next = disk_files;
	disk_files = disk;
	return disk;
}

static void
forget_file(struct disk_file *disk)
{
	while (disk->first != NULL)
		forget_first(disk);
	free(disk->durable);
	disk->durable = NULL;
	disk->len = 0;
}

/* Under the lock: may this call happen? Counts it, and cuts the power when its time comes. */
static int
operation(const struct open_file *file, enum torture_call call)
{
	if (crashed)
		return SQLITE_IOERR;
	operations++;
	if (crash_at > 0 && --crash_at == 0) {
		crashed = true;
		return SQLITE_IOERR;
	}
	if (file->is_wal && faults[call].times > 0) {
		faults[call].times--;
		return faults[call].result;
	}
	return SQLITE_OK;
}

/* ---- SQLite's calls -------------------------------------------------------------------- */

static struct open_file *
open_file(sqlite3_file *file)
{
	return (struct open_file *)file;
}

static sqlite3_file *
real(sqlite3_file *file)
{
	return open_file(file)->real;
}

static int
io_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int
io_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 offset)
{
	return torture_crashed() ? SQLITE_IOERR_READ
	                         : real(file)->pMethods->xRead(real(file), bytes, len, offset);
}

static int
io_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	struct open_file *f = open_file(file);
	int result;

	if (f->disk == NULL)
		return f->real->pMethods->xWrite(f->real, bytes, len, offset);
	pthread_mutex_lock(&lock);
	result = operation(f, TORTURE_WRITE);
	if (result == SQLITE_OK)
		result = f->real->pMethods->xWrite(f->real, bytes, len, offset);
	if (result == SQLITE_OK)
		note_change(f->disk, bytes, (size_t)len, offset);
	pthread_mutex_unlock(&lock);
	return result;
}

static int
io_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct open_file *f = open_file(file);
	int result;

	if (f->disk == NULL)
		return f->real->pMethods->xTruncate(f->real, size);
	pthread_mutex_lock(&lock);
	result = operation(f, TORTURE_WRITE);
	if (result == SQLITE_OK)
		result = f->real->pMethods->xTruncate(f->real, size);
	if (result == SQLITE_OK)
		note_change(f->disk, NULL, 0, size);
	pthread_mutex_unlock(&lock);
	return result;
}

/* The real disk is not asked to sync: only the model counts, and tests are quicker. */
static int
io_sync(sqlite3_file *file, int flags)
{
	struct open_file *f = open_file(file);
	int result = SQLITE_OK;

	(void)flags;
	if (f->disk == NULL)
		return SQLITE_OK;
	pthread_mutex_lock(&lock);
	result = operation(f, TORTURE_SYNC);
	while (result == SQLITE_OK && f->disk->first != NULL) {
		apply(f->disk, f->disk->first);
		forget_first(f->disk);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

static int
io_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	return real(file)->pMethods->xFileSize(real(file), ret);
}

static int
io_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int
io_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int
io_check_lock(sqlite3_file *file, int *ret)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), ret);
}

/* Size hints and the like would change the real file behind the model's back. */
static int
io_control(sqlite3_file *file, int op, void *argument)
{
	if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
		return SQLITE_NOTFOUND;
	return real(file)->pMethods->xFileControl(real(file), op, argument);
}

static int
io_sector_size(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int
io_characteristics(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int
io_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
	return real(file)->pMethods->xShmMap(real(file), region, size, extend, ret);
}

static int
io_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void
io_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int
io_shm_unmap(sqlite3_file *file, int delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* no memory mapping: every write is seen */
	.xClose = io_close,
	.xRead = io_read,
	.xWrite = io_write,
	.xTruncate = io_truncate,
	.xSync = io_sync,
	.xFileSize = io_size,
	.xLock = io_lock,
	.xUnlock = io_unlock,
	.xCheckReservedLock = io_check_lock,
	.xFileControl = io_control,
	.xSectorSize = io_sector_size,
	.xDeviceCharacteristics = io_characteristics,
	.xShmMap = io_shm_map,
	.xShmLock = io_shm_lock,
	.xShmBarrier = io_shm_barrier,
	.xShmUnmap = io_shm_unmap,
};

static int
vfs_open(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	enum { KEPT = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL };
	struct open_file *f = open_file(file);
	int result;

	(void)self;
	memset(f, 0, sizeof *f);
	f->real = (sqlite3_file *)(f + 1);
	if (torture_crashed())
		return SQLITE_CANTOPEN;
	pthread_mutex_lock(&lock);
	if (path != NULL && (flags & KEPT) != 0)
		f->disk = disk_file_of(path);
	f->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
	result = system_vfs->xOpen(system_vfs, path, f->real, flags, ret_flags);
	pthread_mutex_unlock(&lock);
	if (f->real->pMethods != NULL)
		f->base.pMethods = &methods;
	return result;
}

static int
vfs_delete(sqlite3_vfs *self, const char *path, int sync_folder)
{
	struct disk_file *disk;
	int result;

	(void)self;
	pthread_mutex_lock(&lock);
	result = crashed ? SQLITE_IOERR : system_vfs->xDelete(system_vfs, path, sync_folder);
	for (disk = disk_files; result == SQLITE_OK && disk != NULL; disk = disk->next) {
		if (strcmp(disk->path, path) == 0)
			forget_file(disk);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

void
torture_register(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	vfs = *system_vfs;
	vfs.zName = "torture";
	vfs.szOsFile = (int)sizeof(struct open_file) + system_vfs->szOsFile;
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}

void
torture_crash_at(int64_t n)
{
	pthread_mutex_lock(&lock);
	crash_at = n;
	pthread_mutex_unlock(&lock);
}

bool
torture_crashed(void)
{
	bool is;

	pthread_mutex_lock(&lock);
	is = crashed;
	pthread_mutex_unlock(&lock);
	return is;
}

int64_t
torture_operations(void)
{
	int64_t count;

	pthread_mutex_lock(&lock);
	count = operations;
	pthread_mutex_unlock(&lock);
	return count;
}

void
torture_fail(enum torture_call call, int result, int times)
{
	pthread_mutex_lock(&lock);
	faults[call].result = result;
	faults[call].times = times;
	pthread_mutex_unlock(&lock);
}

static void
write_whole(const struct disk_file *disk)
{
	FILE *file = fopen(disk->path, "rb+");

	if (file == NULL)
		return; /* deleted, or never made */
	file = freopen(disk->path, "wb", file);
	if (file == NULL || fwrite(disk->durable, 1, disk->len, file) != disk->len ||
	    fclose(file) != 0)
		need(NULL);
}

void
torture_restart(bool keep_some, uint64_t seed)
{
	struct chance chance;
	uint8_t bytes[32] = { 0 };

	memcpy(bytes, &seed, sizeof seed);
	chance_from_seed(&chance, bytes);
	pthread_mutex_lock(&lock);
	while (disk_files != NULL) {
		struct disk_file *disk = disk_files;

		for (; disk->first != NULL; forget_first(disk)) {
			if (keep_some && chance_below(&chance, 2) == 0)
				apply(disk, disk->first);
		}
		write_whole(disk);
		disk_files = disk->next;
		forget_file(disk);
		free(disk->path);
		free(disk);
	}
	crashed = false;
	crash_at = 0;
	operations = 0;
	pthread_mutex_unlock(&lock);
}
