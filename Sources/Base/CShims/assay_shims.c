#define _GNU_SOURCE
#include "assay_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
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

int assay_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
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

void assay_start_write_back(int descriptor) {
    (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int assay_exchange(int first_directory, const char *first, int second_directory, const char *second) {
    const unsigned exchange = 1u << 1; /* RENAME_EXCHANGE (linux/fs.h, which clashes with other headers) */
    return (int)syscall(SYS_renameat2, first_directory, first, second_directory, second, exchange);
}

int assay_sync_file_system(int descriptor) {
    return syncfs(descriptor);
}

int assay_lock(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB);
}

enum cleanup_kind { CLEANUP_FREE, CLEANUP_UNLINK, CLEANUP_TRUNCATE };

static struct cleanup {
    volatile sig_atomic_t kind;
    char path[PATH_MAX + 32];
    int descriptor;
    off_t size;
} cleanups[ASSAY_CLEANUPS];

static pthread_mutex_t cleanup_lock = PTHREAD_MUTEX_INITIALIZER;

/* How many threads are inside pwrite(2), and whether none may begin any more. */
static atomic_int writers;
static atomic_bool is_ending;
static _Thread_local volatile sig_atomic_t is_writing;

ssize_t assay_pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    is_writing = 1;
    atomic_fetch_add(&writers, 1);
    if (atomic_load(&is_ending)) {
        atomic_fetch_sub(&writers, 1);
        is_writing = 0;
        for (;;) {
            pause();
        }
    }
    ssize_t written = pwrite(descriptor, bytes, count, offset);
    int error = errno;
    atomic_fetch_sub(&writers, 1);
    is_writing = 0;
    errno = error;
    return written;
}

/* Waits until no other thread writes, or two seconds: a write that follows the truncation would undo it. This thread's own
   write is over when the signal comes. */
static void wait_for_writers(void) {
    atomic_store(&is_ending, true);
    for (int i = 0; i < 2000 && atomic_load(&writers) > (int)is_writing; i++) {
        poll(NULL, 0, 1);
    }
}

/* Only async-signal-safe calls: poll, unlink, ftruncate, signal, raise (signal-safety(7)). */
static void clean_up(int number) {
    wait_for_writers();
    for (size_t i = 0; i < ASSAY_CLEANUPS; i++) {
        if (cleanups[i].kind == CLEANUP_UNLINK) {
            unlink(cleanups[i].path);
        } else if (cleanups[i].kind == CLEANUP_TRUNCATE && ftruncate(cleanups[i].descriptor, cleanups[i].size) != 0) {
            /* Nobody is left to tell. */
        }
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void handle_signals(int is_wanted) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            signal(numbers[i], is_wanted ? clean_up : SIG_DFL);
        }
    }
}

static int begin_cleanup(enum cleanup_kind kind, const char *path, int descriptor, off_t size) {
    int found = -1;
    pthread_mutex_lock(&cleanup_lock);
    for (int i = 0; i < ASSAY_CLEANUPS && found < 0; i++) {
        if (cleanups[i].kind == CLEANUP_FREE && (path == NULL || strlen(path) < sizeof cleanups[i].path)) {
            strcpy(cleanups[i].path, path == NULL ? "" : path);
            cleanups[i].descriptor = descriptor;
            cleanups[i].size = size;
            cleanups[i].kind = kind;
            found = i;
        }
    }
    if (found >= 0) {
        handle_signals(1);
    }
    pthread_mutex_unlock(&cleanup_lock);
    return found;
}

int assay_unlink_on_signal(const char *path) {
    return begin_cleanup(CLEANUP_UNLINK, path, -1, 0);
}

int assay_truncate_on_signal(int descriptor, off_t size) {
    return begin_cleanup(CLEANUP_TRUNCATE, NULL, descriptor, size);
}

void assay_end_cleanup(int cleanup) {
    if (cleanup < 0 || cleanup >= ASSAY_CLEANUPS) {
        return;
    }
    pthread_mutex_lock(&cleanup_lock);
    cleanups[cleanup].kind = CLEANUP_FREE;
    int is_wanted = 0;
    for (size_t i = 0; i < ASSAY_CLEANUPS; i++) {
        is_wanted |= cleanups[i].kind != CLEANUP_FREE;
    }
    if (!is_wanted) {
        handle_signals(0);
    }
    pthread_mutex_unlock(&cleanup_lock);
}
