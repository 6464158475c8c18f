/*
 * A request as those see it who judge its signatures: its method, where it
 * was sent, and its fields, borrowed from whoever received it.
 */

#ifndef CAPLAT_MESSAGE_H
#define CAPLAT_MESSAGE_H

#include "caplat_slice.h"


/* One field line (RFC 9110, 5.2). */
typedef struct {
    caplat_slice   name;                /* in any case */
    caplat_slice   value;               /* without blanks at either end */
} caplat_header;


typedef struct {
    caplat_slice          method;
    caplat_slice          origin;       /* ours, as configured, lower case,
                                           without a default port:
                                           "https://ca.example.cn" */
    caplat_slice          target;       /* as sent (RFC 9112, 3.2.1), never
                                           decoded: "/v1/orders?limit=5" */
    const caplat_header  *headers;      /* in the order of arrival */
    size_t                header_count;
    bool                  has_content;
} caplat_message;


/* How many lines a field has; name is in lower case. */
size_t caplat_message_count(const caplat_message *message, caplat_slice name);

/* The first line of a field; false when it has none. */
bool caplat_message_header(const caplat_message *message, caplat_slice name,
    caplat_slice *value);

/*
 * The next line of a field from line *at on, which begins as 0 and moves
 * behind what was found; false when there is none.
 */
bool caplat_message_next(const caplat_message *message, caplat_slice name,
    size_t *at, caplat_slice *value);

/* The target up to its query, and from its `?`, which is "" without one. */
caplat_slice caplat_message_path(const caplat_message *message);
caplat_slice caplat_message_query(const caplat_message *message);

/* The origin's scheme, "https", and its authority, "ca.example.cn:8443". */
caplat_slice caplat_message_scheme(const caplat_message *message);
caplat_slice caplat_message_authority(const caplat_message *message);


#endif /* CAPLAT_MESSAGE_H */
