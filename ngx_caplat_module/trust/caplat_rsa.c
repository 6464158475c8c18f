#include "caplat_rsa.h"
#include "caplat_hash.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdlib.h>


#define EXPONENT  65537
#define LEN_MAX   (CAPLAT_RSA_BITS_MAX / 8)     /* bytes of a signature */


struct caplat_rsa_public {
    EVP_PKEY_CTX  *verifier;
    size_t         len;                 /* bytes of a signature */
};


struct caplat_rsa_private {
    EVP_PKEY_CTX  *signer;
    size_t         len;
};


/* What a label says that the bytes are. */
typedef struct {
    caplat_slice   label;
    const char    *structure;           /* NULL: a certificate */
} container;


static const container  public_containers[] = {
    { CAPLAT_INIT("PUBLIC KEY"), "SubjectPublicKeyInfo" },
    { CAPLAT_INIT("CERTIFICATE"), NULL },
};

static const container  private_containers[] = {
    { CAPLAT_INIT("PRIVATE KEY"), "PrivateKeyInfo" },
    { CAPLAT_INIT("RSA PRIVATE KEY"), "type-specific" },
};


static EVP_PKEY *
decode(caplat_slice bytes, const char *structure, int selection)
{
    EVP_PKEY             *key = NULL;
    const unsigned char  *at = (const unsigned char *) bytes.ptr;
    size_t                left = bytes.len;
    OSSL_DECODER_CTX     *context;

    context = OSSL_DECODER_CTX_new_for_pkey(&key, "DER", structure, "RSA",
                                            selection, NULL, NULL);

    if (context != NULL
        && (OSSL_DECODER_from_data(context, &at, &left) != 1 || left != 0))
    {
        EVP_PKEY_free(key);
        key = NULL;
    }

    OSSL_DECODER_CTX_free(context);

    return key;
}


/* The key of a certificate. */
static EVP_PKEY *
decode_certificate(caplat_slice bytes)
{
    const unsigned char  *at = (const unsigned char *) bytes.ptr;
    X509                 *x509 = d2i_X509(NULL, &at, (long) bytes.len);
    EVP_PKEY             *key = NULL;

    if (x509 != NULL && (size_t) (at - (const unsigned char *) bytes.ptr)
                        == bytes.len)
    {
        key = X509_get_pubkey(x509);
    }

    X509_free(x509);

    return key;
}


/* Kind and size, or what of them is wrong: static words. */
static const char *
flaw_of(const EVP_PKEY *key)
{
    BIGNUM      *exponent = NULL;
    const char  *flaw = NULL;
    int          bits = EVP_PKEY_get_bits(key);

    if (!EVP_PKEY_is_a(key, "RSA")) {
        flaw = "kind of key (RSA)";

    } else if (bits < CAPLAT_RSA_BITS_MIN || bits > CAPLAT_RSA_BITS_MAX) {
        flaw = "bits of the key (2048 to 4096)";

    } else if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent)
               != 1
               || BN_is_word(exponent, EXPONENT) != 1)
    {
        flaw = "exponent of the key (65537)";
    }

    BN_free(exponent);

    return flaw;
}


static const container *
find_container(const container *list, size_t count, caplat_slice label)
{
    for (size_t i = 0; i < count; i++) {
        if (caplat_slice_eq(list[i].label, label)) {
            return &list[i];
        }
    }

    return NULL;
}


static EVP_PKEY *
decode_as(const container *as, caplat_slice bytes, int selection)
{
    return as->structure == NULL ? decode_certificate(bytes)
                                 : decode(bytes, as->structure, selection);
}


static bool
key_of(const caplat_pem *pem, const container *as, int selection,
    EVP_PKEY **key, caplat_err *err)
{
    size_t        at;
    caplat_slice  bytes = caplat_pem_bytes(pem, &at);
    EVP_PKEY     *made = decode_as(as, bytes, selection);

    if (made == NULL) {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, "RSA key");
    }

    const char  *flaw = flaw_of(made);

    if (flaw != NULL) {
        EVP_PKEY_free(made);
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, flaw);
    }

    *key = made;

    return true;
}


static bool
read_public(const caplat_pem *pem, EVP_PKEY **key, caplat_err *err)
{
    size_t            at;
    caplat_slice      label = caplat_pem_label(pem, &at);
    const container  *as = find_container(public_containers,
                               CAPLAT_COUNT(public_containers), label);

    if (as == NULL) {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at,
                           "label (PUBLIC KEY or CERTIFICATE)");
    }

    return key_of(pem, as, EVP_PKEY_PUBLIC_KEY, key, err);
}


static bool
read_private(const caplat_pem *pem, EVP_PKEY **key, caplat_err *err)
{
    size_t            at;
    caplat_slice      label = caplat_pem_label(pem, &at);
    const container  *as = find_container(private_containers,
                               CAPLAT_COUNT(private_containers), label);

    if (as == NULL) {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at,
                           "label (PRIVATE KEY or RSA PRIVATE KEY)");
    }

    return key_of(pem, as, EVP_PKEY_KEYPAIR, key, err);
}


