#define _GNU_SOURCE
#include "assay_shims.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

int assay_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = flags;
    how.resolve = resolve;
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int assay_openat(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags, (mode_t)mode);
}

ssize_t assay_getdents64(int directory, void *buffer, size_t length) {
    return syscall(SYS_getdents64, directory, buffer, length);
}

int assay_file_system_type(int descriptor, int64_t *type) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) {
        return -1;
    }
    *type = (int64_t)status.f_type;
    return 0;
}

static char partial_path[PATH_MAX + 32];
static volatile sig_atomic_t has_partial_path;

/* Only async-signal-safe calls: unlink, signal, raise (signal-safety(7)). */
static void unlink_partial(int number) {
    if (has_partial_path) {
        unlink(partial_path);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void assay_unlink_on_signal(const char *path) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    has_partial_path = 0;
    if (path != NULL && strlen(path) < sizeof partial_path) {
        strcpy(partial_path, path);
        has_partial_path = 1;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            signal(numbers[i], has_partial_path ? unlink_partial : SIG_DFL);
        }
    }
}
