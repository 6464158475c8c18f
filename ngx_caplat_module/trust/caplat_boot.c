#define _POSIX_C_SOURCE 200809L

#include "caplat_boot.h"

#include <fcntl.h>
#include <unistd.h>


bool
caplat_boot_read(char boot[static CAPLAT_BOOT_LEN])
{
    int  fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return false;
    }

    ssize_t  len = read(fd, boot, CAPLAT_BOOT_LEN);

    (void) close(fd);

    return len == CAPLAT_BOOT_LEN;
}
