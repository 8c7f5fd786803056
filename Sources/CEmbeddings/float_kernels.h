// What is done in floating point. Included once by each path, which gives the instructions: PATH(name) names a
// function, multiply_tile(rows, width, count, panel, sums) is its product of integers, TILE_ROWS the most rows of it.

CEM_INLINE cem_floats load(const void *address) { return *(const cem_floats_anywhere *)address; }
CEM_INLINE void store(float *address, cem_floats value) { *(cem_floats_anywhere *)address = value; }
CEM_INLINE cem_floats all(float value) { return value - (cem_floats){0}; }

CEM_INLINE cem_floats choose(cem_integers mask, cem_floats yes, cem_floats no) {
    return (cem_floats)(((cem_integers)yes & mask) | ((cem_integers)no & ~mask));
}

/// Lane i with lane i + 8, then + 4, + 2, + 1.
CEM_INLINE float sum_of_lanes(cem_floats value) {
    cem_floats8 eight = __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7) +
                        __builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15);
    cem_floats4 four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                       __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

CEM_INLINE float largest_of_lanes(cem_floats value) {
    float largest = value[0];
    for (int lane = 1; lane < CEM_LANES; lane++) {
        if (value[lane] > largest) largest = value[lane];
    }
    return largest;
}

/// Adding it rounds a float of a magnitude under 2^22 to an integer, halves to even, in the low bits.
#define ROUNDING 12582912.0f
#define ROUNDING_BITS 0x4B400000

/// e^x for x ≤ 0: x = n·ln 2 + r, and 1 + r + r²·q(r) for e^r. The polynomial is off by 3.1e-9 of the value at most,
/// the whole by 1.2e-7.
CEM_INLINE cem_floats exponential(cem_floats x) {
    x = choose(x < -87.0f, all(-87.0f), x);
    cem_floats shifted = x * 1.44269504f + ROUNDING;
    cem_floats whole = shifted - ROUNDING;
    // ln 2 in two parts, the first with few enough bits that its product is exact.
    cem_floats r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    cem_floats q = r * 0.0013814540579915047f + 0.00836874544620514f;
    q = q * r + 0.04166838899254799f;
    q = q * r + 0.1666652113199234f;
    q = q * r + 0.4999999403953552f;
    cem_floats power = (q * (r * r) + r) + 1.0f;
    cem_integers exponent = (cem_integers)shifted - ROUNDING_BITS;
    return power * (cem_floats)((exponent + 127) << 23);
}

/// x·Φ(x) with Φ by the error function of t = x/√2: t·P(t²)/Q(t²), off by 2.6e-7 at most, for t held between ±3.8,
/// where the function is ±1 but for 7.7e-8.
CEM_INLINE cem_floats gelu_of(cem_floats x) {
    cem_floats t = x * 0.707106781f;
    t = choose(t > 3.8f, all(3.8f), t);
    t = choose(t < -3.8f, all(-3.8f), t);
    cem_floats y = t * t;
    cem_floats p = y * -1.7108728798120865e-06f + 0.0002983336744364351f;
    p = p * y + 0.011596144177019596f;
    p = p * y + 0.07618902623653412f;
    p = p * y + 0.3943858742713928f;
    p = p * y + 1.1283769607543945f;
    cem_floats q = y * 0.0027631595730781555f + 0.030714433640241623f;
    q = q * y + 0.1952265352010727f;
    q = q * y + 0.6828222870826721f;
    q = q * y + 1.0f;
    cem_floats error = t * p / q;
    return (x * 0.5f) * (error + 1.0f);
}

