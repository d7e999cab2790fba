/* How fast the SHA-256 kernel alone is: BLOCKS of 4,096 bytes with a salt of 32, out of a buffer that stays in the
   processor's cache, on THREADS threads. Prints bytes per second. Usage: raw-sha256 THREADS GIBIBYTES */
#include "assay_sha2.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 4096, BLOCKS = 64 };

static size_t rounds;

static void *work(void *unused) {
    (void)unused;
    static const uint8_t salt[32] = {1};
    uint8_t *buffer = malloc(BLOCK * BLOCKS);
    uint8_t digests[BLOCKS * 32];
    memset(buffer, 7, BLOCK * BLOCKS);
    enum assay_sha256_kernel kernel = ASSAY_SHA256_PORTABLE;
    for (int candidate = 1; candidate <= 2; candidate++) {
        if (assay_sha256_is_available(candidate)) {
            kernel = candidate;
        }
    }
    for (size_t i = 0; i < rounds; i++) {
        assay_sha256_many(
            kernel, 4, salt, sizeof salt, buffer, BLOCK, BLOCK, BLOCKS, NULL, 0, digests, 32);
    }
    free(buffer);
    return NULL;
}

int main(int count, char **arguments) {
    int threads = count > 1 ? atoi(arguments[1]) : 1;
    double gibibytes = count > 2 ? atof(arguments[2]) : 1;
    if (threads < 1 || threads > 64 || gibibytes <= 0) {
        return 64;
    }
    rounds = (size_t)(gibibytes * (1 << 30) / threads / (BLOCK * BLOCKS));
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pthread_t ids[64];
    for (int i = 0; i < threads; i++) {
        pthread_create(&ids[i], NULL, work, NULL);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    printf("%.0f\n", (double)rounds * threads * BLOCK * BLOCKS / seconds);
    return 0;
}
