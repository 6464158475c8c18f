#include "gen_feed.h"

#include "gen_day.h"
#include "gen_hash.h"
#include "gen_html.h"
#include "gen_page_index.h"


#define FEED_MAX     50                 /* entries; readers poll often */
#define SITEMAP_MAX  40000              /* URLs a file; the protocol allows */
                                        /* 50,000 and 50 MB */

/* security.txt must say until when it holds (RFC 9116, 2.5.5). */
#define SECURITY_DAYS  365


static void
put_tag(gen_buf *out, const char *name, caplat_slice text)
{
    caplat_slice  tag = gen_slice_of(name);

    gen_buf_byte(out, '<');
    gen_buf_add(out, tag);
    gen_buf_byte(out, '>');
    gen_html_text(out, text);
    gen_buf_lit(out, "</");
    gen_buf_add(out, tag);
    gen_buf_lit(out, ">\n");
}


/* Midnight in Beijing, RFC 3339. */
static void
put_time(gen_buf *out, const char *name, caplat_slice day)
{
    gen_buf  time = { 0 };

    gen_buf_add(&time, day);
    gen_buf_lit(&time, "T00:00:00+08:00");
    put_tag(out, name, gen_buf_slice(&time));
    gen_buf_close(&time);
}


static void
put_entry(const gen_book *book, gen_buf *out, const gen_doc *doc,
    caplat_slice day, caplat_slice words, caplat_slice mark)
{
    gen_buf  url = { 0 };
    gen_buf  id = { 0 };

    gen_buf_add(&url, book->site->origin);
    gen_buf_add(&url, doc->url);
    gen_buf_add(&id, gen_buf_slice(&url));
    gen_buf_add(&id, mark);

    gen_buf_lit(out, "<entry>\n");
    put_tag(out, "title", doc->front.title);
    put_tag(out, "id", gen_buf_slice(&id));
    put_time(out, "updated", day);
    gen_buf_lit(out, "<link href=\"");
    gen_html_url(out, gen_buf_slice(&url));
    gen_buf_lit(out, "\"/>\n");
    put_tag(out, "summary", words);
    gen_buf_lit(out, "</entry>\n");

    gen_buf_close(&url);
    gen_buf_close(&id);
}


static void
put_notices(const gen_book *book, gen_buf *out)
{
    for (size_t i = 0; i != book->notices.count && i != FEED_MAX; i++) {
        const gen_doc  *doc = book->notices.items[i];

        put_entry(book, out, doc, doc->front.updated, doc->front.summary,
                  CAPLAT_LIT(""));
    }
}


/* A change's id is its page's with the change's day and place. */
static void
put_news(const gen_book *book, gen_sink *sink, gen_buf *out)
{
    gen_news  *news;
    size_t     count = gen_news_of(book, sink, FEED_MAX, &news);

    for (size_t i = 0; i != count; i++) {
        const gen_change  *change = news[i].change;
        size_t             place = (size_t) (news[i].doc->front.changes
                                             + news[i].doc->front.change_count
                                             - change);

        put_entry(book, out, news[i].doc, change->date, change->words,
                  gen_join(sink, CAPLAT_LIT("#"), change->date,
                           CAPLAT_LIT("-"), gen_number(sink, place)));
    }
}


void
gen_feed_atom(const gen_book *book, gen_sink *sink)
{
    gen_buf  out = { 0 };

    gen_buf_lit(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                      "xml:lang=\"zh-CN\">\n");
    put_tag(&out, "title", book->site->name);
    put_tag(&out, "subtitle", book->site->subtitle);
    put_tag(&out, "id", gen_join(sink, book->site->origin, CAPLAT_LIT("/"),
                                 CAPLAT_LIT(""), CAPLAT_LIT("")));
    put_time(&out, "updated", book->newest);
    gen_buf_lit(&out, "<author>");
    put_tag(&out, "name", book->site->owner);
    gen_buf_lit(&out, "</author>\n<link rel=\"self\" href=\"");
    gen_html_url(&out, book->site->origin);
    gen_buf_lit(&out, "/feed.xml\"/>\n");
    put_notices(book, &out);
    put_news(book, sink, &out);
    gen_buf_lit(&out, "</feed>\n");

    gen_page_file(sink, CAPLAT_LIT("feed.xml"), gen_buf_slice(&out),
                  book->newest);
    gen_buf_close(&out);
}


