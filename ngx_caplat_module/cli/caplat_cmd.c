#define _POSIX_C_SOURCE 200809L         /* stat */

#include "caplat_cmd.h"

#include "caplat_file.h"
#include "caplat_text.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>


#define KEY_LEN_MAX  4096               /* bytes of a key's file */


caplat_slice
caplat_cmd_slice(const char *text)
{
    size_t  len = 0;

    while (text[len] != '\0') {
        len++;
    }

    return caplat_slice_of(text, len);
}


int
caplat_cmd_misuse(const caplat_cmd *cmd, const char *name, const char *value,
    const char *why)
{
    (void) fprintf(stderr, "caplat %s: --%s%s%s: %s\nTry: caplat %s --help\n",
                   cmd->name, name, value != NULL ? " " : "",
                   value != NULL ? value : "", why, cmd->name);

    return CAPLAT_CMD_USAGE;
}


/* The same of what stands in the arguments; always false. */
static bool
misuse(const caplat_cmd *cmd, const char *word, const char *why)
{
    (void) fprintf(stderr, "caplat %s: %s: %s\nTry: caplat %s --help\n",
                   cmd->name, word, why, cmd->name);

    return false;
}


int
caplat_cmd_refuse(const char *what, const char *why)
{
    (void) fprintf(stderr, "caplat: %s: %s\n", what, why);

    return CAPLAT_CMD_REFUSED;
}


static const char *
words_of(caplat_code code)
{
    switch (code) {

    case CAPLAT_TRUNCATED:
        return "it ends too early";

    case CAPLAT_TRAILING:
        return "something stands behind its end";

    case CAPLAT_TOO_LARGE:
        return "it is too large, or too deep";

    case CAPLAT_TOO_MANY:
        return "there are too many";

    case CAPLAT_UNKNOWN_KEY:
        return "this may not stand here";

    case CAPLAT_MISSING_KEY:
        return "it is missing";

    case CAPLAT_TWICE:
        return "it is there twice";

    case CAPLAT_NOT_A_NUMBER:
        return "it is not a number as it should be";

    case CAPLAT_NOT_A_DATE:
        return "it is not a time as it should be";

    case CAPLAT_NOT_A_NAME:
        return "it is not a name as it should be";

    case CAPLAT_UNKNOWN_NAME:
        return "it is none that we know";

    case CAPLAT_NOT_A_REGION:
        return "it is not a code of six digits, in quotation marks";

    case CAPLAT_NOT_ONE_OF:
        return "it is not what may stand here";

    case CAPLAT_NOT_WORDS:
        return "it is not text that may stand here";

    default:
        return caplat_code_name(code);
    }
}


int
caplat_cmd_fault(const char *path, caplat_slice text, const caplat_err *err,
    const char *advice)
{
    size_t  line;
    size_t  col;

    caplat_locate(text, err->at, &line, &col);
    (void) fprintf(stderr, "%s:%zu:%zu: error: %s: %s (%s)\n", path, line,
                   col, err->what, words_of(err->code),
                   caplat_code_name(err->code));

    if (advice != NULL) {
        (void) fprintf(stderr, "%s: %s\n", path, advice);
    }

    return CAPLAT_CMD_REFUSED;
}


static caplat_cmd_option *
find(const caplat_cmd *cmd, caplat_slice name)
{
    for (size_t i = 0; i < cmd->option_count; i++) {
        if (caplat_slice_eq(caplat_cmd_slice(cmd->options[i].name), name)) {
            return &cmd->options[i];
        }
    }

    return NULL;
}


/* A value, which is a word where an option may have many. */
static bool
take_value(caplat_cmd *cmd, caplat_cmd_option *option, char *value)
{
    if (option->is_many) {
        cmd->words[cmd->word_count++] = value;

    } else {
        option->value = value;
    }

    return true;
}


/* Read the option at argv[*at]; moves *at when its value is the next. */
static bool
take_option(caplat_cmd *cmd, int argc, char **argv, int *at)
{
    char               *word = argv[*at];
    caplat_slice        text = caplat_cmd_slice(word + 2);
    const char         *equals = text.len != 0
                                     ? memchr(text.ptr, '=', text.len)
                                     : NULL;
    caplat_slice        name = text;
    caplat_cmd_option  *option;

    if (equals != NULL) {
        name.len = (size_t) (equals - text.ptr);
    }

    option = find(cmd, name);

    if (option == NULL) {
        return misuse(cmd, word, "there is no such option");
    }

    if (option->value != NULL) {
        return misuse(cmd, word, "it is given twice");
    }

    if (option->is_flag) {
        option->value = "";

        return equals == NULL || misuse(cmd, word, "it has no value");
    }

    if (equals != NULL) {
        return take_value(cmd, option, word + 2 + name.len + 1);
    }

    if (*at + 1 == argc) {
        return misuse(cmd, word, "its value is missing");
    }

    return take_value(cmd, option, argv[++*at]);
}


