#include "caplat_note.h"

#include "log_example.h"
#include "signed.h"

#include <stdlib.h>


#define DASH    "\xe2\x80\x94 "
#define WORSE   "the log's signature does not hold"
#define NO_LINE "the note has a line that is no signature"
#define NO_SIGN "the note has no signature"
#define UNKNOWN "the note is not signed by the log's key"
#define OTHER   "the note is no checkpoint of this log"
#define MANY    "the note has too many signatures"
#define LONG    "the note is too long"


static caplat_verifier      verifier;
static caplat_private_key  *key;


static void
test_vkey(void)
{
    static const uint8_t  id[] = { 0x2c, 0x2b, 0x04, 0x1f };

    char             room[CAPLAT_VKEY_LEN_MAX];
    caplat_writer    w = caplat_writer_of(room, sizeof(room));
    caplat_verifier  read;

    if (!test_that(caplat_verifier_make(CAPLAT_LIT(LOG_NAME),
                                        caplat_private_key_public(key),
                                        &verifier), "the example's key"))
    {
        return;
    }

    test_that(memcmp(verifier.id, id, sizeof(id)) == 0, "its id");
    caplat_verifier_write(&verifier, &w);
    test_text(caplat_written(&w), CAPLAT_LIT(LOG_VKEY), "its vkey");

    test_that(caplat_verifier_read(CAPLAT_LIT(LOG_VKEY), &read), "is read");
    test_that(read.name_len == verifier.name_len
              && memcmp(read.name, verifier.name, read.name_len) == 0
              && memcmp(read.id, verifier.id, sizeof(read.id)) == 0
              && memcmp(read.public_key, verifier.public_key, 32) == 0,
              "and the same");
}


static void
test_vkeys_refused(void)
{
    static const char *const  vkeys[] = {
        "", "+", "++", LOG_NAME, LOG_NAME "+2c2b041f", LOG_NAME "+2c2b041f+",
        "shop.example/order+2c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQ"
            "SVTG4",
        LOG_NAME "+2c2b041e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        LOG_NAME "+2C2B041F+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        LOG_NAME "+c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        LOG_NAME "+02c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        LOG_NAME "+2c2b041f+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        LOG_NAME "+2c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG5",
        LOG_NAME "+2c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTE=",
        LOG_VKEY "\n", LOG_VKEY " ", LOG_VKEY "=", LOG_VKEY "AAAA",
        " " LOG_VKEY, "+" LOG_VKEY, "https://" LOG_VKEY,
        "witness.example/w1+d9a3c7a0+BLUz2K2fz73eC0gcGzNN3DxTQS/WFFZOflr9AgN"
            "o04LD",
    };

    caplat_verifier  read = { .name_len = 7 };

    for (size_t i = 0; i < CAPLAT_COUNT(vkeys); i++) {
        test_that(!caplat_verifier_read(test_slice(vkeys[i]), &read)
                  && read.name_len == 7, vkeys[i]);
    }
}


static void
test_names(void)
{
    static const char *const   refused[] = {
        "", " ", "a b", "a+b", "a\tb", "a\n", "\x7f", "caf\xc3\xa9", "a\xff",
        "a\xe3\x80\x80o",
    };
    char                       longest[CAPLAT_LOG_NAME_MAX + 1];
    const caplat_public_key   *public = caplat_private_key_public(key);
    caplat_private_key        *other = signed_key(KEY_P256);
    caplat_verifier            made, read;

    for (size_t i = 0; i < CAPLAT_COUNT(refused); i++) {
        test_that(!caplat_verifier_make(test_slice(refused[i]), public,
                                        &made), refused[i]);
    }

    memset(longest, 'n', sizeof(longest));
    test_that(!caplat_verifier_make(caplat_slice_of(longest,
                                                    sizeof(longest)),
                                    public, &made), "a name too long");
    test_that(!caplat_verifier_make(CAPLAT_LIT("a"),
                                    caplat_private_key_public(other), &made),
              "P-256 signs no log");

    if (test_that(caplat_verifier_make(caplat_slice_of(longest,
                                                       CAPLAT_LOG_NAME_MAX),
                                       public, &made), "the longest name"))
    {
        char           room[CAPLAT_VKEY_LEN_MAX];
        caplat_writer  w = caplat_writer_of(room, sizeof(room));

        caplat_verifier_write(&made, &w);
        test_that(!w.full && caplat_verifier_read(caplat_written(&w), &read),
                  "has its vkey");
    }

    caplat_private_key_close(other);
}


