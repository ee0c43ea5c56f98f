/* preview FOLDER [LANGUAGE]: writes parts.html and its assets there, to look at in a browser
 * (serve the folder with any web server). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "web/assets.h"
#include "web/parts.html.h"
#include "web/parts_view.h"

static void
write_file(const char *folder, struct str path, struct str bytes)
{
	char name[1000];
	FILE *file;

	(void)snprintf(name, sizeof name, "%s%.*s", folder, STR_ARG(path));
	file = fopen(name, "wb");
	if (file == NULL || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
		perror(name);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct parts_view view = parts_view();
	struct layout_view layout = parts_layout();
	struct buf out;
	struct html h = { &out, { NULL, STR("GBP"), STR("Europe/London") }, &layout };
	char folder[1000];

	if (argc < 2)
		return 2;
	layout.person_name = STR("Maya Osei");
	h.format.locale = locale_get(str_of(argc > 2 ? argv[2] : "en-GB"));
	(void)snprintf(folder, sizeof folder, "%s/assets", argv[1]);
	(void)mkdir(folder, 0777);
	for (size_t i = 0; i < assets_len; i++)
		write_file(argv[1], assets[i].path, assets[i].bytes);
	buf_init(&out, 1 << 20);
	html_parts(&h, &view);
	if (buf_status(&out) != OK)
		return 1;
	write_file(argv[1], STR("/parts.html"), buf_str(&out));
	buf_release(&out);
	return 0;
}
