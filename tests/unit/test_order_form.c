/*
 * Quotes and orders: each rule of the form from both sides, and all faults at
 * once.
 */

#include "answers.h"


#define BUY      "\"certificate\":\"" SERIAL "\","                           \
                 "\"platforms\":[\"jinzhou\",\"chaoyang\",\"huachen\"]"
#define AMOUNT   "\"amount\":2500"
#define CHANNEL  "\"channel\":\"alipay\""
#define NORMAL   "\"issue\":true,\"type\":\"digital_normal\","               \
                 "\"title_type\":\"enterprise\","                            \
                 "\"title\":\"辽宁某某建设工程有限公司\","                   \
                 "\"email\":\"a@example.cn\""
#define TAX_NO   "\"tax_no\":\"91350100M000100Y43\""
#define INVOICE  "\"invoice\":{" NORMAL "," TAX_NO "}"
#define ORDER    "{" BUY "," AMOUNT "," INVOICE "," CHANNEL "}"

#define TEN      "一二三四五六七八九十"


static answers  a;


typedef struct {
    const char  *name;
    const char  *body;
    const char  *problem;               /* "" of one that is accepted */
    const char  *faults;
} body_case;


static bool
order(const char *body)
{
    answers_clear(&a);

    return caplat_answer_order(&a.rates, &a.claims, test_slice(body), NOW,
        &a.out, &a.total_fen, &a.faults, &a.denial);
}


static bool
quote(const char *body)
{
    answers_clear(&a);

    return caplat_answer_quote(&a.rates, &a.claims, test_slice(body), NOW,
        &a.out, &a.total_fen, &a.faults, &a.denial);
}


static void
test_bodies(bool (*ask)(const char *body), const body_case *cases,
    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool  answered = ask(cases[i].body);

        if (cases[i].problem[0] != '\0') {
            answers_refused(&a, answered, cases[i].problem, cases[i].faults,
                cases[i].name);

        } else if (!test_that(answered, cases[i].name)) {
            test_text(answers_faults(&a), CAPLAT_LIT(""), cases[i].name);
        }
    }
}


static void
test_quote(void)
{
    static const body_case  cases[] = {
        { "no text", "", "request-malformed", "# not_json" },
        { "no object", "[]", "request-malformed", "# not_json" },
        { "a member twice", "{" BUY ",\"platforms\":[]}",
          "request-malformed", "# not_json" },
        { "nothing", "{}", "validation-failed",
          "#/certificate missing-key; #/platforms missing-key" },
        { "types", "{\"certificate\":7,\"platforms\":{}}",
          "validation-failed",
          "#/certificate not_a_serial; #/platforms not_a_list" },
        { "a member too many", "{" BUY ",\"amount\":2500}",
          "validation-failed", "#/amount unknown-key" },
        { "names are escaped", "{" BUY ",\"a~/锦 \":1}",
          "validation-failed", "#/a~0~1%E9%94%A6%20 unknown-key" },
        { "a foreign one", "{\"certificate\":\"JK1\",\"platforms\":[7]}",
          "certificate-forbidden", "" },
        { "none chosen",
          "{\"certificate\":\"" SERIAL "\",\"platforms\":[]}",
          "validation-failed", "#/platforms nothing-chosen" },
        { "all that is wrong", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"jinzhou\",\"anshan\",\"x\",null,\"jinzhou\"]}",
          "validation-failed", "#/platforms/2 unknown-platform; "
          "#/platforms/3 unknown-platform; "
          "#/platforms/4 platform-duplicate; "
          "#/platforms/1 platform-already-held" },
        { "held", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"anshan\",\"jinzhou\",\"dalian\"]}",
          "platform-already-held", "#/platforms/0 platform-already-held; "
          "#/platforms/2 platform-already-held" },
        { "held, and more", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"anshan\"],\"b\":1}", "validation-failed",
          "#/platforms/0 platform-already-held; #/b unknown-key" },
        { "the fixtures'", "{" BUY "}", "", "" },
    };

    answers_holder(&a);
    test_bodies(quote, cases, CAPLAT_COUNT(cases));
    test_number(a.total_fen, 2500, "the fixtures'");
    json_decref(answers_json(&a, "rates card certificate total_fen lines "
        "issued expires", "the fixtures'"));
    test_text(caplat_slice_of(a.out.ptr + a.out.len - 42, 42),
        CAPLAT_LIT(",\"issued\":1800000000,\"expires\":1800001800}"),
        "half an hour");

    a.claims.certs[0].expires = NOW + 60;
    test_that(quote("{" BUY "}"), "it ends in a minute");
    test_text(caplat_slice_of(a.out.ptr + a.out.len - 21, 21),
        CAPLAT_LIT("\"expires\":1800000060}"), "and so does the quote");
}


