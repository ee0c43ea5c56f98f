#include "store/log.h"

#include <unistd.h>

#include "base/id.h"
#include "test.h"

static char got[4096];
static int ends[2];

/* What was written since the last call, without its time. */
static struct str
lines(void)
{
	ssize_t len;

	(void)!write(ends[1], "", 1); /* so that there is something to read */
	len = read(ends[0], got, sizeof got - 1);
	got[len > 0 ? len - 1 : 0] = '\0';
	return len > 22 ? str_of(got + 20) : STR("");
}

static void
test_line(void)
{
	LOG(LEVEL_INFO, "serve.start", log_int("port", 8080), log_word("address", "127.0.0.1"));
	CHECK_STR(lines(), " info event=serve.start port=8080 address=127.0.0.1\n");
	CHECK(got[10] == 'T' && got[19] == 'Z');
	LOG(LEVEL_ERROR, "alone");
	CHECK_STR(lines(), " error event=alone\n");
	LOG(LEVEL_WARNING, "mail.failed", log_status("status", UNAVAILABLE), log_id("place", 1));
	CHECK_STR(lines(), " warning event=mail.failed status=unavailable place=0000000000001\n");
}

static void
test_request(void)
{
	log_request(STR("k3v9"));
	LOG(LEVEL_INFO, "page", log_int("ms", INT64_MIN));
	CHECK_STR(lines(), " info event=page request=k3v9 ms=-9223372036854775808\n");
	log_request(STR(""));
	LOG(LEVEL_INFO, "page");
	CHECK_STR(lines(), " info event=page\n");
}

/* Nothing that is logged can make a second line, or look like another field. */
static void
test_quoting(void)
{
	LOG(LEVEL_INFO, "e", log_word("a", "x\ny=\"1\"\\ \x1b[0m"), log_word("b", ""));
	CHECK_STR(lines(), " info event=e a=\"x\\x0ay=\\\"1\\\"\\\\ \\x1b[0m\" b=\"\"\n");
}

static void
test_limits(void)
{
	char much[2000];
	struct str line;

	memset(much, 'm', sizeof much);
	LOG(LEVEL_INFO, "e", log_text("a", (struct str){ much, sizeof much }));
	CHECK_INT(lines().len, strlen(" info event=e a=") + 200 + 1);
	LOG(LEVEL_INFO, "e", log_text("a", (struct str){ much, 200 }),
	    log_text("b", (struct str){ much, 200 }), log_text("c", (struct str){ much, 200 }),
	    log_text("d", (struct str){ much, 200 }), log_text("e", (struct str){ much, 200 }),
	    log_text("f", (struct str){ much, 200 }));
	line = lines();
	CHECK_INT(line.len, 1024 - 20);
	CHECK(str_ends(line, STR("\n")));
}

static void
test_level(void)
{
	log_least(LEVEL_WARNING);
	LOG(LEVEL_INFO, "quiet");
	CHECK_STR(lines(), "");
	log_least(LEVEL_INFO);
}

static const struct test_case cases[] = {
	{ "log: one line of fields", test_line },
	{ "log: lines of a request carry its id", test_request },
	{ "log: odd characters are quoted", test_quoting },
	{ "log: long values are cut, the line still ends", test_limits },
	{ "log: what is less than asked for is not written", test_level },
};

int
main(void)
{
	if (pipe(ends) != 0)
		return 1;
	log_to(ends[1]);
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
