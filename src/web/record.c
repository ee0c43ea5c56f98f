/* The record: what happened, and proofs that anybody can check. */
#include "web/record.h"

#include <string.h>

#include "base/json.h"
#include "web/record.html.h"
#include "web/record_leaf.html.h"
#include "web/route.h"

enum { PAGE_LEAVES = 50, JSON_MAX = 64 * 1024, DOWNLOAD_MAX = 64 << 20 };

static struct message
what_words(struct str act)
{
	static const struct {
		const char *act, *words;
	} words[] = {
		{ "place-set-up", MSG("The place was set up") },
		{ "file-imported", MSG("A file of votes was taken in") },
		{ "idea-added", MSG("An idea was added") },
		{ "idea-edited", MSG("An idea was changed") },
		{ "idea-checked", MSG("An idea was checked by a steward") },
		{ "idea-declined", MSG("An idea was declined with a reason") },
		{ "idea-reopened", MSG("An idea was opened again") },
		{ "comment-added", MSG("Somebody commented") },
		{ "round-opened", MSG("A round was opened and its rules fixed") },
		{ "round-voided", MSG("A round was ended without a count") },
		{ "round-closed", MSG("Voting ended and the roll was frozen") },
		{ "round-counted", MSG("The ballots were counted") },
		{ "option-withdrawn", MSG("An idea was taken off a ballot") },
		{ "roll-challenged", MSG("A place on the roll was doubted") },
		{ "challenge-settled", MSG("A doubt was settled") },
		{ "ballot-cast", MSG("A ballot went into the box") },
		{ "ballot-changed", MSG("A ballot in the box was changed") },
		{ "money-moved", MSG("Money was moved") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(act, words[i].act))
			return (struct message){ .text = words[i].words };
	return (struct message){ .text = MSG("Another public act") };
}

/* "act" and "at" of a leaf; empty where it has none. */
static void
leaf_read(struct request *req, struct str body, struct str *ret_act, struct str *ret_at)
{
	json_t *leaf = json_loadb(body.ptr, body.len, 0, NULL);
	const char *act = json_string_value(json_object_get(leaf, "act"));
	const char *at = json_string_value(json_object_get(leaf, "at"));

	if (str_copy(req->act.arena, str_of(act), ret_act) != OK ||
	    str_copy(req->act.arena, str_of(at), ret_at) != OK)
		*ret_act = *ret_at = (struct str){ NULL, 0 };
	json_decref(leaf);
}

static struct str
time_words(struct request *req, struct str at)
{
	struct instant t;
	struct str words = { NULL, 0 };
	struct buf buf;

	if (time_parse(at, &t) != OK)
		return words;
	buf_init(&buf, 300);
	format_date_time(&buf, &req->format, t);
	if (str_copy(req->act.arena, buf_str(&buf), &words) != OK)
		words = (struct str){ NULL, 0 };
	buf_release(&buf);
	return words;
}

static enum status
hex_of(struct request *req, struct digest digest, struct str *ret)
{
	return str_copy(req->act.arena, str_of(digest_text(digest).text), ret);
}

static enum status
rows_fill(struct request *req, const struct record_page *page, struct record_page_view *view)
{
	struct record_row *rows = ARENA_ARRAY(req->act.arena, page->leaves.len, struct record_row);
	enum status st = OK;

	if (rows == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < page->leaves.len; i++) {
		struct str act, at;

		leaf_read(req, page->leaves.ptr[i].body, &act, &at);
		rows[i] = (struct record_row){ .position = page->leaves.ptr[i].position,
			                       .what = what_words(act),
			                       .when = time_words(req, at) };
		st = page_path(req, &rows[i].path, "/record/%s",
		               id_text(page->leaves.ptr[i].id.value).text);
	}
	view->rows = (struct record_rows){ rows, page->leaves.len };
	if (st != OK || page->leaves.len == 0 || rows[page->leaves.len - 1].position == 0)
		return st;
	return page_path(req, &view->older_path, "/record?below=%lld",
	                 (long long)rows[page->leaves.len - 1].position);
}

static void
page_record(struct request *req)
{
	struct record_page page;
	struct record_page_view view = { 0 };
	struct str below_text = form_text(req, "below");
	int64_t below = INT64_MAX;
	enum status st = below_text.len == 0 ? OK : str_to_int(below_text, &below);

	if (st == OK)
		st = act_record_show(&req->act, below, PAGE_LEAVES, &page);
	if (st == OK)
		st = rows_fill(req, &page, &view);
	if (st == OK)
		st = hex_of(req, page.root, &view.root);
	if (st == OK)
		st = page_path(req, &view.leaves_path, "/record/leaves.ndjson");
	if (st == OK)
		st = page_path(req, &view.head_path, "/record/head.json");
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.size = page.size;
	view.waiting = page.waiting;
	view.made_at = page.made_at;
	html_record(page_open(req, "record"), &view);
}

static enum status
proof_rows(struct request *req, const struct record_proof *proof, struct path_rows *ret)
{
	enum status st = OK;

	ret->ptr = ARENA_ARRAY(req->act.arena, proof->len, struct path_row);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < proof->len; i++)
		st = hex_of(req, proof->path[i], &ret->ptr[i].hash);
	ret->len = proof->len;
	return st;
}

