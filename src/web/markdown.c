#include "web/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

enum { CACHE_ENTRIES = 128, CACHE_HTML_MAX = 16 * 1024, HEADING_SHIFT = 2 };

static const int OPTIONS = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_HARDBREAKS;

/* ---- the tree, made safe before it is rendered ---- */

/* The node's place goes to its children. */
static void
unwrap(cmark_node *node)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(node)) != NULL)
		cmark_node_insert_before(node, child);
	cmark_node_free(node);
}

static void
replace(cmark_node *node, cmark_node *with)
{
	cmark_node_replace(node, with);
	cmark_node_free(node);
}

/* HTML somebody typed, as text: what they wrote is seen and not obeyed. */
static void
show_html(cmark_node *node, bool block)
{
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *paragraph;

	cmark_node_set_literal(text, cmark_node_get_literal(node));
	if (!block) {
		replace(node, text);
		return;
	}
	paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
	cmark_node_append_child(paragraph, text);
	replace(node, paragraph);
}

/* A link or picture becomes a link with our attributes; cmark writes a custom node's words as
 * they are. */
static void
make_link(cmark_node *node)
{
	struct str url = str_of(cmark_node_get_url(node));
	cmark_node *link, *child;
	struct buf tag;

	if (url.len == 0 || (!html_url_is_safe(url) && !str_starts(url, STR("mailto:")))) {
		unwrap(node);
		return;
	}
	buf_init(&tag, 7 * MARKDOWN_MAX);
	buf_add(&tag, STR("<a href=\""));
	html_escape(&tag, url);
	buf_add(&tag, STR("\" rel=\"nofollow ugc noopener\">"));
	link = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
	if (buf_status(&tag) != OK) {
		unwrap(node);
		cmark_node_free(link);
		buf_release(&tag);
		return;
	}
	cmark_node_set_on_enter(link, tag.ptr);
	cmark_node_set_on_exit(link, "</a>");
	buf_release(&tag);
	if (cmark_node_first_child(node) == NULL) {
		child = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(child, url.ptr);
		cmark_node_append_child(link, child);
	}
	while ((child = cmark_node_first_child(node)) != NULL)
		cmark_node_append_child(link, child);
	replace(node, link);
}

static bool
is_link(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE;
}

/* A link in a picture's words, or a picture in a link, would be a link inside a link. */
static bool
is_in_link(cmark_node *node)
{
	while ((node = cmark_node_parent(node)) != NULL)
		if (is_link(node))
			return true;
	return false;
}

/* cmark's iterator only enters these, and never leaves them. */
static bool
is_leaf(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE ||
	       type == CMARK_NODE_CODE_BLOCK;
}

static void
make_safe(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
		show_html(node, type == CMARK_NODE_HTML_BLOCK);
	} else if (is_link(node)) {
		if (is_in_link(node))
			unwrap(node);
		else
			make_link(node);
	} else if (type == CMARK_NODE_HEADING) {
		int level = cmark_node_get_heading_level(node) + HEADING_SHIFT;

		cmark_node_set_heading_level(node, level < 6 ? level : 6);
	} else if (strcmp(cmark_node_get_type_string(node), "table") == 0) {
		/* Alignment would become attributes that HTML has given up. */
		uint16_t columns = cmark_gfm_extensions_get_table_columns(node);
		uint8_t *none = calloc(columns == 0 ? 1 : columns, 1);

		if (none != NULL)
			cmark_gfm_extensions_set_table_alignments(node, columns, none);
		free(none);
	} else if (type == CMARK_NODE_CODE_BLOCK) {
		cmark_node_set_fence_info(node, "");
	}
}

/* ---- cmark ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void free_cache(void *cache);

static void
set_up(void)
{
	cmark_gfm_core_extensions_ensure_registered();
	if (pthread_key_create(&cache_key, free_cache) != 0)
		abort();
}

static cmark_node *
parse(struct str source, cmark_parser *parser)
{
	static const char *const extensions[] = { "table", "strikethrough", "autolink" };

	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);

		if (extension != NULL)
			cmark_parser_attach_syntax_extension(parser, extension);
	}
	cmark_parser_feed(parser, source.ptr, source.len);
	return cmark_parser_finish(parser);
}

/* malloc'ed HTML, or NULL. */
static char *
render(struct str source)
{
	cmark_parser *parser = cmark_parser_new(OPTIONS);
	cmark_node *tree = parse(source, parser);
	cmark_iter *iter;
	cmark_event_type event;
	char *html;

	if (tree == NULL) {
		cmark_parser_free(parser);
		return NULL;
	}
	iter = cmark_iter_new(tree);
	/* A node is changed when it is left: the iterator has passed its children and goes on
	 * from what follows it, which it already knows. */
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event == CMARK_EVENT_EXIT || is_leaf(node))
			make_safe(node);
	}
	cmark_iter_free(iter);
	html = cmark_render_html(tree, OPTIONS, cmark_parser_get_syntax_extensions(parser));
	cmark_node_free(tree);
	cmark_parser_free(parser);
	return html;
}

/* The source as it was typed. */
static enum status
show_typed(struct arena *arena, struct str source, struct str *ret)
{
	struct buf out;
	enum status st;

	buf_init(&out, MARKDOWN_HTML_MAX);
	buf_add(&out, STR("<pre>"));
	html_escape(&out, source);
	buf_add(&out, STR("</pre>\n"));
	st = buf_status(&out);
	if (st == OK)
		st = str_copy(arena, buf_str(&out), ret);
	buf_release(&out);
	return st;
}

/* ---- what this thread rendered lately ---- */

struct cached {
	struct digest digest;
	struct str html; /* malloc'ed; ptr NULL: empty */
};

struct cache {
	struct cached entries[CACHE_ENTRIES]; /* by the digest's first byte */
};

static void
free_cache(void *cache_)
{
	struct cache *cache = cache_;

	for (size_t i = 0; i < CACHE_ENTRIES; i++)
		free((char *)cache->entries[i].html.ptr);
	free(cache);
}

/* The place for a digest; NULL when there is no memory for a cache. */
static struct cached *
cache_slot(struct digest digest)
{
	struct cache *cache = pthread_getspecific(cache_key);

	if (cache == NULL) {
		cache = calloc(1, sizeof *cache);
		if (cache == NULL || pthread_setspecific(cache_key, cache) != 0) {
			free(cache);
			return NULL;
		}
	}
	return &cache->entries[digest.bytes[0] % CACHE_ENTRIES];
}

enum status
markdown_render(struct arena *arena, struct str source, struct safe_html *ret)
{
	struct cached *slot;
	struct digest digest;
	struct str html;
	enum status st;

	if (source.len > MARKDOWN_MAX)
		return TOO_LARGE;
	(void)pthread_once(&once, set_up);
	digest = digest_of(source);
	slot = cache_slot(digest);
	if (slot != NULL && slot->html.ptr != NULL && digest_eq(slot->digest, digest))
		return str_copy(arena, slot->html, &ret->html);
	html = str_of(render(source));
	if (html.ptr == NULL)
		return NO_MEMORY;
	st = html.len > MARKDOWN_HTML_MAX ? show_typed(arena, source, &ret->html)
	                                  : str_copy(arena, html, &ret->html);
	if (st == OK && slot != NULL && html.len <= CACHE_HTML_MAX) {
		free((char *)slot->html.ptr);
		*slot = (struct cached){ digest, html };
	} else {
		free((char *)html.ptr);
	}
	return st;
}
