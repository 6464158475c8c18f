#include "caplat_rsa.h"

#include "caplat_hash.h"

#include "rsa_keys.h"


static EVP_PKEY  *one;
static EVP_PKEY  *other;


static bool
reads_private(caplat_slice text, caplat_err *err)
{
    caplat_rsa_private  *key = NULL;
    bool                 read = caplat_rsa_private_read(text, &key, err);

    test_that(read == (key != NULL), "a key, or untouched");
    test_number(ERR_peek_error(), 0, "no error left behind");
    caplat_rsa_private_close(key);

    return read;
}


static void
test_public_forms(void)
{
    static const rsa_form  good[] = { RSA_SPKI, RSA_CERTIFICATE };

    rsa_pem             pem;
    caplat_rsa_public  *key;
    caplat_err          err;

    for (size_t i = 0; i < CAPLAT_COUNT(good); i++) {
        rsa_pem_of(one, good[i], &pem);

        if (test_that(rsa_reads(rsa_text(&pem), &key, &err), "a form")) {
            caplat_rsa_public_close(key);
        }
    }

    rsa_pem_of(one, RSA_PKCS8, &pem);
    rsa_refused(rsa_reads(rsa_text(&pem), &key, &err), &err, CAPLAT_NOT_ONE_OF,
                11, "a private key for a public one");
    caplat_rsa_public_close(NULL);
}


static void
test_private_forms(void)
{
    rsa_pem     pem;
    caplat_err  err;

    rsa_pem_of(one, RSA_PKCS8, &pem);
    test_that(reads_private(rsa_text(&pem), &err), "PKCS #8");
    rsa_pem_of(one, RSA_PKCS1, &pem);
    test_that(reads_private(rsa_text(&pem), &err), "PKCS #1");
    rsa_pem_of(one, RSA_ENCRYPTED, &pem);
    rsa_refused(reads_private(rsa_text(&pem), &err), &err, CAPLAT_NOT_ONE_OF,
                11, "encrypted");
    rsa_pem_of(one, RSA_OLD_ENCRYPTED, &pem);
    rsa_refused(reads_private(rsa_text(&pem), &err), &err, CAPLAT_NOT_ONE_OF,
                rsa_find(rsa_text(&pem), "-Type"), "encrypted, of old");
    rsa_pem_of(one, RSA_SPKI, &pem);
    rsa_refused(reads_private(rsa_text(&pem), &err), &err, CAPLAT_NOT_ONE_OF,
                11, "a public key for a private one");
    caplat_rsa_private_close(NULL);
}


/* Keys that are not ours to use. */
static void
test_kinds(void)
{
    static const struct {
        int            bits;
        unsigned long  exponent;
        bool           good;
    } cases[] = {
        { 2047, 65537, false },
        { 2048, 65537, true },
        { 4096, 65537, true },
        { 4097, 65537, false },
        { 2048, 3,     false },
        { 2048, 65539, false },
    };

    EVP_PKEY           *key = EVP_EC_gen("P-256");
    rsa_pem             pem;
    caplat_rsa_public  *read;
    caplat_err          err;

    rsa_pem_of(key, RSA_SPKI, &pem);
    rsa_refused(rsa_reads(rsa_text(&pem), &read, &err), &err,
                CAPLAT_NOT_ONE_OF, 27, "another kind");
    rsa_pem_of(key, RSA_CERTIFICATE, &pem);
    rsa_refused(rsa_reads(rsa_text(&pem), &read, &err), &err,
                CAPLAT_NOT_ONE_OF, 28, "another kind's certificate");
    rsa_pem_of(key, RSA_PKCS8, &pem);
    rsa_refused(reads_private(rsa_text(&pem), &err), &err, CAPLAT_NOT_ONE_OF,
                28, "another kind's private key");
    EVP_PKEY_free(key);

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        key = rsa_public_of(cases[i].bits, cases[i].exponent);
        rsa_pem_of(key, RSA_SPKI, &pem);
        EVP_PKEY_free(key);

        bool  is_read = rsa_reads(rsa_text(&pem), &read, &err);

        if (cases[i].good && test_that(is_read, "a key of good size")) {
            caplat_rsa_public_close(read);

        } else {
            rsa_refused(is_read, &err, CAPLAT_NOT_ONE_OF, 27,
                        "a key's numbers");
        }
    }
}


/* A key that only signs in another way (RFC 8017, 8.1), in a certificate. */
static void
test_pss(void)
{
    EVP_PKEY_CTX       *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS",
                                                             NULL);
    EVP_PKEY           *key = NULL;
    rsa_pem             pem;
    caplat_rsa_public  *read;
    caplat_err          err;

    test_that(EVP_PKEY_keygen_init(context) == 1
              && EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1
              && EVP_PKEY_generate(context, &key) == 1, "a key");
    rsa_pem_of(key, RSA_CERTIFICATE, &pem);
    rsa_refused(rsa_reads(rsa_text(&pem), &read, &err), &err,
                CAPLAT_NOT_ONE_OF, 28, "another kind of RSA");
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
}


/* A certificate, and bytes behind it that are signed by nobody. */
static void
test_certificate_and_more(void)
{
    X509               *x509 = rsa_certificate(one, one);
    unsigned char       der[4096], *end = der;
    char                text[8192];
    caplat_writer       w = caplat_writer_of(text, sizeof(text));
    int                 len = i2d_X509(x509, &end);
    caplat_rsa_public  *key;
    caplat_err          err;

    X509_free(x509);
    *end = 0;

    for (int more = 0; more < 2; more++) {
        w.len = 0;
        caplat_put(&w, CAPLAT_LIT("-----BEGIN CERTIFICATE-----\n"));
        w.len += caplat_b64_write(der, (size_t) (len + more), text + w.len);
        caplat_put(&w, CAPLAT_LIT("\n-----END CERTIFICATE-----"));

        bool  read = rsa_reads(caplat_written(&w), &key, &err);

        if (more != 0) {
            rsa_refused(read, &err, CAPLAT_NOT_ONE_OF, 28, "a byte more");

        } else if (test_that(read, "in one line")) {
            caplat_rsa_public_close(key);
        }
    }
}


