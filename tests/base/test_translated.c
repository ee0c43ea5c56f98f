/* Words as gen_po compiles them from the .po files in tests/base/words, looked up by base/locale. */
#include "base/locale.h"

#include "test.h"

static struct str
people(const char *tag, int64_t n)
{
	return locale_words_plural(locale_get(str_of(tag)), "One person votes", "{n} people vote", n);
}

static void
test_languages(void)
{
	CHECK_STR(locale_tag(locale_get(STR("pl"))), "pl");
	CHECK_STR(locale_tag(locale_get(STR("pl-PL"))), "pl");
	CHECK_STR(locale_tag(locale_get(STR("AR-eg"))), "ar");
	CHECK_STR(locale_tag(locale_get(STR("ar-XB"))), "ar-XB");
	CHECK(locale_right_to_left(locale_get(STR("ar"))));
	CHECK(!locale_right_to_left(locale_get(STR("fr"))));
	CHECK_STR(locale_tag(locale_negotiate(STR("de, fr;q=0.3, pl-PL;q=0.7"), NULL)), "pl");
}

static void
test_words(void)
{
	const struct locale *polish = locale_get(STR("pl"));

	CHECK_STR(locale_words(polish, "Idea by {name}"), "{name} – pomysł");
	CHECK_STR(locale_words(polish, "Fuzzy"), "Fuzzy");
	CHECK_STR(locale_words(polish, "Not yet"), "Not yet");
	CHECK_STR(locale_words(polish, "Unheard of"), "Unheard of");
	CHECK_STR(locale_words(polish, "Say \"why\"?\n"), "Powiedz „dlaczego”?\t\\\n");
}

static void
test_plurals(void)
{
	CHECK_STR(people("pl", 1), "{n} osoba głosuje");
	CHECK_STR(people("pl", 2), "{n} osoby głosują");
	CHECK_STR(people("pl", 5), "{n} osób głosuje");
	CHECK_STR(people("pl", 12), "{n} osób głosuje");
	CHECK_STR(people("pl", 22), "{n} osoby głosują");
	CHECK_STR(people("pl", 1022), "{n} osoby głosują");
	CHECK_STR(people("pl", -2), "{n} osoby głosują");
	CHECK_STR(people("fr", 0), "{n} personne vote");
	CHECK_STR(people("fr", 2), "{n} personnes votent");
	CHECK_STR(people("fr", 1000000), "{n} personnes votent"); /* CLDR's "many": not in the file */
	CHECK_STR(people("ar", 0), "zero");
	CHECK_STR(people("ar", 1), "one");
	CHECK_STR(people("ar", 2), "two");
	CHECK_STR(people("ar", 103), "few {n}");
	CHECK_STR(people("ar", 111), "many {n}");
	CHECK_STR(people("ar", 100), "other {n}");
	CHECK_STR(people("en", 1), "One person votes");
	CHECK_STR(people("en", 0), "{n} people vote");
	/* A text that the language lacks goes by the English rule. */
	CHECK_STR(locale_words_plural(locale_get(STR("fr")), "One", "{n} more", 0), "{n} more");
}

static void
test_formats(void)
{
	struct format f = { locale_get(STR("pl")), STR("PLN"), STR("Europe/Warsaw") };
	struct message m = { .text = "One person votes", .plural = "{n} people vote",
		.values = { message_number("n", 12345) } };
	struct instant t = { 0 };
	struct buf out;

	buf_init(&out, 1000);
	format_message(&out, &f, &m);
	CHECK_STR(buf_str(&out), "12\u00a0345 osób głosuje");
	buf_clear(&out);
	format_money(&out, &f, (struct amount){ 123450 });
	CHECK_STR(buf_str(&out), "1\u00a0234,50\u00a0zł");
	buf_clear(&out);
	CHECK_INT(time_parse(STR("2026-12-06T19:00:00Z"), &t), OK);
	format_date_time(&out, &f, t);
	CHECK_STR(buf_str(&out), "niedziela, 6 grudnia 2026, 20:00");
	buf_release(&out);
}

static const struct test_case cases[] = {
	{ "translated: languages", test_languages },
	{ "translated: words", test_words },
	{ "translated: plurals", test_plurals },
	{ "translated: formats", test_formats },
};
TEST_MAIN(cases)
