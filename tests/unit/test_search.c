#include "gen_search.h"

#include "search_model.h"


#define THREADS  3


/* Every number is its own place, as one part a page has it. */
static uint32_t  same[DOCUMENTS];


/* All shards as they are written, one behind the other, for comparison. */
static void
write_all(gen_search *const *searches, size_t count, gen_buf *out)
{
    gen_shards  *shards = gen_shards_open(searches, count, same, 1);
    gen_buf      buf = { 0 };
    uint32_t     code_point;
    uint32_t     before = 0;

    for (size_t i = 0; i < gen_shards_count(shards); i++) {
        gen_shards_write(shards, i, 0x04030201, &buf, &code_point);
        test_that(code_point > before, "shards ascend");
        before = code_point;
        gen_buf_add(out, caplat_slice_of((const char *) &code_point,
                                         sizeof(code_point)));
        gen_buf_add(out, gen_buf_slice(&buf));
    }

    gen_buf_close(&buf);
    gen_shards_close(shards);
}


static uint32_t
take_varint(caplat_cursor *c)
{
    uint32_t  value = 0;
    unsigned  shift = 0;
    uint8_t   byte;

    do {
        caplat_assert(c->at != c->end);
        byte = (uint8_t) *c->at++;
        value |= (uint32_t) (byte & 0x7F) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);

    return value;
}


/* A shard in words: "key:document,document! ..."; ! is in-title. */
static void
tell_shard(gen_buf *out, uint32_t code_point, caplat_slice bytes)
{
    caplat_cursor  c = caplat_cursor_of(bytes);
    char           first[GEN_CHAR_LEN_MAX];
    size_t         first_len = gen_char_write(code_point, first);
    size_t         rest;
    uint32_t       count;
    uint32_t       document;

    test_that(caplat_take_literal(&c, CAPLAT_LIT("\1\2\3\4")), "list id");

    while (c.at != c.end) {
        document = 0;
        rest = (uint8_t) *c.at++;
        gen_buf_add(out, caplat_slice_of(first, first_len));
        gen_buf_add(out, caplat_slice_of(c.at, rest));
        c.at += rest;
        gen_buf_byte(out, ':');
        count = take_varint(&c);

        while (count-- != 0) {
            uint32_t  value = take_varint(&c);

            document += value / 2;
            gen_buf_uint(out, document);
            gen_buf_add(out, value % 2 != 0 ? CAPLAT_LIT("!")
                                            : CAPLAT_LIT(""));
            gen_buf_byte(out, count != 0 ? ',' : ' ');
        }
    }
}


static void
tell_all(gen_search *search, gen_buf *out)
{
    gen_shards  *shards = gen_shards_open(&search, 1, same, 1);
    gen_buf      buf = { 0 };
    uint32_t     code_point;

    for (size_t i = 0; i < gen_shards_count(shards); i++) {
        gen_shards_write(shards, i, 0x04030201, &buf, &code_point);
        tell_shard(out, code_point, gen_buf_slice(&buf));
    }

    gen_buf_close(&buf);
    gen_shards_close(shards);
}


