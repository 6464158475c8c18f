#include "gen_problem.h"

#include "gen_html.h"
#include "gen_text.h"


#define LINE_CELLS_MAX     160          /* of a line that is shown whole */
#define LINE_CELLS_BEFORE  60           /* before the caret of longer ones */
#define MARGIN_WIDTH       5            /* for the number of a line */


typedef struct {
    gen_code           code;
    caplat_slice       words[2];        /* by gen_lang */
} message;


static const message  messages[] = {
#define GEN_CODE_MESSAGE(name, number, zh, en)                                \
    { GEN_##name, { { zh, sizeof(zh) - 1 }, { en, sizeof(en) - 1 } } },
    GEN_CODES(GEN_CODE_MESSAGE)
#undef GEN_CODE_MESSAGE
};


static caplat_slice
message_words(gen_code code, gen_lang lang)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        if (messages[i].code == code) {
            return messages[i].words[lang];
        }
    }

    caplat_assert(0);
}


static bool
is_error(const gen_problem *problem, const gen_style *style)
{
    return style->strict || !gen_code_warns(problem->code);
}


/* Text of the content: a terminal and JSON get neither controls nor junk. */
static void
add_clean(gen_buf *buf, caplat_slice text)
{
    size_t  at = 0;
    char    bytes[GEN_CHAR_LEN_MAX];

    while (at < text.len) {
        uint32_t  c = gen_text_next(text, &at);

        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            c = ' ';
        }

        gen_buf_add(buf, caplat_slice_of(bytes, gen_char_write(c, bytes)));
    }
}


/* A word in the reader's language: see GEN_BOTH. */
static caplat_slice
word_in(caplat_slice word, gen_lang lang)
{
    caplat_slice  zh;
    caplat_slice  en;

    if (!gen_text_cut(word, CAPLAT_LIT(GEN_BOTH_MARK), &zh, &en)) {
        return word;
    }

    return lang == GEN_LANG_ZH ? zh : en;
}


static void
add_message(gen_buf *buf, const gen_problem *problem, gen_lang lang)
{
    caplat_slice  text = message_words(problem->code, lang);

    for (size_t i = 0; i < text.len; i++) {
        if (text.len - i >= 3 && text.ptr[i] == '{' && text.ptr[i + 2] == '}'
            && text.ptr[i + 1] >= '1'
            && text.ptr[i + 1] < '1' + GEN_WORDS_MAX)
        {
            add_clean(buf, word_in(problem->words[text.ptr[i + 1] - '1'],
                                   lang));
            i += 2;
            continue;
        }

        gen_buf_byte(buf, text.ptr[i]);
    }
}


static void
add_hint(gen_buf *buf, const gen_problem *problem, gen_lang lang)
{
    bool  zh = lang == GEN_LANG_ZH;

    gen_buf_add(buf, zh ? CAPLAT_LIT("您是不是要写 ")
                        : CAPLAT_LIT("did you mean "));
    add_clean(buf, word_in(problem->near, lang));
    gen_buf_add(buf, zh ? CAPLAT_LIT("？") : CAPLAT_LIT("?"));
}


static void
add_code(gen_buf *buf, const gen_problem *problem)
{
    gen_buf_byte(buf, gen_code_warns(problem->code) ? 'W' : 'E');
    gen_buf_uint(buf, (uint64_t) problem->code);
}


static size_t
first_column(const gen_problem *problem)
{
    return 1 + gen_text_count(gen_text_part(problem->line, 0,
                                            problem->mark.at));
}


/* The column behind the last one that is marked. */
static size_t
end_column(const gen_problem *problem)
{
    size_t  count = gen_text_count(gen_text_part(problem->line,
                        problem->mark.at,
                        problem->mark.at + problem->mark.len));

    return first_column(problem) + (count != 0 ? count : 1);
}


static void
add_level(gen_buf *buf, const gen_problem *problem, const gen_style *style,
    gen_lang lang)
{
    bool  zh = lang == GEN_LANG_ZH;

    if (is_error(problem, style)) {
        gen_buf_add(buf, zh ? CAPLAT_LIT("错误") : CAPLAT_LIT("error"));

    } else {
        gen_buf_add(buf, zh ? CAPLAT_LIT("警告") : CAPLAT_LIT("warning"));
    }
}


static void
add_repeated(gen_buf *buf, char byte, size_t count)
{
    while (count-- != 0) {
        gen_buf_byte(buf, byte);
    }
}


/* The part of a long line that is shown. */
static gen_span
visible_part(const gen_problem *problem)
{
    caplat_slice  line = problem->line;
    size_t        before;
    size_t        cells = 0;
    size_t        from = 0;
    size_t        to;

    if (gen_text_cells(line) <= LINE_CELLS_MAX) {
        return gen_span_of(0, line.len);
    }

    before = gen_text_cells(gen_text_part(line, 0, problem->mark.at));

    while (before > LINE_CELLS_BEFORE) {
        before -= gen_char_cells(gen_text_next(line, &from));
    }

    for (to = from; to < line.len; /* void */) {
        size_t  next = to;

        cells += gen_char_cells(gen_text_next(line, &next));

        if (cells > LINE_CELLS_MAX) {
            break;
        }

        to = next;
    }

    return gen_span_of(from, to - from);
}


