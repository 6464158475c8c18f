/*
 * caplat key new, caplat key public
 */

#include "caplat_cmd.h"

#include "caplat_file.h"

#include <sodium.h>
#include <stdio.h>


#define KEY_ROOM     512                /* bytes of a key as JSON */
#define TOLD_ROOM    32768              /* a path, each byte escaped */
#define PLATFORMS_LEN_MAX  2048         /* bytes of --platforms: 32 ids */
#define PUBLIC_ROOM  (CAPLAT_KEYS_MAX * (KEY_ROOM + 4 * PLATFORMS_LEN_MAX))


static const char  new_help[] =
    "caplat key new --out FILE [--alg ed25519|es256] [--json]\n"
    "\n"
    "Make a private key (a JWK, mode 0600) and tell its kid, the thumbprint\n"
    "of RFC 7638. A file that is there is never written over.\n"
    "\n"
    "  --out FILE   where it is kept\n"
    "  --alg NAME   ed25519, unless told; es256: ECDSA with P-256\n"
    "  --json       tell file, kid and algorithm as JSON\n";

static const char  public_help[] =
    "caplat key public FILE... [--client-id ID [--platforms ID,...]]\n"
    "\n"
    "Print the public halves of private keys as a JWKS: for issuer keys, and\n"
    "with --client-id for a partner's.\n"
    "\n"
    "  --client-id ID       the partner whose keys they are\n"
    "  --platforms ID,...   the platforms of which it is the server\n";


static bool
read_algorithm(const caplat_cmd *cmd, caplat_algorithm *algorithm)
{
    caplat_slice  name = caplat_cmd_text(cmd, "alg");

    *algorithm = CAPLAT_ED25519;

    if (caplat_cmd_value(cmd, "alg") == NULL
        || caplat_slice_eq(name, CAPLAT_LIT("ed25519")))
    {
        return true;
    }

    *algorithm = CAPLAT_ES256;

    if (caplat_slice_eq(name, CAPLAT_LIT("es256"))) {
        return true;
    }

    (void) caplat_cmd_misuse(cmd, "alg", name.ptr,
                             "it is neither ed25519 nor es256");

    return false;
}


static bool
save(const caplat_private_key *key, const char *path)
{
    char           room[KEY_ROOM];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    const char    *why = NULL;

    caplat_private_key_write(key, &w);
    caplat_put(&w, CAPLAT_LIT("\n"));
    caplat_assert(!w.full);

    bool  saved = caplat_file_write(path, caplat_written(&w), 0600, false,
                                    &why);

    sodium_memzero(room, sizeof(room));

    if (!saved) {
        (void) caplat_cmd_refuse(path, why);
    }

    return saved;
}


static void
tell(const caplat_private_key *key, const char *path)
{
    char           room[TOLD_ROOM];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("{\"file\":"));
    caplat_put_word(&w, path);
    caplat_put(&w, CAPLAT_LIT(",\"kid\":"));
    caplat_put_string(&w, caplat_cmd_kid(key));
    caplat_put(&w, CAPLAT_LIT(",\"alg\":"));
    caplat_put_string(&w, caplat_cmd_algorithm(key));
    caplat_put(&w, CAPLAT_LIT("}"));
    caplat_cmd_print(&w);
}


int
caplat_cmd_key_new(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "out", .needed = true },
        { .name = "alg" },
        { .name = "json", .is_flag = true },
    };
    caplat_cmd           cmd = {
        .name = "key new", .help = new_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
    };
    caplat_algorithm     algorithm;
    caplat_private_key  *key;
    int                  status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!read_algorithm(&cmd, &algorithm)) {
        return CAPLAT_CMD_USAGE;
    }

    const char  *path = caplat_cmd_value(&cmd, "out");

    if (!caplat_private_key_new(algorithm, &key)) {
        return caplat_cmd_refuse(path, "no key can be made: is there too "
                                       "little memory that may be locked?");
    }

    if (!save(key, path)) {
        status = CAPLAT_CMD_REFUSED;

    } else if (caplat_cmd_value(&cmd, "json") != NULL) {
        tell(key, path);
        status = CAPLAT_CMD_DONE;

    } else {
        (void) printf("%s: kid %.*s\n", path, CAPLAT_THUMBPRINT_LEN,
                      caplat_cmd_kid(key).ptr);
        status = CAPLAT_CMD_DONE;
    }

    caplat_private_key_close(key);

    return status;
}


