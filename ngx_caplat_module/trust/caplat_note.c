#include "caplat_note.h"

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_text.h"

#include <sodium.h>


#define ED25519       1                 /* type of a key */
#define KEY_ID_LEN    4
#define DASH          CAPLAT_LIT("\xe2\x80\x94 ")
#define SIGNED_LEN    (KEY_ID_LEN + CAPLAT_SIGNATURE_LEN)


static caplat_slice
name_of(const caplat_verifier *verifier)
{
    return caplat_slice_of(verifier->name, verifier->name_len);
}


/* Visible ASCII but `+`: a host and a path. */
static bool
is_name(caplat_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == '+') {
            return false;
        }
    }

    return name.len != 0 && name.len <= CAPLAT_LOG_NAME_MAX;
}


static void
make(caplat_slice name, const uint8_t key[static 32],
    caplat_verifier *verifier)
{
    char           room[CAPLAT_LOG_NAME_MAX + 2 + 32];
    uint8_t        hash[CAPLAT_SHA256_LEN];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, name);
    caplat_put(&w, CAPLAT_LIT("\n\x01"));
    caplat_put(&w, caplat_slice_of((const char *) key, 32));
    caplat_sha256(caplat_written(&w), hash);

    memcpy(verifier->name, name.ptr, name.len);
    verifier->name_len = name.len;
    memcpy(verifier->id, hash, KEY_ID_LEN);
    memcpy(verifier->public_key, key, 32);
}


bool
caplat_verifier_make(caplat_slice name, const caplat_public_key *key,
    caplat_verifier *verifier)
{
    if (!is_name(name) || key->algorithm != CAPLAT_ED25519) {
        return false;
    }

    make(name, key->x, verifier);

    return true;
}


static void
put_id(caplat_writer *w, const uint8_t id[static KEY_ID_LEN])
{
    static const char  hex[] = "0123456789abcdef";

    for (size_t i = 0; i < KEY_ID_LEN; i++) {
        char  digits[2] = { hex[id[i] >> 4], hex[id[i] & 15] };

        caplat_put(w, caplat_slice_of(digits, sizeof(digits)));
    }
}


void
caplat_verifier_write(const caplat_verifier *verifier, caplat_writer *w)
{
    uint8_t  bytes[33] = { ED25519 };
    char     text[CAPLAT_B64_LEN(sizeof(bytes))];

    memcpy(bytes + 1, verifier->public_key, 32);

    caplat_put(w, name_of(verifier));
    caplat_put(w, CAPLAT_LIT("+"));
    put_id(w, verifier->id);
    caplat_put(w, CAPLAT_LIT("+"));
    caplat_put(w, caplat_slice_of(text, caplat_b64_write(bytes, sizeof(bytes),
                                                         text)));
}


bool
caplat_verifier_read(caplat_slice vkey, caplat_verifier *verifier)
{
    caplat_cursor    c = caplat_cursor_of(vkey);
    caplat_slice     name, id, key;
    uint8_t          bytes[33];
    size_t           len;
    caplat_verifier  made;
    char             room[CAPLAT_VKEY_LEN_MAX];
    caplat_writer    w = caplat_writer_of(room, sizeof(room));

    if (!caplat_take_until(&c, '+', CAPLAT_LOG_NAME_MAX, &name)
        || !is_name(name) || !caplat_take_until(&c, '+', 8, &id)
        || !caplat_take_rest(&c, CAPLAT_B64_LEN(sizeof(bytes)), &key)
        || !caplat_b64_read(key, bytes, sizeof(bytes), &len)
        || len != sizeof(bytes) || bytes[0] != ED25519)
    {
        return false;
    }

    make(name, bytes + 1, &made);

    /* One spelling, and the id that belongs to the key. */
    caplat_verifier_write(&made, &w);

    if (!caplat_slice_eq(caplat_written(&w), vkey)) {
        return false;
    }

    *verifier = made;

    return true;
}


static void
put_text(caplat_writer *w, const caplat_verifier *verifier,
    const caplat_checkpoint *checkpoint)
{
    char  root[CAPLAT_B64_LEN(CAPLAT_NODE_LEN)];

    caplat_put(w, name_of(verifier));
    caplat_put(w, CAPLAT_LIT("\n"));
    caplat_put_number(w, checkpoint->size);
    caplat_put(w, CAPLAT_LIT("\n"));
    caplat_put(w, caplat_slice_of(root,
        caplat_b64_write(checkpoint->root.bytes, CAPLAT_NODE_LEN, root)));
    caplat_put(w, CAPLAT_LIT("\n"));
}


bool
caplat_checkpoint_sign(const caplat_verifier *verifier,
    const caplat_private_key *key, const caplat_checkpoint *checkpoint,
    caplat_writer *w)
{
    char           room[CAPLAT_CHECKPOINT_MAX];
    caplat_writer  text = caplat_writer_of(room, sizeof(room));
    uint8_t        bytes[SIGNED_LEN];
    char           signature[CAPLAT_B64_LEN(SIGNED_LEN)];

    put_text(&text, verifier, checkpoint);
    caplat_assert(!text.full);

    memcpy(bytes, verifier->id, KEY_ID_LEN);

    if (!caplat_sign(key, caplat_written(&text), bytes + KEY_ID_LEN)) {
        return false;
    }

    caplat_put(w, caplat_written(&text));
    caplat_put(w, CAPLAT_LIT("\n"));
    caplat_put(w, DASH);
    caplat_put(w, name_of(verifier));
    caplat_put(w, CAPLAT_LIT(" "));
    caplat_put(w, caplat_slice_of(signature,
        caplat_b64_write(bytes, sizeof(bytes), signature)));
    caplat_put(w, CAPLAT_LIT("\n"));

    return true;
}


