/*
 * The least that a generator has to do: read each Markdown file of a folder,
 * convert it with libcmark, write it as one file. The yardstick for ours.
 *
 *     cmark_loop THREADS FROM [TO]     THREADS 1 to 9; nothing is written
 *                                      when there is no TO
 */

#define _GNU_SOURCE                     /* openat and its kin */

#include <cmark.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


#define FILES_MAX    100000             /* names kept of FROM */
#define FILE_MAX     (1024 * 1024)      /* bytes of a file; ours have 5,400 */
#define THREADS_MAX  9                  /* one digit */


typedef struct {
    int             from;
    int             to;                 /* or -1 */
    char           *names[FILES_MAX];
    size_t          count;
    atomic_size_t   next;
    atomic_bool     failed;
} loop;


static bool
read_file(int folder, const char *name, char *text, size_t *len)
{
    int      fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t  n = 1;

    *len = 0;

    while (fd != -1 && n > 0 && *len < FILE_MAX) {
        n = read(fd, text + *len, FILE_MAX - *len);
        *len += n > 0 ? (size_t) n : 0;
    }

    return fd != -1 && close(fd) == 0 && n == 0;
}


static bool
write_file(int folder, const char *name, const char *text)
{
    int      fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
        0644);
    size_t   len = strnlen(text, 8 * FILE_MAX);
    ssize_t  n;

    if (fd == -1) {
        return false;
    }

    n = write(fd, text, len);

    return close(fd) == 0 && n == (ssize_t) len;
}


static void *
work(void *data)
{
    loop    *all = data;
    char    *text = malloc(FILE_MAX);
    char    *html;
    size_t   at;
    size_t   len;

    while (text != NULL && !all->failed
        && (at = atomic_fetch_add(&all->next, 1)) < all->count)
    {
        if (!read_file(all->from, all->names[at], text, &len)) {
            all->failed = true;
            break;
        }

        html = cmark_markdown_to_html(text, len, CMARK_OPT_DEFAULT);

        if (all->to != -1 && !write_file(all->to, all->names[at], html)) {
            all->failed = true;
        }

        free(html);
    }

    free(text);

    return NULL;
}


static bool
list(loop *all, const char *folder)
{
    DIR            *dir = opendir(folder);
    struct dirent  *entry;

    if (dir == NULL) {
        return false;
    }

    while ((entry = readdir(dir)) != NULL && all->count < FILES_MAX) {
        if (entry->d_name[0] != '.') {
            all->names[all->count] = strdup(entry->d_name);
            all->count += all->names[all->count] != NULL;
        }
    }

    return closedir(dir) == 0;
}


int
main(int argc, char **argv)
{
    static loop  all;
    pthread_t    threads[THREADS_MAX];
    size_t       count = argc > 2 ? (size_t) (argv[1][0] - '0') : 0;
    size_t       started = 0;

    if (count == 0 || count > THREADS_MAX || !list(&all, argv[2])) {
        (void) fputs("cmark_loop THREADS FROM [TO]\n", stderr);
        return 2;
    }

    all.from = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    all.to = argc > 3 ? open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                      : -1;

    if (all.from == -1 || (argc > 3 && all.to == -1)) {
        perror("cmark_loop");
        return 1;
    }

    while (started < count
        && pthread_create(&threads[started], NULL, work, &all) == 0)
    {
        started++;
    }

    while (started > 0) {
        (void) pthread_join(threads[--started], NULL);
    }

    for (size_t i = 0; i < all.count; i++) {
        free(all.names[i]);
    }

    if (all.failed || all.next < all.count) {
        (void) fputs("cmark_loop: not all files were made\n", stderr);
        return 1;
    }

    return 0;
}
