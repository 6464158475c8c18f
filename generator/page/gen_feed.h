/*
 * What machines read: sitemap.xml, feed.xml, robots.txt, the manifest,
 * security.txt, platform.json, rate cards, and the content security policy.
 */

#ifndef GEN_FEED_H
#define GEN_FEED_H

#include "gen_page.h"
#include "gen_theme.h"


/* Atom (RFC 4287): notices and changes, newest first. */
void gen_feed_atom(const gen_book *book, gen_sink *sink);

/* sitemap.xml of sorted pages; an index of several beyond 40,000. */
void gen_feed_sitemap(const gen_book *book, gen_sink *sink,
    const gen_listed *pages, size_t count);

/* robots.txt (RFC 9309), site.webmanifest, security.txt (RFC 9116). */
void gen_feed_small(const gen_book *book, gen_sink *sink);

/*
 * platform.json, a copy of it in assets/, rates/ID.txt, rates/current.txt; and
 * the card once more in .caplat/rates, a name that nginx can be told.
 */
void gen_feed_catalogue(const gen_book *book, gen_sink *sink);

/* .caplat/csp.conf: the policy as an nginx variable. */
void gen_feed_policy(const gen_book *book, gen_sink *sink,
    const gen_theme *theme);


#endif /* GEN_FEED_H */