/* Paused and closed ones, and totals that a card does not allow. */
static void
test_other_cards(void)
{
    static const body_case  kinds[] = {
        { "status", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"b3\",\"b1\",\"b2\"]}", "validation-failed",
          "#/platforms/0 platform-closed; #/platforms/2 platform-paused" },
    };
    static const body_case  ended[] = {
        { "the card has ended", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"p1\"]}", "validation-failed",
          "# card-not-valid" },
    };

    answers_holder(&a);

    if (answers_card(&a, "kinds")) {
        test_bodies(quote, kinds, CAPLAT_COUNT(kinds));
    }

    if (answers_card(&a, "not-prorated")) {
        test_bodies(quote, ended, CAPLAT_COUNT(ended));
    }

    (void) answers_card(&a, "ln-2021");
}


/* Who may, and with which certificate: each before what comes behind it. */
static void
test_holders(void)
{
    caplat_cert  *cert = &a.claims.certs[0];

    answers_holder(&a);
    a.claims.certs[1] = a.claims.certs[0];
    a.claims.certs[1].serial = CAPLAT_LIT("JK2");
    a.claims.cert_count = 2;
    a.claims.name = CAPLAT_LIT("刘某");
    test_that(order(ORDER), "the own one");

    a.claims.name = CAPLAT_LIT("王某");
    answers_refused(&a, order(ORDER), "role-forbidden", "", "another's");
    test_that(quote("{" BUY "}"), "a quote is for whoever has the token");

    a.claims.role = CAPLAT_MANAGER;
    test_that(order(ORDER), "a manager");

    a.claims.role = CAPLAT_INDIVIDUAL;
    cert->holder = CAPLAT_LIT("");
    test_that(order(ORDER), "nobody knows whose");

    cert->expires = NOW + 1;
    test_that(!order(ORDER), "the last second");
    test_number(a.denial.problem, CAPLAT_PROBLEM_PRICE_CHANGED,
        "a month costs less");

    cert->expires = NOW;
    answers_refused(&a, order("{\"certificate\":\"" SERIAL "\"}"),
        "certificate-expired", "", "expired");
    answers_refused(&a, quote("{" BUY "}"), "certificate-expired", "",
        "expired");

    cert->vendor = CAPLAT_LIT("zhongfu");
    answers_refused(&a, order(ORDER), "certificate-unsupported-hardware", "",
        "a maker that is not served");

    answers_holder(&a);
    cert->expires = (INT64_C(1) << 53) - 1;
    answers_refused(&a, quote("{" BUY "}"), "validation-failed",
        "#/certificate certificate-term-too-long", "for ever");
}


