#define _DEFAULT_SOURCE                 /* flock */

#include "caplat_ledger.h"

#include "caplat_hash.h"
#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>


static bool
make_paths(caplat_ledger *ledger, caplat_ledger_error *error)
{
    return (caplat_io_path(ledger->log, ledger->conf.folder, "log")
            && caplat_io_path(ledger->index_folder, ledger->conf.folder,
                              "index")
            && caplat_io_path(ledger->tile, ledger->conf.folder, "tile"))
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the folder's path is too long");
}


static bool
fail_open(caplat_ledger_error *error, const char *file)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, file, strerror(errno));
}


/*
 * Only one opens at a time. Whoever has the ledger open shares a lock of the
 * folder `log`, for that cannot get lost as the index can: who finds no index,
 * and that others have another one, must not make a second.
 */
static bool
lock_files(caplat_ledger *ledger, caplat_ledger_error *error)
{
    ledger->lock = caplat_io_open(ledger->index_folder, "lock",
                                  O_RDWR | O_CREAT);
    ledger->publish = caplat_io_open(ledger->index_folder, "publish",
                                     O_RDWR | O_CREAT);
    ledger->use = caplat_io_open(ledger->log, ".", O_RDONLY | O_DIRECTORY);

    if (ledger->lock < 0 || ledger->publish < 0
        || flock(ledger->lock, LOCK_EX) != 0)
    {
        return fail_open(error, "index");
    }

    if (ledger->use < 0) {
        return fail_open(error, "log");
    }

    ledger->is_alone = flock(ledger->use, LOCK_EX | LOCK_NB) == 0;

    return ledger->is_alone || flock(ledger->use, LOCK_SH) == 0
        || fail_open(error, "log");
}


/* Files of another boot may be torn, and are not even looked at. */
static bool
remove_index(const caplat_ledger *ledger, caplat_ledger_error *error)
{
    static const char *const  names[] = { "data.mdb", "lock.mdb", "finder" };

    char  path[CAPLAT_PATH_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        if (!caplat_io_path(path, ledger->index_folder, names[i])
            || (unlink(path) != 0 && errno != ENOENT))
        {
            return fail_open(error, "index");
        }
    }

    return true;
}


/* Whose log it is to be. */
static void
hash_signer(const caplat_ledger *ledger,
    uint8_t signer[static CAPLAT_SIGNER_LEN])
{
    char           room[CAPLAT_VKEY_LEN_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_verifier_write(ledger->conf.verifier, &w);
    caplat_sha256(caplat_written(&w), signer);
}


/* Who use the ledger together sign one log. Before there is a record nothing
   else tells. */
static bool
check_signer(const caplat_ledger *ledger, caplat_ledger_error *error)
{
    uint8_t  signer[CAPLAT_SIGNER_LEN];

    hash_signer(ledger, signer);

    return ledger->is_alone
        || memcmp(ledger->shared->signer, signer, sizeof(signer)) == 0
        || caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, NULL,
            "others use the ledger with another name or key");
}


static bool
open_files(caplat_ledger *ledger, bool *is_new, caplat_ledger_error *error)
{
    const char  *why;

    if (!caplat_levels_open(ledger->tile, true, &ledger->levels)) {
        return fail_open(error, "tile");
    }

    if (!caplat_shared_map(ledger->index_folder, ledger->is_alone,
                           &ledger->shared, is_new, &why))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index/shared",
            why);
    }

    if (!check_signer(ledger, error)
        || (*is_new && !remove_index(ledger, error)))
    {
        return false;
    }

    return caplat_index_open(ledger->index_folder, ledger->conf.index_len,
                             ledger->is_alone, &ledger->index, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


static caplat_ledger *
make(const caplat_ledger_conf *conf)
{
    caplat_ledger  *ledger = calloc(1, sizeof(*ledger));
    char           *room = malloc(CAPLAT_BATCH_ROOM);

    if (ledger == NULL || room == NULL) {
        free(ledger);
        free(room);
        return NULL;
    }

    ledger->conf = *conf;
    ledger->lock = -1;
    ledger->use = -1;
    ledger->publish = -1;
    ledger->segment_fd = -1;
    ledger->levels.entries = -1;
    ledger->batch.text = caplat_writer_of(room, CAPLAT_BATCH_ROOM);

    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        ledger->levels.levels[i] = -1;
    }

    return ledger;
}


bool
caplat_ledger_open_since(const caplat_ledger_conf *conf,
    const caplat_checkpoint *since, caplat_progress_pt progress, void *data,
    caplat_ledger **ledger, caplat_ledger_error *error)
{
    caplat_ledger  *made = make(conf);
    bool            is_new;

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (made == NULL) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no memory");
    }

    made->since = since;

    if (!make_paths(made, error) || !lock_files(made, error)
        || !open_files(made, &is_new, error)
        || !caplat_ledger_start(made, is_new, progress, data, error))
    {
        caplat_ledger_close(made);
        return false;
    }

    if (made->is_alone) {
        hash_signer(made, made->shared->signer);
    }

    if (flock(made->use, LOCK_SH) != 0) {
        (void) fail_open(error, "log");
        caplat_ledger_close(made);
        return false;
    }

    (void) flock(made->lock, LOCK_UN);
    *ledger = made;

    return true;
}


bool
caplat_ledger_open(const caplat_ledger_conf *conf, caplat_progress_pt progress,
    void *data, caplat_ledger **ledger, caplat_ledger_error *error)
{
    return caplat_ledger_open_since(conf, NULL, progress, data, ledger, error);
}


static void
close_file(int fd)
{
    if (fd >= 0) {
        (void) close(fd);
    }
}


void
caplat_ledger_close(caplat_ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }

    caplat_index_close(ledger->index);
    caplat_shared_unmap(ledger->shared);
    caplat_levels_close(&ledger->levels);
    close_file(ledger->segment_fd);
    close_file(ledger->publish);
    close_file(ledger->use);
    close_file(ledger->lock);
    free(ledger->batch.text.ptr);
    free(ledger);
}
