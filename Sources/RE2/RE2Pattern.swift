import CRE2
package import OrchCore

/// An expression compiled by RE2.
///
/// Matching never throws. When a search outgrows the automaton caches, RE2 goes on with a slower engine that is linear
/// too; a search that cannot get its memory at all counts as no match.
///
/// `@unchecked Sendable`: the handle never changes after `init`, matching takes it as const, RE2 promises that const
/// use from several threads is safe (its caches lock themselves), and only `deinit` frees it.
package final class RE2Pattern: Pattern, @unchecked Sendable {
    package let source: String

    private let handle: OpaquePointer
    private let names: [(name: String, group: Int)]
    /// One more than the highest number of a named group: the groups that a search has to report.
    private let reportedGroups: Int

    /// Compiles an expression, or throws RE2's reason.
    package init(_ source: String, caseInsensitive: Bool) throws(PatternError) {
        guard source.utf8.count <= RE2Compiler.maximumSourceBytes else {
            throw PatternError(message: "longer than \(RE2Compiler.maximumSourceBytes) bytes")
        }
        let handle = try RE2Pattern.compile(source, caseInsensitive: caseInsensitive)
        self.source = source
        self.handle = handle
        names = RE2Pattern.names(of: handle)
        reportedGroups = 1 + (names.map(\.group).max() ?? 0)
    }

    deinit {
        cre2_free(handle)
    }

    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                cre2_match(handle, bytes.baseAddress, bytes.count, nil, 0)
            }
        }
    }

    package func firstMatch(in text: String) -> PatternMatch? {
        // A native string lends its own bytes here; only a bridged or lazily built one is copied.
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * reportedGroups) { offsets in
                    guard
                        cre2_match(handle, bytes.baseAddress, bytes.count, offsets.baseAddress, reportedGroups),
                        let range = RE2Pattern.range(of: 0, in: offsets)
                    else { return nil }
                    var match = PatternMatch(range: range)
                    // RE2 lets alternatives share a name; the first that took part gives the range.
                    for (name, group) in names where match.groups[name] == nil {
                        match.groups[name] = RE2Pattern.range(of: group, in: offsets)
                    }
                    return match
                }
            }
        }
    }

    private static func range(of group: Int, in offsets: UnsafeMutableBufferPointer<Int>) -> Range<Int>? {
        let start = offsets[2 * group]
        let end = offsets[2 * group + 1]
        return start >= 0 && start <= end ? start..<end : nil
    }

    private static func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> OpaquePointer {
        let reasonCapacity = 512
        var source = source
        var reason = [CChar](repeating: 0, count: reasonCapacity)
        var reasonLength = 0
        let handle = source.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                cre2_compile(
                    bytes.baseAddress, bytes.count, !caseInsensitive, Int64(RE2Compiler.memoryBudgetBytes),
                    &reason, reasonCapacity, &reasonLength)
            }
        }
        guard let handle else {
            let bytes = reason.prefix(reasonLength).map { UInt8(bitPattern: $0) }
            throw PatternError(message: String(decoding: bytes, as: UTF8.self))
        }
        return handle
    }

    private static func names(of handle: OpaquePointer) -> [(name: String, group: Int)] {
        (0..<cre2_named_group_count(handle)).compactMap { index in
            var name: UnsafePointer<CChar>?
            var length = 0
            let group = cre2_named_group(handle, index, &name, &length)
            guard group > 0, let name else { return nil }
            let bytes = UnsafeBufferPointer(start: name, count: length).map { UInt8(bitPattern: $0) }
            return (String(decoding: bytes, as: UTF8.self), Int(group))
        }
    }
}
