#define _POSIX_C_SOURCE 200809L

#include "caplat_shared.h"

#include "caplat_io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>


#define VERSION  3


static const char  magic[8] = "caplatL";


static bool
is_ours(const caplat_shared *shared, const char boot[static CAPLAT_BOOT_LEN])
{
    return memcmp(shared->magic, magic, sizeof(magic)) == 0
        && shared->version == VERSION
        && memcmp(shared->boot, boot, CAPLAT_BOOT_LEN) == 0;
}


static bool
read_boot(char boot[static CAPLAT_BOOT_LEN], const char **why)
{
    bool  is_read = caplat_boot_read(boot);

    if (!is_read) {
        *why = "the kernel does not tell the machine's boot id";
    }

    return is_read;
}


static caplat_shared *
map(int fd)
{
    void  *at;

    /* Room on the disk now, rather than SIGBUS later. */
    errno = posix_fallocate(fd, 0, sizeof(caplat_shared));

    if (errno != 0) {
        return NULL;
    }

    at = mmap(NULL, sizeof(caplat_shared), PROT_READ | PROT_WRITE, MAP_SHARED,
        fd, 0);

    return at != MAP_FAILED ? at : NULL;
}


bool
caplat_shared_map(const char *folder, bool may_make, caplat_shared **shared,
    bool *is_new, const char **why)
{
    char            boot[CAPLAT_BOOT_LEN];
    caplat_shared  *mapped;
    int             fd;

    if (!read_boot(boot, why)) {
        return false;
    }

    fd = caplat_io_open(folder, "shared", O_RDWR | (may_make ? O_CREAT : 0));
    mapped = fd >= 0 ? map(fd) : NULL;

    if (mapped == NULL) {
        *why = strerror(errno);

        if (fd >= 0) {
            (void) close(fd);
        }

        return false;
    }

    (void) close(fd);
    *is_new = !is_ours(mapped, boot);

    if (*is_new && !may_make) {
        caplat_shared_unmap(mapped);
        *why = "others use the ledger with an index of another version";
        return false;
    }

    if (*is_new) {
        memset(mapped, 0, sizeof(*mapped));
    }

    *shared = mapped;

    return true;
}


bool
caplat_shared_own(caplat_shared *shared, const char **why)
{
    char  boot[CAPLAT_BOOT_LEN];

    if (!read_boot(boot, why)) {
        return false;
    }

    memcpy(shared->boot, boot, sizeof(boot));
    shared->version = VERSION;
    memcpy(shared->magic, magic, sizeof(magic));

    return true;
}


void
caplat_shared_unmap(caplat_shared *shared)
{
    if (shared != NULL) {
        (void) munmap(shared, sizeof(*shared));
    }
}


void
caplat_shared_raise(_Atomic uint64_t *number, uint64_t at_least)
{
    uint64_t  is = atomic_load(number);

    while (is < at_least
           && !atomic_compare_exchange_weak(number, &is, at_least))
    {
        /* `is` has been read again. */
    }
}
