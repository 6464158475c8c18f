/*
 * What is sealed: the bytes of a slot, opened again with libsodium alone; and
 * all that must not open.
 */

#include "vault_room.h"

#include <sys/stat.h>


/* Additional data as the header says it, written down once more. */
static caplat_slice
data_of(const char *epoch, const char *order)
{
    static char  room[128];
    int          len = snprintf(room, sizeof(room), "ca-pii-v1\n%s\n%s\n",
                                epoch, order);

    return caplat_slice_of(room, (size_t) len);
}


static void
commit(const uint8_t *key, const char *order, uint8_t *commitment)
{
    char  room[128];
    int   len = snprintf(room, sizeof(room), "ca-pii-commit-v1\n%s", order);

    (void) crypto_generichash(commitment, 32, (const uint8_t *) room,
                              (size_t) len, key, 32);
}


static void
tag_of(const char *order, uint8_t *tag)
{
    caplat_slice  text = test_slice(order);

    (void) crypto_generichash(tag, 16, (const uint8_t *) text.ptr, text.len,
                              NULL, 0);
}


/* K out of a boxed slot, with libsodium alone. */
static bool
key_of(uint64_t slot, uint8_t *key)
{
    uint8_t  bytes[CAPLAT_SLOT_LEN];

    read_slot_bytes(slot, bytes);

    return crypto_box_open_easy(key, bytes + 80, 48, bytes + 56, bytes + 24,
                                vault_secret) == 0;
}


static void
test_bytes(caplat_vault *vault)
{
    uint8_t       bytes[CAPLAT_SLOT_LEN], key[32], want[32];
    uint8_t       text[TEXT_LEN];
    caplat_slice  data = data_of(EPOCH, ORDER);
    sealed_order  o;

    seal_well(vault, ORDER, 2, NOW, &o);
    test_number(o.seal.slot, 2, "the slot is told");
    read_slot_bytes(2, bytes);
    tag_of(ORDER, want);
    test_that(memcmp(bytes, want, 16) == 0, "the order's hash");
    test_number(bytes[16], 3, "boxed");
    test_that(sodium_is_zero(bytes + 17, 7), "zero between");
    test_that(key_of(2, key), "crypto_box opens it");
    commit(key, ORDER, want);
    test_that(memcmp(o.seal.commitment, want, 32) == 0, "kc");
    test_that(crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL,
                  o.sealed, sizeof(o.sealed), (const uint8_t *) data.ptr,
                  data.len, o.seal.nonce, key) == 0
              && memcmp(text, TEXT, TEXT_LEN) == 0, "c");
    test_opens(&o, "and we open it");

    read_slot_bytes(0, bytes);
    test_that(sodium_is_zero(bytes, sizeof(bytes)), "nobody used slot 0");
    o.seal.slot = 0;
    test_shut(&o, "the slot was never written", "slot 0");
    o.seal.slot = 3;
    test_shut(&o, "there is no such slot", "slot 3");
    o.seal.slot = UINT64_MAX / CAPLAT_SLOT_LEN + 3;
    test_shut(&o, "there is no such slot", "a number that wraps to slot 2");
}


/* Nothing personal is one of the texts that can be sealed. */
static void
test_empty_text(caplat_vault *vault)
{
    caplat_seal   seal;
    uint8_t       out[CAPLAT_SEAL_TAG], none[1];
    const char   *why = "";

    test_that(caplat_vault_seal(vault, CAPLAT_LIT(ORDER), 0, CAPLAT_LIT(""),
                                NOW, &seal, out, &why), why);
    test_that(caplat_vault_unseal(vault_folder, CAPLAT_LIT(EPOCH),
                  vault_secret, CAPLAT_LIT(ORDER), &seal,
                  caplat_slice_of((char *) out, sizeof(out)), none, &why),
              why);
    test_that(!caplat_vault_unseal(vault_folder, CAPLAT_LIT(EPOCH),
                  vault_secret, CAPLAT_LIT(ORDER), &seal,
                  caplat_slice_of((char *) out, sizeof(out) - 1), none, &why),
              "shorter than what sealing adds");
}


