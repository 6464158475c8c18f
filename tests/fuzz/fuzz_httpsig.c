/*
 * Whatever the fields of a request: reading is the same twice, a signature
 * that is read covers what it must, and its base has a line for each
 * component, in order, and nothing else. The first line of the input is the
 * method, the second the target, the others are fields, `name:value`.
 */

#include "caplat_httpsig.h"


#define HEADERS_MAX  64


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* What is before the next `byte`, or all. */
static caplat_slice
take_part(caplat_cursor *c, char byte)
{
    size_t        left = caplat_cursor_left(c);
    caplat_slice  part = caplat_slice_of(c->at, 0);

    if (!caplat_take_until(c, byte, left, &part)) {
        (void) caplat_take_rest(c, left, &part);
    }

    return part;
}


static void
split(caplat_slice text, caplat_header *headers, caplat_message *message)
{
    caplat_cursor  c = caplat_cursor_of(text);

    *message = (caplat_message) {
        .origin = CAPLAT_LIT("https://ca.example.cn"), .headers = headers
    };
    message->method = take_part(&c, '\n');
    message->target = take_part(&c, '\n');

    while (c.at != c.end && message->header_count < HEADERS_MAX) {
        caplat_slice    line = take_part(&c, '\n');
        caplat_cursor   walk = caplat_cursor_of(line);
        caplat_header  *header = &headers[message->header_count++];

        header->name = take_part(&walk, ':');
        header->value = take_part(&walk, '\n');
        message->has_content |= caplat_slice_eq(header->name,
                                                CAPLAT_LIT("Content-Type"));
    }
}


static void
check_same(const caplat_httpsig *a, const caplat_httpsig *b)
{
    caplat_assert(a->component_count == b->component_count);
    caplat_assert(a->param_count == b->param_count);
    caplat_assert(a->created == b->created && a->expires == b->expires);
    caplat_assert(a->signature_len == b->signature_len);
    caplat_assert(caplat_slice_eq(a->nonce, b->nonce));
    caplat_assert(caplat_slice_eq(a->keyid, b->keyid));
    caplat_assert(caplat_slice_eq(a->alg, b->alg));

    for (size_t i = 0; i < a->component_count; i++) {
        caplat_assert(caplat_slice_eq(a->components[i], b->components[i]));
    }
}


static void
check_values(const caplat_httpsig *sig)
{
    caplat_assert(sig->component_count <= CAPLAT_HTTPSIG_COMPONENTS_MAX);
    caplat_assert(sig->param_count <= CAPLAT_HTTPSIG_PARAMS_MAX);
    caplat_assert(sig->created > 0);
    caplat_assert(sig->expires == 0
                  || (sig->expires >= sig->created
                      && sig->expires <= sig->created + 600));
    caplat_assert(sig->nonce.len >= 16 && sig->nonce.len <= 128);
    caplat_assert(sig->keyid.len >= 1 && sig->keyid.len <= 64);
    caplat_assert(sig->signature_len <= sizeof(sig->signature) + 1);
}


static size_t
count_covered(const caplat_httpsig *sig, caplat_slice name)
{
    size_t  count = 0;

    for (size_t i = 0; i < sig->component_count; i++) {
        count += caplat_slice_eq(sig->components[i], name);
    }

    return count;
}


static void
check_covered(const caplat_message *message, const caplat_httpsig *sig)
{
    caplat_slice  authorization = CAPLAT_LIT("authorization");

    for (size_t i = 0; i < sig->component_count; i++) {
        caplat_assert(count_covered(sig, sig->components[i]) == 1);
    }

    caplat_assert(count_covered(sig, CAPLAT_LIT("@method")) == 1);
    caplat_assert(count_covered(sig, CAPLAT_LIT("@target-uri")) == 1
                  || count_covered(sig, CAPLAT_LIT("@path")) == 1);
    caplat_assert(!message->has_content
                  || count_covered(sig, CAPLAT_LIT("content-digest")) == 1);
    caplat_assert(caplat_message_count(message, authorization) == 0
                  || count_covered(sig, authorization) == 1);
}


/* A line for each component, and a last one. */
static void
check_base(const caplat_httpsig *sig, caplat_slice base)
{
    caplat_cursor  c = caplat_cursor_of(base);

    caplat_assert(base.len <= CAPLAT_HTTPSIG_BASE_LEN_MAX);

    for (size_t i = 0; i < sig->component_count; i++) {
        caplat_slice  line;

        caplat_assert(caplat_take_byte(&c, '"'));
        caplat_assert(caplat_take_literal(&c, sig->components[i]));
        caplat_assert(caplat_take_literal(&c, CAPLAT_LIT("\": ")));
        caplat_assert(caplat_take_until(&c, '\n', base.len, &line));
    }

    caplat_assert(caplat_take_literal(&c, CAPLAT_LIT(
                                          "\"@signature-params\": (\"")));
    caplat_assert(memchr(c.at, '\n', caplat_cursor_left(&c)) == NULL);
}


/* The last line, as Signature-Input, is read to the same. */
static void
check_params(const caplat_httpsig *sig, caplat_slice base)
{
    static caplat_sfv  sfv;
    static char        input[CAPLAT_HTTPSIG_BASE_LEN_MAX];

    caplat_writer  w = caplat_writer_of(input, sizeof(input));
    caplat_cursor  c = caplat_cursor_of(base);
    caplat_slice   line;
    caplat_err     err;

    while (caplat_take_until(&c, '\n', base.len, &line)) { /* void */ }

    caplat_assert(caplat_take_literal(&c, CAPLAT_LIT(
                                          "\"@signature-params\": ")));
    caplat_put(&w, CAPLAT_LIT("s="));
    caplat_put(&w, take_part(&c, '\n'));

    sfv.member_count = sfv.item_count = sfv.param_count = 0;
    caplat_assert(caplat_sfv_read(caplat_written(&w), &sfv, &err));
    caplat_assert(sfv.item_count == sig->component_count);
    caplat_assert(sfv.param_count == sig->param_count);

    for (size_t i = 0; i < sfv.item_count; i++) {
        caplat_assert(caplat_slice_eq(sfv.items[i].value.text,
                                      sig->components[i]));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char  room[CAPLAT_HTTPSIG_BASE_LEN_MAX];

    caplat_header   headers[HEADERS_MAX];
    caplat_message  message;
    caplat_httpsig  sig;
    caplat_httpsig  again;
    caplat_denial   denial = { CAPLAT_NO_PROBLEM, NULL };
    caplat_writer   w = caplat_writer_of(room, sizeof(room));
    caplat_slice    tag = CAPLAT_LIT("ca-order-v1");

    split(caplat_slice_of((const char *) data, size), headers, &message);

    if (!caplat_httpsig_read(&message, tag, &sig, &denial)) {
        caplat_assert(denial.problem == CAPLAT_PROBLEM_SIGNATURE_MISSING
                      || denial.problem == CAPLAT_PROBLEM_SIGNATURE_MALFORMED
                      || denial.problem
                         == CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE);
        return 0;
    }

    caplat_assert(caplat_httpsig_read(&message, tag, &again, &denial));
    check_same(&sig, &again);
    check_values(&sig);
    check_covered(&message, &sig);

    if (caplat_httpsig_base(&message, &sig, &w, &denial)) {
        check_base(&sig, caplat_written(&w));
        check_params(&sig, caplat_written(&w));

    } else {
        caplat_assert(denial.problem == CAPLAT_PROBLEM_SIGNATURE_INVALID);
    }

    return 0;
}
