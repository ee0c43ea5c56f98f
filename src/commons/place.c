#include "commons/place.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/locale.h"
#include "base/text.h"
#include "commons/sign_in.h"

enum { KEY_MAX = 40, NAME_MAX = 60, PURPOSE_MAX = 400, AREA_NAME_MAX = 40 };

/* First parts of paths that are not places, now or later. */
static const char *const reserved_slugs[] = {
	"about", "admin", "api", "assets", "health", "healthz", "help", "index", "login",
	"metrics", "new", "place", "places", "robots", "search", "set-up", "setup", "sign-in",
	"static", "status", "well-known", "www",
};

enum status
place_slug_may_be(struct str slug, struct refusal *why)
{
	bool shape = slug.len >= 2 && slug.len <= KEY_MAX;

	for (size_t i = 0; i < slug.len && shape; i++) {
		char c = slug.ptr[i];
		bool inner = i > 0 && i + 1 < slug.len && slug.ptr[i - 1] != '-';

		shape = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && inner);
	}
	if (!shape)
		return refuse(why, "slug",
		              MSG("The address can have 2 to 40 small letters a to z, digits and "
		                  "single hyphens between them, like alder-vale."));
	for (size_t i = 0; i < sizeof reserved_slugs / sizeof *reserved_slugs; i++)
		if (str_is(slug, reserved_slugs[i]))
			return refuse(why, "slug",
			              MSG("The program needs this address for itself. "
			                  "Please choose another one."));
	return OK;
}

/* Latin letters without accents, as ICU spells them; what can't be is left as it is. */
static size_t
to_latin(struct str name, char *out, size_t size)
{
	static const UChar rule[] = u"Any-Latin; Latin-ASCII; Lower";
	UErrorCode err = U_ZERO_ERROR;
	UChar wide[512];
	int32_t len = 0, limit, out_len = 0;
	UTransliterator *trans;

	u_strFromUTF8(wide, 256, &len, name.ptr, (int32_t)(name.len > 250 ? 250 : name.len), &err);
	if (U_FAILURE(err))
		return 0;
	trans = utrans_openU(rule, -1, UTRANS_FORWARD, NULL, 0, NULL, &err);
	if (U_FAILURE(err))
		return 0;
	limit = len;
	utrans_transUChars(trans, wide, &len, 512, 0, &limit, &err);
	utrans_close(trans);
	u_strToUTF8(out, (int32_t)size, &out_len, wide, len, &err);
	return U_FAILURE(err) ? 0 : (size_t)out_len;
}

enum status
place_key_of(struct arena *arena, struct str name, struct str *ret)
{
	char latin[1600], key[KEY_MAX];
	size_t len = to_latin(name, latin, sizeof latin), key_len = 0;

	for (size_t i = 0; i < len && key_len < KEY_MAX; i++) {
		char c = latin[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			key[key_len++] = c;
		else if (c != '\'' && key_len > 0 && key[key_len - 1] != '-')
			key[key_len++] = '-';
	}
	if (key_len > 0 && key[key_len - 1] == '-')
		key_len--;
	return str_copy(arena, (struct str){ key, key_len }, ret);
}

static bool
key_taken(const struct area *areas, size_t count, struct str key)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(areas[i].key, key))
			return true;
	return false;
}

/* The area's key from its name; a number when the name has no Latin spelling or the key is
 * there already. */
static enum status
area_key(struct arena *arena, const struct area *areas, size_t count, struct str name,
         struct str *ret)
{
	enum status st = place_key_of(arena, name, ret);

	for (size_t n = count + 1; st == OK && (ret->len == 0 || key_taken(areas, count, *ret)); n++)
		st = str_format(arena, ret, "area-%zu", n);
	return st;
}

enum status
place_areas_read(struct arena *arena, struct str text, struct area **ret, size_t *ret_len,
                 struct refusal *why)
{
	struct area *areas = ARENA_ARRAY(arena, PLACE_AREAS_MAX, struct area);
	size_t count = 0;