/* A slot as another program would write it, and its record. */
static void
write_by_hand(uint8_t state, const uint8_t *key, const char *order,
    uint64_t slot, sealed_order *o)
{
    uint8_t       bytes[CAPLAT_SLOT_LEN] = { 0 }, text[48], secret[32];
    caplat_slice  data = data_of(EPOCH, order);

    o->order = order;
    o->seal.slot = slot;
    commit(key, order, o->seal.commitment);
    randombytes_buf(o->seal.nonce, sizeof(o->seal.nonce));
    (void) crypto_aead_xchacha20poly1305_ietf_encrypt(o->sealed, NULL,
        (const uint8_t *) TEXT, TEXT_LEN, (const uint8_t *) data.ptr,
        data.len, NULL, o->seal.nonce, key);

    tag_of(order, bytes);
    bytes[16] = state;
    memcpy(text, key, 32);
    memcpy(text + 32, bytes, 16);

    if (state == 1) {
        (void) crypto_box_seal(bytes + 32, text, sizeof(text),
                               vault_epoch.public_key);

    } else {
        (void) crypto_box_keypair(bytes + 24, secret);
        randombytes_buf(bytes + 56, 24);
        (void) crypto_box_easy(bytes + 80, key, 32, bytes + 56,
                               vault_epoch.public_key, secret);
    }

    write_slot_bytes(slot, bytes);
}


/* One bit at a time: of the slot, then of what the record holds. */
static void
test_changed(const sealed_order *good, const char *words)
{
    uint8_t       bytes[CAPLAT_SLOT_LEN];
    sealed_order  o = *good;
    size_t        opened = 0;

    test_opens(good, words);
    read_slot_bytes(o.seal.slot, bytes);

    for (size_t i = 0; i < sizeof(bytes) * 8; i++) {
        bytes[i / 8] ^= (uint8_t) (1 << i % 8);
        write_slot_bytes(o.seal.slot, bytes);
        opened += why_shut(&o) == NULL;
        bytes[i / 8] ^= (uint8_t) (1 << i % 8);
    }

    test_number(opened, 0, "no bit of a slot can change");
    write_slot_bytes(o.seal.slot, bytes);

    for (size_t i = 0; i < sizeof(o.sealed) * 8; i++) {
        o.sealed[i / 8] ^= (uint8_t) (1 << i % 8);
        opened += why_shut(&o) == NULL;
        o.sealed[i / 8] ^= (uint8_t) (1 << i % 8);
    }

    test_number(opened, 0, "no bit of what is sealed can change");

    for (size_t i = 0; i < 24 * 8; i++) {
        o.seal.nonce[i / 8] ^= (uint8_t) (1 << i % 8);
        opened += why_shut(&o) == NULL;
        o.seal.nonce[i / 8] ^= (uint8_t) (1 << i % 8);
    }

    test_number(opened, 0, "no bit of the nonce can change");

    for (size_t i = 0; i < 32 * 8; i++) {
        o.seal.commitment[i / 8] ^= (uint8_t) (1 << i % 8);
        opened += why_shut(&o) == NULL;
        o.seal.commitment[i / 8] ^= (uint8_t) (1 << i % 8);
    }

    test_number(opened, 0, "no bit of kc can change");
    test_opens(good, "and it opens as it was");
}


static void
test_others(caplat_vault *vault)
{
    uint8_t       key[32];
    sealed_order  boxed, sealed, ours;

    randombytes_buf(key, sizeof(key));
    write_by_hand(3, key, ORDER, 0, &boxed);
    write_by_hand(1, key, OTHER, 1, &sealed);
    seal_well(vault, ORDER, 2, NOW, &ours);
    test_changed(&boxed, "boxed by another program");
    test_changed(&sealed, "sealed by another program");
    test_changed(&ours, "boxed by us");
}


static void
swap_slots(uint64_t a, uint64_t b)
{
    uint8_t  of_a[CAPLAT_SLOT_LEN], of_b[CAPLAT_SLOT_LEN];

    read_slot_bytes(a, of_a);
    read_slot_bytes(b, of_b);
    write_slot_bytes(a, of_b);
    write_slot_bytes(b, of_a);
}


static void
test_swapped(caplat_vault *vault)
{
    sealed_order  one, two, again;

    seal_well(vault, ORDER, 0, NOW, &one);
    seal_well(vault, OTHER, 1, NOW, &two);
    seal_well(vault, ORDER, 2, NOW, &again);

    swap_slots(0, 1);
    test_shut(&one, "the slot is of another order", "swapped");
    test_shut(&two, "the slot is of another order", "swapped");
    swap_slots(0, 1);
    swap_slots(0, 2);
    test_shut(&one, "the slot's key is not the one of the record",
              "swapped within one order");
    test_shut(&again, "the slot's key is not the one of the record",
              "swapped within one order");
    swap_slots(0, 2);
    test_opens(&one, "swapped back");
    test_opens(&two, "swapped back");
    test_opens(&again, "swapped back");
}


