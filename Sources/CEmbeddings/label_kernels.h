// Training and use of labels' heads. Included once by each path, which gives the instructions: PATH(name) names a
// function, multiply_row(row, width, vector) is its product of a row of bytes with a vector of 16-bit integers.

typedef float cem_label_floats __attribute__((vector_size(64), aligned(1), may_alias));

/// The sum of products in 64 strided partial sums: four of 16 lanes, the first two and the last two added, then those.
CEM_INLINE float label_dot(const float *left, const float *right, size_t width) {
    cem_floats sums[4] = {{0}, {0}, {0}, {0}};
    for (size_t place = 0; place < width; place += 4 * CEM_LANES) {
        EACH_ROW(part, 4) {
            sums[part] += *(const cem_label_floats *)(left + place + part * CEM_LANES) *
                          *(const cem_label_floats *)(right + place + part * CEM_LANES);
        }
    }
    cem_floats value = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    cem_floats8 eight = __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7) +
                        __builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15);
    cem_floats4 four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                       __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

/// sum += row × factor.
CEM_INLINE void label_add(float *sum, const float *row, float factor, size_t width) {
    for (size_t place = 0; place < width; place += CEM_LANES) {
        *(cem_label_floats *)(sum + place) += *(const cem_label_floats *)(row + place) * factor;
    }
}

/// Where the descent stands. A place is a row of the problem, or after all of them the zero vector.
typedef struct {
    const cem_head_problem *problem;
    float *weights;
    double bias;
    /// The multipliers, and the diagonals of the dual problem.
    double *multipliers;
    double *diagonals;
    uint32_t *order;
    uint64_t random;
} cem_descent;

CEM_INLINE const float *row_at(const cem_head_problem *problem, size_t place) {
    return place < problem->count ? problem->table + (size_t)problem->ids[place] * problem->width : NULL;
}

/// Twice the cost, whose inverse is added to the diagonal.
CEM_INLINE double slack_at(const cem_head_problem *problem, size_t place) {
    double cost = place < problem->positives ? problem->positive_cost
                  : place < problem->count   ? problem->negative_cost
                                             : problem->origin_cost;
    return 0.5 / cost;
}

/// The order of the places that are still active, mixed anew.
CEM_INLINE void mix(cem_descent *descent, size_t active) {
    for (size_t place = 0; place + 1 < active; place++) {
        descent->random = descent->random * 6364136223846793005u + 1442695040888963407u;
        size_t other = place + (size_t)((descent->random >> 33) % (active - place));
        uint32_t moved = descent->order[place];
        descent->order[place] = descent->order[other];
        descent->order[other] = moved;
    }
}

/// The gradient of the dual problem at a place.
CEM_INLINE double gradient_at(const cem_descent *descent, size_t place, double sign) {
    const float *row = row_at(descent->problem, place);
    double product = row ? (double)label_dot(descent->weights, row, descent->problem->width) : 0;
    return sign * (product + descent->bias) - 1 + descent->multipliers[place] * slack_at(descent->problem, place);
}

CEM_INLINE void step(cem_descent *descent, size_t place, double sign, double gradient) {
    double before = descent->multipliers[place], after = before - gradient / descent->diagonals[place];
    if (!(after > 0)) after = 0;
    descent->multipliers[place] = after;
    double change = (after - before) * sign;
    descent->bias += change;
    const float *row = row_at(descent->problem, place);
    if (row) label_add(descent->weights, row, (float)change, descent->problem->width);
}

static void begin(cem_descent *descent, size_t places) {
    const cem_head_problem *problem = descent->problem;
    for (size_t place = 0; place < problem->width; place++) descent->weights[place] = 0;
    for (size_t place = 0; place < places; place++) {
        const float *row = row_at(problem, place);
        double square = row ? (double)label_dot(row, row, problem->width) : 0;
        descent->multipliers[place] = 0;
        descent->diagonals[place] = square + 1 + slack_at(problem, place);
        descent->order[place] = (uint32_t)place;
    }
}

static float PATH(train_head)(const cem_head_problem *problem, float *weights, double *scratch) {
    size_t places = problem->count + (problem->origin_cost > 0 ? 1 : 0), active = places;
    cem_descent descent = {
        .problem = problem,
        .weights = weights,
        .multipliers = scratch,
        .diagonals = scratch + places,
        .order = (uint32_t *)(scratch + 2 * places),
        .random = 0x9E3779B97F4A7C15u,
    };
    begin(&descent, places);
    const double unbounded = __builtin_inf();
    double limit = unbounded;
    for (size_t pass = 0; pass < problem->passes; pass++) {
        double highest = -unbounded, lowest = unbounded;
        mix(&descent, active);
        for (size_t index = 0; index < active; index++) {
            size_t place = descent.order[index];
            double sign = place < problem->positives ? 1 : -1, gradient = gradient_at(&descent, place, sign);
            double projected = gradient;
            if (descent.multipliers[place] == 0) {
                if (gradient > limit) {
                    // Far on its right side: left out until the rest has converged.
                    active--;
                    descent.order[index] = descent.order[active];
                    descent.order[active] = (uint32_t)place;
                    index--;
                    continue;
                }
                if (gradient > 0) projected = 0;
            }
            if (projected > highest) highest = projected;
            if (projected < lowest) lowest = projected;
            if (projected > 1e-12 || projected < -1e-12) step(&descent, place, sign, gradient);
        }
        if (highest - lowest <= problem->tolerance) {
            if (active == places) break;
            active = places;
            limit = unbounded;
        } else {
            limit = highest > 0 ? highest : unbounded;
        }
    }
    return (float)descent.bias;
}

/// Asks for a row of bytes: the processor's own guess ends at every page.
CEM_INLINE void prefetch_row(const int8_t *row, size_t width) {
    for (size_t place = 0; place < width; place += 64) __builtin_prefetch(row + place);
}

/// So many rows before it is used.
#define ROWS_AHEAD 8

static void PATH(multiply_bytes)(const int8_t *rows, size_t count, size_t width, const int16_t *vector,
                                 int32_t *sums) {
    for (size_t row = 0; row < count; row++) {
        if (row + ROWS_AHEAD < count) prefetch_row(rows + (row + ROWS_AHEAD) * width, width);
        sums[row] = multiply_row(rows + row * width, width, vector);
    }
}

static float PATH(mean_of_nearest)(const int8_t *rows, const float *scales, const uint32_t *ids, size_t count,
                                   size_t width, const int16_t *vector, float vector_scale, size_t most) {
    float best[8];
    size_t found = 0;
    for (size_t index = 0; index < count; index++) {
        size_t id = ids[index];
        if (index + ROWS_AHEAD < count) prefetch_row(rows + ids[index + ROWS_AHEAD] * width, width);
        float value = (float)multiply_row(rows + id * width, width, vector) * scales[id];
        if (found == most && !(value > best[found - 1])) continue;
        size_t place = found < most ? found++ : found - 1;
        for (; place > 0 && value > best[place - 1]; place--) best[place] = best[place - 1];
        best[place] = value;
    }
    float sum = 0;
    for (size_t place = 0; place < found; place++) sum += best[place];
    return found > 0 ? sum / (float)found * vector_scale : 0;
}

const cem_label_kernels PATH(label_kernels) = {
    .train_head = PATH(train_head),
    .multiply_bytes = PATH(multiply_bytes),
    .mean_of_nearest = PATH(mean_of_nearest),
};
