/// Turns byte offsets of a text that comes in pieces into offsets in Unicode scalars, going forward only.
///
/// Counts as `ScalarOffsets` does. Holds the bytes that are not counted yet, and no others.
package struct ScalarCounter: Sendable {
    private var bytes: [UInt8] = []
    /// Where in `bytes` the next one to count stands.
    private var next = 0
    /// The same in the whole text.
    private var place = 0
    private var scalars = 0

    package init() {}

    /// Takes the text's next piece.
    package mutating func append(_ piece: UnsafeRawBufferPointer) {
        bytes.removeFirst(next)
        next = 0
        bytes.append(contentsOf: piece)
    }

    /// How many scalars begin in front of a byte of the text.
    ///
    /// - Parameter offset: Not in front of the last call's, and not behind what was taken.
    @discardableResult
    package mutating func scalars(before offset: Int) -> Int {
        let end = min(next + max(offset - place, 0), bytes.count)
        for index in next..<end where bytes[index] & 0xC0 != 0x80 { scalars += 1 }
        place += end - next
        next = end
        return scalars
    }
}