static void
test_moved(caplat_vault *vault)
{
    uint8_t       key[32];
    sealed_order  one, two, moved;

    seal_well(vault, ORDER, 0, NOW, &one);
    seal_well(vault, OTHER, 1, NOW, &two);

    moved = one;
    moved.order = OTHER;
    test_shut(&moved, "the slot is of another order", "to another order");
    moved = one;
    moved.seal.slot = 1;
    test_shut(&moved, "the slot is of another order", "to another slot");
    moved = two;
    memcpy(moved.sealed, one.sealed, sizeof(one.sealed));
    memcpy(moved.seal.nonce, one.seal.nonce, sizeof(one.seal.nonce));
    test_shut(&moved, "the sealed text is not the one that was sealed",
              "to another record");

    /* By one who knows K, and so can make slot and kc of another order. */
    test_that(key_of(0, key), "K");
    write_by_hand(3, key, OTHER, 1, &moved);
    memcpy(moved.sealed, one.sealed, sizeof(one.sealed));
    memcpy(moved.seal.nonce, one.seal.nonce, sizeof(one.seal.nonce));
    test_shut(&moved, "the sealed text is not the one that was sealed",
              "to another order, key and all");
}


static void
test_other_epoch(caplat_vault *vault)
{
    static char   path[sizeof(vault_path)];
    uint8_t       pk[32], secret[32];
    sealed_order  o;

    seal_well(vault, ORDER, 0, NOW, &o);
    (void) snprintf(path, sizeof(path), "%s/2027Q2.keys", vault_folder);
    test_that(link(vault_path, path) == 0, path);
    test_text(test_slice(why_shut_to(vault_secret, "2027Q2", &o)),
              CAPLAT_LIT("the sealed text is not the one that was sealed"),
              "the same keys under another epoch's name");
    (void) unlink(path);

    test_text(test_slice(why_shut_to(vault_secret, "2027Q2", &o)),
              CAPLAT_LIT("No such file or directory"), "no such epoch");
    test_text(test_slice(why_shut_to(vault_secret, "../2027Q1", &o)),
              CAPLAT_LIT("the epoch's name cannot be one"), "a path");
    test_text(test_slice(why_shut_to(vault_secret, "", &o)),
              CAPLAT_LIT("the epoch's name cannot be one"), "none");
    (void) crypto_box_keypair(pk, secret);
    test_text(test_slice(why_shut_to(secret, EPOCH, &o)),
              CAPLAT_LIT("the slot does not open with this key"),
              "another secret key");
}


/* The public half that a slot was boxed with. */
static bool
is_same_key(uint64_t a, uint64_t b)
{
    uint8_t  of_a[CAPLAT_SLOT_LEN], of_b[CAPLAT_SLOT_LEN];

    read_slot_bytes(a, of_a);
    read_slot_bytes(b, of_b);
    test_that(memcmp(of_a + 56, of_b + 56, 24) != 0, "each its own nonce");

    return memcmp(of_a + 24, of_b + 24, 32) == 0;
}


static void
test_minute(caplat_vault *vault)
{
    static const int64_t  at[] = {
        5000, 5059, 5060, 5119, 5120, 5100, 5060, 5059
    };
    static const bool     is_new[] = {
        true, false, true, false, true, true, true, true
    };
    sealed_order          o[CAPLAT_COUNT(at)], last;

    for (size_t i = 0; i < CAPLAT_COUNT(at); i++) {
        seal_well(vault, ORDER, i, NOW + at[i], &o[i]);
        test_that(i == 0 || is_same_key(i - 1, i) == !is_new[i],
                  "a key serves a minute, and ends with a clock set back");
    }

    caplat_vault_rest(vault, NOW + 5059);
    seal_well(vault, ORDER, 8, NOW + 5059, &last);
    test_that(is_same_key(7, 8), "not over: nothing is let go");
    caplat_vault_rest(vault, NOW + 5059 + CAPLAT_BOX_LIFE);
    seal_well(vault, ORDER, 9, NOW + 5059, &last);
    test_that(!is_same_key(8, 9), "over: it was let go");
    test_opens(&last, "all open");

    for (size_t i = 0; i < CAPLAT_COUNT(at); i++) {
        test_opens(&o[i], "all open");
    }
}


/* Two processes, or one that began again, never box with one key. */
static void
test_opened_twice(void)
{
    caplat_vault  *one = open_vault(), *two = open_vault();
    sealed_order   a, b;

    seal_well(one, ORDER, 0, NOW, &a);
    seal_well(two, ORDER, 1, NOW, &b);
    test_that(!is_same_key(0, 1), "each has a key of its own");
    caplat_vault_close(one);
    caplat_vault_close(two);
    caplat_vault_close(NULL);
}


int
main(void)
{
    caplat_vault  *vault;

    vault_room_open();
    vault = open_vault();
    test_text(caplat_vault_epoch(vault), CAPLAT_LIT(EPOCH), "its epoch");
    test_bytes(vault);
    test_empty_text(vault);
    test_others(vault);
    test_swapped(vault);
    test_moved(vault);
    test_other_epoch(vault);
    test_minute(vault);
    caplat_vault_close(vault);
    test_opened_twice();
    vault_room_close();

    return test_done();
}
