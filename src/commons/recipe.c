#include "commons/recipe.h"

#include "base/locale.h"
#include "base/text.h"

static enum status
amount_may_be(struct str text, int decimals, const char *field, struct refusal *why)
{
	struct amount amount;

	if (text.len > 0 && (amount_parse(text, decimals, &amount) != OK || amount.minor < 0))
		return refuse(why, field, MSG("This is not an amount of money."));
	return OK;
}

enum status
recipe_may_be(const struct recipe *recipe, struct refusal *why)
{
	const struct { struct str text; const char *field; size_t most; } words[] = {
		{ recipe->title, "title", 60 },
		{ recipe->about, "about", 400 },
		{ recipe->purpose, "place.purpose", 400 },
		{ recipe->pot_name, "pot.name", 60 },
	};
	int decimals = currency_decimals(recipe->currency);
	enum status st;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].text.len == 0)
			return refuse(why, words[i].field, MSG("This is missing."));
		if (!text_is_utf8(words[i].text) || text_length(words[i].text) > words[i].most)
			return refuse(why, words[i].field, MSG("This is too long."));
	}
	if (!place_language_may_be(recipe->language))
		return refuse(why, "place.language", MSG("This language is not there."));
	if (decimals < 0)
		return refuse(why, "place.currency", MSG("This is not the code of a currency."));
	if (!zone_is_known(recipe->zone))
		return refuse(why, "place.zone", MSG("This is not the name of a time zone."));
	st = amount_may_be(recipe->pot, decimals, "pot.amount", why);
	if (st == OK)
		st = amount_may_be(recipe->increment, decimals, "round.increment", why);
	if (st == OK)
		st = settings_may_be(&recipe->settings, why);
	return st;
}

enum status
recipe_settings(const struct recipe *recipe, struct str currency, struct place_settings *ret)
{
	*ret = recipe->settings;
	if (recipe->increment.len == 0)
		return OK;
	return amount_parse(recipe->increment, currency_decimals(currency), &ret->round.rule.increment);
}
