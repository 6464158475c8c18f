/*
 * What all processes of a server share: proofs that have been used, the
 * secrets of nonces and of hashed names, and counters. It is a file that all
 * of them map, so that it outlives a reload, and the old and the new server of
 * a binary upgrade see the same.
 *
 * Used proofs lie in a ring in the order of their coming, each for
 * CAPLAT_PROOF_KEPT seconds, with an index by hash beside it. A lock in the
 * file guards them; a process that dies with it leaves the ring right and the
 * index to be made anew by the next one. Nothing is ever pushed out before
 * its time: a full ring refuses. Nor does one key fill it: of each a part is
 * kept, and beyond that this key is refused.
 *
 * A zone that has forgotten proofs says up to which moment (`blind_until`): at
 * its making, up to then plus CAPLAT_WINDOW_FUTURE; and when an entry leaves
 * the ring, up to that entry's time plus the same, which matters only where
 * the clock steps back. A proof that was made at or before that moment may
 * have been used before, so it needs a nonce.
 *
 * Nonces and the time that proofs are kept go by a clock of the zone's own.
 * It follows the machine's as that goes on, and stands still where that steps
 * back, so no nonce is good for longer than the proofs that bore it are known.
 *
 * Whoever has a zone open holds its file (a shared flock, which forked workers
 * have too), and nobody makes another in place of one that is held: two that
 * know different things would take a proof twice. Therefore nobody may remove
 * the file of a server that runs.
 *
 * A zone that is made in place of another one is blind for all that the other
 * one saw, even where the clock has gone back since. A clock that was once far
 * ahead therefore makes all proofs need nonces until that moment; an operator
 * who has set it right stops the server and removes the file.
 *
 * The file's layout is private to one version of the program on one boot of
 * the machine: anything else that is found there, and is not held, is made
 * anew, and so is a file that others can read or write.
 */

#ifndef CAPLAT_ZONE_H
#define CAPLAT_ZONE_H

#include "caplat_problem.h"
#include "caplat_slice.h"

#include <stdatomic.h>


#define CAPLAT_PROOF_KEPT       361     /* seconds: the window, and one */
#define CAPLAT_PROOF_SHARE      8       /* a key's part of the room: 1/8 */
#define CAPLAT_PROOF_SHARE_MIN  256     /* and never less than that */
#define CAPLAT_ZONE_LEN_MIN     65536   /* bytes: 49 KB, and 40 a proof */
#define CAPLAT_ZONE_LEN_MAX     ((size_t) 1 << 30)
#define CAPLAT_NONCE_LEN        32      /* base64url of 24 bytes */
#define CAPLAT_NONCE_LIFE       300     /* seconds */
#define CAPLAT_COUNTERS_MAX     1024
#define CAPLAT_TALLIES_MAX      256     /* words that are counted */
#define CAPLAT_TALLY_LEN_MAX    40      /* bytes of one */


typedef struct caplat_zone  caplat_zone;


/*
 * Open the zone of a file, which is made (mode 0600) when there is none, or
 * made anew when it is of another size, version or boot and nobody holds it.
 *
 * path   NUL at the end
 * len    bytes of the file, CAPLAT_ZONE_LEN_MIN to CAPLAT_ZONE_LEN_MAX; it
 *        tells how many proofs it can hold
 * why    errno's words or our own, static or strerror's
 */
bool caplat_zone_open(const char *path, size_t len, int64_t now,
    caplat_zone **zone, const char **why);

/*
 * Whether they are the same, and not two files of which one has lost its
 * name to the other.
 */
bool caplat_zone_same(const caplat_zone *a, const caplat_zone *b);

/* What it holds stays, and other processes keep it. */
void caplat_zone_close(caplat_zone *zone);          /* NULL too */

/*
 * Remember that a proof has been used.
 *
 * key    the thumbprint of the key that signed, and the jti or nonce: what is
 *        kept is a keyed hash of both, 112 bits. Some keys, one in 4096, are
 *        counted together
 * made   when the proof says that it was made
 * exempt it bears a nonce of ours, so blindness does not matter
 */
typedef enum {
    CAPLAT_PROOF_NEW,
    CAPLAT_PROOF_USED,
    CAPLAT_PROOF_BLIND,                 /* made before the zone can tell */
    CAPLAT_PROOF_TOO_MANY,              /* the key has had its share */
    CAPLAT_PROOF_FULL
} caplat_proof_state;

caplat_proof_state caplat_zone_use(caplat_zone *zone, caplat_slice key,
    caplat_slice id, int64_t made, bool exempt, int64_t now);

/* Whether a proof made then needs a nonce; for refusing it early. What counts
   is what caplat_zone_use says. */
bool caplat_zone_blind(caplat_zone *zone, int64_t made);

/*
 * A nonce of this moment: base64url of 8 bytes of time (big endian) and 16 of
 * keyed BLAKE2b over them, whose key is derived from the zone's secret and
 * the time / CAPLAT_NONCE_LIFE.
 */
void caplat_zone_nonce(caplat_zone *zone, int64_t now,
    char out[static CAPLAT_NONCE_LEN]);
bool caplat_zone_nonce_valid(caplat_zone *zone, caplat_slice nonce,
    int64_t now);

/* The secret that hashes what may not be logged as it is. */
const uint8_t *caplat_zone_secret(const caplat_zone *zone);

/* Counters that all processes add to; at < CAPLAT_COUNTERS_MAX. */
void caplat_zone_count(caplat_zone *zone, size_t at, uint64_t add);
uint64_t caplat_zone_counter(const caplat_zone *zone, size_t at);

/*
 * The same of words that nobody has numbered: reasons. Those that are longer,
 * and those for which there is no room any more, are not counted.
 */
void caplat_zone_tally(caplat_zone *zone, caplat_slice word);

/* What stands at a place, at < CAPLAT_TALLIES_MAX; false when it is empty. */
bool caplat_zone_tallied(const caplat_zone *zone, size_t at,
    caplat_slice *word, uint64_t *count);

typedef struct {
    size_t   count;                     /* proofs remembered; some may be past
                                           their time: a few leave a use */
    size_t   room;
} caplat_zone_fill;

caplat_zone_fill caplat_zone_proofs(caplat_zone *zone);


#endif /* CAPLAT_ZONE_H */