	if (areas == NULL)
		return NO_MEMORY;
	while (text.ptr != NULL) {
		struct str name = str_trim(str_next(&text, '\n'));
		enum status st;

		if (name.len == 0)
			continue;
		if (count == PLACE_AREAS_MAX)
			return refuse_with(why, "areas",
			                   MSG("A place can have at most {most} parts."),
			                   message_number("most", PLACE_AREAS_MAX));
		if (text_length(name) > AREA_NAME_MAX)
			return refuse_with(why, "areas",
			                   MSG("This name of a part is too long: {name}"),
			                   message_text("name", name));
		for (size_t i = 0; i < count; i++)
			if (str_eq(areas[i].name, name))
				return refuse_with(why, "areas",
				                   MSG("This part is there twice: {name}"),
				                   message_text("name", name));
		st = area_key(arena, areas, count, name, &areas[count].key);
		if (st != OK)
			return st;
		areas[count++].name = name;
	}
	*ret = areas;
	*ret_len = count;
	return OK;
}

static enum status
helper_may_be(const struct place_helper *helper, bool needed, const char *name_field,
              const char *email_field, struct refusal *why)
{
	enum status st;

	if (!needed && helper->name.len == 0 && helper->email.len == 0)
		return OK;
	st = person_name_may_be(helper->name, name_field, why);
	if (st == OK)
		st = email_may_be(helper->email, email_field, why);
	return st;
}

static enum status
words_may_be(const struct place *place, struct refusal *why)
{
	if (place->name.len == 0)
		return refuse(why, "name", MSG("Type the name of the place."));
	if (text_length(place->name) > NAME_MAX)
		return refuse_with(why, "name", MSG("The name can have at most {most} letters."),
		                   message_number("most", NAME_MAX));
	if (place->purpose.len == 0)
		return refuse(why, "purpose", MSG("Say in a sentence or two what the place is for."));
	if (text_length(place->purpose) > PURPOSE_MAX)
		return refuse_with(why, "purpose",
		                   MSG("The purpose can have at most {most} letters."),
		                   message_number("most", PURPOSE_MAX));
	return OK;
}

bool
place_language_may_be(struct str language)
{
	struct str found = locale_tag(locale_get(language)), wanted = language;

	return language.len > 0 && str_eq(str_next(&found, '-'), str_next(&wanted, '-'));
}

static enum status
customs_may_be(const struct place *place, struct refusal *why)
{
	if (!place_language_may_be(place->language))
		return refuse(why, "language", MSG("Choose a language from the list."));
	if (currency_decimals(place->currency) < 0)
		return refuse(why, "currency", MSG("Choose a currency from the list."));
	if (!zone_is_known(place->zone))
		return refuse(why, "zone", MSG("Choose a time zone from the list."));
	return OK;
}

enum status
place_may_be_set_up(const struct place_plan *plan, int this_year, struct refusal *why)
{
	const struct place *place = &plan->place;
	enum status st = words_may_be(place, why);

	if (st == OK)
		st = place_slug_may_be(place->slug, why);
	if (st == OK)
		st = customs_may_be(place, why);
	if (st != OK)
		return st;
	if (place->people < 0 || place->people > 100000000)
		return refuse(why, "people", MSG("Type how many people live there, in digits."));
	if (place->last_year != 0 &&
	    (place->last_year < this_year || place->last_year > this_year + 100))
		return refuse(why, "last_year",
		              MSG("Type a year from this one on, with four digits, at most a "
		                  "hundred years away."));
	if (plan->pot.minor < 0)
		return refuse(why, "pot", MSG("A pot can't hold less than nothing."));
	if (plan->areas_len == 0 && str_is(plan->settings.round.who_may, "residents"))
		return refuse(why, "areas",
		              MSG("Who may vote depends on where people live, so name at least one "
		                  "part of the place."));
	st = helper_may_be(&plan->steward, true, "steward_name", "steward_email", why);
	if (st == OK)
		st = helper_may_be(&plan->treasurer, false, "treasurer_name", "treasurer_email", why);
	if (st == OK)
		st = settings_may_be(&plan->settings, why);
	return st;
}
