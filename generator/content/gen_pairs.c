#include "gen_pairs.h"

#include "caplat_date.h"
#include "gen_text.h"


#define ORDER_MAX        999
#define DIAL_DIGITS_MAX  15             /* E.164 */


#define SHAPE(zh, en)                                                         \
    { zh GEN_BOTH_MARK en, sizeof(zh GEN_BOTH_MARK en) - 1 }

/* What a value should be, by its type; in the order of gen_value_type. */
static const caplat_slice  shapes[] = {
    SHAPE("一行文字", "a line of words"),
    SHAPE("YYYY-MM-DD", "YYYY-MM-DD"),
    SHAPE("“https://域名”，末尾没有斜线",
             "\"https://host\" without a slash at its end"),
    SHAPE("“https://域名”，可以带路径；在本机上试用可以写 http://127.0.0.1:端口",
          "\"https://host\", a path may follow; or http://127.0.0.1:port on "
          "this machine"),
    SHAPE("“tel:+国家代码和号码”，只用数字，例如 tel:+8602412345678",
             "\"tel:+\" and digits, such as tel:+8602412345678"),
    SHAPE("邮箱地址，例如 help@example.cn",
             "an address such as help@example.cn"),
    SHAPE("0 到 999 的整数", "a number from 0 to 999"),
    SHAPE("yes 或 no", "yes or no"),
    SHAPE("一行文字", "a line of words"),
    SHAPE("“/faq/#地址”", "\"/faq/#anchor\""),
    SHAPE("“名称 | 内容”", "\"label | value\""),
    SHAPE("“名称 | /地址/”", "\"label | /url/\""),
    SHAPE("“名称 | /地址/ | 说明”", "\"label | /url/ | words\""),
    SHAPE("“YYYY-MM-DD 说明”，由新到旧",
             "\"YYYY-MM-DD words\", the newest first"),
};


void
gen_pairs_report(const gen_pairs *p, caplat_slice where, gen_code code,
    const caplat_slice words[GEN_WORDS_MAX], caplat_slice near)
{
    size_t  at = (size_t) (where.ptr - p->text.ptr);

    gen_report(p->diags, p->source, gen_span_of(at, where.len), code, words,
               near);
}


/* Room for one more thing in a list that doubles as it grows. */
static void *
list_add(gen_arena *keep, void *items, size_t count, size_t size)
{
    void  *more;

    if ((count & (count - 1)) != 0) {
        return items;
    }

    more = gen_arena_take(keep, (count != 0 ? count * 2 : 1) * size);

    if (count != 0) {
        memcpy(more, items, count * size);
    }

    return more;
}


static bool
is_url(caplat_slice text)
{
    return gen_text_begins(text, CAPLAT_LIT("https://"))
           || (gen_text_begins(text, CAPLAT_LIT("/"))
               && !gen_text_begins(text, CAPLAT_LIT("//")));
}


/* example.cn, 127.0.0.1:8080 */
static bool
is_host(caplat_slice text)
{
    for (size_t i = 0; i != text.len; i++) {
        char  byte = text.ptr[i];

        if ((byte < 'a' || byte > 'z') && (byte < 'A' || byte > 'Z')
            && (byte < '0' || byte > '9') && byte != '.' && byte != '-'
            && byte != ':')
        {
            return false;
        }
    }

    return text.len != 0;
}


static bool
is_origin(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   host;

    return caplat_take_literal(&c, CAPLAT_LIT("https://"))
           && caplat_take_rest(&c, text.len, &host) && is_host(host);
}


/* Whether a host, with or without a port, is this machine. */
static bool
is_loopback(caplat_slice host)
{
    return caplat_slice_eq(host, CAPLAT_LIT("127.0.0.1"))
           || caplat_slice_eq(host, CAPLAT_LIT("localhost"))
           || gen_text_begins(host, CAPLAT_LIT("127.0.0.1:"))
           || gen_text_begins(host, CAPLAT_LIT("localhost:"));
}


/* What may stand in an issuer's path: no query, no escapes. */
static bool
is_path(caplat_slice text)
{
    for (size_t i = 0; i != text.len; i++) {
        char  byte = text.ptr[i];

        if ((byte < 'a' || byte > 'z') && (byte < 'A' || byte > 'Z')
            && (byte < '0' || byte > '9') && byte != '.' && byte != '-'
            && byte != '_' && byte != '~' && byte != '/')
        {
            return false;
        }
    }

    return true;
}