static void PATH(quantise)(const float *rows, size_t count, size_t width, int16_t *quantised, float *scales) {
    for (size_t row = 0; row < count; row++) {
        const float *from = rows + row * width;
        int16_t *to = quantised + row * width;
        cem_floats magnitudes = {0};
        for (size_t place = 0; place < width; place += CEM_LANES) {
            cem_floats value = load(from + place);
            value = (cem_floats)((cem_integers)value & 0x7FFFFFFF);
            magnitudes = choose(value > magnitudes, value, magnitudes);
        }
        float largest = largest_of_lanes(magnitudes);
        if (!(largest > 1e-30f)) largest = 0;
        scales[row] = largest / CEM_ACTIVATION_LIMIT;
        float inverse = largest > 0 ? CEM_ACTIVATION_LIMIT / largest : 0;
        for (size_t place = 0; place < width; place += CEM_LANES) {
            cem_floats shifted = load(from + place) * inverse + ROUNDING;
            cem_integers integer = (cem_integers)shifted - ROUNDING_BITS;
            *(cem_shorts_anywhere *)(to + place) = __builtin_convertvector(integer, cem_shorts);
        }
    }
}

/// Sums of integers become floats: times both scales, plus bias.
CEM_INLINE void finish_tile(const int32_t *sums, const float *scales, size_t count, const cem_matrix *matrix,
                            size_t output, bool gelu, float *result) {
    for (size_t lane = 0; lane < CEM_PANEL; lane += CEM_LANES) {
        cem_floats weight_scales = load(matrix->scales + output + lane);
        cem_floats bias = load(matrix->bias + output + lane);
        for (size_t row = 0; row < count; row++) {
            cem_integers sum = *(const cem_integers_anywhere *)(sums + row * CEM_PANEL + lane);
            cem_floats value = __builtin_convertvector(sum, cem_floats) * (weight_scales * scales[row]) + bias;
            store(result + row * matrix->outputs + output + lane, gelu ? gelu_of(value) : value);
        }
    }
}

static void PATH(multiply)(const int16_t *rows, const float *scales, size_t count, const cem_matrix *matrix, bool gelu,
                           float *result) {
    int32_t sums[TILE_ROWS * CEM_PANEL] __attribute__((aligned(64)));
    // Tiles of nearly one size: a small one at the end costs nearly as much as a full one.
    size_t tiles = (count + TILE_ROWS - 1) / TILE_ROWS;
    for (size_t output = 0; output < matrix->outputs; output += CEM_PANEL) {
        const int16_t *panel = matrix->weights + output * matrix->inputs;
        for (size_t tile = 0; tile < tiles; tile++) {
            size_t first = count * tile / tiles, size = count * (tile + 1) / tiles - first;
            multiply_tile(rows + first * matrix->inputs, matrix->inputs, size, panel, sums);
            if (gelu) finish_tile(sums, scales + first, size, matrix, output, true, result + first * matrix->outputs);
            else finish_tile(sums, scales + first, size, matrix, output, false, result + first * matrix->outputs);
        }
    }
}

/// Layer normalisation in place: mean, then the mean of squared distances, each in 16 strided sums.
CEM_INLINE void normalise(float *row, size_t width, const cem_norm *norm) {
    cem_floats sums = {0}, squares = {0};
    for (size_t place = 0; place < width; place += CEM_LANES) sums += load(row + place);
    float mean = sum_of_lanes(sums) / (float)width;
    for (size_t place = 0; place < width; place += CEM_LANES) {
        cem_floats distance = load(row + place) - mean;
        squares += distance * distance;
    }
    float variance = sum_of_lanes(squares) / (float)width;
    float scale = 1.0f / __builtin_elementwise_sqrt(variance + norm->epsilon);
    for (size_t place = 0; place < width; place += CEM_LANES) {
        cem_floats value = (load(row + place) - mean) * scale;
        store(row + place, value * load(norm->weight + place) + load(norm->bias + place));
    }
}

static void PATH(embed)(const void *words, const void *positions, const float *kind, const uint32_t *ids, size_t count,
                        size_t width, const cem_norm *norm, float *rows) {
    for (size_t row = 0; row < count; row++) {
        const char *word = (const char *)words + 4 * ids[row] * width;
        const char *position = (const char *)positions + 4 * row * width;
        float *to = rows + row * width;
        for (size_t place = 0; place < width; place += CEM_LANES) {
            store(to + place, (load(word + 4 * place) + load(kind + place)) + load(position + 4 * place));
        }
        normalise(to, width, norm);
    }
}

