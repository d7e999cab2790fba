#ifndef ASSAY_SHA256_KERNELS_H
#define ASSAY_SHA256_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assay_sha2.h"

/* The bytes that one run of the compression function takes; FIPS 180-4 calls this a block. */
#define ASSAY_SHA256_CHUNK 64

/* H0 to H7 of one lane. */
struct assay_sha256_state {
    uint32_t word[8];
};

/*
 * Runs `chunks` chunks of each lane through the compression function: lane i has its state in `states[i]` and reads
 * from `data[i]`, at any alignment.
 */
typedef void assay_sha256_compress(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks);

/* The compression functions of one kernel: `compress[n - 1]` has n lanes. */
struct assay_sha256_functions {
    assay_sha256_compress *compress[ASSAY_SHA256_MAXIMUM_LANES];
};

/* K0 to K63 (FIPS 180-4, 4.2.2), aligned so that SSE instructions can take four of them from memory. */
extern const uint32_t assay_sha256_constants[64] __attribute__((aligned(16)));

extern const struct assay_sha256_functions assay_sha256_portable;

/* The functions of a processor's extension, or NULL where this processor, or this build, does not have it. */
const struct assay_sha256_functions *assay_sha256_sha_ni(void);
const struct assay_sha256_functions *assay_sha256_arm_sha2(void);

/* Lane counts are compile-time constants: these make every loop over lanes and rounds straight code. */
#define ASSAY_INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define ASSAY_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ASSAY_UNROLL _Pragma("GCC unroll 64")
#endif

#endif
