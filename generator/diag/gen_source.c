#include "gen_source.h"

#include "gen_file.h"


bool
gen_source_try(caplat_slice folder, caplat_slice name, gen_arena *keep,
    const gen_source **source)
{
    gen_path     path = gen_path_of(folder, name);
    gen_source  *fresh = gen_arena_zero(keep, 1, sizeof(gen_source));

    fresh->path = gen_arena_copy(keep, gen_slice_of(path.name));
    *source = fresh;

    return gen_file_read(path.name, GEN_FILE_LEN_MAX, keep, &fresh->text)
           == GEN_READ_DONE;
}


bool
gen_source_open(caplat_slice folder, caplat_slice name,
    gen_arena *keep, gen_diags *diags, const gen_source **source)
{
    if (gen_source_try(folder, name, keep, source)) {
        return true;
    }

    gen_report(diags, *source, gen_span_of(0, 0), GEN_UNREADABLE,
               GEN_WORDS((*source)->path), CAPLAT_LIT(""));

    return false;
}
