#include "sha256_kernels.h"

#if defined(__aarch64__) && defined(__AARCH64EL__) && defined(__linux__)

#include <arm_neon.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>

#define ARM_SHA2 __attribute__((target("+crypto")))

/* Arm A64 instructions SHA256H, SHA256H2, SHA256SU0 and SHA256SU1: four rounds, or four words of the schedule, each. */
ARM_SHA2 ASSAY_INLINE void compress(
    size_t lanes, struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    uint32x4_t abcd[ASSAY_SHA256_MAXIMUM_LANES];
    uint32x4_t efgh[ASSAY_SHA256_MAXIMUM_LANES];
    const uint8_t *next[ASSAY_SHA256_MAXIMUM_LANES];
    ASSAY_UNROLL
    for (size_t i = 0; i < lanes; i++) {
        abcd[i] = vld1q_u32(&states[i].word[0]);
        efgh[i] = vld1q_u32(&states[i].word[4]);
        next[i] = data[i];
    }
    for (; chunks > 0; chunks--) {
        uint32x4_t old_abcd[ASSAY_SHA256_MAXIMUM_LANES];
        uint32x4_t old_efgh[ASSAY_SHA256_MAXIMUM_LANES];
        uint32x4_t w[ASSAY_SHA256_MAXIMUM_LANES][4];
        ASSAY_UNROLL
        for (size_t i = 0; i < lanes; i++) {
            old_abcd[i] = abcd[i];
            old_efgh[i] = efgh[i];
        }
        ASSAY_UNROLL
        for (size_t step = 0; step < 16; step++) {
            const uint32x4_t k = vld1q_u32(&assay_sha256_constants[step * 4]);
            ASSAY_UNROLL
            for (size_t i = 0; i < lanes; i++) {
                uint32x4_t *x = w[i];
                if (step < 4) {
                    x[step] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(next[i] + step * 16)));
                } else {
                    x[step % 4] = vsha256su1q_u32(
                        vsha256su0q_u32(x[step % 4], x[(step + 1) % 4]), x[(step + 2) % 4], x[(step + 3) % 4]);
                }
                uint32x4_t wk = vaddq_u32(x[step % 4], k);
                uint32x4_t before = abcd[i];
                abcd[i] = vsha256hq_u32(abcd[i], efgh[i], wk);
                efgh[i] = vsha256h2q_u32(efgh[i], before, wk);
            }
        }
        ASSAY_UNROLL
        for (size_t i = 0; i < lanes; i++) {
            abcd[i] = vaddq_u32(abcd[i], old_abcd[i]);
            efgh[i] = vaddq_u32(efgh[i], old_efgh[i]);
            next[i] += ASSAY_SHA256_CHUNK;
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < lanes; i++) {
        vst1q_u32(&states[i].word[0], abcd[i]);
        vst1q_u32(&states[i].word[4], efgh[i]);
    }
}

ARM_SHA2 static void compress_1(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(1, states, data, chunks);
}

ARM_SHA2 static void compress_2(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(2, states, data, chunks);
}

ARM_SHA2 static void compress_3(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(3, states, data, chunks);
}

ARM_SHA2 static void compress_4(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(4, states, data, chunks);
}

static const struct assay_sha256_functions functions = {{compress_1, compress_2, compress_3, compress_4}};

const struct assay_sha256_functions *assay_sha256_arm_sha2(void) {
    return (getauxval(AT_HWCAP) & HWCAP_SHA2) != 0 ? &functions : NULL;
}

#else

const struct assay_sha256_functions *assay_sha256_arm_sha2(void) {
    return NULL;
}

#endif
