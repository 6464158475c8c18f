#include "caplat_message.h"


size_t
caplat_message_count(const caplat_message *message, caplat_slice name)
{
    size_t  count = 0;

    for (size_t i = 0; i < message->header_count; i++) {
        count += caplat_slice_eq_lower(message->headers[i].name, name);
    }

    return count;
}


bool
caplat_message_next(const caplat_message *message, caplat_slice name,
    size_t *at, caplat_slice *value)
{
    for (size_t i = *at; i < message->header_count; i++) {
        if (caplat_slice_eq_lower(message->headers[i].name, name)) {
            *value = message->headers[i].value;
            *at = i + 1;

            return true;
        }
    }

    return false;
}


bool
caplat_message_header(const caplat_message *message, caplat_slice name,
    caplat_slice *value)
{
    size_t  at = 0;

    return caplat_message_next(message, name, &at, value);
}


/* Where in the target its query begins; its end when it has none. */
static size_t
query_at(const caplat_message *message)
{
    const char  *mark = message->target.len != 0
                        ? memchr(message->target.ptr, '?',
                                 message->target.len)
                        : NULL;

    return mark != NULL ? (size_t) (mark - message->target.ptr)
                        : message->target.len;
}


caplat_slice
caplat_message_path(const caplat_message *message)
{
    return caplat_slice_of(message->target.ptr, query_at(message));
}


caplat_slice
caplat_message_query(const caplat_message *message)
{
    size_t  at = query_at(message);

    if (at == message->target.len) {
        return CAPLAT_LIT("");
    }

    return caplat_slice_of(message->target.ptr + at,
                           message->target.len - at);
}


/* An origin is `scheme://authority`: whoever configured it has seen to it. */
static size_t
scheme_len(const caplat_message *message)
{
    const char  *colon = memchr(message->origin.ptr, ':',
                                message->origin.len);

    caplat_assert(colon != NULL);

    return (size_t) (colon - message->origin.ptr);
}


caplat_slice
caplat_message_scheme(const caplat_message *message)
{
    return caplat_slice_of(message->origin.ptr, scheme_len(message));
}


caplat_slice
caplat_message_authority(const caplat_message *message)
{
    size_t  at = scheme_len(message) + sizeof("://") - 1;

    caplat_assert(at < message->origin.len);

    return caplat_slice_of(message->origin.ptr + at,
                           message->origin.len - at);
}
