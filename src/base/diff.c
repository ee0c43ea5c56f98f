#include "base/diff.h"

#include <stdint.h>

enum {
	TABLE_MAX = 1000 * 1000,          /* cells of 2 bytes */
	SCRATCH_MAX = 16 * 1024 * 1024
};

struct words {
	struct str *ptr;
	size_t len;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Words with the white space behind them: put together they are the text again. */
static enum status
words_of(struct arena *arena, struct str text, struct words *ret)
{
	size_t from = 0;

	ret->len = 0;
	ret->ptr = ARENA_ARRAY(arena, text.len / 2 + 1, struct str);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 1; i <= text.len; i++) {
		if (i < text.len && !(is_space(text.ptr[i - 1]) && !is_space(text.ptr[i])))
			continue;
		ret->ptr[ret->len++] = str_cut(text, from, i);
		from = i;
	}
	return OK;
}

/* Adds to the last piece when it is of the same kind: its words stand side by side. */
static void
add(struct diff *diff, bool removed, bool added, struct str word)
{
	struct diff_piece *last = diff->len > 0 ? &diff->ptr[diff->len - 1] : NULL;

	if (last != NULL && last->removed == removed && last->added == added)
		last->text.len += word.len;
	else
		diff->ptr[diff->len++] =
			(struct diff_piece){ .removed = removed, .added = added, .text = word };
}

static void
add_all(struct diff *diff, bool removed, bool added, struct words words)
{
	for (size_t i = 0; i < words.len; i++)
		add(diff, removed, added, words.ptr[i]);
}

/* table[i][j]: words that b[i..] and a[j..] have in common, in order. */
static enum status
add_middle(struct arena *arena, struct diff *diff, struct words b, struct words a)
{
	size_t width = a.len + 1, i = 0, j = 0;
	uint16_t *table;

	if (b.len >= TABLE_MAX / width || b.len > UINT16_MAX || a.len > UINT16_MAX) {
		add_all(diff, true, false, b);
		add_all(diff, false, true, a);
		return OK;
	}
	table = ARENA_ARRAY(arena, (b.len + 1) * width, uint16_t);
	if (table == NULL)
		return NO_MEMORY;
	for (i = b.len; i-- > 0;) {
		for (j = a.len; j-- > 0;) {
			uint16_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];

			if (str_eq(b.ptr[i], a.ptr[j]))
				table[i * width + j] = (uint16_t)(table[(i + 1) * width + j + 1] + 1);
			else
				table[i * width + j] = down > right ? down : right;
		}
	}
	for (i = 0, j = 0; i < b.len && j < a.len;) {
		if (str_eq(b.ptr[i], a.ptr[j])) {
			add(diff, false, false, a.ptr[j]);
			i++;
			j++;
		} else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) {
			add(diff, true, false, b.ptr[i++]);
		} else {
			add(diff, false, true, a.ptr[j++]);
		}
	}
	add_all(diff, true, false, (struct words){ b.ptr + i, b.len - i });
	add_all(diff, false, true, (struct words){ a.ptr + j, a.len - j });
	return OK;
}

static enum status
compare(struct arena *arena, struct arena *scratch, struct str before, struct str after,
        struct diff *ret)
{
	struct words b, a;
	size_t head = 0, tail = 0;
	enum status st = words_of(scratch, before, &b);

	if (st == OK)
		st = words_of(scratch, after, &a);
	if (st != OK)
		return st;
	ret->len = 0;
	ret->ptr = ARENA_ARRAY(arena, b.len + a.len + 1, struct diff_piece);
	if (ret->ptr == NULL)
		return NO_MEMORY;
	while (head < b.len && head < a.len && str_eq(b.ptr[head], a.ptr[head]))
		head++;
	while (tail < b.len - head && tail < a.len - head
	       && str_eq(b.ptr[b.len - 1 - tail], a.ptr[a.len - 1 - tail]))
		tail++;
	add_all(ret, false, false, (struct words){ a.ptr, head });
	st = add_middle(scratch, ret, (struct words){ b.ptr + head, b.len - head - tail },
	                (struct words){ a.ptr + head, a.len - head - tail });
	add_all(ret, false, false, (struct words){ a.ptr + a.len - tail, tail });
	return st;
}

enum status
diff_words(struct arena *arena, struct str before, struct str after, struct diff *ret)
{
	struct arena scratch;
	enum status st;

	arena_init(&scratch, SCRATCH_MAX);
	st = compare(arena, &scratch, before, after, ret);
	arena_release(&scratch);
	return st;
}