#define SITEMAP_NS  "http://www.sitemaps.org/schemas/sitemap/0.9"


static void
put_listed(gen_buf *out, const char *element, caplat_slice origin,
    caplat_slice url, caplat_slice day)
{
    gen_buf_byte(out, '<');
    gen_buf_add(out, gen_slice_of(element));
    gen_buf_lit(out, "><loc>");
    gen_html_url(out, origin);
    gen_html_url(out, url);
    gen_buf_lit(out, "</loc><lastmod>");
    gen_buf_add(out, day);
    gen_buf_lit(out, "</lastmod></");
    gen_buf_add(out, gen_slice_of(element));
    gen_buf_lit(out, ">\n");
}


static caplat_slice
put_sitemap(const gen_book *book, gen_sink *sink, caplat_slice path,
    const gen_listed *pages, size_t count)
{
    caplat_slice  day = { "", 0 };
    gen_buf       out = { 0 };

    gen_buf_lit(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<urlset xmlns=\"" SITEMAP_NS "\">\n");

    for (size_t i = 0; i != count; i++) {
        put_listed(&out, "url", book->site->origin, pages[i].url,
                   pages[i].day);
        day = gen_later(day, pages[i].day);
    }

    gen_buf_lit(&out, "</urlset>\n");
    gen_page_file(sink, path, gen_buf_slice(&out), book->newest);
    gen_buf_close(&out);

    return day;
}


void
gen_feed_sitemap(const gen_book *book, gen_sink *sink,
    const gen_listed *pages, size_t count)
{
    gen_buf  out = { 0 };
    size_t   number = 0;

    if (count <= SITEMAP_MAX) {
        (void) put_sitemap(book, sink, CAPLAT_LIT("sitemap.xml"), pages,
                           count);
        return;
    }

    gen_buf_lit(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<sitemapindex xmlns=\"" SITEMAP_NS "\">\n");

    for (size_t at = 0; at < count; at += SITEMAP_MAX) {
        size_t        part = count - at < SITEMAP_MAX ? count - at
                                                      : SITEMAP_MAX;
        caplat_slice  path = gen_join(sink, CAPLAT_LIT("/sitemap-"),
                                      gen_number(sink, ++number),
                                      CAPLAT_LIT(".xml"), CAPLAT_LIT(""));
        caplat_slice  day = put_sitemap(book, sink,
                                        caplat_slice_of(path.ptr + 1,
                                                        path.len - 1),
                                        pages + at, part);

        put_listed(&out, "sitemap", book->site->origin, path, day);
    }

    gen_buf_lit(&out, "</sitemapindex>\n");
    gen_page_file(sink, CAPLAT_LIT("sitemap.xml"), gen_buf_slice(&out),
                  book->newest);
    gen_buf_close(&out);
}


static void
put_robots(const gen_book *book, gen_sink *sink)
{
    gen_buf  out = { 0 };

    gen_buf_lit(&out, "User-agent: *\nDisallow: /v1/\n\nSitemap: ");
    gen_buf_add(&out, book->site->origin);
    gen_buf_lit(&out, "/sitemap.xml\n");
    gen_page_file(sink, CAPLAT_LIT("robots.txt"), gen_buf_slice(&out),
                  book->newest);
    gen_buf_close(&out);
}