static bool
is_issuer(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    bool           open = caplat_take_literal(&c, CAPLAT_LIT("http://"));
    caplat_slice   host;
    caplat_slice   path = CAPLAT_LIT("");

    if (!open && !caplat_take_literal(&c, CAPLAT_LIT("https://"))) {
        return false;
    }

    if (caplat_take_until(&c, '/', text.len, &host)) {
        (void) caplat_take_rest(&c, text.len, &path);

    } else {
        (void) caplat_take_rest(&c, text.len, &host);
    }

    return is_host(host) && is_path(path) && (!open || is_loopback(host));
}


static bool
is_dial(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   digits;

    if (!caplat_take_literal(&c, CAPLAT_LIT("tel:+"))
        || !caplat_take_rest(&c, DIAL_DIGITS_MAX, &digits))
    {
        return false;
    }

    for (size_t i = 0; i != digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
    }

    return digits.len != 0;
}


static bool
is_email(caplat_slice text)
{
    caplat_slice  name;
    caplat_slice  host;

    return gen_text_cut(text, CAPLAT_LIT("@"), &name, &host)
           && name.len != 0 && memchr(name.ptr, ' ', name.len) == NULL
           && is_host(host);
}


/* Split at " | "; false unless both sides have words. */
static bool
split(caplat_slice text, caplat_slice *left, caplat_slice *right)
{
    caplat_slice  before;
    caplat_slice  after;

    if (!gen_text_cut(text, CAPLAT_LIT(" | "), &before, &after)) {
        return false;
    }

    *left = gen_text_trim(before);
    *right = gen_text_trim(after);

    return left->len != 0 && right->len != 0;
}


static bool
read_entry(gen_value_type type, caplat_slice value, gen_entry *entry)
{
    caplat_slice  rest;

    switch (type) {

    case GEN_VALUE_LABELS:
        entry->label = value;
        return true;

    case GEN_VALUE_URLS:
        entry->url = value;
        return is_url(value);

    case GEN_VALUE_LABELS_WORDS:
        return split(value, &entry->label, &entry->words);

    case GEN_VALUE_LABELS_URLS:
        return split(value, &entry->label, &entry->url)
               && is_url(entry->url);

    case GEN_VALUE_LABELS_URLS_WORDS:
        return split(value, &entry->label, &rest)
               && split(rest, &entry->url, &entry->words)
               && is_url(entry->url);

    default:
        caplat_assert(0);
    }
}


static bool
store_entry(const gen_pairs *p, gen_value_type type, caplat_slice value,
    gen_entries *entries)
{
    gen_entry  entry = { 0 };

    if (!read_entry(type, value, &entry)) {
        return false;
    }

    entries->items = list_add(p->keep, entries->items, entries->count,
                              sizeof(gen_entry));
    entries->items[entries->count++] = entry;

    return true;
}


static bool
store_change(const gen_pairs *p, caplat_slice value, gen_front *front)
{
    caplat_date  date;
    gen_change   change;

    if (!gen_text_cut(value, CAPLAT_LIT(" "), &change.date, &change.words)
        || !caplat_date_parse(change.date, &date)
        || (front->change_count != 0
            && caplat_slice_cmp(front->changes[front->change_count - 1].date,
                                change.date) < 0))
    {
        return false;
    }

    change.words = gen_text_trim(change.words);
    front->changes = list_add(p->keep, front->changes, front->change_count,
                              sizeof(gen_change));
    front->changes[front->change_count++] = change;

    return true;
}


static bool
store_number(caplat_slice value, uint32_t *number)
{
    uint64_t  read;

    if (!gen_text_uint(value, ORDER_MAX, &read)) {
        return false;
    }

    *number = (uint32_t) read;

    return true;
}


static bool
store_yes(caplat_slice value, bool *yes)
{
    *yes = caplat_slice_eq(value, CAPLAT_LIT("yes"));

    return *yes || caplat_slice_eq(value, CAPLAT_LIT("no"));
}


