/*
 * caplat token issue, caplat token check
 */

#define _POSIX_C_SOURCE 200809L         /* clock_gettime */

#include "caplat_cmd.h"

#include "caplat_b64.h"
#include "caplat_issuer.h"
#include "caplat_json.h"
#include "caplat_jws.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>


#define URL_LEN_MAX  200                /* bytes of issuer and audience */
#define READ_MAX     (2 * CAPLAT_TOKEN_LEN_MAX)


static const char  issue_help[] =
    "caplat token issue --key FILE --issuer URL --audience URL\n"
    "                   --registry FILE --holder ID --jkt THUMBPRINT\n"
    "                   [--life SECONDS] [--client-id ID] [--now N] [--json]\n"
    "\n"
    "Print an access token for a holder, bound to the key that will sign\n"
    "requests.\n"
    "\n"
    "  --key FILE         the issuer's private key\n"
    "  --issuer URL       iss, as the edge is configured\n"
    "  --audience URL     aud, as the edge is configured\n"
    "  --registry FILE    holders and their certificates\n"
    "  --holder ID        which of them\n"
    "  --jkt THUMBPRINT   RFC 7638 thumbprint of the key that will sign\n"
    "  --life SECONDS     1 to 3600; 900, unless told\n"
    "  --client-id ID     wizard, unless told\n"
    "  --now N            seconds since 1970, instead of the clock's\n"
    "  --json             as an answer of OAuth\n";

static const char  check_help[] =
    "caplat token check --keys FILE --issuer URL --audience URL\n"
    "                   [--now N] [--json] [TOKEN|-]\n"
    "\n"
    "Tell whether the edge would accept a token, and what it says; else the\n"
    "problem and its reason, with exit status 1. Without TOKEN, or with -, it\n"
    "is read from standard input, where others cannot see it. A proof is not\n"
    "asked for.\n"
    "\n"
    "  --keys FILE      JWKS of the issuer\n"
    "  --issuer URL     iss that is demanded\n"
    "  --audience URL   aud that is demanded\n"
    "  --now N          seconds since 1970, instead of the clock's\n"
    "  --json           {\"valid\":true,\"claims\":{...}}, or false with\n"
    "                   problem and reason\n";


/* --now, or what the clock says. */
static bool
read_now(const caplat_cmd *cmd, int64_t *now)
{
    struct timespec  clock = { 0, 0 };

    (void) clock_gettime(CLOCK_REALTIME, &clock);
    *now = (int64_t) clock.tv_sec;

    return caplat_cmd_number(cmd, "now", 1,
                             (uint64_t) CAPLAT_JSON_INT_MAX / 2, now);
}


static bool
is_thumbprint(caplat_slice text)
{
    uint8_t  bytes[32];
    size_t   len;

    return text.len == CAPLAT_THUMBPRINT_LEN
           && caplat_b64url_read(text, bytes, sizeof(bytes), &len)
           && len == sizeof(bytes);
}


static bool
read_issue(const caplat_cmd *cmd, caplat_issuer *issuer, int64_t *now)
{
    caplat_slice  jkt = caplat_cmd_text(cmd, "jkt");

    issuer->life = CAPLAT_TOKEN_LIFE;

    if (!read_now(cmd, now)
        || !caplat_cmd_number(cmd, "life", 1, CAPLAT_TOKEN_LIFE_MAX,
                              &issuer->life)
        || !caplat_cmd_words(cmd, "issuer", URL_LEN_MAX)
        || !caplat_cmd_words(cmd, "audience", URL_LEN_MAX)
        || !caplat_cmd_words(cmd, "client-id", CAPLAT_CLIENT_LEN_MAX))
    {
        return false;
    }

    if (!is_thumbprint(jkt)) {
        (void) caplat_cmd_misuse(cmd, "jkt", jkt.ptr,
                                 "it is not a thumbprint: 43 characters of "
                                 "base64url");
        return false;
    }

    issuer->issuer = caplat_cmd_text(cmd, "issuer");
    issuer->audience = caplat_cmd_text(cmd, "audience");
    issuer->client_id = caplat_cmd_text(cmd, "client-id");

    if (issuer->client_id.len == 0) {
        issuer->client_id = CAPLAT_LIT("wizard");
    }

    return true;
}


static bool
read_registry(const char *path, caplat_registry **registry)
{
    caplat_slice  text;
    caplat_err    err;

    if (!caplat_cmd_file(path, CAPLAT_REGISTRY_LEN_MAX, &text)) {
        return false;
    }

    bool  read = caplat_registry_read(text, registry, &err);

    if (!read) {
        (void) caplat_cmd_fault(path, text, &err, NULL);
    }

    caplat_cmd_wipe(text);

    return read;
}


static void
tell_token(caplat_slice token, int64_t life)
{
    char           room[CAPLAT_TOKEN_LEN_MAX + 128];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("{\"access_token\":"));
    caplat_put_string(&w, token);
    caplat_put(&w, CAPLAT_LIT(",\"token_type\":\"DPoP\",\"expires_in\":"));
    caplat_put_number(&w, (uint64_t) life);
    caplat_put(&w, CAPLAT_LIT("}"));
    caplat_cmd_print(&w);
}


