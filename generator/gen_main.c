/*
 * caplat-site: arguments in, exit status out.
 */

#include "caplat_date.h"
#include "gen_day.h"
#include "gen_mem.h"
#include "gen_new.h"
#include "gen_price.h"
#include "gen_site.h"
#include "gen_work.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>


static const char  usage[] =
    "caplat-site: guides and a catalogue become a site\n"
    "\n"
    "  caplat-site build --content DIR --site DIR --out DIR [OPTION]...\n"
    "  caplat-site check --content DIR --site DIR [OPTION]...\n"
    "  caplat-site price --rates FILE --city CODE --add ID,ID ...\n"
    "  caplat-site new guide|notice|question|page NAME [--content DIR]\n"
    "\n"
    "  --wasm FILE                      the calculator's wasm\n"
    "  --date DAY                       what is today: YYYY-MM-DD; else\n"
    "                                   SOURCE_DATE, SOURCE_DATE_EPOCH, the\n"
    "                                   newest `updated` of the content\n"
    "  --threads N                      1 to 64; else all processors\n"
    "  --compress none|quick|release    .gz and .br beside each file\n"
    "  --format text|json|github        of the problems\n"
    "  --changed FILE                   list what was written or removed\n"
    "  --strict                         a warning is an error\n"
    "\n"
    "Exit status: 0 done; 1 errors in the content, nothing published; 64 bad\n"
    "arguments. Problems are told in Chinese, in English where LANG is en.\n";


enum { CONTENT = 1, SITE, OUT, WASM, DATE, THREADS, COMPRESS, FORMAT,
       CHANGED, STRICT, HELP };

static const struct option  long_options[] = {
    { "content", required_argument, NULL, CONTENT },
    { "site", required_argument, NULL, SITE },
    { "out", required_argument, NULL, OUT },
    { "wasm", required_argument, NULL, WASM },
    { "date", required_argument, NULL, DATE },
    { "threads", required_argument, NULL, THREADS },
    { "compress", required_argument, NULL, COMPRESS },
    { "format", required_argument, NULL, FORMAT },
    { "changed", required_argument, NULL, CHANGED },
    { "strict", no_argument, NULL, STRICT },
    { "help", no_argument, NULL, HELP },
    { NULL, 0, NULL, 0 },
};


static _Noreturn void
refuse(const char *what, const char *word)
{
    (void) fprintf(stderr, "caplat-site: %s: %s\n"
                           "Try: caplat-site --help\n", what, word);
    exit(EX_USAGE);
}


/* The place of a word in a list that ends in NULL. */
static int
choose(const char *word, const char *const *list, const char *what)
{
    for (int i = 0; list[i] != NULL; i++) {
        if (strcmp(word, list[i]) == 0) {
            return i;
        }
    }

    refuse(what, word);
}


static caplat_slice
day_of(const char *text, const char *what)
{
    caplat_slice  day = gen_slice_of(text);
    caplat_date   date;

    if (!caplat_date_parse(day, &date)) {
        refuse(what, text);
    }

    return day;
}


static uint64_t
number_of(const char *text, uint64_t most, const char *what)
{
    caplat_cursor  c = caplat_cursor_of(gen_slice_of(text));
    uint64_t       number;

    if (!caplat_take_uint(&c, most, &number) || caplat_cursor_left(&c) != 0) {
        refuse(what, text);
    }

    return number;
}


static void
take_option(gen_options *options, int option)
{
    static const char *const  levels[] = { "none", "quick", "release", NULL };
    static const char *const  formats[] = { "text", "json", "github", NULL };

    switch (option) {

    case CONTENT:
        options->content = optarg;
        break;

    case SITE:
        options->site = optarg;
        break;

    case OUT:
        options->out = optarg;
        break;

    case WASM:
        options->wasm = optarg;
        break;

    case DATE:
        options->day = day_of(optarg, "--date");
        break;

    case THREADS:
        options->threads = number_of(optarg, GEN_WORKERS_MAX, "--threads");
        if (options->threads == 0) {
            refuse("--threads", optarg);
        }

        break;

    case COMPRESS:
        options->compress = (gen_compress) choose(optarg, levels,
                                                  "--compress");
        break;

    case FORMAT:
        options->format = (gen_format) choose(optarg, formats, "--format");
        break;

    case CHANGED:
        options->changed = optarg;
        break;

    case STRICT:
        options->strict = true;
        break;

    case HELP:
        (void) fputs(usage, stdout);
        exit(EXIT_SUCCESS);

    default:
        exit(EX_USAGE);
    }
}


static gen_lang
language(void)
{
    static const char *const  names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i != sizeof(names) / sizeof(names[0]); i++) {
        const char  *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0') {
            return strncmp(value, "en", 2) == 0 ? GEN_LANG_EN : GEN_LANG_ZH;
        }
    }

    return GEN_LANG_ZH;
}


/* reproducible-builds.org: seconds since 1970, here as a day in Beijing. */
static caplat_slice
day_of_epoch(const char *seconds)
{
    static gen_arena  keep;
    uint64_t          at = number_of(seconds, UINT32_MAX,
                                     "SOURCE_DATE_EPOCH");

    return gen_day_after(&keep, CAPLAT_LIT("1970-01-01"),
                         (int32_t) ((at + 8 * 3600) / 86400));
}


static caplat_slice
day_of_environment(void)
{
    const char  *day = getenv("SOURCE_DATE");
    const char  *epoch = getenv("SOURCE_DATE_EPOCH");

    if (day != NULL) {
        return day_of(day, "SOURCE_DATE");
    }

    return epoch != NULL ? day_of_epoch(epoch) : CAPLAT_LIT("");
}


static int
site_main(int argc, char **argv, bool build)
{
    gen_options  options = { .threads = 0, .lang = language() };
    int          option;

    options.day = day_of_environment();

    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        take_option(&options, option);
    }

    if (optind != argc) {
        refuse("not an option", argv[optind]);
    }

    if (options.content == NULL || options.site == NULL
        || (build && options.out == NULL))
    {
        refuse(build ? "build" : "check",
               build ? "--content, --site and --out are needed"
                     : "--content and --site are needed");
    }

    if (!build) {
        options.out = NULL;
    }

    if (options.threads == 0) {
        options.threads = gen_work_processors();
    }

    return gen_site_run(&options);
}


int
main(int argc, char **argv)
{
    static const char *const  verbs[] = {
        "build", "check", "price", "new", "--help", NULL
    };
    static char               program[] = "caplat-site";
    int                       verb;

    gen_mem_open();

    if (argc < 2) {
        (void) fputs(usage, stderr);
        return EX_USAGE;
    }

    verb = choose(argv[1], verbs, "not a verb");
    argv[1] = program;                  /* getopt's messages begin with it */

    switch (verb) {

    case 0:
        return site_main(argc - 1, argv + 1, true);

    case 1:
        return site_main(argc - 1, argv + 1, false);

    case 2:
        return gen_price_main(argc - 1, argv + 1);

    case 3:
        return gen_new_main(argc - 1, argv + 1);

    default:
        (void) fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
}
