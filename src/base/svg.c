#include "base/svg.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/utf8.h>

/* Plain colours first, as not every reader of SVG knows more; they are those of the pages. */
static const char style[] =
	"text{font:14px system-ui,sans-serif;fill:#1f2421}"
	".big{font-size:22px;font-weight:600}.bold{font-weight:600}.small{font-size:12px}"
	".end{text-anchor:end}.mid{text-anchor:middle}"
	".muted{fill:#5b625c}.on{fill:#fff}"
	".paper{fill:#fbf8f1}.back{fill:#dfe5dc}.won{fill:#1e5b43}.rest{fill:#a3401c}.had{fill:#5b625c}.votes{fill:#1f5a84}"
	".rule{stroke:#ddd7c8}.mark{stroke:#a3401c;stroke-width:2}"
	".clear{paint-order:stroke;stroke:#fbf8f1;stroke-width:4px}"
	"@media(prefers-color-scheme:dark){"
	"text{fill:#ece8dd}.muted{fill:#a9afa8}.on{fill:#151917}"
	".paper{fill:#151917}.back{fill:#333b36}.won{fill:#7cc7a1}.rest{fill:#f0a07c}.had{fill:#a9afa8}.votes{fill:#8cc3ec}"
	".rule{stroke:#333b36}.mark{stroke:#f0a07c}.clear{stroke:#151917}}";

/* The character at *at, which moves on behind it; U+FFFD for what is none, or none that XML 1.0 lets
 * stand (section 2.2; line breaks, which are none of words, too). */
static UChar32
next_of(struct str s, size_t *at)
{
	UChar32 c;

	U8_NEXT_OR_FFFD(s.ptr, *at, s.len, c);
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff ? 0xfffd : c;
}

static void
add_escaped(struct buf *out, struct str s)
{
	for (size_t at = 0; at < s.len;) {
		size_t from = at;
		UChar32 c = next_of(s, &at);

		if (c == '&')
			buf_add_c(out, "&amp;");
		else if (c == '<')
			buf_add_c(out, "&lt;");
		else if (c == '>')
			buf_add_c(out, "&gt;");
		else if (c == '"')
			buf_add_c(out, "&quot;");
		else if (c == 0xfffd)
			buf_add_c(out, "\xef\xbf\xbd");
		else
			buf_add(out, str_cut(s, from, at));
	}
}

/* About, in tenths of the size of the letters: nobody knows the reader's font. Marks upon letters take
 * no room, letters of East Asia a whole square. */
static int64_t
tenths(UChar32 c)
{
	if (c >= 0x300 && c < 0x370)
		return 0;
	return c >= 0x1100 && !(c >= 0x1e00 && c < 0x2e80) ? 10 : c == 'm' || c == 'w' ||
	       (c >= 'A' && c <= 'Z') ? 7 : 5;
}

/* How many bytes of the words fit, with "…" when those are not all. */
static size_t
fits(struct str words, int64_t width, int64_t size)
{
	int64_t room = width * 10 / size, wide = 0;
	size_t cut = 0;

	for (size_t at = 0; at < words.len;) {
		wide += tenths(next_of(words, &at));
		if (wide > room)
			return cut;
		if (wide + 10 <= room)
			cut = at;
	}
	return words.len;
}

void
svg_begin(struct svg *svg, struct buf *out, struct str lang, struct str title, struct str about,
          int64_t width, int64_t height)
{
	svg->out = out;
	buf_add_format(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%lld\" height=\"%lld\" "
	               "viewBox=\"0 0 %lld %lld\" role=\"img\" aria-labelledby=\"title about\" lang=\"",
	               (long long)width, (long long)height, (long long)width, (long long)height);
	add_escaped(out, lang);
	buf_add_c(out, "\">\n<title id=\"title\">");
	add_escaped(out, title);
	buf_add_c(out, "</title>\n<desc id=\"about\">");
	add_escaped(out, about);
	buf_add_format(out, "</desc>\n<style>%s</style>\n", style);
	svg_rect(svg, "paper", 0, 0, width, height);
}

void
svg_end(struct svg *svg)
{
	buf_add_c(svg->out, "</svg>\n");
}

void
svg_rect(struct svg *svg, const char *class, int64_t x, int64_t y, int64_t width, int64_t height)
{
	buf_add_format(svg->out, "<rect class=\"%s\" x=\"%lld\" y=\"%lld\" width=\"%lld\" height=\"%lld\"/>\n",
	               class, (long long)x, (long long)y, (long long)width, (long long)height);
}

void
svg_line(struct svg *svg, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
	buf_add_format(svg->out, "<line class=\"%s\" x1=\"%lld\" y1=\"%lld\" x2=\"%lld\" y2=\"%lld\"/>\n",
	               class, (long long)x1, (long long)y1, (long long)x2, (long long)y2);
}

void
svg_text(struct svg *svg, const char *class, int64_t x, int64_t y, int64_t width, struct str words)
{
	int64_t size = strstr(class, "big") != NULL ? 22 : strstr(class, "small") != NULL ? 12 : 14;
	size_t shown = width > 0 ? fits(words, width, size) : words.len;

	buf_add_format(svg->out, "<text class=\"%s\" x=\"%lld\" y=\"%lld\">", class, (long long)x,
	               (long long)y);
	if (shown < words.len) {
		buf_add_c(svg->out, "<title>");
		add_escaped(svg->out, words);
		buf_add_c(svg->out, "</title>");
	}
	add_escaped(svg->out, str_cut(words, 0, shown));
	buf_add_c(svg->out, shown < words.len ? "\u2026</text>\n" : "</text>\n");
}
