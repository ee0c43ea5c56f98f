#include "web/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_SETS = 32, CACHE_WAYS = 8, CACHE_HTML_MAX = 8 * 1024, HEADING_SHIFT = 2,
       TABLE_CELLS_MAX = 2000, AT_SIGNS_MAX = 100,
       GROWS_TIMES = 6, GROWS_MORE = 4096 /* as escaping does at most, and a little */ };

static const int OPTIONS = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_HARDBREAKS;

/* ---- the tree, made safe before it is rendered ---- */

/* The node's place goes to its children. */
static void
unwrap(cmark_node *node)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(node)) != NULL)
		if (!cmark_node_insert_before(node, child))
			break;
	cmark_node_free(node);
}

/* Where `with` may not stand, the node is taken out instead. */
static void
replace(cmark_node *node, cmark_node *with)
{
	if (!cmark_node_replace(node, with))
		cmark_node_free(with);
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

/* Pictures become links. Titles go, so that add_rel finds the end of an address. */
static void
make_link(cmark_node *node)
{
	struct str url = str_of(cmark_node_get_url(node));
	cmark_node *link = node, *child;

	if (url.len == 0 || (!html_url_is_safe(url) && !str_starts(url, STR("mailto:")))) {
		unwrap(node);
		return;
	}
	if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
		link = cmark_node_new(CMARK_NODE_LINK);
		cmark_node_set_url(link, url.ptr);
		while ((child = cmark_node_first_child(node)) != NULL)
			if (!cmark_node_append_child(link, child))
				cmark_node_free(child);
		replace(node, link);
		url = str_of(cmark_node_get_url(link));
	}
	cmark_node_set_title(link, "");
	if (cmark_node_first_child(link) == NULL) {
		child = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(child, url.ptr);
		cmark_node_append_child(link, child);
	}
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
		/* Alignment would become attributes that HTML has given up. Cleared in place:
		 * the setter of 0.29.0.gfm.6 loses the old array. */
		uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(node);

		if (alignments != NULL)
			memset(alignments, 0, cmark_gfm_extensions_get_table_columns(node));
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

static size_t
count_of(struct str text, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == c;
	return count;
}

/* A table's short rows are filled up to its widest: two lines of bars and thousands of letters
 * below them are a hundred times their size. So many cells no table of people's has. */
static bool
has_small_tables(struct str source)
{
	struct str rest = source;
	size_t widest = 0;

	while (rest.ptr != NULL) {
		size_t bars = count_of(str_next(&rest, '\n'), '|');

		widest = bars > widest ? bars : widest;
	}
	return (widest + 1) * (count_of(source, '\n') + 1) <= TABLE_CELLS_MAX;
}

static cmark_node *
parse(struct str source, cmark_parser *parser)
{
	static const char *const extensions[] = { "strikethrough", "autolink", "table" };
	/* Each @ is looked around for an address: in the square of their number. */
	bool wanted[] = { true, count_of(source, '@') <= AT_SIGNS_MAX, has_small_tables(source) };

	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);

		if (extension != NULL && wanted[i])
			cmark_parser_attach_syntax_extension(parser, extension);
	}
	cmark_parser_feed(parser, source.ptr, source.len);
	return cmark_parser_finish(parser);
}

static char *
render(cmark_node *tree, cmark_parser *parser)
{
	cmark_iter *iter = cmark_iter_new(tree);
	cmark_event_type event;

	/* A node is changed when it is left: the iterator has passed its children and already
	 * knows what follows it. */
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event == CMARK_EVENT_EXIT || is_leaf(node))
			make_safe(node);
	}
	cmark_iter_free(iter);
	return cmark_render_html(tree, OPTIONS, cmark_parser_get_syntax_extensions(parser));
}

/* Adds our attributes to every link. All that people typed is escaped, so that LINK_BEGIN and
 * the LINK_END behind it come from cmark's links only. */
static void
add_rel(struct buf *out, struct str html)
{
	static const struct str LINK_BEGIN = STR_INIT("<a href=\""), LINK_END = STR_INIT("\">");

	for (;;) {
		size_t at = str_find(html, LINK_BEGIN), end;

		buf_add(out, str_cut(html, 0, at));
		if (at == html.len)
			return;
		html = str_cut(html, at, html.len);
		end = str_find(html, LINK_END);
		buf_add(out, str_cut(html, 0, end));
		buf_add(out, STR("\" rel=\"nofollow ugc noopener\">"));
		html = str_cut(html, end + LINK_END.len, html.len);
	}
}

