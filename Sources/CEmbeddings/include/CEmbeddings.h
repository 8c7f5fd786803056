#ifndef CEMBEDDINGS_H
#define CEMBEDDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Every function here gives the same bits on every path, for every number of rows at once, and in every build: products
// of matrices are sums of integers, which are exact in any order; everything in floating point is done in an order that
// is written down, in steps that IEEE 754 defines, without fused multiplication and without the platform's mathematics.

/// The instructions that the work is done with.
typedef enum {
    CEM_PORTABLE = 0,
    CEM_SSE2 = 1,
    CEM_AVX2 = 2,
    /// AVX-512 F, BW and VL with VNNI.
    CEM_AVX512 = 3,
    CEM_NEON = 4,
} cem_path;

/// Whether this processor and this build have them.
bool cem_path_is_available(cem_path path);

/// The fastest path there is.
cem_path cem_best_path(void);

/// Outputs of a matrix come in groups of so many; inputs in pairs.
enum { CEM_PANEL = 32 };

/// The largest magnitude of a quantised activation.
enum { CEM_ACTIVATION_LIMIT = 8191 };

/// A matrix of integers with a scale for each output.
typedef struct {
    /// outputs × inputs, a multiple of CEM_PANEL and of 2.
    size_t outputs;
    size_t inputs;
    /// Panels of CEM_PANEL outputs; in each, pairs of inputs, and of each pair all outputs of the panel.
    /// At an address that 64 divides.
    const int16_t *weights;
    const float *scales;
    const float *bias;
} cem_matrix;

/// Quantises rows of weights, one for each output, into packed integers such that no sum of their products with
/// activations can leave 32 bits. Writes outputs × inputs integers and outputs scales. Returns false where a weight is
/// not finite or larger than limit.
bool cem_pack(const void *rows, size_t outputs, size_t inputs, float limit, int16_t *packed, float *scales);

/// Quantises rows of activations, each by its own largest magnitude.
void cem_quantise(cem_path path, const float *rows, size_t count, size_t width, int16_t *quantised, float *scales);

/// count rows times the matrix, plus bias; where gelu is set, the exact GELU of it. Rows of outputs floats.
void cem_multiply(cem_path path, const int16_t *rows, const float *scales, size_t count, const cem_matrix *matrix,
                  bool gelu, float *result);

/// The scale and shift of a layer normalisation.
typedef struct {
    const float *weight;
    const float *bias;
    float epsilon;
} cem_norm;

/// Looks up words and adds the kind's row and the rows of positions from 0, then normalises. width is a multiple of 16
/// here and everywhere.
void cem_embed(cem_path path, const void *words, const void *positions, const float *kind, const uint32_t *ids,
               size_t count, size_t width, const cem_norm *norm, float *rows);

/// rows = norm(rows + added).
void cem_add_and_norm(cem_path path, float *rows, const float *added, size_t count, size_t width, const cem_norm *norm);

/// How many floats of scratch attention over so many tokens needs.
size_t cem_attention_scratch(size_t tokens, size_t head_width);

/// Attention of each token of one sequence to all of them. Rows hold query, key and value, each of heads × head_width;
/// head_width is a multiple of 16. Result rows are of heads × head_width.
void cem_attend(cem_path path, const float *rows, size_t tokens, size_t heads, size_t head_width, float *result,
                float *scratch);

/// The mean of rows, scaled to length 1. Returns the mean's length: where it is 0 or not finite, result is zeros.
float cem_mean(cem_path path, const float *rows, size_t count, size_t width, float *result);

/// The same of chosen rows of a table; zeros for none.
float cem_mean_of_rows(cem_path path, const void *table, const uint32_t *ids, size_t count, size_t width,
                       float *result);

/// The sum of products, in 16 strided partial sums. count may be any.
float cem_dot(cem_path path, const float *left, const float *right, size_t count);

/// e to the power of each value, for values that are not above 0; below -87 it is that of -87.
void cem_exp(cem_path path, const float *values, size_t count, float *result);

/// The GELU of each value, by the error function.
void cem_gelu(cem_path path, const float *values, size_t count, float *result);

/// The rows of a table that one linear head is trained on, each of length 1 at most.
typedef struct {
    /// Rows of width floats; width is a multiple of 64.
    const float *table;
    size_t width;
    /// The rows that count: first those that the head is to accept, then those that it is to refuse.
    const uint32_t *ids;
    size_t positives;
    size_t count;
    /// What an error costs on a row to accept, on one to refuse, and on the zero vector, which is to be refused too
    /// where its cost is not 0.
    double positive_cost;
    double negative_cost;
    double origin_cost;
    /// The most passes over the rows, and the violation of the optimum under which they end.
    size_t passes;
    double tolerance;
} cem_head_problem;

/// How many doubles of scratch training with so many rows needs.
size_t cem_head_scratch(size_t count);

/// A support vector machine with squared hinge loss, whose bias is the weight of one more input of 1: dual coordinate
/// descent with shrinking (Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", 2008) in an
/// order that depends on the number of rows alone. Writes width weights and returns the bias.
float cem_train_head(cem_path path, const cem_head_problem *problem, float *weights, double *scratch);

/// Rounds a row to integers of at most 127 in magnitude. Returns what they are to be multiplied by: 0 for a row of
/// zeros.
float cem_quantise_bytes(const float *row, size_t width, int8_t *quantised);

/// The largest width of rows whose products with quantised activations are exact in 32 bits.
enum { CEM_BYTE_WIDTH_LIMIT = 2048 };

/// The sums of products of rows with a vector that cem_quantise made; width is a multiple of 64.
void cem_multiply_bytes(cem_path path, const int8_t *rows, size_t count, size_t width, const int16_t *vector,
                        int32_t *sums);

/// The mean of the largest few products of chosen rows, of scales each, with a vector: of `most` at most, which is 1 to
/// 8, or of as many as there are; 0 for none.
float cem_mean_of_nearest(cem_path path, const int8_t *rows, const float *scales, const uint32_t *ids, size_t count,
                          size_t width, const int16_t *vector, float vector_scale, size_t most);

/// What BERT's uncased normaliser and pre-tokeniser take a scalar for.
typedef enum {
    CEM_LETTER = 0,
    CEM_SPACE = 1,
    /// Taken out.
    CEM_DROPPED = 2,
    /// Taken out after marks were put in order, which it bounds.
    CEM_BARRIER = 3,
    CEM_PUNCTUATION = 4,
    /// A word of its own.
    CEM_IDEOGRAPH = 5,
    /// A mark that stays, and is put in order by its combining class.
    CEM_MARK = 6,
} cem_scalar_class;

/// The class, and for marks the combining class.
cem_scalar_class cem_class_of_scalar(uint32_t scalar, uint8_t *combining_class);

/// What a scalar becomes without accents and in lower case: one to three scalars, whose number is returned.
size_t cem_map_scalar(uint32_t scalar, uint32_t mapped[3]);

#ifdef __cplusplus
}
#endif
#endif
