/*
 * Text becomes part of a page: each place has an escape of its own.
 */

#ifndef GEN_HTML_H
#define GEN_HTML_H

#include "gen_mem.h"


/* Between tags: & < > are escaped. */
void gen_html_text(gen_buf *buf, caplat_slice text);

/* In an attribute's double quotes: & < > " are escaped. */
void gen_html_attribute(gen_buf *buf, caplat_slice text);

/*
 * In href="" or src="": what RFC 3986 does not allow is percent-encoded; a
 * percent sign stays. The scheme is not looked at: that is the caller's work.
 */
void gen_html_url(gen_buf *buf, caplat_slice text);

/*
 * In a JSON string's quotes, in a file or inside <script>: RFC 8259, 7, and
 * < as \u003c, so that no </script> or <!-- can come out.
 */
void gen_html_json(gen_buf *buf, caplat_slice text);


#endif /* GEN_HTML_H */