/* All that is needed was given, and no word too many. */
static bool
is_complete(const caplat_cmd *cmd)
{
    for (size_t i = 0; i < cmd->option_count; i++) {
        const caplat_cmd_option  *option = &cmd->options[i];

        if (option->needed && option->value == NULL) {
            (void) caplat_cmd_misuse(cmd, option->name, NULL,
                                     "it is needed");
            return false;
        }
    }

    if (cmd->word_count > cmd->words_max) {
        return misuse(cmd, cmd->words[cmd->words_max], "one word too many");
    }

    if (cmd->word_count < cmd->words_min) {
        return misuse(cmd, cmd->word != NULL ? cmd->word : "FILE",
                      "which one?");
    }

    return true;
}


bool
caplat_cmd_read(caplat_cmd *cmd, int argc, char **argv, int *status)
{
    bool  is_word = false;              /* behind `--` */

    cmd->words = argv;
    cmd->word_count = 0;
    *status = CAPLAT_CMD_USAGE;

    for (int i = 0; i < argc; i++) {
        if (is_word || argv[i][0] != '-' || argv[i][1] != '-') {
            cmd->words[cmd->word_count++] = argv[i];

        } else if (argv[i][2] == '\0') {
            is_word = true;

        } else if (strcmp(argv[i], "--help") == 0) {
            (void) fputs(cmd->help, stdout);
            *status = CAPLAT_CMD_DONE;
            return false;

        } else if (!take_option(cmd, argc, argv, &i)) {
            return false;
        }
    }

    return is_complete(cmd);
}


const char *
caplat_cmd_value(const caplat_cmd *cmd, const char *name)
{
    const caplat_cmd_option  *option = find(cmd, caplat_cmd_slice(name));

    caplat_assert(option != NULL);

    return option->value;
}


caplat_slice
caplat_cmd_text(const caplat_cmd *cmd, const char *name)
{
    const char  *value = caplat_cmd_value(cmd, name);

    return value != NULL ? caplat_cmd_slice(value) : CAPLAT_LIT("");
}


bool
caplat_cmd_number(const caplat_cmd *cmd, const char *name, uint64_t min,
    uint64_t max, int64_t *number)
{
    const char  *value = caplat_cmd_value(cmd, name);
    uint64_t     read;

    if (value == NULL) {
        return true;
    }

    if (caplat_number_read(caplat_cmd_slice(value), max, &read) != CAPLAT_OK
        || read < min)
    {
        (void) caplat_cmd_misuse(cmd, name, value,
                                 "it is not a number that is allowed");
        return false;
    }

    *number = (int64_t) read;

    return true;
}


bool
caplat_cmd_words(const caplat_cmd *cmd, const char *name, size_t max)
{
    caplat_slice  text = caplat_cmd_text(cmd, name);

    if (caplat_cmd_value(cmd, name) == NULL
        || (text.len <= max && caplat_words_valid(text)))
    {
        return true;
    }

    (void) caplat_cmd_misuse(cmd, name, text.ptr,
                             "it is empty, too long or not plain text");

    return false;
}


bool
caplat_cmd_file(const char *path, size_t max, caplat_slice *text)
{
    const char  *why = NULL;

    if (!caplat_file_read(path, max, text, &why)) {
        (void) caplat_cmd_refuse(path, why);
        return false;
    }

    return true;
}


void
caplat_cmd_wipe(caplat_slice text)
{
    char  *room = (char *) (uintptr_t) text.ptr;

    sodium_memzero(room, text.len);
    free(room);
}


void
caplat_cmd_warn_if_open(const char *path)
{
    struct stat  st;

    if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void) fprintf(stderr, "caplat: %s: warning: it is open to others\n"
                               "Try: chmod 600 %s\n", path, path);
    }
}


bool
caplat_cmd_key(const char *path, caplat_private_key **key)
{
    caplat_slice  text;
    caplat_err    err;

    if (!caplat_cmd_file(path, KEY_LEN_MAX, &text)) {
        return false;
    }

    bool  read = caplat_private_key_read(text, key, &err);

    if (!read) {
        (void) caplat_cmd_fault(path, text, &err,
                                "a private key is a JWK with d of kind "
                                "Ed25519 or P-256, as `caplat key new` "
                                "writes it");
    } else {
        caplat_cmd_warn_if_open(path);
    }

    caplat_cmd_wipe(text);

    return read;
}


void
caplat_cmd_print(const caplat_writer *w)
{
    caplat_assert(!w->full);
    (void) fwrite(w->ptr, 1, w->len, stdout);
    (void) fputc('\n', stdout);
}


caplat_slice
caplat_cmd_algorithm(const caplat_private_key *key)
{
    return caplat_private_key_public(key)->algorithm == CAPLAT_ED25519
               ? CAPLAT_LIT("Ed25519") : CAPLAT_LIT("ES256");
}


caplat_slice
caplat_cmd_kid(const caplat_private_key *key)
{
    return caplat_slice_of(caplat_private_key_public(key)->thumbprint,
                           CAPLAT_THUMBPRINT_LEN);
}
