#include "CEmbeddings.h"

typedef struct {
    uint32_t first, last, kind;
} cem_scalar_run;

typedef struct {
    uint32_t scalar, mapped;
} cem_scalar_pair;

typedef struct {
    uint32_t scalar, mapped[3];
} cem_scalar_triple;

#include "character_tables.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

cem_scalar_class cem_class_of_scalar(uint32_t scalar, uint8_t *combining_class) {
    *combining_class = 0;
    size_t low = 0, high = COUNT(cem_scalar_runs);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cem_scalar_runs[middle].last < scalar) low = middle + 1;
        else high = middle;
    }
    if (low == COUNT(cem_scalar_runs) || scalar < cem_scalar_runs[low].first) return CEM_LETTER;
    *combining_class = (uint8_t)(cem_scalar_runs[low].kind >> 8);
    return (cem_scalar_class)(cem_scalar_runs[low].kind & 0xFF);
}

/// Hangul syllables by the arithmetic of Unicode 16, section 3.12.
static size_t decompose_hangul(uint32_t index, uint32_t mapped[3]) {
    enum { LEADING = 0x1100, VOWEL = 0x1161, TRAILING = 0x11A7, VOWELS = 21, TRAILINGS = 28 };
    mapped[0] = LEADING + index / (VOWELS * TRAILINGS);
    mapped[1] = VOWEL + index % (VOWELS * TRAILINGS) / TRAILINGS;
    mapped[2] = TRAILING + index % TRAILINGS;
    return index % TRAILINGS == 0 ? 2 : 3;
}

size_t cem_map_scalar(uint32_t scalar, uint32_t mapped[3]) {
    enum { FIRST_SYLLABLE = 0xAC00, SYLLABLES = 11172 };
    mapped[0] = scalar;
    if (scalar < 0x80) {
        if (scalar >= 'A' && scalar <= 'Z') mapped[0] += 'a' - 'A';
        return 1;
    }
    if (scalar - FIRST_SYLLABLE < SYLLABLES) return decompose_hangul(scalar - FIRST_SYLLABLE, mapped);
    size_t low = 0, high = COUNT(cem_scalar_pairs);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cem_scalar_pairs[middle].scalar < scalar) low = middle + 1;
        else high = middle;
    }
    if (low < COUNT(cem_scalar_pairs) && cem_scalar_pairs[low].scalar == scalar) {
        mapped[0] = cem_scalar_pairs[low].mapped;
        return 1;
    }
    for (size_t index = 0; index < COUNT(cem_scalar_triples); index++) {
        if (cem_scalar_triples[index].scalar != scalar) continue;
        for (size_t place = 0; place < 3; place++) mapped[place] = cem_scalar_triples[index].mapped[place];
        return mapped[2] == 0 ? 2 : 3;
    }
    return 1;
}
