#include "caplat_problem.h"


typedef struct {
    caplat_slice  name;
    caplat_slice  title;
    caplat_slice  detail;
    unsigned      status;
} problem_row;


static const problem_row  rows[CAPLAT_PROBLEM_COUNT] = {
    { CAPLAT_INIT(""), CAPLAT_INIT(""), CAPLAT_INIT(""), 200 },
#define PROBLEM_ROW(name, status, word, title, detail)                        \
    { CAPLAT_INIT(word), CAPLAT_INIT(title), CAPLAT_INIT(detail), status },
    CAPLAT_PROBLEMS(PROBLEM_ROW)
#undef PROBLEM_ROW
};


static const problem_row *
row_of(caplat_problem problem)
{
    caplat_assert(problem != CAPLAT_NO_PROBLEM
                  && problem < CAPLAT_PROBLEM_COUNT);

    return &rows[problem];
}


unsigned
caplat_problem_status(caplat_problem problem)
{
    return row_of(problem)->status;
}


caplat_slice
caplat_problem_name(caplat_problem problem)
{
    return row_of(problem)->name;
}


caplat_slice
caplat_problem_title(caplat_problem problem)
{
    return row_of(problem)->title;
}


caplat_slice
caplat_problem_detail(caplat_problem problem)
{
    return row_of(problem)->detail;
}


bool
caplat_problem_is_iana(caplat_problem problem)
{
    return problem == CAPLAT_PROBLEM_DIGEST_UNSUPPORTED
           || problem == CAPLAT_PROBLEM_DIGEST_INVALID
           || problem == CAPLAT_PROBLEM_DIGEST_MISMATCHED;
}


caplat_problem
caplat_problem_find(caplat_slice name)
{
    for (size_t i = CAPLAT_NO_PROBLEM + 1; i < CAPLAT_PROBLEM_COUNT; i++) {
        if (caplat_slice_eq(rows[i].name, name)) {
            return (caplat_problem) i;
        }
    }

    return CAPLAT_NO_PROBLEM;
}
