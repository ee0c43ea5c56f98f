#include <libconfig.h>
#include <string.h>

#include "commons/sign_in.h"
#include "mail/sender.h"

struct reading {
	struct arena *arena;
	const char *file;
	config_t config;
	struct str why;
};

static enum status
wrong(struct reading *r, int line, const char *what)
{
	enum status st = str_format(r->arena, &r->why, "%s:%d: %s", r->file, line, what);

	return st == OK ? INVALID : st;
}

static enum status
read_text(struct reading *r, const config_setting_t *setting, struct str *ret)
{
	const char *text = config_setting_get_string(setting);

	if (text == NULL)
		return wrong(r, (int)config_setting_source_line(setting), "this must be words in quotes");
	return str_copy(r->arena, str_of(text), ret);
}

static enum status
read_one(struct reading *r, const config_setting_t *setting, struct mail_settings *ret)
{
	const struct { const char *name; struct str *words; } texts[] = {
		{ "server", &ret->server },
		{ "user", &ret->user },
		{ "password_file", &ret->password_file },
		{ "from", &ret->from },
		{ "authorities", &ret->authorities },
	};
	const char *name = config_setting_name(setting);

	if (strcmp(name, "plain") == 0) {
		if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
			return wrong(r, (int)config_setting_source_line(setting), "this is true or false");
		ret->plain = config_setting_get_bool(setting) == CONFIG_TRUE;
		return OK;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(name, texts[i].name) == 0)
			return read_text(r, setting, texts[i].words);
	return wrong(r, (int)config_setting_source_line(setting), "there is no such setting");
}

static int
line_of(const struct reading *r, const char *name)
{
	const config_setting_t *group = config_lookup(&r->config, "mail");
	const config_setting_t *setting = group == NULL ? NULL : config_setting_get_member(group, name);

	return setting == NULL ? 1 : (int)config_setting_source_line(setting);
}

static enum status
check(struct reading *r, const struct mail_settings *settings)
{
	struct refusal why;

	if (settings->server.len > 0 && !str_starts(settings->server, STR("smtp://")) &&
	    !str_starts(settings->server, STR("smtps://")))
		return wrong(r, line_of(r, "server"), "a server is smtp://HOST:PORT or smtps://HOST:PORT");
	if (settings->server.len > 0 && email_may_be(settings->from, "from", &why) != OK)
		return wrong(r, line_of(r, "from"), "from must be an e-mail address");
	if ((settings->user.len > 0) != (settings->password_file.len > 0))
		return wrong(r, line_of(r, "user"), "user and password_file go together");
	return OK;
}

enum status
mail_settings_read(struct arena *arena, const char *file, struct mail_settings *ret,
                   struct str *ret_why)
{
	struct reading r = { .arena = arena, .file = file };
	const config_setting_t *group;
	enum status st = OK;

	config_init(&r.config);
	if (config_read_file(&r.config, file) != CONFIG_TRUE) {
		st = wrong(&r, config_error_line(&r.config), config_error_text(&r.config));
	} else {
		group = config_lookup(&r.config, "mail");
		for (int i = 0; group != NULL && i < config_setting_length(group) && st == OK; i++)
			st = read_one(&r, config_setting_get_elem(group, (unsigned)i), ret);
		if (st == OK)
			st = check(&r, ret);
	}
	config_destroy(&r.config);
	*ret_why = r.why;
	return st;
}