static void
test_order(void)
{
    static const body_case  cases[] = {
        { "nothing", "{}", "validation-failed", "#/certificate missing-key; "
          "#/platforms missing-key; #/amount missing-key" },
        { "only what is bought", "{" BUY "," AMOUNT "}", "validation-failed",
          "#/invoice missing-key; #/channel missing-key" },
        { "an unknown member", "{" BUY "," AMOUNT "," INVOICE "," CHANNEL
          ",\"chanel\":1}", "validation-failed", "#/chanel unknown-key" },
        { "an amount in yuan", "{" BUY ",\"amount\":25.00," INVOICE ","
          CHANNEL "}", "validation-failed", "#/amount not-a-number" },
        { "an amount as text", "{" BUY ",\"amount\":\"2500\"," INVOICE ","
          CHANNEL "}", "validation-failed", "#/amount not-a-number" },
        { "less than nothing", "{" BUY ",\"amount\":-1," INVOICE "," CHANNEL
          "}", "validation-failed", "#/amount not-a-number" },
        { "too much", "{" BUY ",\"amount\":100000000001," INVOICE ","
          CHANNEL "}", "validation-failed", "#/amount not-a-number" },
        { "another amount", "{" BUY ",\"amount\":2499," INVOICE "," CHANNEL
          "}", "price-changed", "" },
        { "free, it was said", "{" BUY ",\"amount\":0}", "price-changed",
          "" },
        { "another card", "{" BUY "," AMOUNT ",\"rates\":\"0123456789abcdef"
          "0123456789abcdef0123456789abcdef0123456789abcdef\"," INVOICE ","
          CHANNEL "}", "price-changed", "" },
        { "no card's id", "{" BUY "," AMOUNT ",\"rates\":\"0123456789abcdef"
          "0123456789abcdef0123456789abcdef0123456789abcdeF\"," INVOICE ","
          CHANNEL "}", "validation-failed", "#/rates not_an_id" },
        { "a channel", "{" BUY "," AMOUNT "," INVOICE
          ",\"channel\":\"cash\"}", "validation-failed",
          "#/channel not-one-of" },
        { "no text", "{" BUY "," AMOUNT "," INVOICE ",\"channel\":null}",
          "validation-failed", "#/channel not-one-of" },
        { "by wechat", "{" BUY "," AMOUNT "," INVOICE
          ",\"channel\":\"wechat\"}", "", "" },
        { "an invoice that is none", "{" BUY "," AMOUNT
          ",\"invoice\":true," CHANNEL "}", "validation-failed",
          "#/invoice not_an_object" },
        { "issue or not", "{" BUY "," AMOUNT ",\"invoice\":{}," CHANNEL "}",
          "validation-failed", "#/invoice/issue missing-key" },
        { "issue, a word", "{" BUY "," AMOUNT
          ",\"invoice\":{\"issue\":\"no\"}," CHANNEL "}",
          "validation-failed", "#/invoice/issue not_a_boolean" },
        { "none", "{" BUY "," AMOUNT ",\"invoice\":{\"issue\":false},"
          CHANNEL "}", "", "" },
        { "none, with more", "{" BUY "," AMOUNT
          ",\"invoice\":{\"issue\":false,\"title\":\"x\",\"email\":1},"
          CHANNEL "}", "validation-failed",
          "#/invoice/title not_allowed; #/invoice/email not_allowed" },
        { "deep", "{" BUY ",\"x\":[[[[[[1]]]]]]}", "request-malformed",
          "# not_json" },
        { "the fixtures'", ORDER, "", "" },
    };

    answers_holder(&a);
    test_bodies(order, cases, CAPLAT_COUNT(cases));
    test_number(a.total_fen, 2500, "the fixtures'");
    json_decref(answers_json(&a, "rates total_fen lines", "the fixtures'"));

    test_that(!order("{" BUY ",\"amount\":1," INVOICE "," CHANNEL "}"), "1");
    test_number(a.total_fen, 2500, "what it costs now");
    json_decref(answers_json(&a, "rates total_fen lines", "and why"));
}


/* Nothing to pay: no channel and no invoice. */
static void
test_free(void)
{
    static const body_case  cases[] = {
        { "without", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"huachen\"],\"amount\":0}", "", "" },
        { "with", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"huachen\"],\"amount\":0,"
          "\"invoice\":{\"issue\":false}," CHANNEL "}", "", "" },
        { "with a wrong one", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"huachen\"],\"amount\":0,\"channel\":1}",
          "validation-failed", "#/channel not-one-of" },
        { "with an invoice", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"huachen\"],\"amount\":0," INVOICE "}",
          "validation-failed", "#/invoice/issue not_allowed" },
        { "not free", "{\"certificate\":\"" SERIAL "\","
          "\"platforms\":[\"huachen\"],\"amount\":1," INVOICE "," CHANNEL
          "}", "price-changed", "" },
    };

    answers_holder(&a);
    test_bodies(order, cases, CAPLAT_COUNT(cases));
}


/* An order whose invoice has these members. */
static bool
invoice(const char *members)
{
    static char  body[4096];

    (void) snprintf(body, sizeof(body), "{%s,%s,\"invoice\":{%s},%s}", BUY,
        AMOUNT, members, CHANNEL);

    return order(body);
}


