#include "CRE2.h"

#include <re2/re2.h>
#if __has_include(<re2/stringpiece.h>)
#include <re2/stringpiece.h>
#endif

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

static_assert(__cplusplus >= 201703L, "the shim is written in C++17");

// RE2's own piece of text; releases after 2023 take Abseil's string view, and may lack the old name.
#if __has_include(<re2/stringpiece.h>)
using piece = re2::StringPiece;
#else
using piece = absl::string_view;
#endif

struct cre2_pattern {
    cre2_pattern(const char *source, size_t length, const RE2::Options &options)
        : expression(piece(source, length), options) {}

    RE2 expression;
    std::vector<std::pair<int, std::string>> names;
};

namespace {

// RE2 takes a piece without an address for a missing one; an empty text still has to have a place.
const char *present(const char *bytes) { return bytes == nullptr ? "" : bytes; }

void report(const std::string &reason, char *error, size_t capacity, size_t *length) {
    const size_t count = error == nullptr ? 0 : std::min(capacity, reason.size());
    if (count > 0) std::memcpy(error, reason.data(), count);
    if (length != nullptr) *length = count;
}

void write_offsets(const piece &group, const char *text, ptrdiff_t *pair) {
    if (group.data() == nullptr) {
        pair[0] = pair[1] = CRE2_NO_GROUP;
        return;
    }
    pair[0] = group.data() - text;
    pair[1] = pair[0] + static_cast<ptrdiff_t>(group.size());
}

}  // namespace

extern "C" {

cre2_pattern *cre2_compile(const char *source, size_t length, bool case_sensitive, int64_t max_memory, char *error,
                           size_t error_capacity, size_t *error_length) noexcept {
    if (error_length != nullptr) *error_length = 0;
    try {
        RE2::Options options;
        options.set_encoding(RE2::Options::EncodingUTF8);
        options.set_log_errors(false);
        options.set_max_mem(max_memory);
        options.set_case_sensitive(case_sensitive);

        auto pattern = std::make_unique<cre2_pattern>(present(source), length, options);
        if (!pattern->expression.ok()) {
            report(pattern->expression.error(), error, error_capacity, error_length);
            return nullptr;
        }
        for (const auto &entry : pattern->expression.CapturingGroupNames()) {
            pattern->names.emplace_back(entry.first, entry.second);
        }
        return pattern.release();
    } catch (...) {
        // Reached when memory runs out; the message must not need any.
        static const char reason[] = "out of memory";
        const size_t count = error == nullptr ? 0 : std::min(error_capacity, sizeof reason - 1);
        if (count > 0) std::memcpy(error, reason, count);
        if (error_length != nullptr) *error_length = count;
        return nullptr;
    }
}

void cre2_free(cre2_pattern *pattern) noexcept { delete pattern; }

int cre2_group_count(const cre2_pattern *pattern) noexcept { return pattern->expression.NumberOfCapturingGroups(); }

int cre2_named_group_count(const cre2_pattern *pattern) noexcept { return static_cast<int>(pattern->names.size()); }

int cre2_named_group(const cre2_pattern *pattern, int index, const char **name, size_t *length) noexcept {
    if (index < 0 || static_cast<size_t>(index) >= pattern->names.size()) return CRE2_NO_GROUP;
    const auto &entry = pattern->names[static_cast<size_t>(index)];
    *name = entry.second.data();
    *length = entry.second.size();
    return entry.first;
}

bool cre2_match(const cre2_pattern *pattern, const char *text, size_t length, ptrdiff_t *offsets,
                size_t group_capacity) noexcept {
    try {
        const char *start = present(text);
        const piece subject(start, length);
        if (offsets == nullptr || group_capacity == 0) {
            return pattern->expression.Match(subject, 0, length, RE2::UNANCHORED, nullptr, 0);
        }
        const size_t known = static_cast<size_t>(pattern->expression.NumberOfCapturingGroups()) + 1;
        const size_t wanted = std::min(group_capacity, known);
        std::vector<piece> groups(wanted);
        if (!pattern->expression.Match(subject, 0, length, RE2::UNANCHORED, groups.data(), static_cast<int>(wanted))) {
            return false;
        }
        for (size_t index = 0; index < group_capacity; index++) {
            const piece missing;
            write_offsets(index < wanted ? groups[index] : missing, start, offsets + 2 * index);
        }
        return true;
    } catch (...) {
        return false;
    }
}

}  // extern "C"
