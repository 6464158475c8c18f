#include "gen_front.h"

#include "test_gen.h"


#define GUIDE                                                                 \
    "title: 新增平台\nsummary: 给锁加平台。\nupdated: 2025-06-01\n"           \
    "who: 企业\ntime: 十分钟\nfee: {price base} 起\nresult: 即时生效\n"


/* Read `text` as a file of its kind; the problems as test_problems() does. */
static bool
read_front(const char *text, gen_kind kind, gen_front *front,
    gen_arena *arena, caplat_slice *problems, size_t *body_at)
{
    gen_source  source = test_source(test_slice(text));
    gen_diags   diags = { 0 };
    gen_reader  reader = { .keep = arena, .diags = &diags };
    bool        read = gen_front_read(&reader, &source, kind, front, body_at);

    *problems = test_problems(&diags, arena);
    gen_diags_close(&diags);

    return read;
}


static void
test_guide(void)
{
    static const char  text[] =
        "---\n"
        "# a comment: not a key\n"
        "title:   新增平台 \n"
        "\n"
        "summary: 给锁加平台：一步一步。\n"
        "updated: 2025-06-01\r\n"
        "order: 10\n"
        "who: 企业\n"
        "time: 十分钟\n"
        "fee: {price base} 起\n"
        "result: 即时生效\n"
        "need: CA 锁\n"
        "need: 登录方式 | 任一种\n"
        "need: 发票信息\n"
        "change: 2025-06-01 换了图\n"
        "change: 2025-05-01 新写\n"
        "---\n"
        "body\n";

    gen_front     front = { 0 };
    gen_arena     arena = { 0 };
    caplat_slice  problems;
    size_t        body_at = 0;

    test_that(read_front(text, GEN_GUIDE, &front, &arena, &problems,
                  &body_at), "a guide");
    test_text(problems, CAPLAT_LIT(""), "a guide");
    test_text(front.title, CAPLAT_LIT("新增平台"), "title");
    test_text(front.summary, CAPLAT_LIT("给锁加平台：一步一步。"), "summary");
    test_text(front.updated, CAPLAT_LIT("2025-06-01"), "updated");
    test_number(front.order, 10, "order");
    test_text(front.fee, CAPLAT_LIT("{price base} 起"), "fee");
    test_number(front.needs.count, 3, "needs");
    test_text(front.needs.items[1].label, CAPLAT_LIT("登录方式 | 任一种"),
        "a need is not split");
    test_number(front.change_count, 2, "changes");
    test_text(front.changes[1].date, CAPLAT_LIT("2025-05-01"), "change");
    test_text(front.changes[1].words, CAPLAT_LIT("新写"), "change");
    test_that(front.menu.len == 0 && front.links.count == 0 && !front.warn,
        "what is not given");
    test_text(caplat_slice_of(text + body_at, 5), CAPLAT_LIT("body\n"),
        "body");

    test_text(caplat_slice_of(text + gen_front_span(&front, front.fee).at,
                  front.fee.len), front.fee, "a value's place");
    test_number(gen_front_span(&front, front.fee).len, front.fee.len,
        "a value's place");
    gen_arena_close(&arena);
}


static void
test_page(void)
{
    static const char  text[] =
        "---\n"
        "title: 首页\nsummary: 首页。\nupdated: 2025-06-01\n"
        "fact: 费用 | {price base} 起\n"
        "way: 登录 | /guide/add-platform/sign-in/\n"
        "question: /faq/#lost\n"
        "link: 补办 | https://example.cn/ | 锁丢了\n"
        "link: 延期 | /guide/renew/ | 快到期\n"
        "---";

    gen_front     front = { 0 };
    gen_arena     arena = { 0 };
    caplat_slice  problems;
    size_t        body_at = 0;

    test_that(read_front(text, GEN_PAGE, &front, &arena, &problems,
                  &body_at), "a page");
    test_text(problems, CAPLAT_LIT(""), "a page");
    test_number(body_at, sizeof(text) - 1, "no body");
    test_text(front.facts.items[0].label, CAPLAT_LIT("费用"), "fact");
    test_text(front.facts.items[0].words, CAPLAT_LIT("{price base} 起"),
        "fact");
    test_text(front.ways.items[0].url,
        CAPLAT_LIT("/guide/add-platform/sign-in/"), "way");
    test_text(front.questions.items[0].url, CAPLAT_LIT("/faq/#lost"),
        "question");
    test_number(front.links.count, 2, "links");
    test_text(front.links.items[0].url, CAPLAT_LIT("https://example.cn/"),
        "link");
    test_text(front.links.items[1].words, CAPLAT_LIT("快到期"), "link");
    gen_arena_close(&arena);
}


