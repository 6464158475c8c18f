#include "gen_front.h"

#include "gen_pairs.h"
#include "gen_text.h"


#define FENCE  "---"


/* Kinds of files as bits. */
#define GUIDE   (1U << GEN_GUIDE)
#define NOTICE  (1U << GEN_NOTICE)
#define FAQ     (1U << GEN_FAQ)
#define PAGE    (1U << GEN_PAGE)
#define SITE    (1U << 4)
#define ALL     (GUIDE | NOTICE | FAQ | PAGE)


#define FRONT(name, type, kinds, required, field)                             \
    GEN_KEY(name, type, kinds, required, gen_front, field)

static const gen_key  front_keys[] = {
    FRONT("title",    WORDS,             ALL,            ALL,        title),
    FRONT("menu",     WORDS,             ALL & ~FAQ,     0,          menu),
    FRONT("summary",  WORDS,             ALL,            ALL & ~FAQ, summary),
    FRONT("updated",  DAY,               ALL,            ALL,        updated),
    FRONT("order",    NUMBER,            ALL,            0,          order),
    FRONT("who",      WORDS,             GUIDE | NOTICE, GUIDE,      who),
    FRONT("time",     WORDS,             GUIDE,          GUIDE,      time),
    FRONT("fee",      WORDS,             GUIDE,          GUIDE,      fee),
    FRONT("result",   WORDS,             GUIDE,          GUIDE,      result),
    FRONT("need",     LABELS,            GUIDE,          0,          needs),
    FRONT("change",   CHANGES,           ALL & ~FAQ,     0,          changes),
    FRONT("from",     DAY,               NOTICE,         NOTICE,     from),
    FRONT("until",    DAY,               NOTICE,         0,          until),
    FRONT("warn",     YES_NO,            NOTICE,         0,          warn),
    FRONT("lead",     WORDS,             PAGE,           0,          lead),
    FRONT("fact",     LABELS_WORDS,      PAGE,           0,          facts),
    FRONT("way",      LABELS_URLS,       PAGE,           0,          ways),
    FRONT("question", URLS,              PAGE,           0,          questions),
    FRONT("link",     LABELS_URLS_WORDS, PAGE,           0,          links),
};


#define DATA(name, type, required, field)                                     \
    GEN_KEY(name, type, SITE, required, gen_site_data, field)

static const gen_key  site_keys[] = {
    DATA("name",           WORDS,  SITE, name),
    DATA("subtitle",       WORDS,  0,    subtitle),
    DATA("origin",         ORIGIN, SITE, origin),
    DATA("phone",          WORDS,  0,    phone),
    DATA("phone-link",     DIAL,   0,    phone_link),
    DATA("hours",          WORDS,  0,    hours),
    DATA("owner",          WORDS,  0,    owner),
    DATA("filing",         WORDS,  0,    filing),
    DATA("police-filing",  WORDS,  0,    police_filing),
    DATA("email",          EMAIL,  0,    email),
    DATA("edition",        WORDS,  0,    edition),
    DATA("sign-in",        ISSUER, 0,    sign_in),
    DATA("sign-in-client", WORDS,  0,    sign_in_client),
    DATA("cashier",        WORDS,  0,    cashier),
};


static bool
is_fence(caplat_slice line)
{
    return caplat_slice_eq(gen_text_trim(line), CAPLAT_LIT(FENCE));
}


/* Find the two fences: what lies between them, and where the body begins. */
static bool
find_fences(const gen_reader *reader, const gen_source *source,
    gen_span *inside, size_t *body_at)
{
    size_t        at = 0;
    size_t        line_at;
    caplat_slice  line = CAPLAT_LIT("");

    (void) gen_text_line(source->text, &at, &line);

    if (!is_fence(line)) {
        gen_report(reader->diags, source, gen_span_of(0, line.len),
                   GEN_NO_FRONT, GEN_NO_WORDS, CAPLAT_LIT(""));
        return false;
    }

    inside->at = at;

    for (line_at = at; gen_text_line(source->text, &at, &line); line_at = at) {
        if (is_fence(line)) {
            inside->len = line_at - inside->at;
            *body_at = at;
            return true;
        }
    }

    gen_report(reader->diags, source, gen_span_of(0, sizeof(FENCE) - 1),
               GEN_FRONT_OPEN, GEN_NO_WORDS, CAPLAT_LIT(""));

    return false;
}


