/*
 * What the built-in issuer makes is what the edge accepts.
 */

#include "caplat_issuer.h"

#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_json.h"
#include "caplat_registry.h"

#include "test.h"

#include <stdlib.h>


#define NOW       INT64_C(1795334400)
#define ISSUER    CAPLAT_LIT("https://ca.example.cn")
#define AUDIENCE  CAPLAT_LIT("https://ca.example.cn/v1")
#define JKT       "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI"


/* An issuer with a new key, and what verifies it. */
typedef struct {
    caplat_private_key   *key;
    caplat_keyring       *ring;
    caplat_issuer         issuer;
    caplat_token_rules    rules;
} stage;


static caplat_keyring *
ring_of(const caplat_public_key *key)
{
    char             room[512];
    caplat_writer    w = caplat_writer_of(room, sizeof(room));
    caplat_keyring  *ring = NULL;
    caplat_err       err = { CAPLAT_OK, 0, "" };

    caplat_put(&w, CAPLAT_LIT("{\"keys\":["));
    caplat_public_key_write(key, &w);
    w.len--;
    caplat_put(&w, CAPLAT_LIT(",\"kid\":"));
    caplat_put_string(&w, caplat_slice_of(key->thumbprint,
                                          CAPLAT_THUMBPRINT_LEN));
    caplat_put(&w, CAPLAT_LIT("}]}"));
    test_that(caplat_keyring_read(caplat_written(&w), CAPLAT_ISSUER_KEYS,
                                  &ring, &err), "a set of one key");

    return ring;
}


static stage
open_stage(caplat_algorithm algorithm)
{
    stage  s = { 0 };

    test_that(caplat_private_key_new(algorithm, &s.key), "a key");

    const caplat_public_key  *half = caplat_private_key_public(s.key);

    s.ring = ring_of(half);
    s.issuer = (caplat_issuer) {
        .key = s.key,
        .kid = caplat_slice_of(half->thumbprint, CAPLAT_THUMBPRINT_LEN),
        .issuer = ISSUER,
        .audience = AUDIENCE,
        .client_id = CAPLAT_LIT("wizard"),
        .life = CAPLAT_TOKEN_LIFE,
    };
    s.rules = (caplat_token_rules) { ISSUER, AUDIENCE, s.ring };

    return s;
}


static void
close_stage(stage *s)
{
    caplat_keyring_close(s->ring);
    caplat_private_key_close(s->key);
}


static caplat_registry *
read_samples(void)
{
    caplat_registry  *registry = NULL;
    caplat_slice      text = { NULL, 0 };
    caplat_err        err = { CAPLAT_OK, 0, "" };
    const char       *why = "";

    if (!caplat_file_read("site/nginx/holders.json", CAPLAT_REGISTRY_LEN_MAX,
                          &text, &why))
    {
        printf("site/nginx/holders.json: %s\n", why);
        exit(1);
    }

    test_that(caplat_registry_read(text, &registry, &err),
              "the samples of `make run`");
    free((void *) (uintptr_t) text.ptr);

    return registry;
}


/* What a token says of a sample is what the registry says. */
static void
check_token(const stage *s, const caplat_holder *holder, int64_t now)
{
    char             room[CAPLAT_TOKEN_LEN_MAX];
    caplat_writer    token = caplat_writer_of(room, sizeof(room));
    caplat_claims   *claims = NULL;
    caplat_denial    denial = { CAPLAT_NO_PROBLEM, "" };

    test_that(caplat_issuer_token(&s->issuer, holder, JKT, "demo", now,
                                  &token), "a token is made");

    if (!test_that(caplat_token_verify(caplat_written(&token), &s->rules,
                                       now, &claims, &denial),
                   "and accepted"))
    {
        printf("    %s\n", denial.reason);
        return;
    }

    test_text(caplat_slice_of(claims->thumbprint, CAPLAT_THUMBPRINT_LEN),
              CAPLAT_LIT(JKT), "bound to the key");
    test_text(claims->client_id, CAPLAT_LIT("wizard"), "for the client");
    test_number(claims->issued, now, "from now");
    test_number(claims->expires, now + CAPLAT_TOKEN_LIFE, "for a while");
    test_number(claims->scopes, CAPLAT_SCOPES_USER, "for users");
    test_that(claims->cert_count > 0 && claims->org_id.len == 18,
              "with certificates and an enterprise");
    caplat_claims_close(claims);

    test_that(!caplat_token_verify(caplat_written(&token), &s->rules,
                                   now + CAPLAT_TOKEN_LIFE + 60, &claims,
                                   &denial), "past its time it is refused");
    test_number(denial.problem, CAPLAT_PROBLEM_TOKEN_EXPIRED, "as expired");
}


static void
test_samples(caplat_algorithm algorithm)
{
    stage             s = open_stage(algorithm);
    caplat_registry  *registry = read_samples();

    test_number(caplat_registry_count(registry), 5, "five samples");

    for (size_t i = 0; i < caplat_registry_count(registry); i++) {
        check_token(&s, caplat_registry_at(registry, i), NOW);
    }

    caplat_registry_close(registry);
    close_stage(&s);
}


