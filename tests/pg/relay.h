/* A relay between libpq and the server of PGHOST, on a Unix socket of its own, that does to the
 * connection what networks and failing machines do. One thread, started by relay_open.
 *
 * What is watched for are bytes that libpq sends: the name of a prepared statement ("own_commit"
 * is the COMMIT of a writer) or a piece of SQL.
 */
#ifndef TESTS_PG_RELAY_H
#define TESTS_PG_RELAY_H

#include <limits.h>
#include <stdbool.h>

enum relay_fault {
	RELAY_NONE,
	RELAY_CUT_BEFORE, /* what was watched for never reaches the server */
	RELAY_CUT_AFTER,  /* it reaches the server; the answer never comes back */
	RELAY_FREEZE,     /* nothing passes any more, and nothing is closed */
};

struct relay;

struct relay *relay_open(void);
void relay_close(struct relay *relay);
/* The folder of its socket: host=… of a URI. */
const char *relay_folder(const struct relay *relay);
/* The next time that `bytes` pass to the server; once. RELAY_FREEZE with NULL: from now on. */
void relay_fault(struct relay *relay, enum relay_fault fault, const char *bytes);
bool relay_happened(struct relay *relay);
/* From now on new connections are closed at once; or served again, those that are frozen ended. */
void relay_refuse(struct relay *relay, bool refuse);
/* In what the server sends (or, is_query, libpq sends), from then on; both of one length. */
void relay_replace(struct relay *relay, bool is_query, const char *from, const char *to);

#endif
