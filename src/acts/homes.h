/* Databases and which place lives in which.
 *
 * DATA/folkmoot.conf names them; "main" is where new places begin (and may be given by --db):
 *
 *   databases: { main  = "postgresql://moot@db1/moot";
 *                north = "postgresql://moot@db2,db3/moot";  };
 *   replicas:  { main  = "postgresql://moot@db1b/moot"; };   # for pages that may be a second old
 *
 * Each place is whole in one database, and that database's own table place_slug says so: the map is
 * put together from them all, and looked at again when a place is not where it was. A place keeps
 * its line in place_slug of the database it left, so its path is not given away.
 */
#ifndef ACTS_HOMES_H
#define ACTS_HOMES_H

#include "base/id.h"
#include "store/db.h"

enum { HOMES_MAX = 128, HOME_NAME_MAX = 32 };

struct home {
	char name[HOME_NAME_MAX];
	char *where;   /* as db_open takes it */
	char *replica; /* NULL: none */
};

struct home_list {
	struct home ptr[HOMES_MAX];
	int len;
};

/* Main first. db: NULL, or what --db said for main. Without either, main is DATA/folkmoot.db. */
MUST_CHECK enum status homes_read(const char *data, const char *db, struct home_list *ret,
                                  const char **ret_why);
void homes_release(struct home_list *list);

/* What a database says of its places, by path. */
struct home_place { struct str slug, state; };
struct home_place_list { struct home_place *ptr; size_t len; };
MUST_CHECK enum status home_places(struct db *db, struct arena *arena,
                                   struct home_place_list *ret);

/* ---- the map ---- */

struct home_map; /* any thread may ask; one at a time learns */

MUST_CHECK enum status home_map_new(struct home_map **ret);
void home_map_free(struct home_map *map);
/* Takes what one database says of itself in place of what it said before. */
MUST_CHECK enum status home_map_learn(struct home_map *map, int home, struct db *db);
/* -1: nobody knows it. */
int home_map_of_slug(struct home_map *map, struct str slug);
int home_map_of_place(struct home_map *map, struct place_id place);
int home_map_count(struct home_map *map); /* of places */

#endif
