#include <string.h>

#include "sha256_kernels.h"

/* SHA-256 as of FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4 */

/* One of the parts of which a message is the concatenation. */
struct part {
    const uint8_t *bytes;
    size_t length;
};

static const struct assay_sha256_state initial_state = {
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

/* Copies what lies of `part`, which starts at byte `start` of the padded message, within the chunk at byte `at`. */
static void copy_part(uint8_t *chunk, uint64_t at, struct part part, uint64_t start) {
    uint64_t end = start + part.length;
    uint64_t from = at > start ? at : start;
    uint64_t to = at + ASSAY_SHA256_CHUNK < end ? at + ASSAY_SHA256_CHUNK : end;
    if (from < to) {
        memcpy(chunk + (from - at), part.bytes + (from - start), (size_t)(to - from));
    }
}

/* Writes the chunk at byte `at` of prefix, block, suffix and the padding of FIPS 180-4, 5.1.1. */
static void gather(
    uint8_t *chunk, uint64_t at, uint64_t last, struct part prefix, struct part block, struct part suffix) {
    uint64_t length = (uint64_t)prefix.length + block.length + suffix.length;
    memset(chunk, 0, ASSAY_SHA256_CHUNK);
    copy_part(chunk, at, prefix, 0);
    copy_part(chunk, at, block, prefix.length);
    copy_part(chunk, at, suffix, (uint64_t)prefix.length + block.length);
    if (at <= length && length - at < ASSAY_SHA256_CHUNK) {
        chunk[length - at] = 0x80;
    }
    if (at == last) {
        for (unsigned i = 0; i < 8; i++) {
            chunk[ASSAY_SHA256_CHUNK - 8 + i] = (uint8_t)(length * 8 >> (56 - 8 * i));
        }
    }
}

static const struct assay_sha256_functions *functions_of(enum assay_sha256_kernel kernel) {
    switch (kernel) {
    case ASSAY_SHA256_PORTABLE:
        return &assay_sha256_portable;
    case ASSAY_SHA256_SHA_NI:
        return assay_sha256_sha_ni();
    case ASSAY_SHA256_ARM_SHA2:
        return assay_sha256_arm_sha2();
    }
    return NULL;
}

bool assay_sha256_is_available(enum assay_sha256_kernel kernel) {
    return functions_of(kernel) != NULL;
}

bool assay_sha256_many(
    enum assay_sha256_kernel kernel, size_t lanes, const uint8_t *prefix, size_t prefix_length,
    const uint8_t *messages, size_t message_length, size_t message_stride, size_t count, const uint8_t *suffix,
    size_t suffix_length, uint8_t *digests, size_t digest_stride) {
    const struct assay_sha256_functions *functions = functions_of(kernel);
    if (functions == NULL) {
        return false;
    }
    if (lanes < 1) {
        lanes = 1;
    } else if (lanes > ASSAY_SHA256_MAXIMUM_LANES) {
        lanes = ASSAY_SHA256_MAXIMUM_LANES;
    }

    /* The padding is one byte 0x80, zeros, and the length in eight bytes. */
    uint64_t length = (uint64_t)prefix_length + message_length + suffix_length;
    uint64_t last = (length + 8) / ASSAY_SHA256_CHUNK * ASSAY_SHA256_CHUNK;

    /* Whole chunks of the prefix are the same for all messages. */
    struct assay_sha256_state midstate = initial_state;
    uint64_t begin = prefix_length / ASSAY_SHA256_CHUNK * ASSAY_SHA256_CHUNK;
    functions->compress[0](&midstate, &prefix, (size_t)(begin / ASSAY_SHA256_CHUNK));

    /* Chunks between these two are read where they lie in the message. */
    size_t skipped = (ASSAY_SHA256_CHUNK - prefix_length % ASSAY_SHA256_CHUNK) % ASSAY_SHA256_CHUNK;
    size_t direct = message_length > skipped ? (message_length - skipped) / ASSAY_SHA256_CHUNK : 0;
    uint64_t direct_begin = (uint64_t)prefix_length + skipped;

    struct part first = {prefix, prefix_length};
    struct part final = {suffix, suffix_length};
    while (count > 0) {
        size_t width = count < lanes ? count : lanes;
        assay_sha256_compress *compress = functions->compress[width - 1];
        struct assay_sha256_state states[ASSAY_SHA256_MAXIMUM_LANES];
        uint8_t chunk[ASSAY_SHA256_MAXIMUM_LANES][ASSAY_SHA256_CHUNK];
        const uint8_t *data[ASSAY_SHA256_MAXIMUM_LANES];
        for (size_t i = 0; i < width; i++) {
            states[i] = midstate;
        }
        for (uint64_t at = begin; at <= last;) {
            if (at == direct_begin && direct > 0) {
                for (size_t i = 0; i < width; i++) {
                    data[i] = messages + i * message_stride + skipped;
                }
                compress(states, data, direct);
                at += (uint64_t)direct * ASSAY_SHA256_CHUNK;
            } else {
                for (size_t i = 0; i < width; i++) {
                    struct part block = {messages == NULL ? NULL : messages + i * message_stride, message_length};
                    gather(chunk[i], at, last, first, block, final);
                    data[i] = chunk[i];
                }
                compress(states, data, 1);
                at += ASSAY_SHA256_CHUNK;
            }
        }
        for (size_t i = 0; i < width; i++) {
            for (size_t j = 0; j < ASSAY_SHA256_DIGEST_SIZE; j++) {
                digests[i * digest_stride + j] = (uint8_t)(states[i].word[j / 4] >> (24 - 8 * (j % 4)));
            }
        }
        count -= width;
        if (count > 0) {
            messages = messages == NULL ? NULL : messages + width * message_stride;
            digests += width * digest_stride;
        }
    }
    return true;
}
