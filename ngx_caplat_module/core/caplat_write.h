/*
 * Writes text into room that the caller gives: the JSON that we send, and the
 * bytes that are signed.
 *
 * What does not fit is dropped whole and said so, once, at the end: a writer
 * that is `full` has lost something, whatever came later.
 */

#ifndef CAPLAT_WRITE_H
#define CAPLAT_WRITE_H

#include "caplat_slice.h"


typedef struct {
    char    *ptr;
    size_t   len;                       /* bytes written */
    size_t   room;
    bool     full;
} caplat_writer;


static inline caplat_writer
caplat_writer_of(char *room, size_t len)
{
    return (caplat_writer) { room, 0, len, false };
}


/* What has been written. */
static inline caplat_slice
caplat_written(const caplat_writer *w)
{
    return caplat_slice_of(w->ptr, w->len);
}


/* As they are. Here, for most texts are literals of a few bytes. */
static inline void
caplat_put(caplat_writer *w, caplat_slice text)
{
    if (text.len > w->room - w->len) {
        w->full = true;
        return;
    }

    if (text.len != 0) {
        memcpy(w->ptr + w->len, text.ptr, text.len);
        w->len += text.len;
    }
}


/* Decimal digits. */
void caplat_put_number(caplat_writer *w, uint64_t number);

/*
 * A JSON string (RFC 8259, 7). text is valid UTF-8; quotation marks,
 * backslashes and control characters are escaped, the rest stands as it is.
 */
void caplat_put_string(caplat_writer *w, caplat_slice text);

/* The same of one of our own static words, NUL at the end. */
void caplat_put_word(caplat_writer *w, const char *word);


#endif /* CAPLAT_WRITE_H */