/* With key and registry open. */
static int
issue(const caplat_cmd *cmd, const caplat_issuer *issuer,
    const caplat_registry *registry, int64_t now)
{
    char                  room[CAPLAT_TOKEN_LEN_MAX];
    caplat_writer         token = caplat_writer_of(room, sizeof(room));
    caplat_slice          id = caplat_cmd_text(cmd, "holder");
    const caplat_holder  *holder = caplat_registry_holder(registry, id);

    if (holder == NULL) {
        (void) fprintf(stderr, "caplat: %s: there is no holder %s\n",
                       caplat_cmd_value(cmd, "registry"), id.ptr);
        return CAPLAT_CMD_REFUSED;
    }

    if (!caplat_issuer_token(issuer, holder, caplat_cmd_value(cmd, "jkt"),
                             "cli", now, &token))
    {
        return caplat_cmd_refuse(id.ptr, "the token would be too long");
    }

    if (caplat_cmd_value(cmd, "json") != NULL) {
        tell_token(caplat_written(&token), issuer->life);
    } else {
        caplat_cmd_print(&token);
    }

    return CAPLAT_CMD_DONE;
}


int
caplat_cmd_token_issue(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "key", .needed = true },
        { .name = "issuer", .needed = true },
        { .name = "audience", .needed = true },
        { .name = "registry", .needed = true },
        { .name = "holder", .needed = true },
        { .name = "jkt", .needed = true },
        { .name = "life" }, { .name = "client-id" }, { .name = "now" },
        { .name = "json", .is_flag = true },
    };
    caplat_cmd           cmd = {
        .name = "token issue", .help = issue_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
    };
    caplat_issuer        issuer = { 0 };
    caplat_private_key  *key;
    caplat_registry     *registry;
    int64_t              now;
    int                  status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!read_issue(&cmd, &issuer, &now)) {
        return CAPLAT_CMD_USAGE;
    }

    if (!read_registry(caplat_cmd_value(&cmd, "registry"), &registry)) {
        return CAPLAT_CMD_REFUSED;
    }

    status = CAPLAT_CMD_REFUSED;

    if (caplat_cmd_key(caplat_cmd_value(&cmd, "key"), &key)) {
        issuer.key = key;
        issuer.kid = caplat_cmd_kid(key);
        status = issue(&cmd, &issuer, registry, now);
        caplat_private_key_close(key);
    }

    caplat_registry_close(registry);

    return status;
}


/* TOKEN, or what standard input has, without a line feed at its end. */
static caplat_slice
read_token(const caplat_cmd *cmd, char room[static READ_MAX])
{
    if (cmd->word_count != 0 && strcmp(cmd->words[0], "-") != 0) {
        return caplat_cmd_slice(cmd->words[0]);
    }

    size_t  len = fread(room, 1, READ_MAX, stdin);

    return caplat_slice_of(room, len != 0 && room[len - 1] == '\n' ? len - 1
                                                                   : len);
}


/* What a token says, as its issuer wrote it; it has been verified. */
static void
tell_claims(caplat_slice token, bool as_json)
{
    static caplat_jws  jws;
    caplat_err         err;

    caplat_assert(caplat_jws_open(token, CAPLAT_TOKEN_LEN_MAX, &jws, &err));
    (void) fputs(as_json ? "{\"valid\":true,\"claims\":" : "valid\n",
                 stdout);
    (void) fwrite(jws.payload, 1, jws.payload_len, stdout);
    (void) fputs(as_json ? "}\n" : "\n", stdout);
    caplat_jws_close(&jws);
}


static void
tell_denial(const caplat_denial *denial, bool as_json)
{
    caplat_slice  name = caplat_problem_name(denial->problem);

    (void) printf(as_json ? "{\"valid\":false,\"problem\":\"%.*s\","
                            "\"reason\":\"%s\"}\n"
                          : "refused: %.*s (%s)\n",
                  (int) name.len, name.ptr, denial->reason);
}


static bool
read_keys(const char *path, caplat_keyring **ring)
{
    caplat_slice  text;
    caplat_err    err;

    if (!caplat_cmd_file(path, CAPLAT_JWKS_LEN_MAX, &text)) {
        return false;
    }

    bool  read = caplat_keyring_read(text, CAPLAT_ISSUER_KEYS, ring, &err);

    if (!read) {
        (void) caplat_cmd_fault(path, text, &err,
                                "a set of keys is a JWKS, as `caplat key "
                                "public` prints it");
    }

    free((void *) (uintptr_t) text.ptr);

    return read;
}


static int
check(const caplat_cmd *cmd, const caplat_keyring *ring, int64_t now)
{
    static char          room[READ_MAX];
    caplat_token_rules   rules = { caplat_cmd_text(cmd, "issuer"),
                                   caplat_cmd_text(cmd, "audience"), ring };
    bool                 as_json = caplat_cmd_value(cmd, "json") != NULL;
    caplat_slice         token = read_token(cmd, room);
    caplat_claims       *claims;
    caplat_denial        denial;

    if (!caplat_token_verify(token, &rules, now, &claims, &denial)) {
        tell_denial(&denial, as_json);
        return CAPLAT_CMD_REFUSED;
    }

    caplat_claims_close(claims);
    tell_claims(token, as_json);

    return CAPLAT_CMD_DONE;
}


int
caplat_cmd_token_check(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "keys", .needed = true },
        { .name = "issuer", .needed = true },
        { .name = "audience", .needed = true },
        { .name = "now" },
        { .name = "json", .is_flag = true },
    };
    caplat_cmd       cmd = {
        .name = "token check", .help = check_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
        .words_max = 1,
    };
    caplat_keyring  *ring;
    int64_t          now;
    int              status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!read_now(&cmd, &now)
        || !caplat_cmd_words(&cmd, "issuer", URL_LEN_MAX)
        || !caplat_cmd_words(&cmd, "audience", URL_LEN_MAX))
    {
        return CAPLAT_CMD_USAGE;
    }

    if (!read_keys(caplat_cmd_value(&cmd, "keys"), &ring)) {
        return CAPLAT_CMD_REFUSED;
    }

    status = check(&cmd, ring, now);
    caplat_keyring_close(ring);

    return status;
}