static void PATH(add_and_norm)(float *rows, const float *added, size_t count, size_t width, const cem_norm *norm) {
    for (size_t row = 0; row < count; row++) {
        float *to = rows + row * width;
        for (size_t place = 0; place < width; place += CEM_LANES) {
            store(to + place, load(to + place) + load(added + row * width + place));
        }
        normalise(to, width, norm);
    }
}

/// Scores of up to four tokens with all keys: sums over the head's width in its order, a lane for each key.
CEM_INLINE void score(const float *query, size_t stride, size_t count, const float *keys, size_t padded,
                      size_t head_width, float scale, float *scores) {
    for (size_t key = 0; key < padded; key += CEM_LANES) {
        cem_floats sums[4] = {{0}, {0}, {0}, {0}};
        for (size_t place = 0; place < head_width; place++) {
            cem_floats turned = load(keys + place * padded + key);
            for (size_t row = 0; row < count; row++) sums[row] += query[row * stride + place] * turned;
        }
        for (size_t row = 0; row < count; row++) store(scores + row * padded + key, sums[row] * scale);
    }
}

/// Turns scores into e^(score − largest), zeros behind the last token. Returns 1 / sum.
CEM_INLINE float soften(float *scores, size_t tokens, size_t padded) {
    const cem_integers lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    cem_floats largest = all(scores[0]), sums = {0};
    for (size_t key = 0; key < padded; key += CEM_LANES) {
        cem_integers inside = lanes < (int32_t)(tokens - key);
        cem_floats value = load(scores + key);
        largest = choose(inside & (value > largest), value, largest);
    }
    float top = largest_of_lanes(largest);
    for (size_t key = 0; key < padded; key += CEM_LANES) {
        cem_integers inside = lanes < (int32_t)(tokens - key);
        cem_floats value = choose(inside, exponential(load(scores + key) - top), all(0));
        sums += value;
        store(scores + key, value);
    }
    return 1.0f / sum_of_lanes(sums);
}

/// Sums of values over the tokens in their order, 16 places of the head at a time.
CEM_INLINE void gather(const float *weights, size_t padded, const float *inverse, size_t count, const float *values,
                       size_t stride, size_t tokens, size_t head_width, float *result, size_t result_stride) {
    for (size_t place = 0; place < head_width; place += CEM_LANES) {
        cem_floats sums[4] = {{0}, {0}, {0}, {0}};
        for (size_t token = 0; token < tokens; token++) {
            cem_floats value = load(values + token * stride + place);
            for (size_t row = 0; row < count; row++) sums[row] += weights[row * padded + token] * value;
        }
        for (size_t row = 0; row < count; row++) store(result + row * result_stride + place, sums[row] * inverse[row]);
    }
}

CEM_INLINE void attend_rows(const float *query, size_t count, const float *keys, const float *values, size_t stride,
                            size_t tokens, size_t padded, size_t head_width, float scale, float *scores, float *result,
                            size_t width) {
    float inverse[4];
    score(query, stride, count, keys, padded, head_width, scale, scores);
    for (size_t row = 0; row < count; row++) inverse[row] = soften(scores + row * padded, tokens, padded);
    gather(scores, padded, inverse, count, values, stride, tokens, head_width, result, width);
}