/* Numbers of two keys in one: it signs, and nobody can verify that. */
static void
test_halves(void)
{
    static const char *const  names[] = {
        OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
        OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
        OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };

    OSSL_PARAM_BLD  *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX    *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    BIGNUM          *numbers[8] = { NULL };
    EVP_PKEY        *key = NULL;
    rsa_pem          pem;
    caplat_err       err;

    (void) EVP_PKEY_get_bn_param(other, OSSL_PKEY_PARAM_RSA_N, &numbers[7]);
    (void) OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, numbers[7]);

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        (void) EVP_PKEY_get_bn_param(one, names[i], &numbers[i]);
        (void) OSSL_PARAM_BLD_push_BN(build, names[i], numbers[i]);
    }

    OSSL_PARAM  *params = OSSL_PARAM_BLD_to_param(build);

    (void) EVP_PKEY_fromdata_init(context);
    test_that(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) == 1,
              "a key of two");
    rsa_pem_of(key, RSA_PKCS8, &pem);
    rsa_refused(reads_private(rsa_text(&pem), &err), &err, CAPLAT_NOT_ONE_OF,
                28, "halves that do not fit");

    for (size_t i = 0; i < CAPLAT_COUNT(numbers); i++) {
        BN_clear_free(numbers[i]);
    }

    EVP_PKEY_free(key);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
}


static bool
verifies(const caplat_rsa_public *key, const char *text,
    caplat_slice signature)
{
    caplat_slice  part = test_slice(text);
    bool          valid = caplat_rsa_verify(key, &part, 1, signature);

    test_number(ERR_peek_error(), 0, "no error left behind");

    return valid;
}


static void
test_bad_signatures(const caplat_rsa_public *key, caplat_slice signature)
{
    caplat_slice  shorter = signature;

    shorter.len -= 4;
    test_that(!verifies(key, "text", CAPLAT_LIT("")), "nothing");
    test_that(!verifies(key, "text", shorter), "short");
    test_that(!verifies(key, "text",
                        rsa_patched(signature, signature.len, 0, "AAAA")),
              "long");
    test_that(!verifies(key, "text",
                        rsa_patched(signature, signature.len - 2, 2, "")),
              "no padding");
    test_that(!verifies(key, "text", rsa_patched(signature, 0, 1, "-")),
              "base64url");
    test_that(!verifies(key, "text", rsa_patched(signature, 9, 1, "\n")),
              "a line feed");
    test_that(!verifies(key, "text", rsa_patched(signature, 0, 4, "////")),
              "more than the modulus");
    test_that(!verifies(key, "text",
                        rsa_patched(signature, 100, 1,
                                    signature.ptr[100] == 'A' ? "B" : "A")),
              "a bit");
}


static void
test_sign(void)
{
    const caplat_slice   parts[] = { CAPLAT_INIT("te"), CAPLAT_INIT(""),
                                     CAPLAT_INIT("xt") };
    caplat_rsa_private  *own;
    caplat_rsa_public   *half, *stranger;
    caplat_rsa_private  *strangers;
    char                 room[CAPLAT_RSA_TEXT_MAX];
    size_t               len = 0;

    rsa_open(one, &own, &half);
    rsa_open(other, &strangers, &stranger);
    test_that(caplat_rsa_sign(own, parts, 3, room, &len), "signed");
    test_number(len, CAPLAT_B64_LEN(256), "its length");

    caplat_slice  signature = caplat_slice_of(room, len);

    test_that(caplat_rsa_verify(half, parts, 3, signature), "in parts");
    test_that(verifies(half, "text", signature), "as one");
    test_that(!verifies(half, "tex", signature), "another text");
    test_that(!verifies(stranger, "text", signature), "another key");
    test_bad_signatures(half, signature);
    test_that(verifies(half, "text", signature), "still, after bad ones");

    caplat_rsa_private_close(strangers);
    caplat_rsa_public_close(stranger);
    caplat_rsa_private_close(own);
    caplat_rsa_public_close(half);
}


/* OpenSSL's own signature with another hash is none of ours. */
static void
test_other_hash(void)
{
    caplat_rsa_private  *own;
    caplat_rsa_public   *half;
    EVP_MD_CTX          *md = EVP_MD_CTX_new();
    unsigned char        bytes[512];
    size_t               len = sizeof(bytes);
    char                 text[CAPLAT_RSA_TEXT_MAX];

    rsa_open(one, &own, &half);
    test_that(EVP_DigestSignInit(md, NULL, EVP_sha1(), NULL, one) == 1
              && EVP_DigestSign(md, bytes, &len,
                                (const unsigned char *) "text", 4) == 1,
              "with SHA-1");
    test_that(!verifies(half, "text",
                        caplat_slice_of(text, caplat_b64_write(bytes, len,
                                                               text))),
              "another hash");
    EVP_MD_CTX_free(md);
    caplat_rsa_private_close(own);
    caplat_rsa_public_close(half);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    one = EVP_RSA_gen(2048);
    other = EVP_RSA_gen(2048);
    test_that(one != NULL && other != NULL, "two keys");

    test_public_forms();
    test_private_forms();
    test_kinds();
    test_pss();
    test_certificate_and_more();
    test_halves();
    test_sign();
    test_other_hash();

    EVP_PKEY_free(one);
    EVP_PKEY_free(other);

    return test_done();
}
