/* What the pages for joining and signing in show. */
#ifndef WEB_SIGN_IN_H
#define WEB_SIGN_IN_H

#include "web/error_summary.h"
#include "web/html.h"

struct join_page {
	struct str place, path;       /* path: of the form */
	struct str email, name, next; /* as typed */
	bool ready;                   /* the place was just set up */
	struct str wrong;             /* field that was refused, or empty */
	struct message problem;
	struct error_summary summary;
};

struct code_page {
	struct str path, join_path;
	struct str code, name;
	bool running;  /* there is a code that can be typed */
	bool ask_name; /* the code was right, but the name is missing */
	struct str wrong;
	struct message problem;
	struct error_summary summary;
};

struct join_link_page {
	struct str place, path, join_path, token;
	struct str email; /* empty: the link does not work */
	struct str name;
	bool ask_name;
	struct str wrong;
	struct message problem;
	struct error_summary summary;
};

#endif
