#include "gen_ui.h"

#include "gen_text.h"
#include "gen_xml.h"


/* What pages say that no template can: prices and their cases, headings of
   pages that have no file of their own. */
static const char *const  needed[] = {
    "page.guides", "page.guides.summary", "page.platforms",
    "page.platforms.summary", "page.price", "page.price.summary",
    "page.notices", "page.notices.summary", "page.faq", "page.faq.summary",
    "page.search", "page.search.summary", "page.changes",
    "page.changes.summary", "page.sitemap", "page.sitemap.summary",
    "page.problems", "page.problems.summary", "page.print", "page.404",
    "page.50x", "page.apply-choose", "page.apply-choose.title",
    "page.apply-notice", "page.apply-notice.title", "page.apply-platforms",
    "page.apply-platforms.title", "page.apply-check",
    "page.apply-check.title", "page.apply-pay", "page.apply-pay.title",
    "page.order", "page.order.title", "page.apply.summary", "page.cashier",
    "page.cashier.summary", "crumb.home",
    "section.guide", "section.platform", "section.notice", "section.page",
    "section.faq", "section.service", "money.year", "money.unit",
    "status.paused", "status.paused-until", "status.closed", "case.covered",
    "case.registered", "case.other", "case.year", "case.first", "tariff.base",
    "tariff.covered", "tariff.registered", "tariff.rule",
};


static void
read_words(const xmlNode *root, gen_arena *keep, gen_ui *ui)
{
    ui->words = gen_arena_zero(keep, gen_xml_count(root, "word"),
                               sizeof(gen_ui_word));

    for (const xmlNode *n = gen_xml_next(root->children, "word"); n != NULL;
         n = gen_xml_next(n->next, "word"))
    {
        ui->words[ui->word_count++] = (gen_ui_word) {
            gen_xml_attribute(n, "id", keep), gen_xml_text(n, keep),
        };
    }
}


static void
read_actions(const xmlNode *node, const gen_source *source, gen_arena *keep,
    gen_ui_state *state)
{
    state->actions = gen_arena_zero(keep, gen_xml_count(node, "action"),
                                    sizeof(gen_ui_action));

    for (const xmlNode *n = gen_xml_next(node->children, "action");
         n != NULL; n = gen_xml_next(n->next, "action"))
    {
        caplat_slice  url = gen_xml_attribute(n, "url", keep);

        state->actions[state->action_count++] = (gen_ui_action) {
            .words = gen_xml_text(n, keep),
            .url = url,
            .url_span = gen_xml_at(source, n, url),
            .main = caplat_slice_eq(gen_xml_attribute(n, "main", keep),
                                    CAPLAT_LIT("yes")),
        };
    }
}


static void
read_states(const xmlNode *root, gen_arena *keep, gen_ui *ui)
{
    gen_ui_state  *state = gen_arena_zero(keep, gen_xml_count(root, "state"),
                                          sizeof(gen_ui_state));

    ui->states = state;

    for (const xmlNode *n = gen_xml_next(root->children, "state"); n != NULL;
         n = gen_xml_next(n->next, "state"))
    {
        state->code = gen_xml_attribute(n, "code", keep);
        state->key = gen_xml_attribute(n, "key", keep);
        state->pages = gen_xml_attribute(n, "pages", keep);
        state->pages_span = gen_xml_at(ui->source, n, state->pages);
        state->tone = gen_xml_attribute(n, "tone", keep);
        state->title = gen_xml_child_text(n, "title", keep);
        state->body = gen_xml_child_text(n, "body", keep);
        read_actions(n, ui->source, keep, state);
        state++;
        ui->state_count++;
    }
}


static bool
has_problem(const gen_ui *ui, caplat_slice name)
{
    for (size_t i = 0; i != ui->problem_count; i++) {
        if (caplat_slice_eq(ui->problems[i].name, name)) {
            return true;
        }
    }

    return false;
}


/* The name becomes the address of a page. */
static bool
check_problem(const xmlNode *node, const gen_ui *ui, caplat_slice name,
    gen_diags *diags)
{
    bool  is_id = gen_text_is_id(name);

    if (is_id && !has_problem(ui, name)) {
        return true;
    }

    gen_report(diags, ui->source, gen_xml_at(ui->source, node, name),
               is_id ? GEN_ID_TWICE : GEN_BAD_ID, GEN_WORDS(name),
               CAPLAT_LIT(""));

    return false;
}


static bool
read_problems(const xmlNode *root, gen_arena *keep, gen_diags *diags,
    gen_ui *ui)
{
    bool  all = true;

    ui->problems = gen_arena_zero(keep, gen_xml_count(root, "problem"),
                                  sizeof(gen_ui_problem));

    for (const xmlNode *n = gen_xml_next(root->children, "problem");
         n != NULL; n = gen_xml_next(n->next, "problem"))
    {
        caplat_slice  name = gen_xml_attribute(n, "name", keep);

        all = check_problem(n, ui, name, diags) && all;
        ui->problems[ui->problem_count++] = (gen_ui_problem) {
            .name = name,
            .status = gen_xml_attribute(n, "status", keep),
            .title = gen_xml_child_text(n, "title", keep),
            .body = gen_xml_child_text(n, "body", keep),
            .todo = gen_xml_child_text(n, "todo", keep),
        };
    }

    return all;
}


static const gen_ui_word *
find_word(const gen_ui *ui, caplat_slice id)
{
    for (size_t i = 0; i != ui->word_count; i++) {
        if (caplat_slice_eq(ui->words[i].id, id)) {
            return &ui->words[i];
        }
    }

    return NULL;
}


static bool
has_all_needed(const gen_ui *ui, gen_diags *diags)
{
    bool  all = true;

    for (size_t i = 0; i != sizeof(needed) / sizeof(needed[0]); i++) {
        caplat_slice  id = gen_slice_of(needed[i]);

        if (find_word(ui, id) == NULL) {
            gen_report(diags, ui->source, gen_span_of(0, 0), GEN_UI_WORD,
                       GEN_WORDS(id), CAPLAT_LIT(""));
            all = false;
        }
    }

    return all;
}


bool
gen_ui_read(caplat_slice content, gen_arena *keep, gen_diags *diags,
    gen_ui *ui)
{
    const gen_source  *source;
    const xmlNode     *root;
    xmlDoc            *doc;
    bool               done;

    *ui = (gen_ui) { 0 };

    if (!gen_source_open(content, CAPLAT_LIT("ui.xml"), keep, diags,
                                &source))
    {
        return false;
    }

    doc = gen_xml_read(source, GEN_UI_XML, diags);
    if (doc == NULL) {
        return false;
    }

    ui->source = source;
    root = xmlDocGetRootElement(doc);
    read_words(root, keep, ui);
    read_states(root, keep, ui);
    done = read_problems(root, keep, diags, ui);
    xmlFreeDoc(doc);

    return has_all_needed(ui, diags) && done;
}


caplat_slice
gen_ui_words(const gen_ui *ui, const char *id)
{
    const gen_ui_word  *word = find_word(ui, gen_slice_of(id));

    caplat_assert(word != NULL);

    return word->words;
}
