/*
 * The vault: the keys of the log's personal data, in a file of its own that can
 * be shredded, while the log only grows (requests.md, 9).
 *
 * Personal data of a record is sealed with a random key K that is used once:
 *
 *   c   XChaCha20-Poly1305-IETF (text, nonce n of 24 bytes, additional data
 *       "ca-pii-v1\n" epoch "\n" order "\n"), so that it opens in its own order
 *       only
 *   kc  BLAKE2b-256 (key K, "ca-pii-commit-v1\n" order): which K it was, for
 *       the cipher alone does not commit to one
 *
 * and K stands in a slot of `EPOCH.keys`, sealed to the epoch's public key,
 * whose secret half is never on the server:
 *
 *   128 bytes a slot
 *    0  16  BLAKE2b-128 of the order's id
 *   16   1  state: 0 never used, 1 crypto_box_seal, 2 shredded, 3 boxed
 *   17   7  zero
 *   24 104  boxed:   public key (32) || nonce (24) || box (16 + 32) of K
 *           sealed:  8 zero, then 96 of crypto_box_seal of K || the 16 bytes
 *                    above; read here, and written by others
 *           else     zero
 *
 * A slot has one spelling: what must be zero is, and so is the top bit of a
 * public key, which X25519 drops.
 *
 * `box` is crypto_box of the libsodium documentation: X25519, XSalsa20 and
 * Poly1305, from an ephemeral key of this process to the epoch's. One such key
 * serves a minute, so that a slot costs no public-key operation: the shared
 * secret is computed once, each slot has a random nonce.
 *
 * Who takes over a running worker gets the orders that pass it from then on, as
 * he would with any scheme, and can open the slots that this worker has boxed
 * in the minute: the ephemeral secret is wiped right after the shared secret is
 * made, this by the first caplat_vault_seal or caplat_vault_rest after the
 * minute. Slots of before stay closed without the epoch's secret key.
 *
 * What is sealed can be written by anyone who has the public key: that a
 * record is ours is said by the log's signature, by kc and the additional data.
 */

#ifndef CAPLAT_VAULT_H
#define CAPLAT_VAULT_H

#include "caplat_slice.h"


#define CAPLAT_SLOT_LEN          128
#define CAPLAT_EPOCH_LEN_MAX     32     /* bytes of a name: [0-9A-Za-z-] */
#define CAPLAT_SEAL_TAG          16     /* bytes that sealing adds */
#define CAPLAT_SEAL_NONCE        24
#define CAPLAT_BOX_LIFE          60     /* seconds of an ephemeral key */


/* An epoch's public key, a file of one line: `EPOCH base64url(32 bytes)`. One
   that nothing can be sealed to is refused. */
typedef struct {
    char      name[CAPLAT_EPOCH_LEN_MAX];
    size_t    name_len;
    uint8_t   public_key[32];
} caplat_epoch;

bool caplat_epoch_read(caplat_slice text, caplat_epoch *epoch);


/* A vault open for writing: one process's own, not for two threads. */
typedef struct caplat_vault  caplat_vault;

/*
 * folder  where EPOCH.keys lies, or will: it is made 0600; the folder is synced
 * why     on false: errno's words or ours
 */
bool caplat_vault_open(const char *folder, const caplat_epoch *epoch,
    caplat_vault **vault, const char **why);
void caplat_vault_close(caplat_vault *vault);       /* NULL too; wipes */

caplat_slice caplat_vault_epoch(const caplat_vault *vault);


/* What a record tells of its sealed part. */
typedef struct {
    uint64_t  slot;
    uint8_t   nonce[CAPLAT_SEAL_NONCE];
    uint8_t   commitment[32];           /* kc */
} caplat_seal;

/*
 * Seal text for an order, and put its key into the slot of that number, which
 * is the caller's own: no other process writes it. It is on the disk only after
 * caplat_vault_sync.
 *
 * out   room for text.len + CAPLAT_SEAL_TAG bytes
 * now   seconds: when ephemeral keys change
 *
 * False when the slot cannot be written.
 */
bool caplat_vault_seal(caplat_vault *vault, caplat_slice order, uint64_t slot,
    caplat_slice text, int64_t now, caplat_seal *seal, uint8_t *out,
    const char **why);

/*
 * Let go of an ephemeral key whose minute is over: to be called now and then
 * when there is nothing to seal, never beside another call.
 */
void caplat_vault_rest(caplat_vault *vault, int64_t now);

/* All slots that were written are on the disk. A failure is final: whoever
   gets it shuts the ledger. */
bool caplat_vault_sync(caplat_vault *vault, const char **why);

/* How many slots the file has by its length, a torn one too: the first number
   that was never used by anybody. */
bool caplat_vault_slots(const caplat_vault *vault, uint64_t *slots,
    const char **why);


/* How many bytes its disk has for whoever is not root. */
bool caplat_vault_room(const caplat_vault *vault, uint64_t *room,
    const char **why);


/*
 * With the epoch's secret key, off the server: open what was sealed.
 *
 * why  on false: the slot is of another order, shredded, never written, or does
 *      not open; the text does not open
 * out  room for sealed.len - CAPLAT_SEAL_TAG bytes; on false what it holds
 *      means nothing
 */
bool caplat_vault_unseal(const char *folder, caplat_slice epoch,
    const uint8_t secret_key[static 32], caplat_slice order,
    const caplat_seal *seal, caplat_slice sealed, uint8_t *out,
    const char **why);

/*
 * An epoch's secret key, {"epoch":W,"pk":...,"sk":...} and nothing else, of
 * that epoch; one without a name is believed. pk must be sk's. The caller wipes
 * it.
 */
bool caplat_epoch_secret_read(caplat_slice text, caplat_slice name,
    uint8_t secret_key[static 32]);

/* Zero the slot of an order and sync it; true too when it was so already.
   False: no such slot, never written, of another order, or errno's words. */
bool caplat_vault_shred(const char *folder, caplat_slice epoch,
    caplat_slice order, uint64_t slot, const char **why);


#endif /* CAPLAT_VAULT_H */