static void
page_leaf(struct request *req)
{
	struct leaf_page leaf;
	struct leaf_page_view view = { 0 };
	struct str act, at;
	enum status st = act_leaf_show(&req->act, (struct leaf_id){ req->id[0] }, &leaf);

	if (st == OK)
		st = proof_rows(req, &leaf.proof, &view.proof);
	if (st == OK)
		st = hex_of(req, leaf.hash, &view.hash);
	if (st == OK)
		st = hex_of(req, leaf.root, &view.root);
	if (st == OK)
		st = page_path(req, &view.record_path, "/record");
	if (st == OK)
		st = page_path(req, &view.proof_path, "/record/%s/proof.json",
		               id_text(req->id[0]).text);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	leaf_read(req, leaf.body, &act, &at);
	view.what = what_words(act);
	view.body = leaf.body;
	view.placed = leaf.placed;
	view.position = leaf.position;
	view.size = leaf.size;
	html_record_leaf(page_open(req, "record"), &view);
}

/* ---- as data ---- */

/* Takes over json. */
static void
answer_json(struct request *req, enum status st, json_t *json)
{
	struct buf buf;
	struct str text = { NULL, 0 };

	buf_init(&buf, JSON_MAX);
	if (st == OK)
		st = json == NULL ? NO_MEMORY : json_write(&buf, json);
	json_decref(json);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&buf), &text);
	buf_release(&buf);
	if (st != OK)
		page_status(req, st);
	else
		page_file(req, "application/json", NULL, text);
}

static json_t *
path_json(const struct record_proof *proof)
{
	json_t *path = json_array();

	for (size_t i = 0; i < proof->len; i++)
		(void)json_array_append_new(path, json_string(digest_text(proof->path[i]).text));
	return path;
}

static void
page_head(struct request *req)
{
	struct record_page page;
	enum status st = act_record_show(&req->act, 0, 0, &page);

	answer_json(req, st,
	            st == OK ? json_pack("{s:I, s:s, s:s}", "size", (json_int_t)page.size, "root",
	                                 digest_text(page.root).text, "made_at",
	                                 time_text(page.made_at).text)
	                     : NULL);
}

static void
page_proof(struct request *req)
{
	struct leaf_page leaf;
	enum status st = act_leaf_show(&req->act, (struct leaf_id){ req->id[0] }, &leaf);

	if (st == OK && !leaf.placed)
		st = NOT_FOUND;
	answer_json(req, st,
	            st == OK ? json_pack("{s:I, s:I, s:s, s:s, s:o}", "position",
	                                 (json_int_t)leaf.position, "size", (json_int_t)leaf.size,
	                                 "root", digest_text(leaf.root).text, "leaf_hash",
	                                 digest_text(leaf.hash).text, "path",
	                                 path_json(&leaf.proof))
	                     : NULL);
}

static void
page_consistency(struct request *req)
{
	struct record_proof proof;
	int64_t old = 0, size = 0;
	enum status st = str_to_int(form_text(req, "old"), &old);

	if (st == OK)
		st = act_consistency_show(&req->act, old, &size, &proof);
	answer_json(req, st,
	            st == OK ? json_pack("{s:I, s:I, s:o}", "old", (json_int_t)old, "size",
	                                 (json_int_t)size, "path", path_json(&proof))
	                     : NULL);
}

static void
page_leaves(struct request *req)
{
	struct buf out;
	struct str from_text = form_text(req, "from");
	int64_t from = 0;
	enum status st = from_text.len == 0 ? OK : str_to_int(from_text, &from);

	buf_init(&out, DOWNLOAD_MAX);
	if (st == OK)
		st = act_leaves_write(&req->act, from, &out);
	if (st != OK)
		page_status(req, st);
	else
		page_file_of(req, "application/x-ndjson", "leaves.ndjson", &out);
	buf_release(&out);
}

const struct route routes_record[] = {
	{ .method = METHOD_GET, .path = "/{place}/record", .right = RIGHT_READ,
	  .page = page_record, .fields = { { "below", FIELD_LINE, 20 } } },
	{ .method = METHOD_GET, .path = "/{place}/record/head.json", .right = RIGHT_READ,
	  .page = page_head },
	{ .method = METHOD_GET, .path = "/{place}/record/consistency.json", .right = RIGHT_READ,
	  .page = page_consistency, .fields = { { "old", FIELD_LINE, 20 } } },
	{ .method = METHOD_GET, .path = "/{place}/record/leaves.ndjson", .right = RIGHT_READ,
	  .page = page_leaves, .per_minute = 60, .fields = { { "from", FIELD_LINE, 20 } } },
	{ .method = METHOD_GET, .path = "/{place}/record/{id}", .right = RIGHT_READ,
	  .page = page_leaf },
	{ .method = METHOD_GET, .path = "/{place}/record/{id}/proof.json", .right = RIGHT_READ,
	  .page = page_proof },
	{ .path = NULL },
};