/* The last empty line parts text and signatures; text keeps its LF. */
static bool
split(caplat_slice note, caplat_slice *text, caplat_slice *lines)
{
    for (size_t i = note.len; i >= 2; i--) {
        if (note.ptr[i - 1] == '\n' && note.ptr[i - 2] == '\n') {
            *text = caplat_slice_of(note.ptr, i - 1);
            *lines = caplat_slice_of(note.ptr + i, note.len - i);
            return lines->len != 0;
        }
    }

    return false;
}


/* White space of Unicode that is not ASCII's. */
static bool
is_wide_space(uint32_t character)
{
    return character == 0x85 || character == 0xa0 || character == 0x1680
        || (character >= 0x2000 && character <= 0x200a)
        || character == 0x2028 || character == 0x2029 || character == 0x202f
        || character == 0x205f || character == 0x3000;
}


/* A name that another key may have: UTF-8, no controls, no blanks, no `+`. */
static bool
is_any_name(caplat_slice name)
{
    caplat_cursor  c = caplat_cursor_of(name);
    uint32_t       character;

    while (caplat_cursor_left(&c) != 0) {
        if (!caplat_take_character(&c, &character) || character <= ' '
            || character == '+' || is_wide_space(character))
        {
            return false;
        }
    }

    return name.len != 0;
}


typedef enum { FOREIGN, OURS, WRONG, NO_LINE } line_kind;


/* One signature line: `— NAME BASE64`. */
static line_kind
judge_line(caplat_slice line, const caplat_verifier *verifier,
    caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(line);
    caplat_slice   name, signature;
    uint8_t        bytes[CAPLAT_NOTE_LEN_MAX / 4 * 3];
    size_t         len;

    if (!caplat_take_literal(&c, DASH)
        || !caplat_take_until(&c, ' ', line.len, &name) || !is_any_name(name)
        || !caplat_take_rest(&c, line.len, &signature)
        || !caplat_b64_read(signature, bytes, sizeof(bytes), &len)
        || len <= KEY_ID_LEN)
    {
        return NO_LINE;
    }

    if (!caplat_slice_eq(name, name_of(verifier))
        || memcmp(bytes, verifier->id, KEY_ID_LEN) != 0)
    {
        return FOREIGN;
    }

    return len == SIGNED_LEN
           && crypto_sign_verify_detached(bytes + KEY_ID_LEN,
                                          (const uint8_t *) text.ptr, text.len,
                                          verifier->public_key)
              == 0
           ? OURS : WRONG;
}


static bool
judge_lines(caplat_slice lines, const caplat_verifier *verifier,
    caplat_slice text, const char **why)
{
    caplat_cursor  c = caplat_cursor_of(lines);
    bool           is_ours = false;
    caplat_slice   line;

    for (size_t count = 0; caplat_cursor_left(&c) != 0; count++) {
        line_kind  kind;

        if (count == CAPLAT_NOTE_LINES_MAX) {
            *why = "the note has too many signatures";
            return false;
        }

        kind = caplat_take_until(&c, '\n', lines.len, &line)
               ? judge_line(line, verifier, text) : NO_LINE;

        if (kind == NO_LINE || kind == WRONG) {
            *why = kind == WRONG
                   ? "the log's signature does not hold"
                   : "the note has a line that is no signature";
            return false;
        }

        is_ours = is_ours || kind == OURS;
    }

    if (!is_ours) {
        *why = "the note is not signed by the log's key";
    }

    return is_ours;
}


static bool
read_text(caplat_slice text, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint)
{
    caplat_cursor      c = caplat_cursor_of(text);
    caplat_slice       root;
    caplat_checkpoint  read = { 0 };
    size_t             len;

    if (!caplat_take_literal(&c, name_of(verifier))
        || !caplat_take_literal(&c, CAPLAT_LIT("\n"))
        || !caplat_take_uint(&c, CAPLAT_TREE_SIZE_MAX, &read.size)
        || !caplat_take_literal(&c, CAPLAT_LIT("\n"))
        || !caplat_take_until(&c, '\n', CAPLAT_B64_LEN(CAPLAT_NODE_LEN), &root)
        || !caplat_b64_read(root, read.root.bytes, CAPLAT_NODE_LEN, &len)
        || len != CAPLAT_NODE_LEN || caplat_cursor_left(&c) != 0)
    {
        return false;
    }

    *checkpoint = read;

    return true;
}


/* The two halves of a note, and what the first says. */
static bool
parse(caplat_slice note, const caplat_verifier *verifier, caplat_slice *text,
    caplat_slice *lines, caplat_checkpoint *checkpoint, const char **why)
{
    if (note.len > CAPLAT_NOTE_LEN_MAX) {
        *why = "the note is too long";
        return false;
    }

    if (!split(note, text, lines)) {
        *why = "the note has no signature";
        return false;
    }

    if (!read_text(*text, verifier, checkpoint)) {
        *why = "the note is no checkpoint of this log";
        return false;
    }

    return true;
}


bool
caplat_checkpoint_parse(caplat_slice note, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint, const char **why)
{
    caplat_slice  text, lines;

    return parse(note, verifier, &text, &lines, checkpoint, why);
}


bool
caplat_checkpoint_read(caplat_slice note, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint, const char **why)
{
    caplat_slice       text, lines;
    caplat_checkpoint  read;

    if (!parse(note, verifier, &text, &lines, &read, why)
        || !judge_lines(lines, verifier, text, why))
    {
        return false;
    }

    *checkpoint = read;

    return true;
}