#define ISSUE     "\"issue\":true,"
#define COMPANY   "\"title_type\":\"enterprise\",\"title\":\"甲\"," TAX_NO
#define PERSON    "\"title_type\":\"personal\",\"title\":\"刘某\""
#define DIGITAL   "\"type\":\"digital_normal\",\"email\":\"a@b.cn\","
#define DIGITAL_S "\"type\":\"digital_special\",\"email\":\"a@b.cn\","
#define PAPER     "\"type\":\"paper_special\","
#define PLACE     "\"address\":\"沈阳\",\"phone\":\"024-12345678\""
#define BANK      "\"bank\":\"工行\",\"account\":\"12345678\""


static void
test_invoice(void)
{
    static const body_case  cases[] = {
        { "normal", ISSUE DIGITAL COMPANY, "", "" },
        { "normal, with all", ISSUE DIGITAL COMPANY "," PLACE "," BANK, "",
          "" },
        { "special", ISSUE DIGITAL_S COMPANY, "", "" },
        { "paper", ISSUE PAPER COMPANY "," PLACE "," BANK, "", "" },
        { "paper, with nothing", ISSUE PAPER COMPANY, "validation-failed",
          "#/invoice/address missing-key; #/invoice/phone missing-key; "
          "#/invoice/bank missing-key; #/invoice/account missing-key" },
        { "a person", ISSUE DIGITAL PERSON, "", "" },
        { "a person's address", ISSUE DIGITAL PERSON "," PLACE, "", "" },
        { "a person's tax", ISSUE DIGITAL PERSON "," TAX_NO "," BANK,
          "validation-failed", "#/invoice/tax_no not_allowed; "
          "#/invoice/bank not_allowed; #/invoice/account not_allowed" },
        { "a person's confirmation", ISSUE DIGITAL PERSON
          ",\"tax_no_confirmed\":false", "validation-failed",
          "#/invoice/tax_no_confirmed not_allowed" },
        { "special for a person", ISSUE DIGITAL_S PERSON,
          "validation-failed", "#/invoice/title_type enterprise_only" },
        { "paper for a person", ISSUE PAPER PERSON "," PLACE,
          "validation-failed", "#/invoice/title_type enterprise_only" },
        { "neither", ISSUE "\"title\":\"甲\"", "validation-failed",
          "#/invoice/type missing-key; #/invoice/title_type missing-key" },
        { "unknown ones", ISSUE "\"type\":\"paper_normal\","
          "\"title_type\":1,\"title\":\"甲\"", "validation-failed",
          "#/invoice/type not-one-of; #/invoice/title_type not-one-of" },
        { "no e-mail", ISSUE "\"type\":\"digital_normal\"," COMPANY,
          "validation-failed", "#/invoice/email missing-key" },
        { "no title, no tax", ISSUE DIGITAL "\"title_type\":\"enterprise\"",
          "validation-failed",
          "#/invoice/title missing-key; #/invoice/tax_no missing-key" },
        { "unknown member", ISSUE DIGITAL COMPANY ",\"mail\":1",
          "validation-failed", "#/invoice/mail unknown-key" },
        { "types", ISSUE DIGITAL "\"title_type\":\"enterprise\","
          "\"title\":1,\"tax_no\":[],\"tax_no_confirmed\":\"yes\","
          "\"phone\":null", "validation-failed",
          "#/invoice/tax_no_confirmed not_a_boolean; "
          "#/invoice/title not_a_string; #/invoice/tax_no not_a_string; "
          "#/invoice/phone not_a_string" },
        { "empty", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\" \\u3000\",\"address\":\"\",\"phone\":\"\"",
          "validation-failed", "#/invoice/title empty; "
          "#/invoice/address empty; #/invoice/phone not_a_phone" },
        { "50 characters", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"" TEN TEN TEN TEN TEN "\"", "", "" },
        { "blanks do not count", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"  \\u3000" TEN TEN TEN TEN TEN "\\u3000 \"", "", "" },
        { "101 bytes", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"" TEN TEN TEN TEN TEN "a\"", "validation-failed",
          "#/invoice/title too_long" },
        { "together 100", ISSUE DIGITAL COMPANY ",\"address\":\"" TEN TEN TEN
          TEN "一二三\",\"phone\":\"02412345678901\"", "", "" },
        { "together 101", ISSUE DIGITAL COMPANY ",\"address\":\"" TEN TEN TEN
          TEN "一二三\",\"phone\":\"024123456789012\"", "validation-failed",
          "#/invoice/address too_long" },
        { "wide digits count two", ISSUE DIGITAL COMPANY ",\"address\":\""
          TEN TEN TEN TEN "一二三\",\"phone\":\"０２４-１２３\"", "", "" },
        { "bank and account", ISSUE DIGITAL COMPANY ",\"bank\":\"" TEN TEN
          TEN TEN "一二三四五六\",\"account\":\"123456789\"",
          "validation-failed", "#/invoice/bank too_long" },
        { "brackets", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"a<b\",\"address\":\"a<b\"", "validation-failed",
          "#/invoice/title not_words" },
        { "a line", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"a\\nb\",\"address\":\"\\u0000\"",
          "validation-failed",
          "#/invoice/title not_words; #/invoice/address not_words" },
        { "a key", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"🔑\"", "validation-failed",
          "#/invoice/title not_in_gbk" },
    };

    answers_holder(&a);
    test_bodies(invoice, cases, CAPLAT_COUNT(cases));
}


