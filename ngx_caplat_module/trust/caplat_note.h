/*
 * Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), and the
 * keys that sign them.
 *
 *   key id   first 4 bytes of SHA-256(name || 0A || type || public key)
 *   vkey     name "+" 8 hex digits of the key id "+" base64(type || public key)
 *   note     text, an empty line, signature lines:
 *            E2 80 94 20 name " " base64(key id || signature) 0A
 *   text of a checkpoint
 *            origin 0A size 0A base64(root) 0A
 *
 * Type 01 is Ed25519. A name is the log's origin: the prefix of its address
 * without scheme, no final slash; not empty, no blanks, no `+`.
 */

#ifndef CAPLAT_NOTE_H
#define CAPLAT_NOTE_H

#include "caplat_key.h"
#include "caplat_merkle.h"
#include "caplat_write.h"


#define CAPLAT_LOG_NAME_MAX     100     /* bytes */
#define CAPLAT_VKEY_LEN_MAX     (CAPLAT_LOG_NAME_MAX + 1 + 8 + 1 + 44)
#define CAPLAT_CHECKPOINT_MAX   512     /* bytes of one with our signature */
#define CAPLAT_NOTE_LEN_MAX     16384   /* bytes of any note that is read */
#define CAPLAT_NOTE_LINES_MAX   100     /* signatures of one */


/* Who signs a log: its name and Ed25519 key. */
typedef struct {
    char      name[CAPLAT_LOG_NAME_MAX];
    size_t    name_len;
    uint8_t   id[4];
    uint8_t   public_key[32];
} caplat_verifier;


/* The verifier of a name and a key; false when the name cannot be one, or the
   key is not Ed25519. */
bool caplat_verifier_make(caplat_slice name, const caplat_public_key *key,
    caplat_verifier *verifier);

/* Read a vkey: its id must be the one of its name and key. */
bool caplat_verifier_read(caplat_slice vkey, caplat_verifier *verifier);
void caplat_verifier_write(const caplat_verifier *verifier, caplat_writer *w);


typedef struct {
    uint64_t      size;
    caplat_node   root;
} caplat_checkpoint;

/*
 * Write the checkpoint as a signed note. False when the library does not sign;
 * a writer without room is full.
 *
 * key  the private half of the verifier's
 */
bool caplat_checkpoint_sign(const caplat_verifier *verifier,
    const caplat_private_key *key, const caplat_checkpoint *checkpoint,
    caplat_writer *w);

/*
 * Read and verify a note. Signatures of others are ignored; a line of the
 * verifier's name and key id that does not verify refuses the whole, and so
 * does a note without one.
 *
 * why  on false, static words
 */
bool caplat_checkpoint_read(caplat_slice note, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint, const char **why);

/* The same without its signatures: for one of which it is known otherwise that
   it is ours. */
bool caplat_checkpoint_parse(caplat_slice note,
    const caplat_verifier *verifier, caplat_checkpoint *checkpoint,
    const char **why);


#endif /* CAPLAT_NOTE_H */