/* A notice must not end before it begins. */
static void
check_days(const gen_pairs *p, const gen_front *front)
{
    if (front->until.len != 0
        && caplat_slice_cmp(front->until, front->from) < 0)
    {
        gen_pairs_report(p, front->until, GEN_FRONT_VALUE,
               GEN_WORDS(CAPLAT_LIT("until"),
                         GEN_BOTH("不早于 from 的日期",
                                  "a day not before from")),
               CAPLAT_LIT(""));
    }
}


bool
gen_front_read(const gen_reader *reader, const gen_source *source,
    gen_kind kind, gen_front *front, size_t *body_at)
{
    gen_front  read = { 0 };
    gen_span   inside;
    gen_pairs  p = {
        .keep = reader->keep,
        .diags = reader->diags,
        .source = source,
        .keys = front_keys,
        .key_count = sizeof(front_keys) / sizeof(front_keys[0]),
        .kind = 1U << kind,
        .result = &read,
    };

    if (!gen_source_check(reader->diags, source)
        || !find_fences(reader, source, &inside, body_at))
    {
        return false;
    }

    p.text = gen_arena_copy(reader->keep,
                            gen_text_part(source->text, 0, *body_at));
    gen_pairs_read(&p, gen_text_part(p.text, inside.at,
                                     inside.at + inside.len));
    check_days(&p, &read);
    read.text = p.text;
    *front = read;

    return true;
}


gen_span
gen_front_span(const gen_front *front, caplat_slice value)
{
    caplat_assert(value.len <= front->text.len
                  && value.ptr >= front->text.ptr
                  && value.ptr <= front->text.ptr + front->text.len
                                  - value.len);

    return gen_span_of((size_t) (value.ptr - front->text.ptr), value.len);
}


/* The wizard's name at an issuer, unless it was given another one there. */
static void
complete_sign_in(const gen_pairs *p, gen_site_data *site)
{
    if (site->sign_in.len != 0 && site->sign_in_client.len == 0) {
        site->sign_in_client = CAPLAT_LIT("wizard");
    }

    if (site->sign_in.len == 0 && site->sign_in_client.len != 0) {
        gen_pairs_report(p, site->sign_in_client, GEN_FRONT_MISSING,
                         GEN_WORDS(CAPLAT_LIT("sign-in")), CAPLAT_LIT(""));
    }
}


/* There is one cashier of our own, and it is for trying. */
static void
check_cashier(const gen_pairs *p, caplat_slice cashier)
{
    if (cashier.len != 0 && !caplat_slice_eq(cashier, CAPLAT_LIT("demo"))) {
        gen_pairs_report(p, cashier, GEN_FRONT_VALUE,
                         GEN_WORDS(CAPLAT_LIT("cashier"), CAPLAT_LIT("demo")),
                         CAPLAT_LIT(""));
    }
}


bool
gen_site_data_read(gen_arena *keep, gen_diags *diags,
    const gen_source *source, gen_site_data *site)
{
    gen_site_data  read = { 0 };
    size_t         errors = diags->errors;
    gen_pairs      p = {
        .keep = keep,
        .diags = diags,
        .source = source,
        .keys = site_keys,
        .key_count = sizeof(site_keys) / sizeof(site_keys[0]),
        .kind = SITE,
        .result = &read,
    };

    if (!gen_source_check(diags, source)) {
        return false;
    }

    p.text = gen_arena_copy(keep, source->text);
    gen_pairs_read(&p, p.text);

    if (diags->errors == errors) {
        complete_sign_in(&p, &read);
        check_cashier(&p, read.cashier);
    }

    if (diags->errors != errors) {
        return false;
    }

    *site = read;

    return true;
}
