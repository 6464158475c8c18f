#include "caplat_job_inner.h"

#include "caplat_b64.h"
#include "caplat_hash.h"


static bool
take_key(caplat_cursor *c, uint8_t key[static CAPLAT_KEYED_KEY])
{
    caplat_slice  text;
    size_t        len;

    return caplat_take_until(c, '\n', CAPLAT_B64URL_LEN(CAPLAT_KEYED_KEY),
                             &text)
        && caplat_b64url_read(text, key, CAPLAT_KEYED_KEY, &len)
        && len == CAPLAT_KEYED_KEY;
}


bool
caplat_hash_keys_read(caplat_slice text, caplat_hash_keys *keys,
    caplat_err *err)
{
    caplat_cursor     c = caplat_cursor_of(text);
    caplat_hash_keys  read;

    read.count = 0;

    do {
        if (!take_key(&c, read.keys[read.count])) {
            return caplat_fail(err, CAPLAT_NOT_WORDS, caplat_cursor_at(&c),
                "key");
        }

        read.count++;
    } while (caplat_cursor_left(&c) != 0
             && read.count < CAPLAT_COUNT(read.keys));

    if (caplat_cursor_left(&c) != 0) {
        return caplat_fail(err, CAPLAT_TRAILING, caplat_cursor_at(&c), "key");
    }

    *keys = read;

    return true;
}


void
caplat_hash_subject(const caplat_order_conf *conf, const caplat_claims *claims,
    uint8_t out[static CAPLAT_SUBJECT_LEN])
{
    const caplat_slice  parts[] = {
        CAPLAT_LIT("subject"), conf->issuer, claims->subject
    };

    caplat_keyed_hash(conf->hash.keys[0], parts, CAPLAT_COUNT(parts), out,
        CAPLAT_SUBJECT_LEN);
}


void
caplat_hash_key(const caplat_order_conf *conf, size_t at,
    const caplat_claims *claims, caplat_slice key,
    uint8_t out[static CAPLAT_KEY_HASH_LEN])
{
    const caplat_slice  parts[] = {
        CAPLAT_LIT("key"), claims->client_id, claims->subject, key
    };

    caplat_keyed_hash(conf->hash.keys[at], parts, CAPLAT_COUNT(parts), out,
        CAPLAT_KEY_HASH_LEN);
}


void
caplat_hash_print(const caplat_order_conf *conf, size_t at,
    const caplat_evidence *evidence, uint8_t out[static CAPLAT_PRINT_LEN])
{
    const caplat_slice  parts[] = {
        CAPLAT_LIT("print"), evidence->method, evidence->target, evidence->body
    };

    caplat_keyed_hash(conf->hash.keys[at], parts, CAPLAT_COUNT(parts), out,
        CAPLAT_PRINT_LEN);
}
