/*
 * Any bytes as a registry: a fault has a place in them; and of a registry that
 * can be read every holder is found again, and has a token that is accepted.
 */

#include "caplat_hash.h"
#include "caplat_holder.h"
#include "caplat_issuer.h"


#define NOW   INT64_C(1795334400)
#define URL   CAPLAT_LIT("https://ca.example.cn")
#define JKT   "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI"
#define TRIED 4                         /* holders whose tokens are made */


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static caplat_private_key  *signer;
static caplat_keyring      *ring;


static void
make_key(void)
{
    char           room[512];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_err     err;

    caplat_assert(caplat_trust_open());
    caplat_assert(caplat_private_key_new(CAPLAT_ED25519, &signer));
    caplat_put(&w, CAPLAT_LIT("{\"keys\":["));
    caplat_public_key_write(caplat_private_key_public(signer), &w);
    w.len--;
    caplat_put(&w, CAPLAT_LIT(",\"kid\":\"k\"}]}"));
    caplat_assert(!w.full && caplat_keyring_read(caplat_written(&w),
                                                 CAPLAT_ISSUER_KEYS, &ring,
                                                 &err));
}


static void
check_token(const caplat_holder *holder)
{
    caplat_issuer        issuer = { signer, CAPLAT_LIT("k"), URL, URL,
                                    CAPLAT_LIT("wizard"), 900 };
    caplat_token_rules   rules = { URL, URL, ring };
    char                 room[CAPLAT_TOKEN_LEN_MAX];
    caplat_writer        token = caplat_writer_of(room, sizeof(room));
    caplat_claims       *claims;
    caplat_denial        denial;

    caplat_assert(caplat_issuer_token(&issuer, holder, JKT, "demo", NOW,
                                      &token));
    caplat_assert(caplat_token_verify(caplat_written(&token), &rules, NOW,
                                      &claims, &denial));
    caplat_assert(caplat_slice_eq(claims->subject, holder->subject));
    caplat_assert(caplat_slice_eq(claims->name, holder->name));
    caplat_assert(claims->role == holder->role);
    caplat_assert(claims->cert_count == holder->cert_count);
    caplat_claims_close(claims);
}


static bool
signs_in(const caplat_registry *registry, const caplat_holder *holder,
    const caplat_holder_tls *tls)
{
    const caplat_holder  *found;

    for (size_t n = 0;
         (found = caplat_registry_tls(registry, tls->issuer, tls->serial, n))
             != NULL;
         n++)
    {
        if (found == holder) {
            return true;
        }
    }

    return false;
}


static void
check_holder(const caplat_registry *registry, const caplat_holder *holder)
{
    char           room[CAPLAT_HOLDER_LEN_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_assert(caplat_registry_holder(registry, holder->id) == holder);
    caplat_holder_write(holder, &w);
    caplat_assert(!w.full);

    for (size_t i = 0; i < holder->tls_count; i++) {
        caplat_assert(signs_in(registry, holder, &holder->tls[i]));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice      text = { (const char *) data, size };
    caplat_registry  *registry = NULL;
    caplat_err        err = { CAPLAT_OK, 0, NULL };

    if (signer == NULL) {
        make_key();
    }

    if (!caplat_registry_read(text, &registry, &err)) {
        caplat_assert(registry == NULL && err.code != CAPLAT_OK);
        caplat_assert(err.at <= size && err.what != NULL);
        return 0;
    }

    for (size_t i = 0; i < caplat_registry_count(registry); i++) {
        const caplat_holder  *holder = caplat_registry_at(registry, i);

        check_holder(registry, holder);

        if (i < TRIED) {
            check_token(holder);
        }
    }

    caplat_registry_close(registry);

    return 0;
}
