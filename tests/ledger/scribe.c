/*
 * A writer of any ledger for tests of what reads one:
 * ledger-scribe FOLDER KEY NAME EPOCH <RECORDS
 *
 *   KEY      the file of a JWK (Ed25519)
 *   EPOCH    the file of an epoch's public half
 *   RECORDS  lines as the log has them; index, salt, slot and nonce are given
 *            anew, the time is the batch's, and what `c` of `pii` says is
 *            sealed: so a test writes what it wants to be opened
 */

#include "caplat_b64.h"
#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_io.h"
#include "caplat_ledger.h"

#include <stdio.h>
#include <stdlib.h>


#define TEXT_MAX  8192                  /* bytes of what is to be sealed */


typedef struct {
    caplat_ledger  *ledger;
    caplat_vault   *vault;
    caplat_record   record;
    uint64_t        slot;
    uint8_t         sealed[TEXT_MAX + CAPLAT_SEAL_TAG];
    char            text[CAPLAT_B64URL_LEN(TEXT_MAX + CAPLAT_SEAL_TAG)];
} scribe;


static int
stop(const char *words, size_t len)
{
    fprintf(stderr, "ledger-scribe: %.*s\n", (int) len, words);

    return 1;
}


static int
say(const char *words)
{
    return stop(words, caplat_slice_of_word(words).len);
}


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    scribe  *s = data;

    (void) at;

    return caplat_batch_add(batch, &s->record);
}


static bool
seal(scribe *s)
{
    caplat_record  *record = &s->record;
    uint8_t         plain[TEXT_MAX];
    size_t          len;
    const char     *why;

    if (record->sealed.len == 0) {
        return true;
    }

    if (!caplat_b64url_read(record->sealed, plain, sizeof(plain), &len)
        || !caplat_vault_seal(s->vault, record->order, s->slot,
               caplat_slice_of((const char *) plain, len),
               record->time_ms / 1000, &record->seal, s->sealed, &why))
    {
        return false;
    }

    s->slot++;
    record->epoch = caplat_vault_epoch(s->vault);
    record->sealed = caplat_slice_of(s->text,
        caplat_b64url_write(s->sealed, len + CAPLAT_SEAL_TAG, s->text));

    return true;
}


static int
write_all(scribe *s)
{
    static char  line[CAPLAT_RECORD_LEN_MAX];

    caplat_ledger_error   error;
    caplat_batch         *batch;
    caplat_err            err;

    while (fgets(line, sizeof(line), stdin) != NULL) {
        caplat_slice  text = caplat_slice_of_word(line);

        text.len -= text.len != 0;

        if (!caplat_record_read(text, &s->record, &err)) {
            fprintf(stderr, "%.*s\n%s at %zu\n", (int) text.len, text.ptr,
                    err.what, err.at);
            return say("a line is no record");
        }

        if (!seal(s)) {
            return say("its personal part cannot be sealed");
        }

        if (!caplat_ledger_commit(s->ledger, decide, s, 1, s->record.time_ms,
                                  false, &batch, &error))
        {
            return stop(error.words, error.len);
        }
    }

    return 0;
}


static bool
open_vault(const char *folder, const char *file, caplat_vault **vault)
{
    char           path[CAPLAT_PATH_MAX];
    caplat_slice   text;
    caplat_epoch   epoch;
    const char    *why;
    bool           is_open;

    if (!caplat_file_read(file, 4096, &text, &why)) {
        return false;
    }

    is_open = caplat_epoch_read(text, &epoch)
        && caplat_io_path(path, folder, "vault")
        && caplat_vault_open(path, &epoch, vault, &why);
    free((void *) (uintptr_t) text.ptr);

    return is_open;
}


static caplat_private_key *
read_key(const char *path)
{
    caplat_private_key  *key = NULL;
    caplat_slice         text;
    caplat_err           err;
    const char          *why;

    if (caplat_file_read(path, 4096, &text, &why)) {
        (void) caplat_private_key_read(text, &key, &err);
        free((void *) (uintptr_t) text.ptr);
    }

    return key;
}


int
main(int argc, char **argv)
{
    static scribe  s;

    caplat_ledger_error   error;
    caplat_private_key   *key;
    caplat_verifier       verifier;
    caplat_ledger_conf    conf;
    const char           *why;
    int                   status;

    if (argc != 5 || !caplat_trust_open()) {
        return say("FOLDER KEY NAME EPOCH <RECORDS");
    }

    key = read_key(argv[2]);

    if (key == NULL
        || !caplat_verifier_make(caplat_slice_of_word(argv[3]),
                                 caplat_private_key_public(key), &verifier))
    {
        return say("the key or the name is none");
    }

    conf = (caplat_ledger_conf) {
        argv[1], caplat_slice_of_word(argv[3]), key, &verifier,
        CAPLAT_SEGMENT_LEN, 0, (size_t) 64 << 20, false, false
    };

    if (!caplat_ledger_prepare(argv[1], -1, -1, &error)
        || !caplat_ledger_open(&conf, NULL, NULL, &s.ledger, &error))
    {
        return stop(error.words, error.len);
    }

    if (!open_vault(argv[1], argv[4], &s.vault)
        || !caplat_vault_slots(s.vault, &s.slot, &why))
    {
        return say("the epoch or the vault is none");
    }

    status = write_all(&s);
    caplat_vault_close(s.vault);
    caplat_ledger_close(s.ledger);
    caplat_private_key_close(key);

    return status;
}
