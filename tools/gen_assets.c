/* gen_assets OUTPUT_FOLDER FILE…: embeds files as assets.c, and their addresses as assets.h.
 *
 * An address holds a hash of the content ("/assets/style.1a2b3c4d5e.css"). In a style sheet
 * url("NAME") stands for the address of the asset NAME; an unknown one is an error. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

enum { ARENA_MAX = 64 << 20, OUT_MAX = 64 << 20, HASH_LEN = 10 };

struct file {
	const char *source;
	struct str name;  /* "style.css" */
	struct str bytes;
	struct str path;  /* empty until its content is final */
	const char *type;
};

struct files {
	struct file *ptr;
	size_t len;
};

static const struct { const char *ending, *type; } TYPES[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".woff2", "font/woff2" },
	{ ".png", "image/png" },
	{ ".txt", "text/plain; charset=utf-8" },
};

static _Noreturn void
fail(const char *path, const char *what, struct str name)
{
	fprintf(stderr, "%s: error: %s%.*s\n", path, what, STR_ARG(name));
	exit(1);
}

static void
file_read(struct arena *arena, const char *path, struct file *ret)
{
	FILE *in = fopen(path, "rb");
	const char *slash = strrchr(path, '/');
	char *bytes;
	long size;

	if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0 ||
	    fseek(in, 0, SEEK_SET) != 0)
		fail(path, strerror(errno), STR(""));
	bytes = arena_bytes(arena, (size_t)size);
	if (bytes == NULL || fread(bytes, 1, (size_t)size, in) != (size_t)size)
		fail(path, "can't be read", STR(""));
	fclose(in);
	*ret = (struct file){ .source = path, .name = str_of(slash == NULL ? path : slash + 1),
		.bytes = { bytes, (size_t)size } };
	for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
		if (str_ends(ret->name, str_of(TYPES[i].ending)))
			ret->type = TYPES[i].type;
	if (ret->type == NULL)
		fail(path, "unknown kind of file: ", ret->name);
}

/* "/assets/STEM.HASH.ENDING" */
static void
file_place(struct arena *arena, struct file *file)
{
	struct digest_text hash = digest_text(digest_of(file->bytes));
	size_t dot = file->name.len;

	while (file->name.ptr[dot - 1] != '.')
		dot--;
	if (str_format(arena, &file->path, "/assets/%.*s%.*s%.*s", (int)dot, file->name.ptr, HASH_LEN,
	               hash.text, (int)(file->name.len - dot + 1), file->name.ptr + dot - 1) != OK)
		abort();
}

/* White space that means nothing in CSS: beside braces and >, behind ; , and the : of a declaration
 * (in selectors no space follows a colon). */
static bool
is_idle_space(const struct buf *out, struct str rest)
{
	char before = out->len == 0 ? ';' : out->ptr[out->len - 1];
	char after = rest.len > 1 ? rest.ptr[1] : '}';

	return strchr(" \n\t", rest.ptr[0]) != NULL &&
	       (strchr("{}>;,: \n", before) != NULL || strchr("{}> \n\t", after) != NULL);
}

/* Fills in the addresses; drops comments and idle white space. */
static void
style_rewrite(struct arena *arena, const struct files *files, struct file *style)
{
	struct str rest = style->bytes;
	struct buf out;

	buf_init(&out, OUT_MAX);
	while (rest.len > 0) {
		size_t end;

		if (str_starts(rest, STR("/*"))) {
			end = str_find(rest, STR("*/"));
			rest = str_cut(rest, end + 2, rest.len);
		} else if (is_idle_space(&out, rest)) {
			rest = str_cut(rest, 1, rest.len);
		} else if (str_starts(rest, STR("url(\""))) {
			const struct file *target = NULL;
			struct str name;

			end = str_find(rest, STR("\")"));
			name = str_cut(rest, 5, end);
			for (size_t i = 0; i < files->len; i++)
				if (str_eq(files->ptr[i].name, name))
					target = &files->ptr[i];
			if (target == NULL || target->path.len == 0)
				fail(style->source, "no such asset: ", name);
			buf_add_format(&out, "url(\"%.*s\")", STR_ARG(target->path));
			rest = str_cut(rest, end + 2, rest.len);
		} else {
			buf_add_char(&out, rest.ptr[0]);
			rest = str_cut(rest, 1, rest.len);
		}
	}
	if (str_copy(arena, buf_str(&out), &style->bytes) != OK)
		abort();
	buf_release(&out);
}

