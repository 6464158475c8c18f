#define _POSIX_C_SOURCE 200809L          /* clock_gettime, O_CLOEXEC */

#include "gen_new.h"

#include "gen_day.h"
#include "gen_file.h"
#include "gen_load.h"
#include "gen_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>


/* {day} stands for today. */
static const struct {
    const char  *kind;
    const char  *folder;
    const char  *text;
} models[] = {
    { "guide", "guides",
      "---\n"
      "title: 写上指南的标题\n"
      "menu: 短标题\n"
      "summary: 一句话说明这份指南办什么事。\n"
      "updated: {day}\n"
      "who: 谁可以办\n"
      "time: 约几分钟\n"
      "fee: 要付多少\n"
      "result: 办完得到什么\n"
      "need: 要准备什么\n"
      "change: {day} 发布本指南\n"
      "---\n"
      "\n"
      "## 第一步做什么 {#first-step}\n"
      "\n"
      "一句话说明这一步。\n"
      "\n"
      "1. 点【按钮的名字】。\n" },
    { "notice", "notices",
      "---\n"
      "title: 写上公告的标题\n"
      "summary: 一句话说明公告的内容。\n"
      "updated: {day}\n"
      "from: {day}\n"
      "who: 与谁有关\n"
      "---\n"
      "\n"
      "写上公告的正文：发生了什么，您要做什么。\n" },
    { "question", "faq",
      "---\n"
      "title: 写上这组问题的名称\n"
      "updated: {day}\n"
      "---\n"
      "\n"
      "# 这组问题的名称\n"
      "\n"
      "## 写上问题？ {#first-question}\n"
      "\n"
      "先用一句话回答。\n" },
    { "page", "pages",
      "---\n"
      "title: 写上页面的标题\n"
      "summary: 一句话说明这一页。\n"
      "updated: {day}\n"
      "---\n"
      "\n"
      "写上正文。\n" },
};

#define MODELS  (sizeof(models) / sizeof(models[0]))


/* Today in Beijing. */
static caplat_slice
today(gen_arena *keep)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_REALTIME, &now);

    return gen_day_after(keep, CAPLAT_LIT("1970-01-01"),
                         (int32_t) ((now.tv_sec + 8 * 3600) / 86400));
}


static void
fill_in(gen_buf *out, caplat_slice model, caplat_slice day)
{
    caplat_slice  form = CAPLAT_LIT("{day}");
    caplat_slice  before;
    caplat_slice  after;

    while (gen_text_cut(model, form, &before, &after)) {
        gen_buf_add(out, before);
        gen_buf_add(out, day);
        model = after;
    }

    gen_buf_add(out, model);
}


static int
write_new(caplat_slice folder, size_t at, caplat_slice name)
{
    gen_arena   keep = { 0 };
    gen_buf     text = { 0 };
    gen_path    in = gen_path_of(folder, gen_slice_of(models[at].folder));
    gen_path    path;
    gen_buf     file = { 0 };
    int         fd;
    bool        done;

    gen_buf_add(&file, name);
    gen_buf_lit(&file, ".md");
    path = gen_path_of(gen_slice_of(in.name), gen_buf_slice(&file));
    fill_in(&text, gen_slice_of(models[at].text), today(&keep));

    fd = open(path.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    done = fd >= 0 && write(fd, text.data, text.len) == (ssize_t) text.len;
    done = (fd < 0 || close(fd) == 0) && done;

    if (done) {
        (void) printf("%s\n", path.name);

    } else {
        (void) fprintf(stderr, "caplat-site: %s: %s\n", path.name,
                       strerror(errno));
    }

    gen_buf_close(&file);
    gen_buf_close(&text);
    gen_arena_close(&keep);

    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}


/* A page of that name would hide one that the program makes. */
static bool
is_free(const char *kind, caplat_slice name)
{
    if (strcmp(kind, "page") != 0 || !gen_page_is_taken(name)) {
        return true;
    }

    (void) fprintf(stderr, "caplat-site new: the program makes a page \"%.*s\""
                           " itself: give another name\n",
                   (int) name.len, name.ptr);

    return false;
}


int
gen_new_main(int argc, char **argv)
{
    caplat_slice  folder = CAPLAT_LIT("content");

    if (argc == 5 && strcmp(argv[3], "--content") == 0) {
        folder = gen_slice_of(argv[4]);
        argc = 3;
    }

    for (size_t i = 0; argc == 3 && i != MODELS; i++) {
        if (strcmp(argv[1], models[i].kind) == 0
            && gen_text_is_id(gen_slice_of(argv[2])))
        {
            return is_free(argv[1], gen_slice_of(argv[2]))
                   ? write_new(folder, i, gen_slice_of(argv[2])) : EX_USAGE;
        }
    }

    (void) fputs("caplat-site new guide|notice|question|page NAME "
                 "[--content DIR]\n"
                 "NAME is the address: a-z, 0-9 and hyphens\n", stderr);

    return EX_USAGE;
}