static caplat_checkpoint
example(void)
{
    return (caplat_checkpoint) { LOG_SIZE, log_node(log_roots[4]) };
}


static void
test_sign(void)
{
    static char        name[CAPLAT_LOG_NAME_MAX];

    char               room[CAPLAT_CHECKPOINT_MAX];
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    caplat_writer      small = caplat_writer_of(room, 184);
    caplat_checkpoint  checkpoint = example();
    caplat_verifier    longest;

    test_number(sizeof(LOG_TEXT) - 1, 67, "the signed text");
    test_number(sizeof(LOG_NOTE) - 1, 185, "the note");
    test_that(caplat_checkpoint_sign(&verifier, key, &checkpoint, &w),
              "is signed");
    test_text(caplat_written(&w), CAPLAT_LIT(LOG_NOTE), "byte for byte");
    test_that(caplat_checkpoint_sign(&verifier, key, &checkpoint, &small)
              && small.full, "a writer without room is full");

    memset(name, 'n', sizeof(name));
    test_that(caplat_verifier_make(caplat_slice_of(name, sizeof(name)),
                                   caplat_private_key_public(key), &longest),
              "the longest name");
    w.len = 0;
    checkpoint.size = CAPLAT_TREE_SIZE_MAX;
    test_that(caplat_checkpoint_sign(&longest, key, &checkpoint, &w)
              && !w.full, "of the largest tree has room");
}


/* why NULL: the note is good. */
static void
test_read(const char *words, caplat_slice note, const char *why)
{
    caplat_checkpoint  want = example(), read = { 99, { { 0 } } };
    const char        *is = "";
    char              *copy = malloc(note.len);

    caplat_assert(copy != NULL);
    memcpy(copy, note.ptr, note.len);

    bool  good = caplat_checkpoint_read(caplat_slice_of(copy, note.len),
                                        &verifier, &read, &is);

    free(copy);

    if (why == NULL) {
        test_that(good, words);
        test_that(read.size == want.size && log_same(&read.root, &want.root),
                  words);

    } else {
        test_that(!good && read.size == 99, words);
        test_text(test_slice(is), test_slice(why), words);
    }
}


#define READ(words, note, why)  test_read((words), CAPLAT_LIT(note), (why))


static void
test_notes(void)
{
    READ("the example", LOG_NOTE, NULL);
    READ("cosigned", LOG_NOTE LOG_COSIGNATURE, NULL);
    READ("cosigned before", LOG_TEXT "\n" LOG_COSIGNATURE LOG_LINE, NULL);
    READ("twice", LOG_NOTE LOG_LINE, NULL);
    READ("one of another id", LOG_NOTE DASH LOG_NAME " AAAAAAA=\n", NULL);
    READ("one of our id and another's name",
         LOG_NOTE DASH "other LCsEHwA=\n", NULL);
    READ("a name of other letters",
         LOG_NOTE DASH "\xe5\xba\x97/\xf0\x9f\x94\x91 LCsEHwA=\n", NULL);

    READ("nothing", "", NO_SIGN);
    READ("the text alone", LOG_TEXT, NO_SIGN);
    READ("no lines", LOG_TEXT "\n", NO_SIGN);
    READ("no border", LOG_TEXT LOG_LINE, NO_SIGN);
    READ("another's alone", LOG_TEXT "\n" LOG_COSIGNATURE, UNKNOWN);
    READ("the last empty line is the border",
         LOG_NOTE "\n" LOG_LINE, OTHER);
    READ("an empty line at the end", LOG_NOTE "\n", NO_SIGN);
    READ("two empty lines", LOG_TEXT "\n\n" LOG_LINE, OTHER);
    READ("bytes before", "\n" LOG_NOTE, OTHER);
    READ("CR LF", LOG_NAME "\r\n5\r\n" LOG_ROOT "\r\n\n" LOG_LINE, OTHER);
}


