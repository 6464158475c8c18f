/*
 * An epoch's keys as files hold them; and what another program has sealed to
 * one: tests/vectors/pii, whose secret key is thrown away by being there.
 */

#include "caplat_vault.h"

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include "test.h"
#include "vectors.h"


/* X25519 of RFC 7748, 6.1: Alice's pair and Bob's public half. */
#define PK     "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
#define SK     "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"
#define BOB    "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"
#define ZERO   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ONE    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TOP    "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTuo"
#define N32    "0123456789-abcdefghijklm-ABCDEFG"


typedef struct {
    const char  *text;
    bool         good;
} row;


static const row  lines[] = {
    { "2027Q1 " PK "\n",        true },
    { "a " PK "\n",             true },
    { N32 " " PK "\n",          true },

    { "",                       false },
    { "2027Q1\n",               false },
    { "2027Q1 " PK,             false },
    { "2027Q1 " PK "\r\n",      false },
    { "2027Q1 " PK "\n\n",      false },
    { "2027Q1 " PK "\nx",       false },
    { "2027Q1 " PK " \n",       false },
    { "2027Q1 " PK "=\n",       false },
    { "2027Q1  " PK "\n",       false },
    { " 2027Q1 " PK "\n",       false },
    { " " PK "\n",              false },
    { "2027Q1\t" PK "\n",       false },
    { "2027_Q1 " PK "\n",       false },
    { "../2027 " PK "\n",       false },
    { N32 "x " PK "\n",         false },
    { "2027Q1 AAAA\n",          false },
    { "2027Q1 A" PK "\n",       false },
    { "2027Q1 " ZERO "\n",      false },
    { "2027Q1 " ONE "\n",       false },
    { "2027Q1 " TOP "\n",       false },
};


/* Of the epoch 2027Q1. */
static const row  secrets[] = {
    { "{\"epoch\":\"2027Q1\",\"pk\":\"" PK "\",\"sk\":\"" SK "\"}\n", true },
    { "{\"sk\":\"" SK "\", \"pk\":\"" PK "\"}",                       true },

    { "",                                                             false },
    { "[]",                                                           false },
    { "{}",                                                           false },
    { "{\"pk\":\"" PK "\"}",                                          false },
    { "{\"sk\":\"" SK "\"}",                                          false },
    { "{\"epoch\":\"2027Q1\",\"sk\":\"" SK "\"}",                     false },
    { "{\"epoch\":\"2027Q2\",\"pk\":\"" PK "\",\"sk\":\"" SK "\"}",   false },
    { "{\"epoch\":\"\",\"pk\":\"" PK "\",\"sk\":\"" SK "\"}",         false },
    { "{\"epoch\":null,\"pk\":\"" PK "\",\"sk\":\"" SK "\"}",         false },
    { "{\"pk\":\"" BOB "\",\"sk\":\"" SK "\"}",                       false },
    { "{\"pk\":\"" SK "\",\"sk\":\"" PK "\"}",                        false },
    { "{\"pk\":\"" TOP "\",\"sk\":\"" SK "\"}",                       false },
    { "{\"pk\":\"" PK "\",\"sk\":\"" SK "=\"}",                       false },
    { "{\"pk\":\"" PK "\",\"sk\":\"AAAA\"}",                          false },
    { "{\"pk\":\"" PK "\",\"sk\":1}",                                 false },
    { "{\"pk\":\"" PK "\",\"sk\":\"" SK "\",\"sk\":\"" SK "\"}",      false },
    { "{\"pk\":\"" PK "\",\"sk\":\"" SK "\",\"use\":\"enc\"}",        false },
    { "{\"pk\":\"" PK "\",\"sk\":\"" SK "\"}x",                       false },
};


