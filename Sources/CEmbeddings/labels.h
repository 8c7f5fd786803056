// What classification by labels is made of on a path.
#ifndef CEMBEDDINGS_LABELS_H
#define CEMBEDDINGS_LABELS_H

#include "lanes.h"

typedef struct {
    float (*train_head)(const cem_head_problem *, float *, double *);
    void (*multiply_bytes)(const int8_t *, size_t, size_t, const int16_t *, int32_t *);
    float (*mean_of_nearest)(const int8_t *, const float *, const uint32_t *, size_t, size_t, const int16_t *, float,
                             size_t);
} cem_label_kernels;

extern const cem_label_kernels cem_portable_label_kernels;
#if defined(__x86_64__)
extern const cem_label_kernels cem_sse2_label_kernels;
extern const cem_label_kernels cem_avx2_label_kernels;
extern const cem_label_kernels cem_avx512_label_kernels;
#elif defined(__aarch64__)
extern const cem_label_kernels cem_neon_label_kernels;
#endif

#endif