static void PATH(attend)(const float *rows, size_t tokens, size_t heads, size_t head_width, float *result,
                         float *scratch) {
    size_t padded = (tokens + CEM_LANES - 1) / CEM_LANES * CEM_LANES;
    size_t width = heads * head_width, stride = 3 * width;
    float *keys = scratch, *scores = scratch + padded * head_width;
    float scale = 1.0f / __builtin_elementwise_sqrt((float)head_width);
    for (size_t head = 0; head < heads; head++) {
        const float *query = rows + head * head_width, *key = query + width, *value = key + width;
        for (size_t place = 0; place < head_width; place++) {
            for (size_t token = 0; token < tokens; token++) keys[place * padded + token] = key[token * stride + place];
            for (size_t token = tokens; token < padded; token++) keys[place * padded + token] = 0;
        }
        float *to = result + head * head_width;
        size_t token = 0;
        for (; token + 4 <= tokens; token += 4) {
            attend_rows(query + token * stride, 4, keys, value, stride, tokens, padded, head_width, scale, scores,
                        to + token * width, width);
        }
        for (; token < tokens; token++) {
            attend_rows(query + token * stride, 1, keys, value, stride, tokens, padded, head_width, scale, scores,
                        to + token * width, width);
        }
    }
}

static float PATH(dot)(const float *left, const float *right, size_t count) {
    cem_floats sums = {0};
    size_t place = 0;
    for (; place + CEM_LANES <= count; place += CEM_LANES) sums += load(left + place) * load(right + place);
    float rest[2][CEM_LANES] = {{0}};
    for (size_t lane = 0; place + lane < count; lane++) {
        rest[0][lane] = left[place + lane];
        rest[1][lane] = right[place + lane];
    }
    if (place < count) sums += load(rest[0]) * load(rest[1]);
    return sum_of_lanes(sums);
}

/// Scales a sum of rows to length 1: the division by their number changes no direction, but the length that is told.
CEM_INLINE float unify(float *sum, size_t count, size_t width) {
    for (size_t place = 0; place < width; place += CEM_LANES) store(sum + place, load(sum + place) / (float)count);
    float length = __builtin_elementwise_sqrt(PATH(dot)(sum, sum, width));
    int usable = length > 0 && length < __builtin_inff();
    for (size_t place = 0; place < width; place += CEM_LANES) {
        store(sum + place, usable ? load(sum + place) / length : all(0));
    }
    return length;
}

static float PATH(mean)(const float *rows, size_t count, size_t width, float *result) {
    for (size_t place = 0; place < width; place += CEM_LANES) {
        cem_floats sum = {0};
        for (size_t row = 0; row < count; row++) sum += load(rows + row * width + place);
        store(result + place, sum);
    }
    return unify(result, count, width);
}

static float PATH(mean_of_rows)(const void *table, const uint32_t *ids, size_t count, size_t width, float *result) {
    for (size_t place = 0; place < width; place += CEM_LANES) store(result + place, all(0));
    if (count == 0) return 0;
    for (size_t row = 0; row < count; row++) {
        const char *from = (const char *)table + 4 * ids[row] * width;
        for (size_t place = 0; place < width; place += CEM_LANES) {
            store(result + place, load(result + place) + load(from + 4 * place));
        }
    }
    return unify(result, count, width);
}

CEM_INLINE void store_some(float *to, cem_floats value, size_t count) {
    for (size_t lane = 0; lane < count && lane < CEM_LANES; lane++) to[lane] = value[lane];
}

CEM_INLINE cem_floats load_some(const float *from, size_t count) {
    cem_floats value = {0};
    for (size_t lane = 0; lane < count && lane < CEM_LANES; lane++) value[lane] = from[lane];
    return value;
}

static void PATH(exponentials)(const float *values, size_t count, float *result) {
    for (size_t place = 0; place < count; place += CEM_LANES) {
        store_some(result + place, exponential(load_some(values + place, count - place)), count - place);
    }
}

static void PATH(gelus)(const float *values, size_t count, float *result) {
    for (size_t place = 0; place < count; place += CEM_LANES) {
        store_some(result + place, gelu_of(load_some(values + place, count - place)), count - place);
    }
}

const cem_kernels PATH(kernels) = {
    .quantise = PATH(quantise),
    .multiply = PATH(multiply),
    .embed = PATH(embed),
    .add_and_norm = PATH(add_and_norm),
    .attend = PATH(attend),
    .mean = PATH(mean),
    .mean_of_rows = PATH(mean_of_rows),
    .dot = PATH(dot),
    .exponential = PATH(exponentials),
    .gelu = PATH(gelus),
};
