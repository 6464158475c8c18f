#include "gen_page_apply.h"

#include "gen_page_catalogue.h"
#include "gen_page_text.h"


#define ACTION_VALUES(V)                                                      \
    V(ACTION_WORDS, "action.words", TEXT, NULL)                               \
    V(ACTION_URL, "action.url", TEXT, NULL)                                   \
    V(ACTION_MAIN, "action.main", TEXT, NULL)

enum { ACTION_VALUES(GEN_CELL) ACTION_CELLS };

GEN_SCHEMA(static, action_schema, ACTION_VALUES);


#define STATE_VALUES(V)                                                       \
    V(STATE_CODE, "state.code", TEXT, NULL)                                   \
    V(STATE_KEY, "state.key", TEXT, NULL)                                     \
    V(STATE_TONE, "state.tone", TEXT, NULL)                                   \
    V(STATE_TITLE, "state.title", TEXT, NULL)                                 \
    V(STATE_BODY, "state.body", TEXT, NULL)                                   \
    V(STATE_ACTIONS, "actions", LIST, &action_schema)

enum { STATE_VALUES(GEN_CELL) STATE_CELLS };

GEN_SCHEMA(static, state_schema, STATE_VALUES);


#define APPLY_VALUES(V)                                                       \
    V(APPLY_STATES, "states", LIST, &state_schema)                            \
    V(APPLY_CLASSES, "classes", LIST, &gen_class_schema)                      \
    V(APPLY_BODY, "page.body", HTML, NULL)                                    \
    V(APPLY_RATES, "rates.text", TEXT, NULL)                                  \
    V(APPLY_ISSUER, "sign-in.issuer", TEXT, NULL)                             \
    V(APPLY_CLIENT, "sign-in.client", TEXT, NULL)                             \
    V(APPLY_CASHIER, "cashier.url", TEXT, NULL)

enum { APPLY_VALUES(GEN_CELL) APPLY_CELLS };

GEN_SCHEMA(, gen_apply_choose_schema, APPLY_VALUES);
GEN_SCHEMA(, gen_apply_notice_schema, APPLY_VALUES);
GEN_SCHEMA(, gen_apply_platforms_schema, APPLY_VALUES);
GEN_SCHEMA(, gen_apply_check_schema, APPLY_VALUES);
GEN_SCHEMA(, gen_apply_pay_schema, APPLY_VALUES);
GEN_SCHEMA(, gen_order_schema, APPLY_VALUES);


#define PROBLEM_VALUES(V)                                                     \
    V(PROBLEM_NAME, "problem.name", TEXT, NULL)                               \
    V(PROBLEM_STATUS, "problem.status", TEXT, NULL)                           \
    V(PROBLEM_TITLE, "problem.title", TEXT, NULL)                             \
    V(PROBLEM_BODY, "problem.body", TEXT, NULL)                               \
    V(PROBLEM_TODO, "problem.todo", TEXT, NULL)

enum { PROBLEM_VALUES(GEN_CELL) PROBLEM_CELLS };

GEN_SCHEMA(, gen_problem_schema, PROBLEM_VALUES);


#define PROBLEMS_VALUES(V)                                                    \
    V(PROBLEMS_PROBLEMS, "problems", LIST, &gen_problem_schema)

enum { PROBLEMS_VALUES(GEN_CELL) PROBLEMS_CELLS };

GEN_SCHEMA(, gen_problems_schema, PROBLEMS_VALUES);


/* The two error pages and the cashier have nothing of their own: one cell,
   never named. */
#define NOTHING_VALUES(V)                                                     \
    V(NOTHING, "nothing", TEXT, NULL)

enum { NOTHING_VALUES(GEN_CELL) NOTHING_CELLS };

GEN_SCHEMA(, gen_not_found_schema, NOTHING_VALUES);
GEN_SCHEMA(, gen_broken_schema, NOTHING_VALUES);
GEN_SCHEMA(, gen_cashier_schema, NOTHING_VALUES);


#define CASHIER_URL  CAPLAT_LIT("/demo/cashier/")