static void
put_macro_name(struct buf *out, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		buf_add_char(out, word ? c : '_');
	}
}

static void
put_header(struct buf *out, const struct files *files)
{
	buf_add_c(out, "/* Made by gen_assets. */\n#ifndef WEB_ASSETS_H\n#define WEB_ASSETS_H\n\n"
	          "#include \"web/asset.h\"\n\n");
	for (size_t i = 0; i < files->len; i++) {
		buf_add_c(out, "#define ASSET_");
		put_macro_name(out, files->ptr[i].name);
		buf_add_format(out, " \"%.*s\"\n", STR_ARG(files->ptr[i].path));
	}
	buf_add_format(out, "\nextern const struct asset assets[%zu];\nenum { assets_len = %zu };\n\n"
	               "#endif\n", files->len, files->len);
}

static void
put_code(struct buf *out, const struct files *files)
{
	buf_add_c(out, "/* Made by gen_assets. */\n#include \"web/assets.h\"\n");
	for (size_t i = 0; i < files->len; i++) {
		const struct file *file = &files->ptr[i];

		buf_add_format(out, "\nstatic const unsigned char bytes_%zu[] = {", i);
		for (size_t k = 0; k < file->bytes.len; k++)
			buf_add_format(out, "%s%d,", k % 24 == 0 ? "\n" : "",
			               (unsigned char)file->bytes.ptr[k]);
		buf_add_c(out, "\n};\n");
	}
	buf_add_c(out, "\nconst struct asset assets[] = {\n");
	for (size_t i = 0; i < files->len; i++) {
		const struct file *file = &files->ptr[i];
		struct digest_text hash = digest_text(digest_of(file->bytes));

		buf_add_format(out, "\t{ .path = STR_INIT(\"%.*s\"), .type = STR_INIT(\"%s\"),\n"
		               "\t  .etag = STR_INIT(\"\\\"%.16s\\\"\"),\n"
		               "\t  .bytes = { (const char *)bytes_%zu, sizeof bytes_%zu } },\n",
		               STR_ARG(file->path), file->type, hash.text, i, i);
	}
	buf_add_c(out, "};\n");
}

static void
file_write(const char *folder, const char *name, const struct buf *text)
{
	char path[4096];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "wb");
	if (buf_status(text) != OK || out == NULL ||
	    fwrite(text->ptr, 1, text->len, out) != text->len || fclose(out) != 0)
		fail(path, "can't be written", STR(""));
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct files files;
	struct buf header, code;

	if (argc < 3) {
		fprintf(stderr, "usage: gen_assets OUTPUT_FOLDER FILE...\n");
		return 2;
	}
	arena_init(&arena, ARENA_MAX);
	files.len = (size_t)argc - 2;
	files.ptr = ARENA_ARRAY(&arena, files.len, struct file);
	if (files.ptr == NULL)
		abort();
	for (size_t i = 0; i < files.len; i++) {
		file_read(&arena, argv[i + 2], &files.ptr[i]);
		if (!str_ends(files.ptr[i].name, STR(".css")))
			file_place(&arena, &files.ptr[i]);
	}
	for (size_t i = 0; i < files.len; i++) {
		if (!str_ends(files.ptr[i].name, STR(".css")))
			continue;
		style_rewrite(&arena, &files, &files.ptr[i]);
		file_place(&arena, &files.ptr[i]);
	}
	buf_init(&header, OUT_MAX);
	buf_init(&code, OUT_MAX);
	put_header(&header, &files);
	put_code(&code, &files);
	file_write(argv[1], "assets.h", &header);
	file_write(argv[1], "assets.c", &code);
	buf_release(&header);
	buf_release(&code);
	arena_release(&arena);
	return 0;
}
