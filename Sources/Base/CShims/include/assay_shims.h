/* System calls that glibc (2.36) does not wrap or that Swift cannot import. No logic here. */
#ifndef ASSAY_SHIMS_H
#define ASSAY_SHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/xattr.h>

/* openat2(2). Returns a descriptor, or -1 with errno set. */
int assay_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve);

/* openat(2) without its variable argument list. Returns a descriptor, or -1 with errno set. */
int assay_openat(int directory, const char *path, int flags, unsigned mode);

/* memfd_create(2), closed when another program starts. Returns a descriptor, or -1 with errno set. */
int assay_memory_file(const char *name);

/* getdents64(2). Returns the bytes written to `buffer`, 0 at the end, or -1 with errno set. */
ssize_t assay_getdents64(int directory, void *buffer, size_t length);

/* sync_file_range(2): asks the kernel to begin writing the file's dirty pages to the disk. Only a hint, no errors. */
void assay_start_write_back(int descriptor);

/* fstatfs(2), the file system's magic number only. Returns 0, or -1 with errno set. */
int assay_file_system_type(int descriptor, int64_t *type);

/* renameat2(2) with RENAME_EXCHANGE, for two names of any kind. Returns 0, or -1 with errno set. */
int assay_exchange(int first_directory, const char *first, int second_directory, const char *second);

/* syncfs(2): waits until everything written to the file system of `descriptor` is on the disk. Returns 0, or -1 with errno
   set. */
int assay_sync_file_system(int descriptor);

/* flock(2), exclusively and without waiting; Swift sees the structure of that name. Returns 0, or -1 with errno set. */
int assay_lock(int descriptor);

/* How many files may be looked after at a time. */
#define ASSAY_CLEANUPS 8

/* Unlinks `path`, or cuts the file of `descriptor` to `size` bytes, when SIGINT, SIGTERM or SIGHUP ends the process.
   Returns the number to end that with, or -1 when too many files are looked after already. */
int assay_unlink_on_signal(const char *path);
int assay_truncate_on_signal(int descriptor, off_t size);
void assay_end_cleanup(int cleanup);

/* pwrite(2) for a file that is looked after so: does not return once a signal has begun to clean up. */
ssize_t assay_pwrite(int descriptor, const void *bytes, size_t count, off_t offset);

/* O_PATH, which fcntl.h hides without _GNU_SOURCE (asm-generic/fcntl.h; the same value on every architecture we build for). */
#define ASSAY_O_PATH 010000000
#define ASSAY_RESOLVE_NO_MAGICLINKS 0x02u
#define ASSAY_RESOLVE_NO_SYMLINKS 0x04u
#define ASSAY_RESOLVE_BENEATH 0x08u
#define ASSAY_RESOLVE_IN_ROOT 0x10u

#endif
