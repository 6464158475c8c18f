#include "caplat_entry.h"

#include "caplat_gbk.h"

#include "test.h"

#include <iconv.h>


typedef struct {
    const char  *text;
    const char  *code;                  /* "" when it is right */
} text_case;


static void
test_text_case(const text_case *one, const caplat_flaw *flaw)
{
    test_text(flaw != NULL ? test_slice(flaw->code) : CAPLAT_LIT(""),
        test_slice(one->code), one->text);
}


#define A8   "aaaaaaaa"
#define A64  A8 A8 A8 A8 A8 A8 A8 A8
#define A63  A8 A8 A8 A8 A8 A8 A8 "aaaaaaa"


static void
test_texts(void)
{
    static const text_case  tax_nos[] = {
        { "91350100M000100Y43", "" },
        { "91350100M000100Y44", "check_character" },
        { "91350211M0000XUF46", "check_character" },
        { "91350100M000100I43", "not_a_tax_no" },
        { "9135010AM000100Y43", "not_a_tax_no" },
        { "91350100m000100Y43", "not_a_tax_no" },
        { "12345678901234", "not_a_tax_no" },
        { "12345678901234A", "" },
        { "1234567890123456", "not_a_tax_no" },
        { "12345678901234567", "" },
        { "1234567890123456789", "not_a_tax_no" },
        { "1234567890123456789Z", "" },
        { "12345678901234567890A", "not_a_tax_no" },
        { "", "not_a_tax_no" },
        { " 12345678901234", "not_a_tax_no" },
    };
    static const text_case  phones[] = {
        { "12345", "" },
        { "1234", "not_a_phone" },
        { "---", "not_a_phone" },
        { "+(1)-2-3-4-", "not_a_phone" },
        { "+(1)-2-3-4-５", "" },
        { "+86(24)-12345678", "" },
        { "＋８６（２４）－１２", "" },
        { "12345678901234567890", "" },
        { "123456789012345678901", "not_a_phone" },
        { "", "not_a_phone" },
        { "024 1234", "not_a_phone" },
        { "024,1234", "not_a_phone" },
        { "024，1234", "not_a_phone" },
        { "024/1234", "not_a_phone" },
        { "x", "not_a_phone" },
    };
    static const text_case  accounts[] = {
        { "1234567", "not_an_account" },
        { "12345678", "" },
        { "1234-5678", "" },
        { "12345678901234567890123456789012", "" },
        { "123456789012345678901234567890123", "not_an_account" },
        { "1-2-3-4-5-6-7-8", "" },
        { "-1234-5678", "not_an_account" },
        { "1234-5678-", "not_an_account" },
        { "1234--5678", "not_an_account" },
        { "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-12345678901234", "" },
        { "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1234567890123",
          "not_an_account" },
        { "1234 5678", "not_an_account" },
        { "１２３４５６７８", "not_an_account" },
        { "", "not_an_account" },
    };
    static const text_case  emails[] = {
        { "a@b.cn", "" },
        { "A.b!#$%&'*+/=?^_{}~-1@x-1.example.cn", "" },
        { "a@b", "not_an_email" },
        { "@b.cn", "not_an_email" },
        { "a@", "not_an_email" },
        { "a@b.", "not_an_email" },
        { "a@.b", "not_an_email" },
        { "a@b..cn", "not_an_email" },
        { "a@b@c.cn", "not_an_email" },
        { "a b@c.cn", "not_an_email" },
        { "a`@c.cn", "not_an_email" },
        { "a@-b.cn", "not_an_email" },
        { "a@b-.cn", "not_an_email" },
        { "a@b_c.cn", "not_an_email" },
        { "锦@b.cn", "not_an_email" },
        { "a@锦.cn", "not_an_email" },
        { A64 "@b.cn", "" },
        { A64 "a@b.cn", "not_an_email" },
        { "a@" A63 ".cn", "" },
        { "a@" A64 ".cn", "not_an_email" },
        { "a@" A63 "." A63 "." A63 ".aaaaaaaa" A8 A8 A8 A8 A8 A8 "aaaa", "" },
        { "a@" A63 "." A63 "." A63 ".aaaaaaaa" A8 A8 A8 A8 A8 A8 "aaaaa",
          "not_an_email" },
        { "", "not_an_email" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(tax_nos); i++) {
        test_text_case(&tax_nos[i],
            caplat_entry_tax_no(test_slice(tax_nos[i].text), false));
    }

    for (size_t i = 0; i < CAPLAT_COUNT(phones); i++) {
        test_text_case(&phones[i],
            caplat_entry_phone(test_slice(phones[i].text)));
    }

    for (size_t i = 0; i < CAPLAT_COUNT(accounts); i++) {
        test_text_case(&accounts[i],
            caplat_entry_account(test_slice(accounts[i].text)));
    }

    for (size_t i = 0; i < CAPLAT_COUNT(emails); i++) {
        test_text_case(&emails[i],
            caplat_entry_email(test_slice(emails[i].text)));
    }

    test_that(caplat_entry_tax_no(CAPLAT_LIT("91350211M0000XUF46"), true)
              == NULL, "a real code that fails the check");
    test_that(caplat_entry_tax_no(CAPLAT_LIT("91350211M0000XUI46"), true)
              != NULL, "confirmed, but none");
}


/*
 * 11010519491231002X, 440524188001010014 and 110105491231002 are such numbers;
 * \xef\xbc\x8d is `-`, and \xe3\x80\x80 a blank, in full width.
 */
static void
test_resident_ids(void)
{
    static const char *const  like[] = {
        "440524188001010014", "440524-18800101-0014", "440524 18800101 0014",
        "440524\xe3\x80\x80" "18800101\xef\xbc\x8d" "0014",
        "440524 - 18800101  --  0014", "4-4-0-5-2-4-1-8-8-0-0-1-0-1-0-0-1-4",
        "４４０５２４－１８８００１０１　００１４",
        "110105-19491231-002X", "110105 19491231 002x",
        "11010519491231002-X", "110105-19491231-002Ｘ",
        "(440524-18800101-0014)", "-440524-18800101-0014-",
        "13912345678 440524-18800101-0014", "440524-18800101-0014 024 1",
        "1 440524188001010014 1", "某440524 18800101 0014号",
        "110105491231002", "110105 491231 002", "110105-491231-002X",
        "1 110105491231002 1", "X110105491231002",
    };
    static const char *const  unlike[] = {
        "", "-", " ", "4405241880010100", "440524-18800101-0015",
        "440524-18801301-0014", "440524/18800101/0014",
        "1440524-18800101-0014", "440524-18800101-00141",
        "440524188001010014" "01", "11010519491231002X" "01",
        "440524-18800101-001号4", "X440524X18800101X0014",
        "6222-1101-0549-1231-002", "110105-491231-002-1",
        "110105-491331-002",
    };

    for (size_t i = 0; i < CAPLAT_COUNT(like); i++) {
        test_that(caplat_entry_has_resident_id(test_slice(like[i])), like[i]);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(unlike); i++) {
        test_that(!caplat_entry_has_resident_id(test_slice(unlike[i])),
            unlike[i]);
    }
}


static void
test_gbk(void)
{
    static const struct {
        const char  *text;
        size_t       len;               /* 99: not in GBK */
    } cases[] = {
        { "", 0 }, { "a", 1 }, { "a~\x7f", 3 }, { "锦州", 4 }, { "，", 2 },
        { "·", 2 }, { "—", 2 }, { "㈠", 2 }, { "〇", 2 }, { "é", 2 },
        { "ä", 99 }, { "€", 99 }, { "㐀", 99 }, { "\xf0\xa0\x80\x80", 99 },
        { "\xf3\xa0\x80\x81", 99 }, { "\xc2\xa0", 99 }, { "\xff", 99 },
        { "\xee\x80\x80", 99 }, { "\xe9\xbe\xa5", 2 },
        { "\xe9\xbe\xa6", 99 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        size_t  len = 99;

        test_that(caplat_gbk_len(test_slice(cases[i].text), &len)
                  == (cases[i].len != 99), cases[i].text);
        test_number(len, cases[i].len, cases[i].text);
    }
}


/* UTF-8 of a character that has two or three bytes. */
static caplat_slice
character(uint32_t code, char room[static 3])
{
    if (code < 0x800) {
        room[0] = (char) (0xc0 | code >> 6);
        room[1] = (char) (0x80 | (code & 0x3f));

        return caplat_slice_of(room, 2);
    }

    room[0] = (char) (0xe0 | code >> 12);
    room[1] = (char) (0x80 | (code >> 6 & 0x3f));
    room[2] = (char) (0x80 | (code & 0x3f));

    return caplat_slice_of(room, 3);
}


/* The C library's table, character by character, but for the euro sign. */
static void
test_iconv(void)
{
    iconv_t   converter = iconv_open("GBK", "UTF-8");
    unsigned  others = 0;

    if (converter == (iconv_t) -1) {
        test_skip("GBK as the C library has it", "it has none here");
        return;
    }

    for (uint32_t code = 0x80; code < 0x10000; code++) {
        char          bytes[3];
        char          room[4];
        caplat_slice  text = character(code, bytes);
        char         *from = bytes;
        size_t        from_len = text.len;
        char         *to = room;
        size_t        to_len = sizeof(room);
        size_t        len = 0;
        bool          has = iconv(converter, &from, &from_len, &to, &to_len)
                            != (size_t) -1 && to_len == sizeof(room) - 2;

        if (caplat_gbk_len(text, &len) != has || (has && len != 2)) {
            others++;
        }
    }

    (void) iconv_close(converter);
    test_number(others, 0, "GBK as the C library has it");
}


static void
test_trim(void)
{
    static const struct {
        const char  *text;
        const char  *trimmed;
    } cases[] = {
        { "", "" }, { " ", "" }, { "\xe3\x80\x80", "" }, { "a", "a" },
        { " \xe3\x80\x80 a b\xe3\x80\x80", "a b" },
        { "\ta\t", "\ta\t" }, { "\xe3\x80\x81", "\xe3\x80\x81" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_text(caplat_entry_trim(test_slice(cases[i].text)),
            test_slice(cases[i].trimmed), cases[i].text);
    }
}


int
main(void)
{
    test_texts();
    test_resident_ids();
    test_gbk();
    test_iconv();
    test_trim();

    return test_done();
}