static void
put_webmanifest(const gen_book *book, gen_sink *sink)
{
    gen_buf  out = { 0 };

    gen_buf_lit(&out, "{\"name\":\"");
    gen_html_json(&out, book->site->name);
    gen_html_json(&out, book->site->subtitle);
    gen_buf_lit(&out, "\",\"short_name\":\"");
    gen_html_json(&out, book->site->name);
    gen_buf_lit(&out,
                "\",\"lang\":\"zh-CN\",\"start_url\":\"/\","
                "\"display\":\"browser\",\"background_color\":\"#f3f5f1\","
                "\"theme_color\":\"#0a5a51\",\"icons\":["
                "{\"src\":\"/favicon.svg\",\"sizes\":\"any\","
                "\"type\":\"image/svg+xml\"},"
                "{\"src\":\"/icon-192.png\",\"sizes\":\"192x192\","
                "\"type\":\"image/png\"},"
                "{\"src\":\"/icon-512.png\",\"sizes\":\"512x512\","
                "\"type\":\"image/png\"}]}\n");
    gen_page_file(sink, CAPLAT_LIT("site.webmanifest"), gen_buf_slice(&out),
                  book->newest);
    gen_buf_close(&out);
}


static void
put_security(const gen_book *book, gen_sink *sink)
{
    gen_buf  out = { 0 };

    gen_buf_lit(&out, "Contact: mailto:");
    gen_buf_add(&out, book->site->email);
    gen_buf_lit(&out, "\nExpires: ");
    gen_buf_add(&out, gen_day_after(&sink->scratch, book->day,
                                    SECURITY_DAYS));
    gen_buf_lit(&out, "T00:00:00+08:00\nPreferred-Languages: zh, en\n"
                      "Canonical: ");
    gen_buf_add(&out, book->site->origin);
    gen_buf_lit(&out, "/.well-known/security.txt\n");
    gen_page_file(sink, CAPLAT_LIT(".well-known/security.txt"),
                  gen_buf_slice(&out), book->day);
    gen_buf_close(&out);
}


void
gen_feed_small(const gen_book *book, gen_sink *sink)
{
    put_robots(book, sink);
    put_webmanifest(book, sink);
    put_security(book, sink);
}


static void
put_member(gen_buf *out, const char *name, caplat_slice value)
{
    gen_buf_byte(out, '"');
    gen_buf_add(out, gen_slice_of(name));
    gen_buf_lit(out, "\":\"");
    gen_html_json(out, value);
    gen_buf_byte(out, '"');
}


static void
put_platform(const gen_book *book, gen_buf *out, size_t at)
{
    static const char *const  statuses[] = { "open", "paused", "closed" };
    const caplat_tariff      *tariff = &book->catalogue->tariff;
    const caplat_platform    *platform = &tariff->platforms[at];

    gen_buf_byte(out, '{');
    put_member(out, "id", platform->id);
    gen_buf_byte(out, ',');
    put_member(out, "name", platform->name);
    gen_buf_byte(out, ',');
    put_member(out, "class", tariff->classes[platform->class_at].id);
    gen_buf_byte(out, ',');

    if (platform->region != 0) {
        gen_buf_lit(out, "\"region\":\"");
        gen_buf_uint(out, platform->region);
        gen_buf_lit(out, "\",");
    }

    put_member(out, "status", gen_slice_of(statuses[platform->status]));
    gen_buf_byte(out, ',');
    put_member(out, "url", book->catalogue->platforms[at].url);
    gen_buf_byte(out, '}');
}


static void
put_platforms(const gen_book *book, gen_buf *out)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;

    gen_buf_byte(out, '{');
    put_member(out, "rates", gen_slice_of(book->catalogue->rates_id));
    gen_buf_lit(out, ",\"classes\":[");

    for (size_t i = 0; i != tariff->class_count; i++) {
        gen_buf_add(out, i != 0 ? CAPLAT_LIT(",{") : CAPLAT_LIT("{"));
        put_member(out, "id", tariff->classes[i].id);
        gen_buf_byte(out, ',');
        put_member(out, "name", tariff->classes[i].name);
        gen_buf_byte(out, '}');
    }

    gen_buf_lit(out, "],\"platforms\":[");

    for (size_t i = 0; i != tariff->platform_count; i++) {
        gen_buf_add(out, i != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        put_platform(book, out, i);
    }

    gen_buf_lit(out, "]}\n");
}


