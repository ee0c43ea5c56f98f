#include "acts/recipe.h"

#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "acts/recipe_files.h"
#include "base/locale.h"

enum { RECIPE_BYTES_MAX = 64 * 1024 };

const char *
recipe_name(size_t index)
{
	return recipe_files[index].name;
}

/* Reading one file: the first thing that is wrong ends it. */
struct reading {
	struct arena *arena;
	struct str file;
	config_t config;
	struct str why;
};

static enum status
wrong(struct reading *r, int line, const char *what, const char *path)
{
	enum status st = str_format(r->arena, &r->why, "%.*s:%d: %s%s%s", STR_ARG(r->file), line,
	                            path != NULL ? path : "", path != NULL ? ": " : "", what);

	return st == OK ? INVALID : st;
}

static enum status
wrong_at(struct reading *r, const config_setting_t *setting, const char *what, const char *path)
{
	return wrong(r, (int)config_setting_source_line(setting), what, path);
}

/* Where a path would stand: itself, or the innermost group on the way that is there. */
static int
line_of(const struct reading *r, const char *path)
{
	const config_setting_t *setting = config_lookup(&r->config, path);
	char group[40];
	const char *dot = strchr(path, '.');

	if (setting == NULL && dot != NULL && (size_t)(dot - path) < sizeof group) {
		memcpy(group, path, (size_t)(dot - path));
		group[dot - path] = '\0';
		setting = config_lookup(&r->config, group);
	}
	return setting == NULL ? 1 : (int)config_setting_source_line(setting);
}

/* Words; left as they are when the path isn't there. */
static enum status
read_text(struct reading *r, const char *path, struct str *ret)
{
	const config_setting_t *setting = config_lookup(&r->config, path);
	const char *text;

	if (setting == NULL)
		return OK;
	text = config_setting_get_string(setting);
	if (text == NULL)
		return wrong_at(r, setting, "this must be words in quotes", path);
	return str_copy(r->arena, str_of(text), ret);
}

static enum status
read_number(struct reading *r, const char *path, int64_t *ret)
{
	const config_setting_t *setting = config_lookup(&r->config, path);

	if (setting == NULL)
		return OK;
	if (config_setting_type(setting) != CONFIG_TYPE_INT &&
	    config_setting_type(setting) != CONFIG_TYPE_INT64)
		return wrong_at(r, setting, "this must be a whole number", path);
	*ret = config_setting_get_int64(setting);
	return OK;
}

static enum status
read_settings(struct reading *r, struct recipe *ret)
{
	enum status st = OK;

	ret->settings = settings_default();
	for (size_t i = 0; i < SETTINGS_TOTAL && st == OK; i++) {
		const struct setting *which = &settings_table[i];

		switch (which->kind) {
		case SETTING_NUMBER:
			st = read_number(r, which->path, setting_number(&ret->settings, which));
			break;
		case SETTING_TEXT:
			st = read_text(r, which->path, setting_text(&ret->settings, which));
			break;
		case SETTING_MONEY: /* read below as text: the currency may still change */
			break;
		}
	}
	return st == OK ? read_text(r, "round.increment", &ret->increment) : st;
}

static enum status
read_areas(struct reading *r, struct str *ret)
{
	const config_setting_t *list = config_lookup(&r->config, "place.areas");
	struct buf lines;
	enum status st = OK;

	if (list == NULL)
		return OK;
	if (!config_setting_is_array(list))
		return wrong_at(r, list, "this must be a list: [ \"Mill Lane\", \"The Green\" ]",
		                "place.areas");
	buf_init(&lines, RECIPE_BYTES_MAX);
	for (int i = 0; i < config_setting_length(list) && st == OK; i++) {
		const char *name = config_setting_get_string_elem(list, i);

		if (name == NULL)
			st = wrong_at(r, list, "names of areas stand in quotes", "place.areas");
		else
			buf_add_format(&lines, "%s\n", name);
	}
	if (st == OK)
		st = buf_status(&lines);
	if (st == OK)
		st = str_copy(r->arena, str_trim(buf_str(&lines)), ret);
	buf_release(&lines);
	return st;
}

static enum status
read_roles(struct reading *r, struct recipe *ret)
{
	const config_setting_t *list = config_lookup(&r->config, "roles");
	bool steward = false;

	if (list == NULL || !config_setting_is_array(list))
		return wrong(r, line_of(r, "roles"), "this must be a list: [ \"steward\" ]", "roles");
	for (int i = 0; i < config_setting_length(list); i++) {
		const char *role = config_setting_get_string_elem(list, i);

		if (role != NULL && strcmp(role, "steward") == 0)
			steward = true;
		else if (role != NULL && strcmp(role, "treasurer") == 0)
			ret->treasurer = true;
		else
			return wrong_at(r, list, "a role is \"steward\" or \"treasurer\"", "roles");
	}
	return steward ? OK : wrong_at(r, list, "a place needs a steward", "roles");
}