/* The line, its number in the margin, and the caret below. */
static void
add_excerpt(gen_buf *buf, const gen_problem *problem)
{
    gen_span      part = visible_part(problem);
    size_t        end = part.at + part.len;
    size_t        mark_end = problem->mark.at + problem->mark.len;
    bool          cut = part.at != 0;
    gen_buf       number = { 0 };
    size_t        cells;

    gen_buf_uint(&number, problem->row);
    add_repeated(buf, ' ', number.len < MARGIN_WIDTH
                           ? MARGIN_WIDTH - number.len : 0);
    gen_buf_add(buf, gen_buf_slice(&number));
    gen_buf_add(buf, cut ? CAPLAT_LIT(" | ...") : CAPLAT_LIT(" | "));
    add_clean(buf, gen_text_part(problem->line, part.at, end));
    gen_buf_add(buf, end != problem->line.len ? CAPLAT_LIT("...\n")
                                              : CAPLAT_LIT("\n"));

    add_repeated(buf, ' ', number.len < MARGIN_WIDTH ? MARGIN_WIDTH
                                                     : number.len);
    gen_buf_add(buf, cut ? CAPLAT_LIT(" |    ") : CAPLAT_LIT(" | "));
    add_repeated(buf, ' ', gen_text_cells(gen_text_part(problem->line,
                                              part.at, problem->mark.at)));
    gen_buf_byte(buf, '^');
    cells = gen_text_cells(gen_text_part(problem->line, problem->mark.at,
                                         mark_end < end ? mark_end : end));
    add_repeated(buf, '~', cells > 1 ? cells - 1 : 0);
    gen_buf_byte(buf, '\n');
    gen_buf_close(&number);
}


static void
write_text(gen_buf *buf, const gen_problem *problem, const gen_style *style)
{
    add_clean(buf, problem->source->path);
    gen_buf_byte(buf, ':');
    gen_buf_uint(buf, problem->row);
    gen_buf_byte(buf, ':');
    gen_buf_uint(buf, first_column(problem));
    gen_buf_lit(buf, ": ");
    add_level(buf, problem, style, style->lang);
    gen_buf_byte(buf, ' ');
    add_code(buf, problem);
    gen_buf_lit(buf, ": ");
    add_message(buf, problem, style->lang);
    gen_buf_byte(buf, '\n');

    if (problem->line.len != 0) {
        add_excerpt(buf, problem);
    }

    if (problem->near.len != 0) {
        gen_buf_lit(buf, "   ");
        add_hint(buf, problem, style->lang);
        gen_buf_byte(buf, '\n');
    }
}


static void
write_json(gen_buf *buf, const gen_problem *problem, const gen_style *style)
{
    gen_buf  words = { 0 };

    add_clean(&words, problem->source->path);
    gen_buf_lit(buf, "{\"file\":\"");
    gen_html_json(buf, gen_buf_slice(&words));
    gen_buf_lit(buf, "\",\"line\":");
    gen_buf_uint(buf, problem->row);
    gen_buf_lit(buf, ",\"column\":");
    gen_buf_uint(buf, first_column(problem));
    gen_buf_lit(buf, ",\"endColumn\":");
    gen_buf_uint(buf, end_column(problem));
    gen_buf_lit(buf, ",\"level\":\"");
    add_level(buf, problem, style, GEN_LANG_EN);
    gen_buf_lit(buf, "\",\"code\":\"");
    add_code(buf, problem);
    gen_buf_lit(buf, "\",\"message\":\"");
    words.len = 0;
    add_message(&words, problem, style->lang);
    gen_html_json(buf, gen_buf_slice(&words));
    gen_buf_lit(buf, "\",\"hint\":\"");
    words.len = 0;

    if (problem->near.len != 0) {
        add_hint(&words, problem, style->lang);
    }

    gen_html_json(buf, gen_buf_slice(&words));
    gen_buf_lit(buf, "\"}");
    gen_buf_close(&words);
}


/*
 * A workflow command's words: % and line ends are escaped, in a property
 * : and , as well. Line ends do not get here but for our own.
 */
static void
add_github(gen_buf *buf, caplat_slice text, bool property)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {

        case '%':
            gen_buf_lit(buf, "%25");
            break;

        case ':':
            gen_buf_add(buf, property ? CAPLAT_LIT("%3A") : CAPLAT_LIT(":"));
            break;

        case ',':
            gen_buf_add(buf, property ? CAPLAT_LIT("%2C") : CAPLAT_LIT(","));
            break;

        default:
            gen_buf_byte(buf, text.ptr[i]);
        }
    }
}


static void
write_github(gen_buf *buf, const gen_problem *problem, const gen_style *style)
{
    gen_buf  words = { 0 };

    gen_buf_lit(buf, "::");
    add_level(buf, problem, style, GEN_LANG_EN);
    gen_buf_lit(buf, " file=");
    add_clean(&words, problem->source->path);
    add_github(buf, gen_buf_slice(&words), true);
    gen_buf_lit(buf, ",line=");
    gen_buf_uint(buf, problem->row);
    gen_buf_lit(buf, ",col=");
    gen_buf_uint(buf, first_column(problem));
    gen_buf_lit(buf, ",endColumn=");
    gen_buf_uint(buf, end_column(problem));
    gen_buf_lit(buf, ",title=");
    add_code(buf, problem);
    gen_buf_lit(buf, "::");
    words.len = 0;
    add_message(&words, problem, style->lang);
    add_github(buf, gen_buf_slice(&words), false);

    if (problem->near.len != 0) {
        gen_buf_lit(buf, "%0A");
        words.len = 0;
        add_hint(&words, problem, style->lang);
        add_github(buf, gen_buf_slice(&words), false);
    }

    gen_buf_byte(buf, '\n');
    gen_buf_close(&words);
}


void
gen_problem_write(gen_buf *buf, const gen_problem *problem,
    const gen_style *style)
{
    switch (style->format) {

    case GEN_FORMAT_TEXT:
        write_text(buf, problem, style);
        break;

    case GEN_FORMAT_JSON:
        write_json(buf, problem, style);
        break;

    case GEN_FORMAT_GITHUB:
        write_github(buf, problem, style);
        break;
    }
}
