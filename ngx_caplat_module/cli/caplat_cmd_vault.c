/*
 * caplat vault new-epoch
 */

#include "caplat_cmd.h"

#include "caplat_b64.h"
#include "caplat_file.h"
#include "caplat_vault.h"

#include <sodium.h>
#include <stdio.h>


#define EPOCH_ROOM  256                 /* bytes of either file */


static const char  new_epoch_help[] =
    "caplat vault new-epoch --name NAME --out FILE --secret FILE\n"
    "\n"
    "Make the keys of an epoch of the vault: its public half, which the\n"
    "server seals personal data with (caplat_ledger ... vault=FILE), and its\n"
    "secret half, which opens it and is never on the server. Files that are\n"
    "there are never written over.\n"
    "\n"
    "  --name NAME     1 to 32 of 0-9 A-Z a-z and -, as in 2027Q1\n"
    "  --out FILE      the public half, a line\n"
    "  --secret FILE   the secret half, JSON, mode 0600: keep two copies\n";


static void
put_key(caplat_writer *w, const uint8_t key[static 32])
{
    char    text[CAPLAT_B64URL_LEN(32)];
    size_t  len = caplat_b64url_write(key, 32, text);

    caplat_put(w, caplat_slice_of(text, len));
}


/* `NAME KEY`, which is read back: whether the name can be an epoch's. */
static bool
put_public(caplat_writer *w, caplat_slice name,
    const uint8_t key[static 32])
{
    caplat_epoch  epoch;

    caplat_put(w, name);
    caplat_put(w, CAPLAT_LIT(" "));
    put_key(w, key);
    caplat_put(w, CAPLAT_LIT("\n"));

    return !w->full && caplat_epoch_read(caplat_written(w), &epoch);
}


static void
put_secret(caplat_writer *w, caplat_slice name,
    const uint8_t public_key[static 32], const uint8_t secret_key[static 32])
{
    caplat_put(w, CAPLAT_LIT("{\"epoch\":"));
    caplat_put_string(w, name);
    caplat_put(w, CAPLAT_LIT(",\"pk\":\""));
    put_key(w, public_key);
    caplat_put(w, CAPLAT_LIT("\",\"sk\":\""));
    put_key(w, secret_key);
    caplat_put(w, CAPLAT_LIT("\"}\n"));
    caplat_assert(!w->full);
}


/* The secret half first: a public one without it would seal for ever. */
static int
save(const caplat_cmd *cmd, caplat_slice public_half,
    caplat_slice secret_half)
{
    const char  *path = caplat_cmd_value(cmd, "secret");
    const char  *why;

    if (!caplat_file_write(path, secret_half, 0600, false, &why)) {
        return caplat_cmd_refuse(path, why);
    }

    path = caplat_cmd_value(cmd, "out");

    if (!caplat_file_write(path, public_half, 0644, false, &why)) {
        return caplat_cmd_refuse(path, why);
    }

    (void) printf("%s: %.*s", path, (int) public_half.len, public_half.ptr);

    return CAPLAT_CMD_DONE;
}


int
caplat_cmd_vault_new_epoch(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "name", .needed = true },
        { .name = "out", .needed = true },
        { .name = "secret", .needed = true },
    };
    caplat_cmd     cmd = {
        .name = "vault new-epoch", .help = new_epoch_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
    };
    char           public_room[EPOCH_ROOM], secret_room[EPOCH_ROOM];
    uint8_t        public_key[32], secret_key[32];
    caplat_writer  public_half, secret_half;
    int            status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    caplat_slice  name = caplat_cmd_text(&cmd, "name");

    public_half = caplat_writer_of(public_room, sizeof(public_room));
    secret_half = caplat_writer_of(secret_room, sizeof(secret_room));

    if (crypto_box_keypair(public_key, secret_key) != 0) {
        return caplat_cmd_refuse("vault new-epoch", "no key can be made");
    }

    if (put_public(&public_half, name, public_key)) {
        put_secret(&secret_half, name, public_key, secret_key);
        status = save(&cmd, caplat_written(&public_half),
                      caplat_written(&secret_half));

    } else {
        status = caplat_cmd_misuse(&cmd, "name", name.ptr,
                                   "an epoch's name is 1 to 32 of 0-9 A-Z "
                                   "a-z and -");
    }

    sodium_memzero(secret_key, sizeof(secret_key));
    sodium_memzero(secret_room, sizeof(secret_room));

    return status;
}
