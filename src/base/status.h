/* What a call that can fail in operation returns.
 *
 * Three kinds of "no":
 *   - a programmer's mistake is an assert() (kept in release builds);
 *   - what can go wrong in operation is an enum status, must-check;
 *   - what a person may not do is REFUSED with a struct refusal that says what to do instead.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum status {
	OK = 0,
	NOT_FOUND,   /* no such thing, or not for you to know of: 404 */
	REFUSED,     /* a rule says no; the refusal says why: 422 */
	FORBIDDEN,   /* your role may not do this: 403 */
	SIGN_IN,     /* nobody is signed in: to the sign-in page */
	INVALID,     /* input that is not well-formed: 400 */
	TOO_LARGE,   /* over a stated limit: 413 */
	CONFLICT,    /* a database constraint, or it changed meanwhile: 409 */
	TOO_MANY,    /* rate limit: 429 */
	UNAVAILABLE, /* full disk, read-only or locked database: 503; nothing acknowledged is lost */
	UNKNOWN,     /* the connection was cut in the middle of a commit: the same form again finds out: 503 */
	ELSEWHERE,   /* the place is kept in another database by now: ask the desk for it again */
	NO_MEMORY,   /* an arena's cap or a buffer's maximum was met: 503 */
	TOO_NEW,     /* a database of a newer version of the program */
	FAILED       /* anything else: 500 */
};

/* A short English name ("not found") for logs and the command line; never NULL. */
const char *status_name(enum status st);

#endif