/* 110101199003070000 to ...9: the check character of one is right. */
static void
test_resident(void)
{
    static const body_case  cases[] = {
        { "in the title", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"刘某 11010519491231002X\"", "validation-failed",
          "#/invoice/title looks_like_resident_id" },
        { "in full width", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"１１０１０５１９４９１２３１００２ｘ\"",
          "validation-failed", "#/invoice/title looks_like_resident_id" },
        { "with marks between", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"刘某\",\"address\":\"110105-19491231 002X\"",
          "validation-failed", "#/invoice/address looks_like_resident_id" },
        { "with another check", ISSUE DIGITAL "\"title_type\":\"personal\","
          "\"title\":\"刘某 110105194912310021\"", "", "" },
        { "of fifteen", ISSUE DIGITAL COMPANY
          ",\"address\":\"a110105491231002b\"", "validation-failed",
          "#/invoice/address looks_like_resident_id" },
        { "of sixteen", ISSUE DIGITAL COMPANY
          ",\"address\":\"a1101054912310020b\"", "", "" },
        { "no birthday", ISSUE DIGITAL COMPANY
          ",\"address\":\"a110105491331002b\"", "", "" },
        { "everywhere", ISSUE DIGITAL "\"title_type\":\"enterprise\","
          "\"title\":\"甲\",\"tax_no\":\"11010519491231002X\","
          "\"tax_no_confirmed\":true,\"bank\":\"11010519491231002x\","
          "\"account\":\"110105491231002\",\"phone\":\"110105491231002\"",
          "validation-failed", "#/invoice/tax_no looks_like_resident_id; "
          "#/invoice/phone looks_like_resident_id; "
          "#/invoice/bank looks_like_resident_id; "
          "#/invoice/account looks_like_resident_id" },
    };

    answers_holder(&a);
    test_bodies(invoice, cases, CAPLAT_COUNT(cases));
}


/* More faults than are told: the list is bounded, and so are its pointers. */
static void
test_many(void)
{
    static char  body[16384];
    static char  room[16384];

    size_t         len = 0;
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    json_t        *json;

    body[len++] = '{';

    for (size_t i = 0; i < 100; i++) {
        len += (size_t) snprintf(body + len, sizeof(body) - len,
            "\"锦州锦州锦州锦州锦州锦州锦州锦州锦州%zu\":1,", i);
    }

    (void) snprintf(body + len, sizeof(body) - len, "\"x\":1}");
    answers_holder(&a);
    test_that(!order(body), "a hundred");
    test_number(a.faults.count, CAPLAT_FAULTS_MAX, "a hundred");
    caplat_faults_write(&w, &a.faults);
    json = json_loadb(w.ptr, w.len, 0, NULL);
    test_number(json_array_size(json), CAPLAT_FAULTS_MAX, "as JSON");
    test_that(json_object_size(json_array_get(json, 5)) == 3, "a fault");
    json_decref(json);
}


int
main(void)
{
    if (!caplat_trust_open() || !answers_card(&a, "ln-2021")) {
        test_that(false, "no card");

        return test_done();
    }

    test_quote();
    test_other_cards();
    test_holders();
    test_order();
    test_free();
    test_invoice();
    test_resident();
    test_many();

    return test_done();
}
