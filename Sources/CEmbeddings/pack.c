#include <string.h>

#include "CEmbeddings.h"

#pragma clang fp contract(off)

/// Rounds to the nearest integer, halves to even, for magnitudes under 2^51.
static double nearest(double value) {
    const double magic = 6755399441055744.0;
    return (value + magic) - magic;
}

/// The sum of magnitudes that a row of integers may have: times the largest activation it stays under 2^31.
static const double sum_limit = 2147483647.0 / CEM_ACTIVATION_LIMIT;

/// The integer that stands for the largest magnitude of a row: as large as 16 bits and the sum's bound allow.
static double largest_integer(const char *row, size_t inputs, double largest, double sum) {
    double integer = sum > 0 ? nearest(sum_limit * largest / sum) : 0;
    if (integer > 32767) integer = 32767;
    // Rounding can lift the sum a little over its bound: take a step back until it is not.
    for (; integer > 1; integer -= 1) {
        double total = 0;
        for (size_t input = 0; input < inputs; input++) {
            float weight;
            memcpy(&weight, row + 4 * input, 4);
            double rounded = nearest((double)weight * (integer / largest));
            total += rounded < 0 ? -rounded : rounded;
        }
        if (total <= sum_limit) break;
    }
    return integer;
}

bool cem_pack(const void *rows, size_t outputs, size_t inputs, float limit, int16_t *packed, float *scales) {
    for (size_t output = 0; output < outputs; output++) {
        const char *row = (const char *)rows + 4 * output * inputs;
        double largest = 0, sum = 0;
        for (size_t input = 0; input < inputs; input++) {
            float weight;
            memcpy(&weight, row + 4 * input, 4);
            double magnitude = weight < 0 ? -(double)weight : (double)weight;
            if (!(magnitude <= limit)) return false;
            if (magnitude > largest) largest = magnitude;
            sum += magnitude;
        }
        double integer = largest > 0 ? largest_integer(row, inputs, largest, sum) : 0;
        scales[output] = integer > 0 ? (float)(largest / integer) : 0;
        int16_t *panel = packed + output / CEM_PANEL * CEM_PANEL * inputs + output % CEM_PANEL * 2;
        for (size_t input = 0; input < inputs; input++) {
            float weight;
            memcpy(&weight, row + 4 * input, 4);
            double rounded = integer > 0 ? nearest((double)weight * (integer / largest)) : 0;
            panel[input / 2 * CEM_PANEL * 2 + input % 2] = (int16_t)rounded;
        }
    }
    return true;
}
