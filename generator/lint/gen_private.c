#include "gen_private.h"

#include "gen_text.h"


#define MOBILE_LEN   11
#define CODE_LEN     18                 /* of both kinds of codes */
#define COUNTRY_LEN  2


static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}


static bool
is_word(char byte)
{
    return gen_char_is_alnum((unsigned char) byte);
}


static bool
all_digits(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
    }

    return true;
}


static bool
is_mobile(caplat_slice word)
{
    if (word.len == COUNTRY_LEN + MOBILE_LEN
        && gen_text_begins(word, CAPLAT_LIT("86")))
    {
        word = gen_text_part(word, COUNTRY_LEN, word.len);
    }

    return word.len == MOBILE_LEN && all_digits(word) && word.ptr[0] == '1'
           && word.ptr[1] >= '3';
}


/* GB 11643: region, birthday, sequence, and a check by ISO 7064 MOD 11-2. */
static bool
is_resident(caplat_slice word)
{
    static const unsigned char  weights[] = {
        7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2
    };

    static const char  checks[] = "10X98765432";

    unsigned  sum = 0;
    unsigned  month;
    char      last;

    if (word.len != CODE_LEN
        || !all_digits(gen_text_part(word, 0, CODE_LEN - 1)))
    {
        return false;
    }

    for (size_t i = 0; i < sizeof(weights); i++) {
        sum += weights[i] * (unsigned) (word.ptr[i] - '0');
    }

    month = (unsigned) (word.ptr[10] - '0') * 10
            + (unsigned) (word.ptr[11] - '0');
    last = word.ptr[CODE_LEN - 1] == 'x' ? 'X' : word.ptr[CODE_LEN - 1];

    return month >= 1 && month <= 12 && word.ptr[12] <= '3'
           && checks[sum % 11] == last;
}


/* GB 32100: two characters, six digits of a region, nine characters, check. */
static bool
is_company(caplat_slice word)
{
    static const char  alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    unsigned  sum = 0;
    unsigned  weight = 1;

    if (word.len != CODE_LEN || !all_digits(gen_text_part(word, 2, 8))) {
        return false;
    }

    /* The check character itself counts once: then the whole is 0 mod 31. */
    for (size_t i = 0; i < CODE_LEN; i++) {
        const char  *at = memchr(alphabet, word.ptr[i], sizeof(alphabet) - 1);

        if (at == NULL) {
            return false;
        }

        sum += (i == CODE_LEN - 1 ? 1 : weight) * (unsigned) (at - alphabet);
        weight = weight * 3 % 31;
    }

    return sum % 31 == 0;
}


/* A mobile number in groups of 3, 4 and 4 digits; its length, or 0. */
static size_t
grouped_mobile(caplat_slice text)
{
    static const size_t  marks[] = { 3, 8 };

    char    number[MOBILE_LEN];
    size_t  len = 0;

    if (text.len < MOBILE_LEN + 2 || is_word(text.ptr[3])
        || text.ptr[marks[0]] != text.ptr[marks[1]]
        || (text.len > MOBILE_LEN + 2 && is_word(text.ptr[MOBILE_LEN + 2])))
    {
        return 0;
    }

    for (size_t i = 0; i < MOBILE_LEN + 2; i++) {
        if (i != marks[0] && i != marks[1]) {
            number[len++] = text.ptr[i];
        }
    }

    return is_mobile(caplat_slice_of(number, len)) ? MOBILE_LEN + 2 : 0;
}


static void
report(gen_diags *diags, const gen_source *source, caplat_slice found,
    caplat_slice what)
{
    size_t  at = (size_t) (found.ptr - source->text.ptr);

    gen_report(diags, source, gen_span_of(at, found.len), GEN_LINT_PRIVATE,
               GEN_WORDS(what, found), CAPLAT_LIT(""));
}


/* One word of letters and digits, or what begins with it; bytes to go on. */
static size_t
check_word(gen_diags *diags, const gen_source *source, caplat_slice stretch,
    size_t len)
{
    caplat_slice  word = gen_text_part(stretch, 0, len);
    size_t        grouped = len == 3 ? grouped_mobile(stretch) : 0;

    if (grouped != 0 || is_mobile(word)) {
        len = grouped != 0 ? grouped : len;
        report(diags, source, gen_text_part(stretch, 0, len),
               GEN_BOTH("手机号", "mobile number"));

    } else if (is_resident(word)) {
        report(diags, source, word,
               GEN_BOTH("身份证号", "identity number"));

    } else if (is_company(word)) {
        report(diags, source, word,
               GEN_BOTH("统一社会信用代码", "company code"));
    }

    return len;
}


static void
check_stretch(gen_diags *diags, const gen_source *source,
    caplat_slice stretch)
{
    while (stretch.len >= MOBILE_LEN) {
        size_t  len = 0;

        while (len < stretch.len && is_word(stretch.ptr[len])) {
            len++;
        }

        len = len != 0 ? check_word(diags, source, stretch, len) : 1;
        stretch = gen_text_part(stretch, len, stretch.len);
    }
}


/* Bytes of which numbers are made, with what may part their groups. */
static inline bool
in_stretch(char byte)
{
    return (unsigned char) byte < 0x80
           && (is_word(byte) || byte == ' ' || byte == '-');
}


/*
 * What we look for is at least MOBILE_LEN bytes long, so it is enough to look
 * at every so many bytes: Chinese text is passed in great steps.
 */
void
gen_private_report(gen_diags *diags, const gen_source *source)
{
    caplat_slice  text = source->text;
    size_t        done = 0;
    size_t        at = MOBILE_LEN - 1;

    while (at < text.len) {
        size_t  from = at;
        size_t  to = at;

        if (!in_stretch(text.ptr[at])) {
            at += MOBILE_LEN;
            continue;
        }

        while (from > done && in_stretch(text.ptr[from - 1])) {
            from--;
        }

        while (to < text.len && in_stretch(text.ptr[to])) {
            to++;
        }

        check_stretch(diags, source, gen_text_part(text, from, to));
        done = to;
        at = to + MOBILE_LEN;
    }
}
