#include "mail/message.h"

#include "base/id.h"

enum {
	WORD_BYTES = 42,  /* of text in one encoded word: 12 + 56 characters of the 75 allowed */
	QP_LINE = 76,     /* RFC 2045 6.7: at most so many characters in a line */
	PLAIN_LINE = 900  /* under the 998 of RFC 5322 2.1.1 */
};

static const char base64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
base64_write(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i += 3) {
		size_t left = s.len - i;
		unsigned long three = (unsigned long)(unsigned char)s.ptr[i] << 16;

		if (left > 1)
			three |= (unsigned long)(unsigned char)s.ptr[i + 1] << 8;
		if (left > 2)
			three |= (unsigned char)s.ptr[i + 2];
		buf_add_char(out, base64[three >> 18]);
		buf_add_char(out, base64[three >> 12 & 63]);
		buf_add_char(out, left > 1 ? base64[three >> 6 & 63] : '=');
		buf_add_char(out, left > 2 ? base64[three & 63] : '=');
	}
}

/* Words of a header: as they are when they are plain, else as encoded words, cut between
 * characters, each on a line of its own. */
static void
words_write(struct buf *out, struct str words)
{
	bool plain = words.len <= WORD_BYTES;
	size_t from = 0;

	for (size_t i = 0; i < words.len && plain; i++) {
		char c = words.ptr[i];

		plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		        c == ' ' || c == '-' || c == '\'';
	}
	if (plain) {
		buf_add(out, words);
		return;
	}
	while (from < words.len) {
		size_t to = from + WORD_BYTES < words.len ? from + WORD_BYTES : words.len;

		while (to < words.len && to > from && ((unsigned char)words.ptr[to] & 0xc0) == 0x80)
			to--;
		if (to == from) /* no UTF-8 at all: any cut is as good */
			to = from + 1;
		buf_add_c(out, from > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		base64_write(out, str_cut(words, from, to));
		buf_add_c(out, "?=");
		from = to;
	}
}

static void
date_write(struct buf *out, struct instant t)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t seconds = t.us / SECOND_US, day = seconds / 86400, rest = seconds % 86400;
	int y, m, d;

	time_date(day, &y, &m, &d);
	buf_add_format(out, "%s, %d %s %04d %02d:%02d:%02d +0000", days[day % 7], d, months[m - 1], y,
	               (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* Quoted-printable (RFC 2045 6.7), line by line. */
static void
quoted_write(struct buf *out, struct str body)
{
	size_t column = 0;

	for (size_t i = 0; i < body.len; i++) {
		unsigned char c = (unsigned char)body.ptr[i];
		bool last = i + 1 == body.len || body.ptr[i + 1] == '\n';
		bool as_is = (c > ' ' && c < 0x7f && c != '=') || (c == ' ' && !last);

		if (c == '\n') {
			buf_add_c(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (as_is ? 1 : 3) >= QP_LINE) {
			buf_add_c(out, "=\r\n");
			column = 0;
		}
		if (as_is)
			buf_add_char(out, (char)c);
		else
			buf_add_format(out, "=%02X", c);
		column += as_is ? 1 : 3;
	}
	buf_add_c(out, "\r\n");
}

static void
lines_write(struct buf *out, struct str body)
{
	while (body.ptr != NULL) {
		buf_add(out, str_next(&body, '\n'));
		buf_add_c(out, "\r\n");
	}
}

/* May the body go as it is? */
static bool
is_plain(struct str body, bool eight_bit)
{
	size_t column = 0;

	for (size_t i = 0; i < body.len; i++) {
		unsigned char c = (unsigned char)body.ptr[i];

		column = c == '\n' ? 0 : column + 1;
		if (column > PLAIN_LINE || (c < ' ' && c != '\n') || c == 0x7f ||
		    (c > 0x7f && !eight_bit))
			return false;
	}
	return true;
}

void
message_write(struct buf *out, const struct mail *mail, const struct mail_frame *frame)
{
	size_t at = str_find(frame->from, STR("@"));
	bool plain = is_plain(mail->body, frame->eight_bit);

	buf_add_c(out, "Date: ");
	date_write(out, mail->created_at);
	buf_add_c(out, "\r\nFrom: ");
	words_write(out, mail->from_name);
	buf_add_format(out, " <%.*s>\r\nTo: <%.*s>\r\nSubject: ", STR_ARG(frame->from),
	               STR_ARG(mail->recipient));
	words_write(out, mail->subject);
	buf_add_format(out, "\r\nMessage-ID: <%s%.*s>\r\n", id_text(frame->id).text,
	               STR_ARG(str_cut(frame->from, at, frame->from.len)));
	buf_add_c(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	               "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: ");
	if (!plain) {
		buf_add_c(out, "quoted-printable\r\n\r\n");
		quoted_write(out, mail->body);
	} else {
		buf_add_c(out, frame->eight_bit ? "8bit\r\n\r\n" : "7bit\r\n\r\n");
		lines_write(out, mail->body);
	}
}
