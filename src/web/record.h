/* The record: ready values for record.html and record_leaf.html. */
#ifndef WEB_RECORD_H
#define WEB_RECORD_H

#include "acts/record_show.h"
#include "web/html.h"

struct record_row {
	int64_t position;
	struct message what;  /* in words */
	struct str when;      /* in words; empty where the record keeps no time */
	struct str path;
};

struct record_rows {
	struct record_row *ptr;
	size_t len;
};

struct record_page_view {
	int64_t size, waiting;
	struct str root;
	struct instant made_at;
	struct record_rows rows;
	struct str older_path;  /* empty: none */
	struct str leaves_path, head_path;
};

struct path_row {
	struct str hash;
};

struct path_rows {
	struct path_row *ptr;
	size_t len;
};

struct leaf_page_view {
	struct message what;
	struct str body, hash, root, proof_path, record_path;
	bool placed;
	int64_t position, size;
	struct path_rows proof;
};

#endif
