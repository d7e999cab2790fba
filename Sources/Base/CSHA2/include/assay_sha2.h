#ifndef ASSAY_SHA2_H
#define ASSAY_SHA2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4) of many messages of the same length, several at a time in one thread. */

/* Which instructions compute the hash; all of them give the same digests. */
enum assay_sha256_kernel {
    ASSAY_SHA256_PORTABLE = 0,
    /* The SHA extensions of x86-64, with SSSE3 and SSE4.1. */
    ASSAY_SHA256_SHA_NI = 1,
    /* The SHA2 instructions of the cryptographic extension of Armv8-A. */
    ASSAY_SHA256_ARM_SHA2 = 2,
};

/* The most messages that are interleaved. */
#define ASSAY_SHA256_MAXIMUM_LANES 4

/* The bytes of a digest. */
#define ASSAY_SHA256_DIGEST_SIZE 32

/* Whether this processor, and this build, has the kernel. */
bool assay_sha256_is_available(enum assay_sha256_kernel kernel);

/*
 * Hashes `count` messages. Message i is the concatenation of the prefix, the `message_length` bytes at
 * `messages + i * message_stride`, and the suffix; its digest goes to `digests + i * digest_stride`.
 *
 * `lanes` is how many messages are interleaved: 1 to ASSAY_SHA256_MAXIMUM_LANES, others are taken as the nearest. What
 * is left over goes through fewer lanes. The digests must not overlap any input. A part of length 0 may be NULL.
 * The length of a message, prefix and suffix included, must be below 2^61 bytes (2^64 bits). Returns false, with
 * nothing written, when the kernel is not available.
 */
bool assay_sha256_many(
    enum assay_sha256_kernel kernel, size_t lanes, const uint8_t *prefix, size_t prefix_length,
    const uint8_t *messages, size_t message_length, size_t message_stride, size_t count, const uint8_t *suffix,
    size_t suffix_length, uint8_t *digests, size_t digest_stride);

#endif
