#include "sha256_kernels.h"

const uint32_t assay_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* One word of one lane, or the same word of four lanes: the operators below work on both. */
typedef uint32_t word1;
typedef uint32_t word4 __attribute__((vector_size(16)));

#define ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define CHOOSE(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define MAJORITY(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#define BIG_SIGMA_0(x) (ROTATE(x, 2) ^ ROTATE(x, 13) ^ ROTATE(x, 22))
#define BIG_SIGMA_1(x) (ROTATE(x, 6) ^ ROTATE(x, 11) ^ ROTATE(x, 25))
#define SMALL_SIGMA_0(x) (ROTATE(x, 7) ^ ROTATE(x, 18) ^ (x) >> 3)
#define SMALL_SIGMA_1(x) (ROTATE(x, 17) ^ ROTATE(x, 19) ^ (x) >> 10)

ASSAY_INLINE uint32_t load(const uint8_t *from) {
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

/* FIPS 180-4, 6.2.2, with the message schedule kept as its last sixteen words. */
#define ROUNDS(word, LOAD)                                                                                             \
    do {                                                                                                               \
        word a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], o = h[7];                           \
        word w[16];                                                                                                    \
        ASSAY_UNROLL                                                                                                   \
        for (size_t t = 0; t < 64; t++) {                                                                              \
            if (t < 16) {                                                                                              \
                w[t] = LOAD(t);                                                                                        \
            } else {                                                                                                   \
                w[t % 16] += SMALL_SIGMA_1(w[(t + 14) % 16]) + w[(t + 9) % 16] + SMALL_SIGMA_0(w[(t + 1) % 16]);       \
            }                                                                                                          \
            word first = o + BIG_SIGMA_1(e) + CHOOSE(e, f, g) + assay_sha256_constants[t] + w[t % 16];                 \
            word second = BIG_SIGMA_0(a) + MAJORITY(a, b, c);                                                          \
            o = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;                               \
        }                                                                                                              \
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += o;                        \
    } while (0)

static void compress_1(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    uint32_t h[8];
    for (size_t i = 0; i < 8; i++) {
        h[i] = states[0].word[i];
    }
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        const uint8_t *from = data[0] + chunk * ASSAY_SHA256_CHUNK;
#define LOAD_1(t) load(from + (t) * 4)
        ROUNDS(word1, LOAD_1);
    }
    for (size_t i = 0; i < 8; i++) {
        states[0].word[i] = h[i];
    }
}

static void compress_4(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    word4 h[8];
    for (size_t i = 0; i < 8; i++) {
        h[i] = (word4){states[0].word[i], states[1].word[i], states[2].word[i], states[3].word[i]};
    }
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        size_t at = chunk * ASSAY_SHA256_CHUNK;
#define LOAD_4(t) \
    (word4){load(data[0] + at + (t) * 4), load(data[1] + at + (t) * 4), load(data[2] + at + (t) * 4), \
            load(data[3] + at + (t) * 4)}
        ROUNDS(word4, LOAD_4);
    }
    for (size_t i = 0; i < 8; i++) {
        for (size_t lane = 0; lane < 4; lane++) {
            states[lane].word[i] = h[i][lane];
        }
    }
}

static void compress_2(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress_1(states, data, chunks);
    compress_1(states + 1, data + 1, chunks);
}

static void compress_3(struct assay_sha256_state *states, const uint8_t *const *data, size_t chunks) {
    compress_2(states, data, chunks);
    compress_1(states + 2, data + 2, chunks);
}

const struct assay_sha256_functions assay_sha256_portable = {{compress_1, compress_2, compress_3, compress_4}};