static void
test_texts(void)
{
    READ("another origin",
         "shop.example/order\n5\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("a longer origin",
         "shop.example/orders/\n5\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("an extension", LOG_TEXT "extension\n\n" LOG_LINE, OTHER);
    READ("no size", LOG_NAME "\n\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("a leading zero",
         LOG_NAME "\n05\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("a plus", LOG_NAME "\n+5\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("a blank", LOG_NAME "\n5 \n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("less than nothing",
         LOG_NAME "\n-5\n" LOG_ROOT "\n\n" LOG_LINE, OTHER);
    READ("past all trees", LOG_NAME "\n9007199254740992\n" LOG_ROOT "\n\n"
         LOG_LINE, OTHER);
    READ("2^64 more", LOG_NAME "\n18446744073709551621\n" LOG_ROOT "\n\n"
         LOG_LINE, OTHER);
    READ("a root of 31 bytes", LOG_NAME "\n5\n"
         "6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55Ww==\n\n" LOG_LINE, OTHER);
    READ("a root of 33 bytes", LOG_NAME "\n5\n"
         "6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0wA\n\n" LOG_LINE, OTHER);
    READ("a root spelt otherwise", LOG_NAME "\n5\n"
         "6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0x=\n\n" LOG_LINE, OTHER);
    READ("a root without padding", LOG_NAME "\n5\n"
         "6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0w\n\n" LOG_LINE, OTHER);
    READ("another root", LOG_NAME "\n5\n"
         "7PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0w=\n\n" LOG_LINE, WORSE);
    READ("another size", LOG_NAME "\n4\n" LOG_ROOT "\n\n" LOG_LINE, WORSE);
}


static void
test_lines(void)
{
    READ("no LF at the end", LOG_NOTE DASH "a AAAAAAA=", NO_LINE);
    READ("a hyphen", LOG_NOTE "- a AAAAAAA=\n", NO_LINE);
    READ("an en dash", LOG_NOTE "\xe2\x80\x93 a AAAAAAA=\n", NO_LINE);
    READ("no blank", LOG_NOTE "\xe2\x80\x94" "a AAAAAAA=\n", NO_LINE);
    READ("no name", LOG_NOTE DASH " AAAAAAA=\n", NO_LINE);
    READ("no signature", LOG_NOTE DASH "a\n", NO_LINE);
    READ("an empty one", LOG_NOTE DASH "a \n", NO_LINE);
    READ("an id alone", LOG_NOTE DASH "a AAAAAA==\n", NO_LINE);
    READ("two blanks", LOG_NOTE DASH "a  AAAAAAA=\n", NO_LINE);
    READ("a blank behind", LOG_NOTE DASH "a AAAAAAA= \n", NO_LINE);
    READ("bits left over", LOG_NOTE DASH "a AAAAAAB=\n", NO_LINE);
    READ("base64url", LOG_NOTE DASH "a AAAA_AA=\n", NO_LINE);
    READ("a plus in a name", LOG_NOTE DASH "a+b AAAAAAA=\n", NO_LINE);
    READ("a tab in a name", LOG_NOTE DASH "a\tb AAAAAAA=\n", NO_LINE);
    READ("an ideographic space", LOG_NOTE DASH "a\xe3\x80\x80 AAAAAAA=\n",
         NO_LINE);
    READ("a space of no break", LOG_NOTE DASH "a\xc2\xa0 AAAAAAA=\n",
         NO_LINE);
    READ("no UTF-8", LOG_NOTE DASH "a\xff AAAAAAA=\n", NO_LINE);

    READ("ours too short", LOG_NOTE DASH LOG_NAME " LCsEHwA=\n", WORSE);
    READ("ours wrong beside a good one", LOG_NOTE DASH LOG_NAME
         " LCsEH4Ozb+7re918XCYOfS8vJ9lPbFkB93ewnpJUSQljJqWrhvKxTFPrh1GrftvB7"
         "dkEgXWLkXZ1WDryVXPfxK//JwI=\n", WORSE);
    READ("ours too long", LOG_NOTE DASH LOG_NAME
         " LCsEH4Ozb+7re918XCYOfS8vJ9lPbFkB93ewnpJUSQljJqWrhvKxTFPrh1GrftvB7"
         "dkEgXWLkXZ1WDryVXPfxK//JwEA\n", WORSE);
}


static void
test_bounds(void)
{
    static char    room[CAPLAT_NOTE_LEN_MAX + 1];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT(LOG_NOTE));

    for (size_t i = 1; i < CAPLAT_NOTE_LINES_MAX; i++) {
        caplat_put(&w, CAPLAT_LIT(DASH "a AAAAAAA=\n"));
    }

    test_read("a hundred signatures", caplat_written(&w), NULL);
    caplat_put(&w, CAPLAT_LIT(DASH "a AAAAAAA=\n"));
    test_read("one more", caplat_written(&w), MANY);

    w.len = 0;
    caplat_put(&w, CAPLAT_LIT(LOG_NOTE DASH));

    while (w.len < CAPLAT_NOTE_LEN_MAX - 10) {
        caplat_put(&w, CAPLAT_LIT("a"));
    }

    caplat_put(&w, CAPLAT_LIT(" AAAAAAA=\n"));
    test_read("the longest", caplat_written(&w), NULL);
    room[w.len - 1] = ' ';
    room[w.len - 2] = 'A';
    caplat_put(&w, CAPLAT_LIT("\n"));
    test_read("a byte more", caplat_written(&w), LONG);
}


/* Whatever byte is another, the note is not ours any more. */
static void
test_bytes(void)
{
    char               note[] = LOG_NOTE;
    caplat_checkpoint  read;
    const char        *why;
    unsigned           wrong = 0;

    for (size_t i = 0; i < sizeof(note) - 1; i++) {
        for (int bit = 1; bit < 256; bit <<= 1) {
            note[i] = (char) (note[i] ^ bit);
            wrong += caplat_checkpoint_read(caplat_slice_of(note,
                                                            sizeof(note) - 1),
                                            &verifier, &read, &why);
            note[i] = (char) (note[i] ^ bit);
        }

        wrong += caplat_checkpoint_read(caplat_slice_of(note, i), &verifier,
                                        &read, &why);
    }

    test_number(wrong, 0, "no bit may be another, no byte wanting");
}


/* What is known to be ours is read without its signatures. */
static void
test_parse(void)
{
    caplat_checkpoint  read, want = example();
    const char        *why = "";

    test_that(caplat_checkpoint_parse(CAPLAT_LIT(LOG_TEXT "\n" DASH LOG_NAME
                                                 " LCsEHwA=\n"),
                                      &verifier, &read, &why)
              && read.size == LOG_SIZE && log_same(&read.root, &want.root),
              "without looking at signatures");
    test_that(!caplat_checkpoint_parse(CAPLAT_LIT("x\n5\n" LOG_ROOT "\n\n"
                                                  LOG_LINE),
                                       &verifier, &read, &why),
              "of this log alone");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    key = signed_key(LOG_KEY);

    test_vkey();
    test_vkeys_refused();
    test_names();
    test_sign();
    test_notes();
    test_texts();
    test_lines();
    test_bounds();
    test_bytes();
    test_parse();

    caplat_private_key_close(key);

    return test_done();
}