/* The walk-through's holder, number by number. */
static void
test_one(void)
{
    stage             s = open_stage(CAPLAT_ED25519);
    caplat_registry  *registry = read_samples();
    char              room[CAPLAT_TOKEN_LEN_MAX];
    caplat_writer     token = caplat_writer_of(room, sizeof(room));
    caplat_claims    *claims = NULL;
    caplat_denial     denial = { CAPLAT_NO_PROBLEM, "" };

    s.issuer.life = CAPLAT_TOKEN_LIFE_MAX;
    caplat_put(&token, CAPLAT_LIT("before "));
    test_that(caplat_issuer_token(&s.issuer,
                  caplat_registry_holder(registry,
                                         CAPLAT_LIT("project-leader")),
                  JKT, "hwk", NOW, &token), "made behind other text");
    test_that(caplat_token_verify(caplat_slice_of(room + 7, token.len - 7),
                                  &s.rules, NOW, &claims, &denial),
              "accepted");

    const caplat_cert  *cert = caplat_claims_cert(claims,
                                                  CAPLAT_LIT("DEMO0001"));

    test_that(cert != NULL, "its certificate");
    test_number(claims->role, CAPLAT_INDIVIDUAL, "an individual");
    test_number(claims->city, 210100, "in Shenyang");
    test_number(cert->expires, NOW + 80 * 86400, "with 80 days");
    test_text(cert->lock, CAPLAT_LIT("project_leader"), "its lock");
    test_number(cert->held_count, 6, "and six platforms");
    caplat_claims_close(claims);
    caplat_registry_close(registry);
    close_stage(&s);
}


/* Where there is no room nothing is written. */
static void
test_room(void)
{
    stage             s = open_stage(CAPLAT_ES256);
    caplat_registry  *registry = read_samples();
    char              room[CAPLAT_TOKEN_LEN_MAX];
    caplat_writer     token = caplat_writer_of(room, sizeof(room));
    const caplat_holder  *holder = caplat_registry_at(registry, 0);

    test_that(caplat_issuer_token(&s.issuer, holder, JKT, "demo", NOW,
                                  &token), "with all the room");

    caplat_writer  tight = caplat_writer_of(room, token.len - 1);

    test_that(!caplat_issuer_token(&s.issuer, holder, JKT, "demo", NOW,
                                   &tight), "a byte too little");
    test_that(tight.len == 0 && !tight.full, "the writer is as it was");

    tight = caplat_writer_of(room, token.len);
    test_that(caplat_issuer_token(&s.issuer, holder, JKT, "demo", NOW,
                                  &tight), "just enough");
    caplat_registry_close(registry);
    close_stage(&s);
}


/* The longest holder that a registry may have fits a token, whatever its
   issuer is called. */
static void
test_longest(void)
{
    static char       text[8192];
    stage             s = open_stage(CAPLAT_ED25519);
    char              room[CAPLAT_TOKEN_LEN_MAX];
    char              url[200];
    caplat_writer     token = caplat_writer_of(room, sizeof(room));
    caplat_registry  *registry = NULL;
    caplat_err        err = { CAPLAT_OK, 0, "" };
    size_t            len = 0;

    /* The DN counts for nothing; the number of platforms for a lot. */
    for (unsigned plat = 64; plat > 0 && registry == NULL; plat--) {
        caplat_writer  w = caplat_writer_of(text, sizeof(text));

        caplat_put(&w, CAPLAT_LIT("{\"holders\":[{\"id\":\"a\","
            "\"label\":\"a\",\"subject\":\"a\",\"role\":\"manager\","
            "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"x\","
            "\"city\":\"210100\"},\"certs\":["));

        for (unsigned i = 0; i < 4; i++) {
            caplat_put(&w, i == 0 ? CAPLAT_LIT("{\"sn\":\"")
                                  : CAPLAT_LIT(",{\"sn\":\""));
            caplat_put_number(&w, i);
            caplat_put(&w, CAPLAT_LIT("\",\"ca\":\"C\",\"lock\":\"l\","
                                      "\"exp\":9007199254740991,"
                                      "\"plat\":["));

            for (unsigned j = 0; j < plat; j++) {
                caplat_put(&w, j == 0 ? CAPLAT_LIT("\"platform-")
                                      : CAPLAT_LIT(",\"platform-"));
                caplat_put_number(&w, 10 + j);
                caplat_put(&w, CAPLAT_LIT("\""));
            }

            caplat_put(&w, CAPLAT_LIT("]}"));
        }

        caplat_put(&w, CAPLAT_LIT("]}]}"));
        (void) caplat_registry_read(caplat_written(&w), &registry, &err);
        len = w.len;
    }

    memset(url, 'u', sizeof(url));
    s.issuer.issuer = s.issuer.audience = caplat_slice_of(url, sizeof(url));
    s.issuer.client_id = caplat_slice_of(url, CAPLAT_CLIENT_LEN_MAX);
    test_that(registry != NULL && len > 3400, "nearly as long as it may be");
    test_that(registry != NULL
              && caplat_issuer_token(&s.issuer,
                                     caplat_registry_at(registry, 0), JKT,
                                     "demo", CAPLAT_JSON_INT_MAX - 900,
                                     &token), "has a token");
    caplat_registry_close(registry);
    close_stage(&s);
}


int
main(void)
{
    caplat_assert(caplat_trust_open());
    test_samples(CAPLAT_ED25519);
    test_samples(CAPLAT_ES256);
    test_one();
    test_room();
    test_longest();

    return test_done();
}
