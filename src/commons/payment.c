#include "commons/payment.h"

#include <stddef.h>

enum status
payment_may_be_recorded(const struct payment_facts *facts, struct refusal *why)
{
	if (facts->amount.minor <= 0)
		return refuse(why, "amount", MSG("Write an amount above zero."));
	if (facts->amount.minor > facts->left.minor)
		return refuse_with(why, "amount",
		                   MSG("This project has {left} left of its award. A payment can't be "
		                       "more than that."),
		                   message_money("left", facts->left));
	if (facts->day.us > facts->today.us)
		return refuse(why, "day",
		              MSG("This day has not come yet. Write the day the money left."));
	if (facts->day.us < facts->project_day.us)
		return refuse(why, "day",
		              MSG("This day is before the project won its award. Check the date."));
	if (!facts->has_payee)
		return refuse(why, "payee", MSG("Write who was paid. It is not shown in public."));
	if (!facts->has_reference)
		return refuse(why, "reference",
		              MSG("Write the bank's reference. It is not shown in public."));
	return OK;
}

enum status
payment_may_be_taken_back(const struct correction_facts *facts, struct refusal *why)
{
	if (!facts->is_payment)
		return refuse(why, NULL, MSG("Only a payment can be taken back."));
	if (facts->corrected_already)
		return refuse(why, NULL, MSG("This payment was taken back already."));
	if (!facts->has_reason)
		return refuse(why, "memo", MSG("Say in a few words why. Everybody can read it."));
	return OK;
}

const char *
receipt_type(struct str content)
{
	static const struct {
		struct str first;
		const char *type;
	} types[] = {
		{ STR_INIT("%PDF-"), "application/pdf" },
		{ STR_INIT("\x89PNG\r\n\x1a\n"), "image/png" },
		{ STR_INIT("\xff\xd8\xff"), "image/jpeg" },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_starts(content, types[i].first))
			return types[i].type;
	if (str_starts(content, STR("RIFF")) && str_is(str_cut(content, 8, 12), "WEBP"))
		return "image/webp";
	return NULL;
}
