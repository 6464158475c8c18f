#include "caplat_gcm.h"

#include "test.h"
#include "vectors.h"


/* Test cases 13 and 16 of "The Galois/Counter Mode of Operation", B. */
static const struct {
    const char  *key;
    const char  *nonce;
    const char  *associated;
    const char  *sealed;
    const char  *plain;
} vectors[] = {
    { "0000000000000000000000000000000000000000000000000000000000000000",
      "000000000000000000000000", "-", "530f8afbc74536b9a963b4f1c4cb738b",
      "-" },
    { "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39" },
};


static caplat_slice
hex(const char *text, uint8_t room[static 128])
{
    size_t  len = 0;

    test_that(vectors_hex(test_slice(text), room, 128, &len), text);

    return caplat_slice_of((const char *) room, len);
}


static bool
is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }

    return true;
}


/* Each byte of it, changed, spoils it. */
static void
test_changed(const caplat_gcm *gcm, uint8_t *nonce, caplat_slice associated,
    uint8_t *sealed, size_t len)
{
    char          plain[128];
    caplat_slice  text = caplat_slice_of((const char *) sealed, len);

    for (size_t i = 0; i < len; i++) {
        memset(plain, 'x', sizeof(plain));
        sealed[i] ^= 1;
        test_that(!caplat_gcm_decrypt(gcm, nonce, associated, text, plain),
                  "a byte changed");
        test_that(is_zero(plain, len - CAPLAT_GCM_TAG), "nothing is seen");
        sealed[i] ^= 1;
    }

    nonce[11] ^= 1;
    test_that(!caplat_gcm_decrypt(gcm, nonce, associated, text, plain),
              "another nonce");
    nonce[11] ^= 1;
    test_that(!caplat_gcm_decrypt(gcm, nonce, CAPLAT_LIT("x"), text, plain),
              "another context");
    text.len--;
    test_that(!caplat_gcm_decrypt(gcm, nonce, associated, text, plain),
              "a byte less");
    text.len = CAPLAT_GCM_TAG - 1;
    test_that(!caplat_gcm_decrypt(gcm, nonce, associated, text, plain),
              "less than a tag");
}


static void
test_vector(size_t n)
{
    uint8_t       key[128], nonce[128], aad[128], sealed[128], wanted[128];
    char          plain[128], made[128];
    caplat_slice  associated = hex(vectors[n].associated, aad);
    caplat_slice  text = hex(vectors[n].sealed, sealed);
    caplat_slice  want = hex(vectors[n].plain, wanted);

    (void) hex(vectors[n].nonce, nonce);
    (void) hex(vectors[n].key, key);

    caplat_gcm  *gcm = caplat_gcm_open(key);

    test_that(caplat_gcm_decrypt(gcm, nonce, associated, text, plain),
              vectors[n].nonce);
    test_text(caplat_slice_of(plain, want.len), want, vectors[n].nonce);
    test_changed(gcm, nonce, associated, sealed, text.len);

    /* The other way, and back again with the same key. */
    test_that(caplat_gcm_encrypt(gcm, nonce, associated, want, made),
              vectors[n].nonce);
    test_text(caplat_slice_of(made, text.len), text, vectors[n].nonce);

    /* Where it stands. */
    test_that(caplat_gcm_decrypt(gcm, nonce, associated, text,
                                 (char *) sealed), "in place");
    test_text(caplat_slice_of((const char *) sealed, want.len), want,
              "in place");
    caplat_gcm_close(gcm);
}


int
main(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(vectors); i++) {
        test_vector(i);
    }

    caplat_gcm_close(NULL);

    return test_done();
}
