/*
 * Run a command and say what it took, on standard output:
 *
 *     {"wall_us":N,"cpu_us":N,"peak_kb":N,"status":N}
 *
 * A program of its own, because a child's peak begins with what its parent
 * held: a small one does not show.
 */

#define _GNU_SOURCE                     /* wait4 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>


static long long
now_us(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}


static long long
time_us(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}


/* The child: its words on standard output are not wanted. */
static _Noreturn void
become(char **command)
{
    int  null = open("/dev/null", O_WRONLY);

    if (null != -1) {
        (void) dup2(null, STDOUT_FILENO);
    }

    (void) execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}


int
main(int argc, char **argv)
{
    struct rusage  usage;
    long long      began = now_us();
    pid_t          child;
    int            status;

    if (argc < 2) {
        (void) fputs("measure COMMAND...\n", stderr);
        return 2;
    }

    child = fork();

    if (child == 0) {
        become(argv + 1);
    }

    if (child == -1 || wait4(child, &status, 0, &usage) == -1) {
        perror("measure");
        return 1;
    }

    printf("{\"wall_us\":%lld,\"cpu_us\":%lld,\"peak_kb\":%ld,"
        "\"status\":%d}\n", now_us() - began,
        time_us(usage.ru_utime) + time_us(usage.ru_stime), usage.ru_maxrss,
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));

    return 0;
}
