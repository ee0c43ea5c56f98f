#include "core/decide/panel/sortition.h"

#include <string.h>

#include "base/digest.h"
#include "base/json.h"

void
sortition_write_share(struct buf *out, int64_t parts, int64_t of)
{
	/* Rounded to the nearest; parts of at most 10^9 times 10^9 stay below 2^63. */
	int64_t billionths = (parts * 1000000000 + of / 2) / of;
	char digits[16];
	int len = 9;

	snprintf(digits, sizeof digits, "%09lld", (long long)(billionths % 1000000000));
	while (len > 0 && digits[len - 1] == '0')
		len--;
	buf_add_int(out, billionths / 1000000000);
	if (len > 0)
		buf_add_char(out, '.');
	buf_add(out, (struct str){ digits, (size_t)len });
}

static void
add_text(struct buf *out, struct str s)
{
	json_t *text = json_stringn(s.len == 0 ? "" : s.ptr, s.len);

	if (text == NULL || json_write(out, text) != OK)
		out->failed = true;
	json_decref(text);
}

static void
add_members(struct buf *out, const struct sortition *s, size_t panel)
{
	const uint32_t *member = sortition_panel(s, panel);

	buf_add_char(out, '[');
	for (int64_t i = 0; i < s->size; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		buf_add_int(out, member[i]);
	}
	buf_add_char(out, ']');
}

static void
add_drawn(struct buf *out, const struct pool *pool, const struct sortition *s)
{
	buf_add_c(out, ",\"drawn\":");
	add_members(out, s, s->drawn);
	buf_add_c(out, ",\"drawn_ids\":[");
	for (int64_t i = 0; i < s->size; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		add_text(out, pool->ids[sortition_panel(s, s->drawn)[i]]);
	}
	buf_add_format(out, "],\"drawn_panel\":%zu", s->drawn);
	if (s->algorithm == SORTITION_LEGACY)
		buf_add_format(out, ",\"draws\":%lld", (long long)s->draws);
}

static void
add_panels(struct buf *out, const struct sortition *s)
{
	buf_add_c(out, ",\"panels\":[");
	for (size_t p = 0; p < s->panel_count; p++) {
		buf_add_c(out, p > 0 ? ",{\"members\":" : "{\"members\":");
		add_members(out, s, p);
		buf_add_format(out, ",\"parts\":%lld,\"weight\":", (long long)s->weight[p]);
		sortition_write_share(out, s->weight[p], s->parts);
		buf_add_char(out, '}');
	}
	buf_add_format(out, "],\"parts\":%lld", (long long)s->parts);
}

static void
add_people(struct buf *out, const struct pool *pool, const struct sortition *s)
{
	buf_add_c(out, ",\"people\":{");
	for (size_t i = 0; i < s->people; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		add_text(out, pool->ids[i]);
		buf_add_char(out, ':');
		sortition_write_share(out, s->chance[i], s->parts);
	}
	buf_add_format(out, "},\"pool\":%zu,\"probabilities\":[", s->people);
	for (size_t i = 0; i < s->people; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		sortition_write_share(out, s->chance[i], s->parts);
	}
	buf_add_char(out, ']');
}

void
sortition_write(struct buf *out, const struct pool *pool, const struct sortition *s)
{
	struct digest seed;

	memcpy(seed.bytes, s->seed, sizeof seed.bytes);
	buf_add_format(out, "{\"algorithm\":\"%s\",\"columns\":%lld",
	               sortition_algorithm_name(s->algorithm), (long long)s->columns);
	add_drawn(out, pool, s);
	buf_add_format(out, ",\"kinds\":%zu,\"max_probability\":", s->kinds);
	sortition_write_share(out, s->max_chance, s->parts);
	buf_add_c(out, ",\"min_probability\":");
	sortition_write_share(out, s->min_chance, s->parts);
	add_panels(out, s);
	add_people(out, pool, s);
	buf_add_format(out, ",\"seed\":\"%s\",\"size\":%lld", digest_text(seed).text,
	               (long long)s->size);
}