static void
test_line(const row *r)
{
    caplat_epoch  epoch = { .name_len = 99 };
    uint8_t       key[32];
    size_t        len;

    test_that(caplat_epoch_read(test_slice(r->text), &epoch) == r->good,
              r->text);

    if (!r->good) {
        test_number(epoch.name_len, 99, "untouched");
        return;
    }

    test_that(caplat_b64url_read(CAPLAT_LIT(PK), key, 32, &len)
              && memcmp(key, epoch.public_key, 32) == 0, r->text);
    test_that(r->text[epoch.name_len] == ' '
              && memcmp(r->text, epoch.name, epoch.name_len) == 0, r->text);
}


static void
test_secret(const row *r)
{
    uint8_t  key[32] = { 0 }, want[32] = { 0 };
    size_t   len;

    if (r->good) {
        test_that(caplat_b64url_read(CAPLAT_LIT(SK), want, 32, &len), "SK");
    }

    test_that(caplat_epoch_secret_read(test_slice(r->text),
                                       CAPLAT_LIT("2027Q1"), key)
              == r->good, r->text);
    test_that(memcmp(key, want, 32) == 0, "the key, or untouched");
}


static bool
take(const caplat_json *object, const char *name, uint8_t *out, size_t room,
    size_t *len)
{
    caplat_slice  text;

    return test_that(caplat_json_string(object, name, 1, 4096, &text)
                     && caplat_b64url_read(text, out, room, len), name);
}


/* Open the record; NULL: it opens, and the text is JSON of what was told. */
static const char *
open_record(const caplat_json *record, const uint8_t *secret, const char *epoch)
{
    const caplat_json  *pii = caplat_json_get(record, "pii");
    caplat_seal         seal = { 0 };
    uint8_t             sealed[1024], text[1024];
    size_t              len;
    caplat_slice        order;
    caplat_json        *person;
    caplat_err          err;
    const char         *why = "not what it should be";
    bool                is_open;

    if (!take(pii, "n", seal.nonce, sizeof(seal.nonce), &len)
        || !take(pii, "kc", seal.commitment, sizeof(seal.commitment), &len)
        || !take(pii, "c", sealed, sizeof(sealed), &len)
        || !caplat_json_string(record, "order", 1, 32, &order))
    {
        return why;
    }

    is_open = caplat_vault_unseal("tests/vectors/pii", test_slice(epoch),
        secret, order, &seal, caplat_slice_of((char *) sealed, len), text,
        &why);

    if (!is_open) {
        return why;
    }

    is_open = caplat_json_open(caplat_slice_of((char *) text,
                                               len - CAPLAT_SEAL_TAG),
                               CAPLAT_JSON_DEPTH_MAX, &person, &err);

    if (is_open) {
        is_open = caplat_json_get(person, "email") != NULL
            || caplat_json_get(person, "holder") != NULL;
        caplat_json_close(person);
    }

    return is_open ? NULL : why;
}


static void
test_published(void)
{
    caplat_slice  pair, text;
    caplat_json  *record;
    caplat_err    err;
    uint8_t       secret[32];
    const char   *why;

    if (!vectors_own("pii/epoch-test-keypair.json", &pair)) {
        return;
    }

    test_that(caplat_epoch_secret_read(pair, CAPLAT_LIT("2026Q4"), secret),
              "a secret key without a name");
    vectors_close(pair);

    if (!vectors_own("pii/order-record.json", &text)) {
        return;
    }

    if (test_that(caplat_json_open(text, CAPLAT_JSON_DEPTH_MAX, &record, &err),
                  "the record"))
    {
        why = open_record(record, secret, "2026Q4");
        test_that(why == NULL, why != NULL ? why : "it opens");
        secret[31] ^= 1;
        why = open_record(record, secret, "2026Q4");
        test_text(test_slice(why != NULL ? why : ""),
                  CAPLAT_LIT("the slot does not open with this key"),
                  "another key");
        caplat_json_close(record);
    }

    vectors_close(text);
}


int
main(void)
{
    if (!caplat_trust_open()) {
        return 1;
    }

    for (size_t i = 0; i < CAPLAT_COUNT(lines); i++) {
        test_line(&lines[i]);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(secrets); i++) {
        test_secret(&secrets[i]);
    }

    test_published();

    return test_done();
}
