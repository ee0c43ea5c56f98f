#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/time.h"

bool
cli_read_file(const char *verb, const char *name, struct arena *arena, struct str *ret)
{
	FILE *in = fopen(name, "rb");
	struct stat about;
	const char *wrong = NULL;
	char *bytes;
	size_t size;

	if (in == NULL) {
		fprintf(stderr, "folkmoot %s: %s: %s\n", verb, name, strerror(errno));
		return false;
	}
	if (fstat(fileno(in), &about) != 0 || !S_ISREG(about.st_mode))
		wrong = "not a file";
	else if ((uint64_t)about.st_size > PABULIB_BYTES_MAX)
		wrong = "the file is too large";
	size = wrong == NULL ? (size_t)about.st_size : 0;
	bytes = wrong == NULL ? arena_bytes(arena, size) : NULL;
	if (wrong == NULL && bytes == NULL)
		wrong = "not enough memory";
	if (wrong == NULL && fread(bytes, 1, size, in) != size)
		wrong = "can't be read to its end";
	fclose(in);
	if (wrong != NULL)
		fprintf(stderr, "folkmoot %s: %s: %s\n", verb, name, wrong);
	*ret = (struct str){ bytes, size };
	return wrong == NULL;
}

void
cli_say_error(const char *verb, const char *file, enum status st,
              const struct decide_error *error)
{
	struct format english = { .locale = locale_get(STR("en")), .currency = STR("XXX"),
	                          .zone = STR("UTC") };
	struct buf line;

	buf_init(&line, 4096);
	buf_add_format(&line, "folkmoot %s: %s:", verb, file);
	if (st != INVALID && st != TOO_LARGE) {
		buf_add_format(&line, " %s", status_name(st));
	} else {
		if (error->line > 0)
			buf_add_format(&line, "%zu:", error->line);
		buf_add_char(&line, ' ');
		if (error->field.len > 0)
			buf_add_format(&line, "%.*s: ", STR_ARG(error->field));
		format_message(&line, &english, &error->message);
	}
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&line)));
	buf_release(&line);
}

/* Writes a file just made, which `name` is, as `wanted` in words; takes it away when that fails. */
static bool
write_all(const char *verb, int file, const char *name, const char *wanted, struct str text)
{
	bool good = file >= 0;

	for (size_t done = 0; good && done < text.len;) {
		ssize_t n = write(file, text.ptr + done, text.len - done);

		good = n > 0 || (n < 0 && errno == EINTR);
		done += n > 0 ? (size_t)n : 0;
	}
	good = good && fsync(file) == 0;
	if (!good)
		fprintf(stderr, "folkmoot %s: %s: %s\n", verb, wanted, strerror(errno));
	if (file >= 0 && close(file) != 0)
		good = false;
	if (file >= 0 && !good)
		(void)unlink(name); /* nothing half written */
	return good;
}

bool
cli_write_file(const char *verb, const char *name, struct str text)
{
	int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return write_all(verb, file, name, name, text);
}

/* Why nothing may be written there; NULL: it may. */
static const char *
not_there(const char *name, const char *const *inputs, size_t count)
{
	struct stat there, read_one;

	if (stat(name, &there) != 0)
		return NULL;
	if (!S_ISREG(there.st_mode))
		return "not a file";
	for (size_t i = 0; i < count; i++)
		if (stat(inputs[i], &read_one) == 0 && there.st_dev == read_one.st_dev &&
		    there.st_ino == read_one.st_ino)
			return "it was read just now; choose another name";
	return NULL;
}

bool
cli_replace_file(const char *verb, const char *name, const char *const *inputs, size_t count,
                 struct str text)
{
	const char *wrong = not_there(name, inputs, count);
	char beside[PATH_MAX];
	mode_t mask;
	int file;

	if (wrong == NULL &&
	    snprintf(beside, sizeof beside, "%s.XXXXXX", name) >= (int)sizeof beside)
		wrong = strerror(ENAMETOOLONG);
	if (wrong != NULL) {
		fprintf(stderr, "folkmoot %s: %s: %s\n", verb, name, wrong);
		return false;
	}
	file = mkostemp(beside, O_CLOEXEC);
	if (!write_all(verb, file, beside, name, text))
		return false;
	(void)umask(mask = umask(0));
	if (chmod(beside, 0644 & ~mask) == 0 && rename(beside, name) == 0)
		return true;
	fprintf(stderr, "folkmoot %s: %s: %s\n", verb, name, strerror(errno));
	(void)unlink(beside);
	return false;
}

double
cli_seconds(void)
{
	return (double)time_passing_us() / 1e6;
}