static const struct {
    gen_template_name  template;
    const char        *name;            /* in the `pages` of a state */
    const char        *heading;
    const char        *title;           /* says which step of how many */
    const char        *url;
} shells[GEN_APPLY_COUNT] = {
    { GEN_TEMPLATE_apply_choose, "apply-choose", "page.apply-choose",
      "page.apply-choose.title", "/apply/" },
    { GEN_TEMPLATE_apply_notice, "apply-notice", "page.apply-notice",
      "page.apply-notice.title", "/apply/notice/" },
    { GEN_TEMPLATE_apply_platforms, "apply-platforms",
      "page.apply-platforms", "page.apply-platforms.title",
      "/apply/platforms/" },
    { GEN_TEMPLATE_apply_check, "apply-check", "page.apply-check",
      "page.apply-check.title", "/apply/check/" },
    { GEN_TEMPLATE_apply_pay, "apply-pay", "page.apply-pay",
      "page.apply-pay.title", "/apply/pay/" },
    { GEN_TEMPLATE_order, "order", "page.order", "page.order.title",
      "/order/" },
};


void
gen_apply_names(caplat_slice names[static GEN_APPLY_COUNT])
{
    for (size_t i = 0; i != GEN_APPLY_COUNT; i++) {
        names[i] = gen_slice_of(shells[i].name);
    }
}


static gen_value
action_rows(gen_sink *sink, const gen_ui_state *state)
{
    gen_value  *rows = gen_rows(sink, state->action_count, ACTION_CELLS);

    for (size_t i = 0; i != state->action_count; i++) {
        gen_value  *row = rows + i * ACTION_CELLS;

        row[ACTION_WORDS] = gen_value_text(state->actions[i].words);
        row[ACTION_URL] = gen_value_text(state->actions[i].url);
        row[ACTION_MAIN] = gen_value_flag(state->actions[i].main);
    }

    return gen_value_rows(rows, state->action_count);
}


/* Whether `pages`, parted by blanks, has `name`. */
static bool
has_page(caplat_slice pages, caplat_slice name)
{
    caplat_cursor  c = caplat_cursor_of(pages);
    caplat_slice   page = { "", 0 };

    while (caplat_cursor_left(&c) != 0) {
        if (!caplat_take_until(&c, ' ', pages.len, &page)) {
            (void) caplat_take_rest(&c, pages.len, &page);
        }

        if (caplat_slice_eq(page, name)) {
            return true;
        }
    }

    return false;
}


static gen_value
state_rows(const gen_book *book, gen_sink *sink, caplat_slice page)
{
    gen_value  *rows = gen_rows(sink, book->ui->state_count, STATE_CELLS);
    size_t      count = 0;

    for (size_t i = 0; i != book->ui->state_count; i++) {
        const gen_ui_state  *state = &book->ui->states[i];
        gen_value           *row = rows + count * STATE_CELLS;

        if (!has_page(state->pages, page)) {
            continue;
        }

        row[STATE_CODE] = gen_value_text(state->code);
        row[STATE_KEY] = gen_value_text(state->key);
        row[STATE_TONE] = gen_value_text(state->tone);
        row[STATE_TITLE] = gen_value_text(state->title);
        row[STATE_BODY] = gen_value_text(state->body);
        row[STATE_ACTIONS] = action_rows(sink, state);
        count++;
    }

    return gen_value_rows(rows, count);
}


void
gen_page_apply(const gen_book *book, gen_sink *sink, size_t at)
{
    const gen_doc  *notice = gen_page_named(book, "apply-notice");
    gen_value       cells[APPLY_CELLS] = {
        [APPLY_STATES] = state_rows(book, sink,
                                    gen_slice_of(shells[at].name)),
        [APPLY_CLASSES] = gen_classes(book, sink),
        [APPLY_BODY] = gen_value_text(notice != NULL ? notice->steps[0].html
                                                     : CAPLAT_LIT("")),
        [APPLY_RATES] = gen_value_text(book->catalogue->rates),
        [APPLY_ISSUER] = gen_value_text(book->site->sign_in),
        [APPLY_CLIENT] = gen_value_text(book->site->sign_in_client),
        [APPLY_CASHIER] = gen_value_text(book->site->cashier.len != 0
                                         ? CASHIER_URL : CAPLAT_LIT("")),
    };
    gen_head        head = {
        .template = shells[at].template,
        .url = gen_slice_of(shells[at].url),
        .heading = gen_ui_words(book->ui, shells[at].heading),
        .title = gen_ui_words(book->ui, shells[at].title),
        .summary = gen_ui_words(book->ui, "page.apply.summary"),
        .day = book->newest,
        .hidden = true,
    };

    gen_page_put(book, sink, &head, cells);
}


