/*
 * Compares every kernel of the processor that runs it with the portable one. CrossCompiledKernelTests compiles this
 * together with Sources/Base/CSHA2 for another architecture. Prints the kernels that ran; exit status 1 is a
 * difference, 2 that there was nothing to compare.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_sha2.h"

enum { MOST_MESSAGES = 9, LONGEST_MESSAGE = 4200, LONGEST_AFFIX = 260, STRIDE = 40 };

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint32_t random_below(uint32_t bound) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 32) % bound);
}

/* Memory of exactly `length` bytes, so that a sanitizer or valgrind sees one byte too many. */
static uint8_t *random_bytes(size_t length) {
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL) {
        exit(3);
    }
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)random_below(256);
    }
    return bytes;
}

static int compare(enum assay_sha256_kernel kernel) {
    static const size_t lengths[] = {0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 512, 4096};
    enum { TABLE = sizeof lengths / sizeof lengths[0] };
    for (unsigned round = 0; round < 250; round++) {
        size_t length = round < 8 * TABLE ? lengths[round % TABLE] : random_below(LONGEST_MESSAGE);
        size_t gap = random_below(2) * random_below(70);
        size_t count = 1 + random_below(MOST_MESSAGES);
        size_t prefix_length = random_below(3) * random_below(LONGEST_AFFIX / 2);
        size_t suffix_length = random_below(3) * random_below(LONGEST_AFFIX / 2);
        uint8_t *messages = random_bytes((count - 1) * (length + gap) + length);
        uint8_t *prefix = random_bytes(prefix_length);
        uint8_t *suffix = random_bytes(suffix_length);
        for (size_t lanes = 1; lanes <= ASSAY_SHA256_MAXIMUM_LANES; lanes++) {
            uint8_t expected[MOST_MESSAGES * STRIDE] = {0};
            uint8_t digests[MOST_MESSAGES * STRIDE] = {0};
            assay_sha256_many(
                ASSAY_SHA256_PORTABLE, 1, prefix, prefix_length, messages, length, length + gap, count, suffix,
                suffix_length, expected, STRIDE);
            assay_sha256_many(
                kernel, lanes, prefix, prefix_length, messages, length, length + gap, count, suffix, suffix_length,
                digests, STRIDE);
            if (memcmp(expected, digests, sizeof digests) != 0) {
                printf("kernel %d, %zu lanes: %zu messages of %zu bytes differ\n", kernel, lanes, count, length);
                return 1;
            }
        }
        free(messages);
        free(prefix);
        free(suffix);
    }
    return 0;
}

int main(void) {
    static const enum assay_sha256_kernel kernels[] = {
        ASSAY_SHA256_PORTABLE, ASSAY_SHA256_SHA_NI, ASSAY_SHA256_ARM_SHA2};
    static const char *const names[] = {"portable", "shaNI", "armSHA2"};
    static const uint8_t abc[ASSAY_SHA256_DIGEST_SIZE] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
        0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t digest[ASSAY_SHA256_DIGEST_SIZE];
    const uint8_t *message = (const uint8_t *)"abc";
    assay_sha256_many(ASSAY_SHA256_PORTABLE, 1, NULL, 0, message, 3, 3, 1, NULL, 0, digest, sizeof digest);
    if (memcmp(digest, abc, sizeof abc) != 0) {
        puts("the portable kernel is wrong");
        return 1;
    }
    int compared = 0;
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        if (!assay_sha256_is_available(kernels[i])) {
            continue;
        }
        if (compare(kernels[i]) != 0) {
            return 1;
        }
        puts(names[i]);
        compared += kernels[i] != ASSAY_SHA256_PORTABLE;
    }
    return compared > 0 ? 0 : 2;
}