static bool
store_words(gen_value_type type, caplat_slice value, caplat_slice *words)
{
    caplat_date  date;

    if ((type == GEN_VALUE_DAY && !caplat_date_parse(value, &date))
        || (type == GEN_VALUE_ORIGIN && !is_origin(value))
        || (type == GEN_VALUE_ISSUER && !is_issuer(value))
        || (type == GEN_VALUE_DIAL && !is_dial(value))
        || (type == GEN_VALUE_EMAIL && !is_email(value)))
    {
        return false;
    }

    *words = value;

    return true;
}


/* Put a value where its key says; false when it is not of the key's type. */
static bool
store(const gen_pairs *p, const gen_key *k, caplat_slice value)
{
    void  *where = (char *) p->result + k->offset;

    if (value.len == 0) {
        return false;
    }

    switch (k->type) {

    case GEN_VALUE_WORDS:
    case GEN_VALUE_DAY:
    case GEN_VALUE_ORIGIN:
    case GEN_VALUE_ISSUER:
    case GEN_VALUE_DIAL:
    case GEN_VALUE_EMAIL:
        return store_words(k->type, value, where);

    case GEN_VALUE_NUMBER:
        return store_number(value, where);

    case GEN_VALUE_YES_NO:
        return store_yes(value, where);

    case GEN_VALUE_CHANGES:
        return store_change(p, value, p->result);

    default:
        return store_entry(p, k->type, value, where);
    }
}


static const gen_key *
find_key(const gen_pairs *p, caplat_slice name)
{
    for (size_t i = 0; i < p->key_count; i++) {
        if ((p->keys[i].kinds & p->kind) != 0
            && caplat_slice_eq(p->keys[i].name, name))
        {
            return &p->keys[i];
        }
    }

    return NULL;
}


static caplat_slice
near_key(const gen_pairs *p, caplat_slice name)
{
    caplat_slice  names[GEN_KEYS_MAX];
    size_t        count = 0;

    for (size_t i = 0; i < p->key_count; i++) {
        if ((p->keys[i].kinds & p->kind) != 0) {
            names[count++] = p->keys[i].name;
        }
    }

    return gen_near(name, names, count);
}


/* True when this key was given before; notes that it is now. */
static bool
mark_seen(uint32_t *seen, size_t at)
{
    uint32_t  bit = UINT32_C(1) << at;
    bool      before = (*seen & bit) != 0;

    *seen |= bit;

    return before;
}


static void
read_line(const gen_pairs *p, caplat_slice line, uint32_t *seen)
{
    caplat_slice    name;
    caplat_slice    value;
    const gen_key  *k;

    if (!gen_text_cut(line, CAPLAT_LIT(":"), &name, &value)) {
        gen_pairs_report(p, line, GEN_FRONT_LINE, GEN_NO_WORDS,
                         CAPLAT_LIT(""));
        return;
    }

    name = gen_text_trim(name);
    value = gen_text_trim(value);
    k = find_key(p, name);

    if (k == NULL) {
        gen_pairs_report(p, name, GEN_FRONT_UNKNOWN, GEN_WORDS(name),
                         near_key(p, name));
        return;
    }

    if (mark_seen(seen, (size_t) (k - p->keys))
        && k->type < GEN_VALUE_LABELS)
    {
        gen_pairs_report(p, name, GEN_FRONT_TWICE, GEN_WORDS(name),
                         CAPLAT_LIT(""));
        return;
    }

    if (!store(p, k, value)) {
        /* An empty value has no place of its own. */
        gen_pairs_report(p, value.len != 0 ? value : name, GEN_FRONT_VALUE,
                         GEN_WORDS(name, shapes[k->type]), CAPLAT_LIT(""));
    }
}


void
gen_pairs_read(const gen_pairs *p, caplat_slice lines)
{
    size_t        at = 0;
    uint32_t      seen = 0;
    caplat_slice  line;

    caplat_assert(p->key_count <= GEN_KEYS_MAX);

    while (gen_text_line(lines, &at, &line)) {
        line = gen_text_trim(line);

        if (line.len != 0 && line.ptr[0] != '#') {
            read_line(p, line, &seen);
        }
    }

    for (size_t i = 0; i < p->key_count; i++) {
        if ((p->keys[i].required & p->kind) != 0 && (seen >> i & 1) == 0) {
            gen_report(p->diags, p->source, gen_span_of(0, 0),
                       GEN_FRONT_MISSING, GEN_WORDS(p->keys[i].name),
                       CAPLAT_LIT(""));
        }
    }
}