static void
test_keys(void)
{
    static const struct {
        const char  *name;
        const char  *title;
        const char  *text;
        const char  *keys;
    } cases[] = {
        { "nothing", "", " ，。!", "" },
        { "pairs", "", "新增平台", "增平:0 平台:0 新增:0 " },
        { "one alone", "", "锁，锁", "锁:0 " },
        { "one alone between pairs", "", "甲乙、丙", "丙:0 甲乙:0 " },
        { "Latin", "", "CFCA 2025-06", "06:0 2025:0 cfca:0 " },
        { "full-width forms", "", "ＣＡ１Ａ", "ca1a:0 " },
        { "Han and Latin", "", "用CA锁", "ca:0 用:0 锁:0 " },
        { "a word's first 32 bytes", "",
          "abcdefghijabcdefghijabcdefghijabcdefghij",
          "abcdefghijabcdefghijabcdefghijab:0 " },
        { "words of 8 bytes and longer ones", "",
          "abcdefgi abcdefghij abcdefgh abcdefghi ABCDEFGHI",
          "abcdefgh:0 abcdefghi:0 abcdefghij:0 abcdefgi:0 " },
        { "titles", "甲乙", "甲乙丙", "乙丙:0 甲乙:0! " },
        { "beyond the first plane", "", "𠮷野𠮷𠮷野",
          "野𠮷:0 𠮷野:0 𠮷𠮷:0 " },
        { "the first and last of each range", "", "㏿㐀鿿ꀀ、𠀀𿿿",
          "㐀鿿:0 𠀀𿿿:0 " },
        { "no Han to us", "", "かな〇é", "" },
        { "a broken end", "", "甲\xE9", "甲:0 " },
        { "another one", "", "甲\xF0\xA0\xAE", "甲:0 " },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        gen_search   *search = gen_search_open();
        gen_buf       told = { 0 };
        caplat_slice  text = test_slice(cases[i].text);
        char         *copy = malloc(text.len + 1);

        /* A byte behind the text would be seen. */
        caplat_assert(copy != NULL);
        memcpy(copy + 1, text.ptr, text.len);
        gen_search_begin(search, 0);
        gen_search_title(search, test_slice(cases[i].title));
        gen_search_text(search, caplat_slice_of(copy + 1, text.len));
        free(copy);
        tell_all(search, &told);
        test_text(gen_buf_slice(&told), test_slice(cases[i].keys),
            cases[i].name);
        gen_buf_close(&told);
        gen_search_close(search);
    }
}


/* The bytes of one shard, as the browser reads them: two parts a page. */
static void
test_bytes(void)
{
    static const uint32_t  places[] = { 0, 6, 200 };

    gen_search  *search = gen_search_open();
    gen_shards  *shards;
    gen_buf      buf = { 0 };
    uint32_t     code_point;

    gen_search_begin(search, 3);
    gen_search_title(search, CAPLAT_LIT("平台"));
    gen_search_begin(search, 4);
    gen_search_text(search, CAPLAT_LIT("平台 平"));
    shards = gen_shards_open(&search, 1, places, 2);
    test_number(gen_shards_count(shards), 1, "one first character");
    gen_shards_write(shards, 0, 0xA0B0C0D0, &buf, &code_point);
    test_number(code_point, 0x5E73, "its code point");
    test_text(gen_buf_slice(&buf),
        CAPLAT_LIT("\xD0\xC0\xB0\xA0"
                   "\0\1\x90\3"                 /* 平: 200 */
                   "\3\xE5\x8F\xB0\2\x0F\x82\3"),/* 平台: 7!, 193 more */
        "its bytes");
    gen_shards_close(shards);
    gen_buf_close(&buf);
    gen_search_close(search);
}


static uint32_t
random_next(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;

    return *state >> 16;
}


/* Units of one letter or one Han character; blanks part them. */
static caplat_slice
random_text(uint32_t *state, char *text)
{
    static const char *const  units[] = {
        "锁", "平", "台", "新", "a", "B", "7", " ", "，"
    };

    size_t  len = 0;
    size_t  count = random_next(state) % 60;

    while (count-- != 0) {
        caplat_slice  unit = test_slice(units[random_next(state)
                                              % CAPLAT_COUNT(units)]);

        memcpy(text + len, unit.ptr, unit.len);
        len += unit.len;
    }

    return caplat_slice_of(text, len);
}


/*
 * Random documents: one thread tells what the model tells, and however the
 * documents are spread over threads, the bytes are the same.
 */