/* The same under a name made of its hash, which may be kept for ever. */
static void
put_hashed(gen_sink *sink, caplat_slice json, caplat_slice day)
{
    gen_buf       hex = { 0 };
    caplat_slice  hash;

    gen_hash_hex(&hex, gen_hash_sha256(json));
    hash = caplat_slice_of(hex.data, GEN_HASH_NAME_LEN);
    gen_page_file(sink, gen_join(sink, CAPLAT_LIT("assets/"), hash,
                                 CAPLAT_LIT(".json"), CAPLAT_LIT("")),
                  json, day);
    gen_buf_close(&hex);
}


void
gen_feed_catalogue(const gen_book *book, gen_sink *sink)
{
    const gen_catalogue  *catalogue = book->catalogue;
    caplat_slice          id = gen_slice_of(catalogue->rates_id);
    gen_buf               out = { 0 };

    put_platforms(book, &out);
    gen_page_file(sink, CAPLAT_LIT("platform.json"), gen_buf_slice(&out),
                  catalogue->updated);
    put_hashed(sink, gen_buf_slice(&out), catalogue->updated);
    gen_buf_close(&out);

    gen_page_file(sink, gen_join(sink, CAPLAT_LIT("rates/"), id,
                                 CAPLAT_LIT(".txt"), CAPLAT_LIT("")),
                  catalogue->rates, catalogue->updated);
    gen_page_file(sink, CAPLAT_LIT("rates/current.txt"),
                  gen_join(sink, id, CAPLAT_LIT("\n"), CAPLAT_LIT(""),
                           CAPLAT_LIT("")),
                  catalogue->updated);
    gen_page_file(sink, CAPLAT_LIT(".caplat/rates"), catalogue->rates,
                  catalogue->updated);
}


static void
put_hashes(gen_buf *out, const caplat_slice *hashes, size_t count)
{
    for (size_t i = 0; i != count; i++) {
        gen_buf_lit(out, " '");
        gen_buf_add(out, hashes[i]);
        gen_buf_byte(out, '\'');
    }
}


/* An issuer without its path. Byte 8 is the host's for either scheme. */
static caplat_slice
origin_of(caplat_slice issuer)
{
    size_t  len = sizeof("https://") - 1;

    while (len != issuer.len && issuer.ptr[len] != '/') {
        len++;
    }

    return caplat_slice_of(issuer.ptr, len);
}


/* The page that signs in at an issuer asks there; no other page may. */
static void
put_connect(gen_buf *out, caplat_slice issuer)
{
    gen_buf_lit(out, "set $caplat_connect \"'self'\";\n"
                     "if ($uri = /apply/) {\n"
                     "    set $caplat_connect \"'self' ");
    gen_buf_add(out, origin_of(issuer));
    gen_buf_lit(out, "\";\n}\n");
}


void
gen_feed_policy(const gen_book *book, gen_sink *sink, const gen_theme *theme)
{
    caplat_slice  issuer = book->site->sign_in;
    gen_buf       out = { 0 };

    gen_buf_lit(&out, "# Made by caplat-site: the hashes are those of the "
                      "inlined scripts and styles.\n");

    if (issuer.len != 0) {
        put_connect(&out, issuer);
    }

    gen_buf_lit(&out, "set $caplat_csp \"default-src 'none'; "
                      "script-src 'self' 'wasm-unsafe-eval'");
    put_hashes(&out, theme->scripts, theme->script_count);
    gen_buf_lit(&out, "; style-src 'self'");
    put_hashes(&out, theme->styles, theme->style_count);
    gen_buf_lit(&out, "; img-src 'self' data:; connect-src ");
    gen_buf_add(&out, issuer.len != 0 ? CAPLAT_LIT("$caplat_connect")
                                      : CAPLAT_LIT("'self'"));
    gen_buf_lit(&out, "; manifest-src 'self'; form-action 'self'; "
                      "base-uri 'none'; frame-ancestors 'none'\";\n");
    gen_page_file(sink, CAPLAT_LIT(".caplat/csp.conf"), gen_buf_slice(&out),
                  book->newest);
    gen_buf_close(&out);
}