/* A context that holds the key, ready for what init says. */
static EVP_PKEY_CTX *
context_of(EVP_PKEY *key, int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX  *context = EVP_PKEY_CTX_new(key, NULL);

    if (context != NULL
        && (init(context) != 1
            || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1
            || EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1))
    {
        EVP_PKEY_CTX_free(context);
        context = NULL;
    }

    return context;
}


static caplat_rsa_public *
make_public(EVP_PKEY *key)
{
    caplat_rsa_public  *made = malloc(sizeof(caplat_rsa_public));

    if (made != NULL) {
        made->len = (size_t) EVP_PKEY_get_size(key);
        made->verifier = context_of(key, EVP_PKEY_verify_init);

        if (made->verifier == NULL) {
            free(made);
            made = NULL;
        }
    }

    return made;
}


static caplat_rsa_private *
make_private(EVP_PKEY *key)
{
    caplat_rsa_private  *made = malloc(sizeof(caplat_rsa_private));

    if (made != NULL) {
        made->len = (size_t) EVP_PKEY_get_size(key);
        made->signer = context_of(key, EVP_PKEY_sign_init);

        if (made->signer == NULL) {
            free(made);
            made = NULL;
        }
    }

    return made;
}


bool
caplat_rsa_public_read(caplat_slice text, caplat_rsa_public **key,
    caplat_err *err)
{
    EVP_PKEY            *evp = NULL;
    caplat_pem          *pem;
    caplat_rsa_public   *made = NULL;

    if (!caplat_pem_open(text, &pem, err)) {
        return false;
    }

    bool  read = read_public(pem, &evp, err);

    if (read && (made = make_public(evp)) == NULL) {
        (void) caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    EVP_PKEY_free(evp);
    caplat_pem_close(pem);
    ERR_clear_error();

    if (made != NULL) {
        *key = made;
    }

    return made != NULL;
}


void
caplat_rsa_public_close(caplat_rsa_public *key)
{
    if (key != NULL) {
        EVP_PKEY_CTX_free(key->verifier);
        free(key);
    }
}


void
caplat_rsa_private_close(caplat_rsa_private *key)
{
    if (key != NULL) {
        EVP_PKEY_CTX_free(key->signer);
        free(key);
    }
}


/* Whether what one half signs is the other's. */
static bool
is_pair(const caplat_rsa_private *key, EVP_PKEY *evp)
{
    const caplat_slice   probe = CAPLAT_LIT("caplat");
    caplat_rsa_public   *half = make_public(evp);
    char                 text[CAPLAT_RSA_TEXT_MAX];
    size_t               len;
    bool                 pair;

    pair = half != NULL && caplat_rsa_sign(key, &probe, 1, text, &len)
           && caplat_rsa_verify(half, &probe, 1, caplat_slice_of(text, len));
    caplat_rsa_public_close(half);

    return pair;
}


static bool
complete(const caplat_pem *pem, EVP_PKEY *evp, caplat_rsa_private **key,
    caplat_err *err)
{
    size_t               at;
    caplat_rsa_private  *made = make_private(evp);

    (void) caplat_pem_bytes(pem, &at);

    if (made == NULL) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    if (!is_pair(made, evp)) {
        caplat_rsa_private_close(made);
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, "halves of the key");
    }

    *key = made;

    return true;
}


bool
caplat_rsa_private_read(caplat_slice text, caplat_rsa_private **key,
    caplat_err *err)
{
    EVP_PKEY    *evp = NULL;
    caplat_pem  *pem;

    if (!caplat_pem_open(text, &pem, err)) {
        return false;
    }

    bool  read = read_private(pem, &evp, err) && complete(pem, evp, key, err);

    EVP_PKEY_free(evp);
    caplat_pem_close(pem);
    ERR_clear_error();

    return read;
}


bool
caplat_rsa_verify(const caplat_rsa_public *key, const caplat_slice *parts,
    size_t count, caplat_slice signature)
{
    uint8_t  digest[CAPLAT_SHA256_LEN];
    uint8_t  bytes[LEN_MAX];
    size_t   len;

    if (signature.len != CAPLAT_B64_LEN(key->len)
        || !caplat_b64_read(signature, bytes, sizeof(bytes), &len)
        || len != key->len)
    {
        return false;
    }

    caplat_sha256_parts(parts, count, digest);

    bool  valid = EVP_PKEY_verify(key->verifier, bytes, len, digest,
                                  sizeof(digest)) == 1;

    if (!valid) {
        ERR_clear_error();
    }

    return valid;
}


bool
caplat_rsa_sign(const caplat_rsa_private *key, const caplat_slice *parts,
    size_t count, char text[static CAPLAT_RSA_TEXT_MAX], size_t *len)
{
    uint8_t  digest[CAPLAT_SHA256_LEN];
    uint8_t  bytes[LEN_MAX];
    size_t   room = sizeof(bytes);

    caplat_sha256_parts(parts, count, digest);

    if (EVP_PKEY_sign(key->signer, bytes, &room, digest, sizeof(digest)) != 1
        || room != key->len)
    {
        ERR_clear_error();
        return false;
    }

    *len = caplat_b64_write(bytes, room, text);

    return true;
}
