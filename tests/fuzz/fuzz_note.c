/*
 * A checkpoint that the key has not signed is never accepted. The input is a
 * note, a vkey, and a checkpoint of ours with lines of others below it: that is
 * refused, or is read as it was signed.
 */

#include "caplat_hash.h"
#include "caplat_note.h"

#include "../unit/log_example.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static caplat_verifier      verifier;
static caplat_private_key  *key;


static void
open_once(void)
{
    caplat_err  err;

    if (key == NULL) {
        caplat_assert(caplat_trust_open());
        caplat_assert(caplat_private_key_read(CAPLAT_LIT(LOG_KEY), &key,
                                              &err));
        caplat_assert(caplat_verifier_read(CAPLAT_LIT(LOG_VKEY), &verifier));
    }
}


/* One of the example's text, and whatever lines: nothing else is signed. */
static void
check_read(caplat_slice note)
{
    caplat_checkpoint  read, parsed;
    const char        *why = NULL, *parsed_why = NULL;
    bool               good = caplat_checkpoint_read(note, &verifier, &read,
                                                     &why);
    bool               is_text = caplat_checkpoint_parse(note, &verifier,
                                                         &parsed,
                                                         &parsed_why);

    caplat_assert(good || why != NULL);
    caplat_assert(is_text || parsed_why != NULL);

    if (good) {
        caplat_cursor  c = caplat_cursor_of(note);

        caplat_assert(is_text && parsed.size == read.size);
        caplat_assert(caplat_take_literal(&c, CAPLAT_LIT(LOG_TEXT "\n")));
        caplat_assert(read.size == LOG_SIZE);
    }

    if (is_text) {
        char           room[CAPLAT_CHECKPOINT_MAX];
        caplat_writer  w = caplat_writer_of(room, sizeof(room));
        caplat_cursor  c = caplat_cursor_of(note);
        caplat_slice   written;

        /* The same text comes out. */
        caplat_assert(caplat_checkpoint_sign(&verifier, key, &parsed, &w)
                      && !w.full);
        written = caplat_written(&w);
        written.len -= sizeof(LOG_LINE) - 1;
        caplat_assert(caplat_take_literal(&c, written));
    }
}


static void
check_vkey(caplat_slice text)
{
    caplat_verifier  read;
    char             room[CAPLAT_VKEY_LEN_MAX];
    caplat_writer    w = caplat_writer_of(room, sizeof(room));

    if (caplat_verifier_read(text, &read)) {
        caplat_verifier_write(&read, &w);
        caplat_assert(!w.full && caplat_slice_eq(caplat_written(&w), text));
    }
}


static void
check_lines(const uint8_t *data, size_t size)
{
    static char        room[2 * CAPLAT_NOTE_LEN_MAX];

    caplat_checkpoint  made = { 0 }, read;
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    const char        *why = NULL;

    if (size < sizeof(made) || size > CAPLAT_NOTE_LEN_MAX) {
        return;
    }

    memcpy(&made.size, data, sizeof(made.size));
    memcpy(made.root.bytes, data + sizeof(made.size), CAPLAT_NODE_LEN);
    made.size &= CAPLAT_TREE_SIZE_MAX;

    caplat_assert(caplat_checkpoint_sign(&verifier, key, &made, &w));
    caplat_assert(caplat_checkpoint_read(caplat_written(&w), &verifier, &read,
                                         &why));
    caplat_put(&w, caplat_slice_of((const char *) data + sizeof(made),
                                   size - sizeof(made)));

    if (caplat_checkpoint_read(caplat_written(&w), &verifier, &read, &why)) {
        caplat_assert(read.size == made.size
                      && log_same(&read.root, &made.root));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice  text = caplat_slice_of((const char *) data, size);

    open_once();
    check_read(text);
    check_vkey(text);
    check_lines(data, size);

    return 0;
}