/* `ID,ID` as a list's JSON. */
static void
put_platforms(caplat_writer *w, caplat_slice ids)
{
    caplat_cursor  c = caplat_cursor_of(ids);
    caplat_slice   id;

    caplat_put(w, CAPLAT_LIT(",\"platforms\":["));

    while (caplat_take_until(&c, ',', ids.len, &id)) {
        caplat_put_string(w, id);
        caplat_put(w, CAPLAT_LIT(","));
    }

    (void) caplat_take_rest(&c, ids.len, &id);
    caplat_put_string(w, id);
    caplat_put(w, CAPLAT_LIT("]"));
}


/* A key of the set, and a comma before it where it is not the first. */
static bool
put_key(caplat_writer *w, const char *path, caplat_slice client_id,
    caplat_slice platforms)
{
    caplat_private_key  *key;

    if (!caplat_cmd_key(path, &key)) {
        return false;
    }

    caplat_put(w, w->ptr[w->len - 1] == '[' ? CAPLAT_LIT("\n ")
                                            : CAPLAT_LIT(",\n "));
    caplat_public_key_write(caplat_private_key_public(key), w);
    caplat_assert(!w->full && w->ptr[w->len - 1] == '}');
    w->len--;
    caplat_put(w, CAPLAT_LIT(",\"kid\":"));
    caplat_put_string(w, caplat_cmd_kid(key));
    caplat_put(w, CAPLAT_LIT(",\"alg\":"));
    caplat_put_string(w, caplat_cmd_algorithm(key));
    caplat_put(w, CAPLAT_LIT(",\"use\":\"sig\""));

    if (client_id.len != 0) {
        caplat_put(w, CAPLAT_LIT(",\"client_id\":"));
        caplat_put_string(w, client_id);
    }

    if (platforms.len != 0) {
        put_platforms(w, platforms);
    }

    caplat_put(w, CAPLAT_LIT("}"));
    caplat_private_key_close(key);

    return true;
}


static const char *
fault_words(const caplat_err *err)
{
    caplat_slice  what = caplat_slice_of_word(err->what);

    if (caplat_slice_eq(what, CAPLAT_LIT("platform"))
        || caplat_slice_eq(what, CAPLAT_LIT("platforms")))
    {
        return "--platforms are not 1 to 32 ids, each of them once";
    }

    return err->code == CAPLAT_TWICE ? "two files hold the same key"
                                     : "these keys make no set";
}


/* A set that no server reads is none: the same key may be there once. */
static bool
is_set(const caplat_writer *w, caplat_slice client_id)
{
    caplat_jwks_kind   kind = client_id.len != 0 ? CAPLAT_PARTNER_KEYS
                                                 : CAPLAT_ISSUER_KEYS;
    caplat_keyring    *ring;
    caplat_err         err;

    if (!caplat_keyring_read(caplat_written(w), kind, &ring, &err)) {
        (void) caplat_cmd_refuse("key public", fault_words(&err));
        return false;
    }

    caplat_keyring_close(ring);

    return true;
}


int
caplat_cmd_key_public(int argc, char **argv)
{
    static char        room[PUBLIC_ROOM];

    caplat_cmd_option  options[] = { { .name = "client-id" },
                                     { .name = "platforms" } };
    caplat_cmd         cmd = {
        .name = "key public", .help = public_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
        .words_min = 1, .words_max = CAPLAT_KEYS_MAX,
    };
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!caplat_cmd_words(&cmd, "client-id", CAPLAT_CLIENT_LEN_MAX)
        || !caplat_cmd_words(&cmd, "platforms", PLATFORMS_LEN_MAX))
    {
        return CAPLAT_CMD_USAGE;
    }

    if (caplat_cmd_value(&cmd, "platforms") != NULL
        && caplat_cmd_value(&cmd, "client-id") == NULL)
    {
        return caplat_cmd_misuse(&cmd, "platforms", NULL,
                                 "it goes with --client-id");
    }

    caplat_slice  client_id = caplat_cmd_text(&cmd, "client-id");

    caplat_put(&w, CAPLAT_LIT("{\"keys\":["));

    for (size_t i = 0; i < cmd.word_count; i++) {
        if (!put_key(&w, cmd.words[i], client_id,
                     caplat_cmd_text(&cmd, "platforms")))
        {
            return CAPLAT_CMD_REFUSED;
        }
    }

    caplat_put(&w, CAPLAT_LIT("\n]}"));

    if (!is_set(&w, client_id)) {
        return CAPLAT_CMD_REFUSED;
    }

    caplat_cmd_print(&w);

    return CAPLAT_CMD_DONE;
}
