/* Whether a text is one well-formed element of XML, as base/svg.h writes it: tags in pairs, values in
 * quotes and each once, only known references, no bare < or &; no comments or declarations. */
#ifndef TESTS_XML_H
#define TESTS_XML_H

#include <ctype.h>

#include "test.h"

enum { XML_DEPTH = 20 };

static inline bool
xml_reference(const char **at)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp(*at, known[i], strlen(known[i])) == 0) {
			*at += strlen(known[i]);
			return true;
		}
	return false;
}

/* Text up to one of `ends`. */
static inline bool
xml_text(const char **at, const char *ends)
{
	while (**at != '\0' && strchr(ends, **at) == NULL) {
		if (**at == '<' || ((unsigned char)**at < 0x20 && **at != '\n'))
			return false;
		if (**at != '&')
			++*at;
		else if (!xml_reference(at))
			return false;
	}
	return **at != '\0';
}

static inline size_t
xml_name(const char *at)
{
	size_t len = 0;

	while (isalnum((unsigned char)at[len]) || at[len] == '-')
		len++;
	return len;
}

static inline bool
xml_attributes(const char **at)
{
	const char *names[20];
	size_t lengths[20], count = 0;

	while (**at == ' ') {
		size_t len = xml_name(++*at);

		for (size_t i = 0; i < count; i++)
			if (lengths[i] == len && strncmp(names[i], *at, len) == 0)
				return false;
		if (len == 0 || count == 20)
			return false;
		names[count] = *at;
		lengths[count++] = len;
		*at += len;
		if (strncmp(*at, "=\"", 2) != 0)
			return false;
		*at += 2;
		if (!xml_text(at, "\""))
			return false;
		++*at;
	}
	return true;
}

static inline bool
xml_element(const char **at, int depth)
{
	const char *name = *at + 1;
	size_t len;

	if (depth > XML_DEPTH || **at != '<' || (len = xml_name(name)) == 0)
		return false;
	*at = name + len;
	if (!xml_attributes(at))
		return false;
	if (strncmp(*at, "/>", 2) == 0) {
		*at += 2;
		return true;
	}
	if (*(*at)++ != '>')
		return false;
	while (xml_text(at, "<")) {
		if ((*at)[1] == '/') {
			if (strncmp(*at + 2, name, len) != 0 || (*at)[2 + len] != '>')
				return false;
			*at += len + 3;
			return true;
		}
		if (!xml_element(at, depth + 1))
			return false;
	}
	return false;
}

static inline bool
xml_is_well_formed(struct str s)
{
	const char *at = s.ptr; /* a buffer's text, which a NUL ends */

	return s.len > 0 && strlen(s.ptr) == s.len && xml_element(&at, 0) && strcmp(at, "\n") == 0;
}

#endif