/* Settings that this program doesn't know. */
static bool
is_known(const char *path)
{
	static const char *const known[] = {
		"title", "about", "place.purpose", "place.language", "place.currency", "place.zone",
		"place.areas", "pot.name", "pot.amount", "roles",
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], path) == 0)
			return true;
	for (size_t i = 0; i < SETTINGS_TOTAL; i++)
		if (strcmp(settings_table[i].path, path) == 0)
			return true;
	return false;
}

static enum status
check_names(struct reading *r)
{
	const config_setting_t *root = config_root_setting(&r->config);

	for (int i = 0; i < config_setting_length(root); i++) {
		config_setting_t *group = config_setting_get_elem(root, (unsigned)i);

		if (!config_setting_is_group(group)) {
			if (!is_known(config_setting_name(group)))
				return wrong_at(r, group, "there is no such setting",
				                config_setting_name(group));
			continue;
		}
		for (int j = 0; j < config_setting_length(group); j++) {
			config_setting_t *setting = config_setting_get_elem(group, (unsigned)j);
			char path[80];

			snprintf(path, sizeof path, "%s.%s", config_setting_name(group),
			         config_setting_name(setting));
			if (!is_known(path))
				return wrong_at(r, setting, "there is no such setting", path);
		}
	}
	return OK;
}

static enum status
read_all(struct reading *r, struct recipe *ret)
{
	const struct { const char *path; struct str *words; } texts[] = {
		{ "title", &ret->title },
		{ "about", &ret->about },
		{ "place.purpose", &ret->purpose },
		{ "place.language", &ret->language },
		{ "place.currency", &ret->currency },
		{ "place.zone", &ret->zone },
		{ "pot.name", &ret->pot_name },
		{ "pot.amount", &ret->pot },
	};
	struct refusal refusal = { .status = OK };
	enum status st = check_names(r);

	for (size_t i = 0; i < sizeof texts / sizeof *texts && st == OK; i++)
		st = read_text(r, texts[i].path, texts[i].words);
	if (st == OK)
		st = read_areas(r, &ret->areas);
	if (st == OK)
		st = read_roles(r, ret);
	if (st == OK)
		st = read_settings(r, ret);
	if (st == OK)
		st = recipe_may_be(ret, &refusal);
	if (st == REFUSED)
		st = wrong(r, line_of(r, refusal.field), refusal.message.text, refusal.field);
	return st;
}

enum status
recipe_read(struct arena *arena, struct str file, struct str text, struct recipe *ret,
            struct str *ret_why)
{
	struct reading r = { .arena = arena, .file = file };
	char *c_text;
	enum status st;

	*ret = (struct recipe){ 0 };
	if (text.len > RECIPE_BYTES_MAX)
		return TOO_LARGE;
	c_text = str_to_c(arena, text);
	if (c_text == NULL)
		return NO_MEMORY;
	config_init(&r.config);
	if (config_read_string(&r.config, c_text) == CONFIG_TRUE)
		st = read_all(&r, ret);
	else
		st = wrong(&r, config_error_line(&r.config), config_error_text(&r.config), NULL);
	config_destroy(&r.config);
	*ret_why = r.why;
	return st;
}

enum status
recipe_by_name(struct arena *arena, struct str name, struct recipe *ret)
{
	struct str why;

	for (const struct recipe_file *file = recipe_files; file->name != NULL; file++) {
		enum status st;

		if (!str_is(name, file->name))
			continue;
		st = recipe_read(arena, name, str_of(file->text), ret, &why);
		ret->name = str_of(file->name);
		return st;
	}
	return NOT_FOUND;
}

enum status
recipe_plan(struct arena *arena, const struct recipe *recipe, struct place_plan *ret)
{
	struct refusal why;
	enum status st;

	*ret = (struct place_plan){
		.place = {
			.purpose = recipe->purpose,
			.language = recipe->language,
			.currency = recipe->currency,
			.zone = recipe->zone,
		},
		.recipe = recipe->name,
		.pot_name = recipe->pot_name,
	};
	st = recipe_settings(recipe, recipe->currency, &ret->settings);
	if (st == OK)
		st = place_areas_read(arena, recipe->areas, &ret->areas, &ret->areas_len, &why);
	if (st == OK && recipe->pot.len > 0)
		st = amount_parse(recipe->pot, currency_decimals(recipe->currency), &ret->pot);
	return st;
}
