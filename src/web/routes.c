/* Everything this program answers to: the nouns' tables, each in its own page file. */
#include "web/router.h"

const struct route *const route_tables[] = {
	routes_ballot,
	routes_closer,
	routes_home,
	routes_idea,
	routes_money,
	routes_place,
	routes_queue,
	routes_record,
	routes_result,
	routes_roll,
	routes_round,
	routes_sign_in,
	routes_search,
	routes_static,
	routes_watch,
	NULL,
};
