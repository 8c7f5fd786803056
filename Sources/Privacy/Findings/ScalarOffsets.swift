/// Turns byte offsets into offsets in Unicode scalars, the units in which other languages count.
package enum ScalarOffsets {
    /// The findings' ranges in Unicode scalars, in the order of the findings.
    ///
    /// Bytes that are no UTF-8 count as one scalar for each byte that does not continue another.
    ///
    /// - Parameter findings: Ordered and apart from each other, as a scrubber gives them.
    package static func ranges(of findings: [Finding], in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        var scalars = 0
        var place = 0
        func count(to end: Int) -> Int {
            while place < min(end, bytes.count) {
                if bytes[place] & 0xC0 != 0x80 { scalars += 1 }
                place += 1
            }
            return scalars
        }
        return findings.map { finding in
            let start = count(to: finding.range.lowerBound)
            return start..<count(to: finding.range.upperBound)
        }
    }
}