/* NO_MEMORY when `out` has no room for it. */
static enum status
convert(struct str source, struct buf *out)
{
	cmark_parser *parser = cmark_parser_new(OPTIONS);
	cmark_node *tree = parse(source, parser);
	char *html = tree == NULL ? NULL : render(tree, parser);

	if (html != NULL)
		add_rel(out, str_of(html));
	free(html);
	if (tree != NULL)
		cmark_node_free(tree);
	cmark_parser_free(parser);
	return html == NULL ? NO_MEMORY : buf_status(out);
}

/* The source as it was typed. */
static enum status
show_typed(struct str source, struct buf *out)
{
	buf_clear(out);
	buf_add(out, STR("<pre>"));
	html_escape(out, source);
	buf_add(out, STR("</pre>\n"));
	return buf_status(out);
}

/* ---- what this thread rendered lately ---- */

/* Keyed, so that nobody can write two texts of one fingerprint. */
struct fingerprint {
	uint8_t bytes[crypto_shorthash_siphashx24_BYTES];
};

struct cached {
	struct fingerprint of;
	struct str html; /* malloc'ed; ptr NULL: empty */
};

struct cache {
	uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
	struct cache_set {
		struct cached ways[CACHE_WAYS];
		unsigned next; /* whose turn it is to go */
	} sets[CACHE_SETS];
};

static void
free_cache(void *cache_)
{
	struct cache *cache = cache_;

	for (size_t i = 0; i < CACHE_SETS; i++)
		for (size_t j = 0; j < CACHE_WAYS; j++)
			free((char *)cache->sets[i].ways[j].html.ptr);
	free(cache);
}

/* The calling thread's; NULL when there is no memory for one. */
static struct cache *
my_cache(void)
{
	struct cache *cache = pthread_getspecific(cache_key);

	if (cache != NULL)
		return cache;
	cache = calloc(1, sizeof *cache);
	if (cache == NULL || pthread_setspecific(cache_key, cache) != 0) {
		free(cache);
		return NULL;
	}
	randombytes_buf(cache->key, sizeof cache->key);
	return cache;
}

/* Looks for what was rendered from `source`: NULL, and *ret_slot is where it may be kept. */
static const struct cached *
cache_find(struct cache *cache, struct str source, struct cached **ret_slot)
{
	struct fingerprint of;
	struct cache_set *set;

	(void)crypto_shorthash_siphashx24(of.bytes, (const unsigned char *)source.ptr, source.len,
	                                  cache->key);
	set = &cache->sets[of.bytes[0] % CACHE_SETS];
	for (size_t i = 0; i < CACHE_WAYS; i++)
		if (set->ways[i].html.ptr != NULL && memcmp(&set->ways[i].of, &of, sizeof of) == 0)
			return &set->ways[i];
	*ret_slot = &set->ways[set->next++ % CACHE_WAYS];
	free((char *)(*ret_slot)->html.ptr);
	**ret_slot = (struct cached){ .of = of };
	return NULL;
}

/* Keeps a copy in the slot, for the next time. */
static void
cache_keep(struct cached *slot, struct str html)
{
	char *copy;

	if (slot == NULL || html.len > CACHE_HTML_MAX)
		return;
	copy = malloc(html.len + 1);
	if (copy == NULL)
		return;
	memcpy(copy, html.ptr, html.len);
	copy[html.len] = '\0';
	slot->html = (struct str){ copy, html.len };
}

enum status
markdown_render(struct arena *arena, struct str source, struct safe_html *ret)
{
	struct cached *slot = NULL;
	const struct cached *found;
	struct cache *cache;
	struct buf out;
	enum status st;

	*ret = (struct safe_html){ { NULL, 0 } };
	if (source.len > MARKDOWN_MAX)
		return TOO_LARGE;
	if (source.len == 0)
		return OK;
	(void)pthread_once(&once, set_up);
	cache = my_cache();
	found = cache == NULL ? NULL : cache_find(cache, source, &slot);
	if (found != NULL)
		return str_copy(arena, found->html, &ret->html);
	buf_init(&out, GROWS_TIMES * source.len + GROWS_MORE);
	st = convert(source, &out);
	if (st == NO_MEMORY)
		st = show_typed(source, &out);
	if (st == OK) {
		cache_keep(slot, buf_str(&out));
		st = str_copy(arena, buf_str(&out), &ret->html);
	}
	buf_release(&out);
	return st;
}