static void
test_faults(void)
{
    static const struct {
        const char  *name;
        gen_kind     kind;
        const char  *text;
        bool         read;
        const char  *problems;
    } cases[] = {
        { "nothing", GEN_PAGE, "", false, "1:1:E110" },
        { "no front", GEN_PAGE, "# 标题\n", false, "1:1:E110" },
        { "four dashes", GEN_PAGE, "----\n", false, "1:1:E110" },
        { "open", GEN_PAGE, "---\ntitle: a\n", false, "1:1:E115" },
        { "only the fence", GEN_PAGE, "---", false, "1:1:E115" },
        { "byte order mark", GEN_PAGE, "\xEF\xBB\xBF---\n---\n", false,
          "1:1:E105" },
        { "no UTF-8", GEN_PAGE, "---\n---\n锦\xFF", false, "3:2:E102" },
        { "empty", GEN_PAGE, "---\n---\n", true,
          "1:1:E113 1:1:E113 1:1:E113" },
        { "FAQ needs no summary", GEN_FAQ,
          "---\ntitle: a\nupdated: 2025-06-01\n---\n", true, "" },
        { "twice, and where", GEN_GUIDE, "---\n" GUIDE "title: b\n---\n",
          true, "9:1:E112" },
        { "unknown", GEN_GUIDE, "---\n" GUIDE "titel: b\n---\n", true,
          "9:1:E111" },
        { "of another kind", GEN_GUIDE,
          "---\n" GUIDE "from: 2025-01-01\n---\n", true, "9:1:E111" },
        { "no key", GEN_GUIDE, "---\n" GUIDE "  新增平台\n---\n", true,
          "9:3:E116" },
        { "a wide colon", GEN_GUIDE, "---\n" GUIDE "order：1\n---\n", true,
          "9:1:E116" },
        { "an empty value", GEN_GUIDE, "---\n" GUIDE "menu:\n---\n", true,
          "9:1:E114" },
        { "numbers", GEN_GUIDE, "---\n" GUIDE "order: 1000\n---\n", true,
          "9:8:E114" },
        { "days", GEN_FAQ, "---\ntitle: a\nupdated: 2025-02-29\n---\n", true,
          "3:10:E114" },
        { "changes", GEN_GUIDE,
          "---\n" GUIDE "change: 2025-01-01 一\nchange: 2025-01-02 二\n"
          "change: 2025-01-01\n---\n", true, "10:9:E114 11:9:E114" },
        { "entries", GEN_PAGE,
          "---\ntitle: a\nsummary: b\nupdated: 2025-01-01\nfact: a\n"
          "fact: a | \nway: a | guide/\nway: a | //b\nlink: a | /b/\n"
          "question: faq\n---\n", true,
          "5:7:E114 6:7:E114 7:6:E114 8:6:E114 9:7:E114 10:11:E114" },
        { "notice", GEN_NOTICE,
          "---\ntitle: a\nsummary: b\nupdated: 2025-01-01\n"
          "from: 2025-01-02\nuntil: 2025-01-01\nwarn: maybe\n---\n", true,
          "6:8:E114 7:7:E114" },
        { "one day", GEN_NOTICE,
          "---\ntitle: a\nsummary: b\nupdated: 2025-01-01\n"
          "from: 2025-01-02\nuntil: 2025-01-02\nwarn: yes\n---\n", true, "" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        gen_front     front = { 0 };
        gen_arena     arena = { 0 };
        caplat_slice  problems;
        size_t        body_at = 77;

        test_number(read_front(cases[i].text, cases[i].kind, &front, &arena,
                        &problems, &body_at),
            cases[i].read, cases[i].name);
        test_text(problems, test_slice(cases[i].problems), cases[i].name);
        test_that(cases[i].read || body_at == 77, cases[i].name);
        gen_arena_close(&arena);
    }
}


static void
test_suggestion(void)
{
    gen_source    source = test_source(CAPLAT_LIT("nmae: a\norigin: b/\n"));
    gen_arena     arena = { 0 };
    gen_diags     diags = { 0 };
    gen_site_data  site = { 0 };

    test_that(!gen_site_data_read(&arena, &diags, &source, &site), "faults");
    test_text(test_printed(&diags, 1, GEN_FORMAT_TEXT, GEN_LANG_ZH, false,
                  &arena),
        CAPLAT_LIT(
            "t.md:1:1: 错误 E111: 不认识这一项：“nmae”\n"
            "    1 | nmae: a\n"
            "      | ^~~~\n"
            "   您是不是要写 name？\n"
            "t.md:1:1: 错误 E113: 缺少“name”\n"
            "    1 | nmae: a\n"
            "      | ^\n"
            "t.md:2:9: 错误 E114: “origin”的值不对："
            "应为“https://域名”，末尾没有斜线\n"
            "    2 | origin: b/\n"
            "      |         ^~\n"),
        "near misses");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


static void
test_site(void)
{
    gen_source     source = test_source(CAPLAT_LIT(
        "# 示例\nname: 互联互通\norigin: https://example.cn\n"
        "phone: 024-0000 0000\nphone-link: tel:+862400000000\n"
        "police-filing: 示例\n"));
    gen_arena      arena = { 0 };
    gen_diags      diags = { 0 };
    gen_site_data  site = { 0 };

    test_that(gen_site_data_read(&arena, &diags, &source, &site), "a site");
    test_text(site.name, CAPLAT_LIT("互联互通"), "name");
    test_text(site.origin, CAPLAT_LIT("https://example.cn"), "origin");
    test_text(site.phone_link, CAPLAT_LIT("tel:+862400000000"), "phone");
    test_text(site.police_filing, CAPLAT_LIT("示例"), "filing");
    test_that(site.email.len == 0, "not given");
    test_that(site.sign_in.len == 0 && site.sign_in_client.len == 0,
        "signs in by itself");
    test_that(site.cashier.len == 0, "has no cashier");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


#define SITE  "name: a\norigin: https://ca.example.cn\n"

static void
test_sign_in(void)
{
    static const struct {
        const char  *text;
        const char  *issuer;            /* NULL: refused, with `said` */
        const char  *said;              /* or who we are there */
    } cases[] = {
        { "sign-in: https://id.example.cn\n", "https://id.example.cn",
          "wizard" },
        { "sign-in: https://id.example.cn:8443/realms/ca_1/~x-y.z/\n"
          "sign-in-client: caplat 2\n",
          "https://id.example.cn:8443/realms/ca_1/~x-y.z/", "caplat 2" },
        { "sign-in: http://127.0.0.1\n", "http://127.0.0.1", "wizard" },
        { "sign-in: http://127.0.0.1:9000/a\n", "http://127.0.0.1:9000/a",
          "wizard" },
        { "sign-in: http://localhost:9000\n", "http://localhost:9000",
          "wizard" },
        { "sign-in: http://id.example.cn\n", NULL, "3:10:E114" },
        { "sign-in: http://localhost.example.cn\n", NULL, "3:10:E114" },
        { "sign-in: http://127.0.0.100\n", NULL, "3:10:E114" },
        { "sign-in: https://\n", NULL, "3:10:E114" },
        { "sign-in: https:///a\n", NULL, "3:10:E114" },
        { "sign-in: https://id.example.cn?a=b\n", NULL, "3:10:E114" },
        { "sign-in: https://id.example.cn/?a=b\n", NULL, "3:10:E114" },
        { "sign-in: https://id.example.cn/#a\n", NULL, "3:10:E114" },
        { "sign-in: https://id.example.cn/a;b\n", NULL, "3:10:E114" },
        { "sign-in: https://id.example.cn/$a\n", NULL, "3:10:E114" },
        { "sign-in: https://a@id.example.cn\n", NULL, "3:10:E114" },
        { "sign-in: id.example.cn\n", NULL, "3:10:E114" },
        { "sign-in:\n", NULL, "3:1:E114" },
        { "sign-in-client: a\n", NULL, "3:17:E113" },
        { "sign-in: https://a.cn\nsign-in: https://a.cn\n", NULL,
          "4:1:E112" },
    };

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); i++) {
        gen_arena      arena = { 0 };
        gen_diags      diags = { 0 };
        gen_site_data  site = { 0 };
        gen_buf        text = { 0 };
        gen_source     source;
        bool           read;

        gen_buf_lit(&text, SITE);
        gen_buf_add(&text, gen_slice_of(cases[i].text));
        source = test_source(gen_buf_slice(&text));
        read = gen_site_data_read(&arena, &diags, &source, &site);

        test_that(read == (cases[i].issuer != NULL), cases[i].text);

        if (read && cases[i].issuer != NULL) {
            test_text(site.sign_in, gen_slice_of(cases[i].issuer),
                cases[i].text);
            test_text(site.sign_in_client, gen_slice_of(cases[i].said),
                cases[i].text);
        } else {
            test_text(test_problems(&diags, &arena),
                gen_slice_of(cases[i].said), cases[i].text);
        }

        gen_diags_close(&diags);
        gen_arena_close(&arena);
        gen_buf_close(&text);
    }
}


static void
test_cashier(void)
{
    static const struct {
        const char  *text;
        const char  *said;              /* of what is refused */
    } cases[] = {
        { SITE "cashier: demo\n", NULL },
        { SITE "cashier: real\n", "3:10:E114" },
        { SITE "cashier: demo 2\n", "3:10:E114" },
        { SITE "cashier:\n", "3:1:E114" },
    };

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); i++) {
        gen_arena      arena = { 0 };
        gen_diags      diags = { 0 };
        gen_site_data  site = { 0 };
        gen_source     source = test_source(gen_slice_of(cases[i].text));
        bool           read = gen_site_data_read(&arena, &diags, &source,
                                                 &site);

        test_that(read == (cases[i].said == NULL), cases[i].text);
        test_text(site.cashier, read ? CAPLAT_LIT("demo") : CAPLAT_LIT(""),
            cases[i].text);

        if (cases[i].said != NULL) {
            test_text(test_problems(&diags, &arena),
                gen_slice_of(cases[i].said), cases[i].text);
        }

        gen_diags_close(&diags);
        gen_arena_close(&arena);
    }
}


int
main(void)
{
    test_guide();
    test_page();
    test_faults();
    test_suggestion();
    test_site();
    test_sign_in();
    test_cashier();

    return test_done();
}
