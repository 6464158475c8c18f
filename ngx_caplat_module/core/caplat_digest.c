#include "caplat_digest.h"

#include "caplat_b64.h"
#include "caplat_sfv.h"


/* Bytes that are a digest of exactly len bytes. */
static bool
read_digest(const caplat_sfv_bare *value, uint8_t *out, size_t len)
{
    size_t  got;

    return caplat_b64_read(value->text, out, len, &got) && got == len;
}


/* A member, of whatever algorithm; false when it cannot be one. */
static bool
read_member(const caplat_sfv *sfv, const caplat_sfv_member *member,
    caplat_digests *digests)
{
    const caplat_sfv_bare  *value = &sfv->items[member->item_at].value;

    if (member->is_list || member->param_count != 0
        || value->type != CAPLAT_SFV_BYTES)
    {
        return false;
    }

    if (caplat_slice_eq(member->key, CAPLAT_LIT("sha-256"))) {
        digests->has_sha256 = true;
        return read_digest(value, digests->sha256, sizeof(digests->sha256));
    }

    if (caplat_slice_eq(member->key, CAPLAT_LIT("sha-512"))) {
        digests->has_sha512 = true;
        return read_digest(value, digests->sha512, sizeof(digests->sha512));
    }

    return true;
}


bool
caplat_digests_read(caplat_slice value, caplat_digests *digests,
    caplat_denial *denial)
{
    caplat_sfv      sfv = { .member_count = 0 };
    caplat_digests  read = { .has_sha256 = false };
    caplat_err      err;

    if (!caplat_sfv_read(value, &sfv, &err)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_INVALID,
            "digest-field");
    }

    for (size_t i = 0; i < sfv.member_count; i++) {
        if (!read_member(&sfv, &sfv.members[i], &read)) {
            return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_INVALID,
                "digest-member");
        }
    }

    if (!read.has_sha256 && !read.has_sha512) {
        return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_UNSUPPORTED,
            "digest-algorithm");
    }

    *digests = read;

    return true;
}


bool
caplat_digest_sha256_read(caplat_slice text, uint8_t out[static 32])
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   digits;
    uint8_t        read[32];
    size_t         len;

    if (!caplat_take_literal(&c, CAPLAT_LIT("sha-256=:"))
        || !caplat_take_until(&c, ':', CAPLAT_B64_LEN(sizeof(read)), &digits)
        || caplat_cursor_left(&c) != 0
        || !caplat_b64_read(digits, read, sizeof(read), &len)
        || len != sizeof(read))
    {
        return false;
    }

    memcpy(out, read, sizeof(read));

    return true;
}
