#include "base/message.h"

enum status
refuse(struct refusal *why, const char *field, const char *text)
{
	*why = (struct refusal){ .status = REFUSED, .field = field, .message = { .text = text } };
	return REFUSED;
}

enum status
refuse_with(struct refusal *why, const char *field, const char *text, struct message_value value)
{
	*why = (struct refusal){
		.status = REFUSED, .field = field, .message = { .text = text, .values = { value } } };
	return REFUSED;
}

struct message_value
message_text(const char *name, struct str text)
{
	return (struct message_value){ .name = name, .kind = MESSAGE_TEXT, .text = text };
}

struct message_value
message_number(const char *name, int64_t number)
{
	return (struct message_value){ .name = name, .kind = MESSAGE_NUMBER, .number = number };
}

struct message_value
message_money(const char *name, struct amount money)
{
	return (struct message_value){ .name = name, .kind = MESSAGE_MONEY, .money = money };
}

struct message_value
message_time(const char *name, struct instant time)
{
	return (struct message_value){ .name = name, .kind = MESSAGE_TIME, .time = time };
}