static void
test_random(uint32_t seed)
{
    gen_search  *one = gen_search_open();
    gen_search  *spread[2][THREADS];
    gen_buf      bytes[3] = { { 0 } };
    gen_buf      told = { 0 };
    gen_buf      want = { 0 };
    char         text[TEXT_MAX];
    uint32_t     state = seed;

    fact_count = 0;

    for (size_t i = 0; i < THREADS; i++) {
        spread[0][i] = gen_search_open();
        spread[1][i] = gen_search_open();
    }

    for (uint32_t document = 0; document < DOCUMENTS; document++) {
        gen_search  *to[3] = {
            one,
            spread[0][random_next(&state) % THREADS],
            spread[1][document * THREADS / DOCUMENTS],
        };

        for (size_t part = 0; part < 3; part++) {
            caplat_slice  words = random_text(&state, text);

            model_text(words, document, part == 0);

            for (size_t i = 0; i < 3; i++) {
                if (part == 0) {
                    gen_search_begin(to[i], document);
                    gen_search_title(to[i], words);

                } else {
                    gen_search_text(to[i], words);
                }
            }
        }
    }

    tell_all(one, &told);
    short_keys_only(&told);
    tell_model(&want);
    test_text(gen_buf_slice(&told), gen_buf_slice(&want), "as the model");

    write_all(&one, 1, &bytes[0]);
    write_all(spread[0], THREADS, &bytes[1]);
    write_all(spread[1], THREADS, &bytes[2]);
    test_that(caplat_slice_eq(gen_buf_slice(&bytes[0]),
                              gen_buf_slice(&bytes[1])), "at random");
    test_that(caplat_slice_eq(gen_buf_slice(&bytes[0]),
                              gen_buf_slice(&bytes[2])), "in three parts");

    for (size_t i = 0; i < THREADS; i++) {
        gen_search_close(spread[0][i]);
        gen_search_close(spread[1][i]);
        gen_buf_close(&bytes[i]);
    }

    gen_search_close(one);
    gen_buf_close(&told);
    gen_buf_close(&want);
}


/* Many documents: chunks are chained, and the table grows. */
static void
test_many(void)
{
    enum { MANY = 20000 };

    static uint32_t  places[MANY];

    gen_search  *search = gen_search_open();
    gen_shards  *shards;
    gen_buf      buf = { 0 };
    char         text[12];
    uint32_t     code_point = 0;
    uint32_t     sum = 0;

    for (uint32_t i = 0; i < MANY; i++) {
        size_t  len = gen_char_write(0x9501, text);

        places[i] = i;
        len += gen_char_write(0x4E00 + i, text + len);
        gen_search_begin(search, i);
        gen_search_text(search, caplat_slice_of(text, len));
        gen_search_text(search, CAPLAT_LIT("common"));
    }

    shards = gen_shards_open(&search, 1, places, 1);
    test_number(gen_shards_count(shards), 2, "shards");
    gen_shards_write(shards, 0, 1, &buf, &code_point);
    test_number(code_point, 'c', "the word's shard");
    test_number(buf.len, 4 + 6 + 3 + MANY, "a byte for each document");

    for (size_t i = 4 + 6 + 3; i < buf.len; i++) {
        sum += (uint8_t) buf.data[i];
    }

    test_number(sum, 2 * (MANY - 1), "the last document");
    gen_shards_write(shards, 1, 1, &buf, &code_point);
    test_number(code_point, 0x9501, "the pairs' shard");
    test_that(buf.len > MANY * 6, "every pair");
    gen_shards_close(shards);
    gen_buf_close(&buf);
    gen_search_close(search);
}


/* Long words are found again, also after the table has grown. */
static void
test_long_words(void)
{
    enum { WORDS = 5000, WORD_LEN = 14 };

    gen_search  *search = gen_search_open();
    gen_shards  *shards;
    gen_buf      buf = { 0 };
    uint32_t     code_point;

    for (uint32_t document = 0; document < 2; document++) {
        gen_search_begin(search, document);

        for (uint32_t i = 0; i < WORDS; i++) {
            buf.len = 0;
            gen_buf_lit(&buf, "longer");
            gen_buf_uint(&buf, 10000000 + i);
            gen_search_text(search, gen_buf_slice(&buf));
        }
    }

    shards = gen_shards_open(&search, 1, same, 1);
    test_number(gen_shards_count(shards), 1, "one first letter");
    gen_shards_write(shards, 0, 1, &buf, &code_point);
    test_number(buf.len, 4 + WORDS * (1 + WORD_LEN - 1 + 1 + 2),
        "each word once, in two documents");
    gen_shards_close(shards);
    gen_buf_close(&buf);
    gen_search_close(search);
}


int
main(void)
{
    gen_shards  *none = gen_shards_open(NULL, 0, NULL, 1);

    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        same[i] = i;
    }

    test_number(gen_shards_count(none), 0, "no searches, no shards");
    gen_shards_close(none);
    test_keys();
    test_bytes();

    for (uint32_t seed = 1; seed <= 20; seed++) {
        test_random(seed);
    }

    test_many();
    test_long_words();

    return test_done();
}
