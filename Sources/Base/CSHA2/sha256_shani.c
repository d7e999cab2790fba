/* https://www.intel.com/content/www/us/en/developer/articles/technical/intel-sha-extensions.html */
#include "sha256_kernels.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

#define SHA_NI __attribute__((target("sha,sse4.1,ssse3")))

/*
 * The instruction for two rounds keeps the state as (A,B,E,F) and (C,D,G,H), A and C in the highest word; it waits four
 * cycles for its predecessor but can start every cycle, which is what the other lanes are for.
 */
SHA_NI ASSAY_INLINE void compress(
    size_t lanes, struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[ASSAY_SHA256_MAXIMUM_LANES];
    __m128i cdgh[ASSAY_SHA256_MAXIMUM_LANES];
    const uint8_t *next[ASSAY_SHA256_MAXIMUM_LANES];
    ASSAY_UNROLL
    for (size_t i = 0; i < lanes; i++) {
        __m128i dcba = _mm_loadu_si128((const __m128i *)&states[i].word[0]);
        __m128i hgfe = _mm_loadu_si128((const __m128i *)&states[i].word[4]);
        __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
        __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
        abef[i] = _mm_alignr_epi8(cdab, efgh, 8);
        cdgh[i] = _mm_blend_epi16(efgh, cdab, 0xf0);
        next[i] = data[i];
    }
    for (; chunks > 0; chunks--) {
        __m128i old_abef[ASSAY_SHA256_MAXIMUM_LANES];
        __m128i old_cdgh[ASSAY_SHA256_MAXIMUM_LANES];
        __m128i w[ASSAY_SHA256_MAXIMUM_LANES][4];
        ASSAY_UNROLL
        for (size_t i = 0; i < lanes; i++) {
            old_abef[i] = abef[i];
            old_cdgh[i] = cdgh[i];
        }
        ASSAY_UNROLL
        for (size_t step = 0; step < 16; step++) {
            const __m128i k = _mm_loadu_si128((const __m128i *)&assay_sha256_constants[step * 4]);
            ASSAY_UNROLL
            for (size_t i = 0; i < lanes; i++) {
                __m128i *x = w[i];
                if (step < 4) {
                    x[step] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(next[i] + step * 16)), swap);
                } else {
                    __m128i sum = _mm_add_epi32(
                        _mm_sha256msg1_epu32(x[step % 4], x[(step + 1) % 4]),
                        _mm_alignr_epi8(x[(step + 3) % 4], x[(step + 2) % 4], 4));
                    x[step % 4] = _mm_sha256msg2_epu32(sum, x[(step + 3) % 4]);
                }
                __m128i wk = _mm_add_epi32(x[step % 4], k);
                cdgh[i] = _mm_sha256rnds2_epu32(cdgh[i], abef[i], wk);
                abef[i] = _mm_sha256rnds2_epu32(abef[i], cdgh[i], _mm_shuffle_epi32(wk, 0x0e));
            }
        }
        ASSAY_UNROLL
        for (size_t i = 0; i < lanes; i++) {
            abef[i] = _mm_add_epi32(abef[i], old_abef[i]);
            cdgh[i] = _mm_add_epi32(cdgh[i], old_cdgh[i]);
            next[i] += ASSAY_SHA256_CHUNK;
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < lanes; i++) {
        __m128i feba = _mm_shuffle_epi32(abef[i], 0x1b);
        __m128i dchg = _mm_shuffle_epi32(cdgh[i], 0xb1);
        _mm_storeu_si128((__m128i *)&states[i].word[0], _mm_blend_epi16(feba, dchg, 0xf0));
        _mm_storeu_si128((__m128i *)&states[i].word[4], _mm_alignr_epi8(dchg, feba, 8));
    }
}

SHA_NI static void compress_1(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(1, states, data, chunks);
}

SHA_NI static void compress_2(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(2, states, data, chunks);
}

SHA_NI static void compress_3(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(3, states, data, chunks);
}

SHA_NI static void compress_4(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress(4, states, data, chunks);
}

static const struct assay_sha256_functions functions = {{compress_1, compress_2, compress_3, compress_4}};

static bool has_sha_ni(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0) {
        return false;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) != 0;
}

/*
 * CPUID makes a virtual machine exit to its host, which takes as long as several blocks: it is asked once. Threads that
 * ask at the same time find the same answer.
 */
const struct assay_sha256_functions *assay_sha256_sha_ni(void) {
    enum { NOT_ASKED, ABSENT, PRESENT };
    static _Atomic int answer = NOT_ASKED;
    int known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (known == NOT_ASKED) {
        known = has_sha_ni() ? PRESENT : ABSENT;
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return known == PRESENT ? &functions : NULL;
}

#else

const struct assay_sha256_functions *assay_sha256_sha_ni(void) {
    return NULL;
}

#endif
