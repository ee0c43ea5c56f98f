/* The page for everything that is no ordinary page. */
#ifndef WEB_ERROR_H
#define WEB_ERROR_H

#include "base/message.h"

struct error_view {
	struct str title;
	struct message text;
	struct str sign_in;   /* where to sign in, if that could help; or empty */
	struct str home;      /* where to go on */
	struct str reference; /* for the operator, to find it in the log; or empty */
};

#endif