void
gen_page_cashier(const gen_book *book, gen_sink *sink)
{
    gen_value  cells[NOTHING_CELLS] = { { 0 } };
    gen_head   head = {
        .template = GEN_TEMPLATE_cashier,
        .url = CASHIER_URL,
        .heading = gen_ui_words(book->ui, "page.cashier"),
        .summary = gen_ui_words(book->ui, "page.cashier.summary"),
        .day = book->newest,
        .hidden = true,
    };

    if (book->site->cashier.len != 0) {
        gen_page_put(book, sink, &head, cells);
    }
}


static void
problem_cells(const gen_ui_problem *problem, gen_value *cells)
{
    cells[PROBLEM_NAME] = gen_value_text(problem->name);
    cells[PROBLEM_STATUS] = gen_value_text(problem->status);
    cells[PROBLEM_TITLE] = gen_value_text(problem->title);
    cells[PROBLEM_BODY] = gen_value_text(problem->body);
    cells[PROBLEM_TODO] = gen_value_text(problem->todo);
}


void
gen_page_problem(const gen_book *book, gen_sink *sink,
    const gen_ui_problem *problem)
{
    gen_value  cells[PROBLEM_CELLS];
    gen_head   head = {
        .template = GEN_TEMPLATE_problem,
        .url = gen_join(sink, CAPLAT_LIT("/problems/"), problem->name,
                        CAPLAT_LIT("/"), CAPLAT_LIT("")),
        .heading = problem->title,
        .summary = problem->body,
        .day = book->newest,
        .hidden = true,
    };

    problem_cells(problem, cells);
    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_crumb_add(&head, gen_ui_words(book->ui, "page.problems"),
                  CAPLAT_LIT("/problems/"));
    gen_page_put(book, sink, &head, cells);
}


void
gen_page_problems(const gen_book *book, gen_sink *sink)
{
    gen_value  *rows = gen_rows(sink, book->ui->problem_count,
                                PROBLEM_CELLS);
    gen_value   cells[PROBLEMS_CELLS] = {
        [PROBLEMS_PROBLEMS] = gen_value_rows(rows, book->ui->problem_count),
    };
    gen_head    head = {
        .template = GEN_TEMPLATE_problems,
        .url = CAPLAT_LIT("/problems/"),
        .heading = gen_ui_words(book->ui, "page.problems"),
        .summary = gen_ui_words(book->ui, "page.problems.summary"),
        .day = book->newest,
    };

    for (size_t i = 0; i != book->ui->problem_count; i++) {
        problem_cells(&book->ui->problems[i], rows + i * PROBLEM_CELLS);
    }

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_page_put(book, sink, &head, cells);
}


void
gen_page_errors(const gen_book *book, gen_sink *sink)
{
    gen_value  cells[NOTHING_CELLS] = { { 0 } };
    gen_head   head = {
        .template = GEN_TEMPLATE_not_found,
        .file = CAPLAT_LIT("404.html"),
        .heading = gen_ui_words(book->ui, "page.404"),
        .summary = gen_ui_words(book->ui, "page.404"),
        .day = book->newest,
        .hidden = true,
    };

    gen_page_put(book, sink, &head, cells);

    head.template = GEN_TEMPLATE_broken;
    head.file = CAPLAT_LIT("50x.html");
    head.heading = gen_ui_words(book->ui, "page.50x");
    head.summary = head.heading;
    gen_page_put(book, sink, &head, cells);
}
